"""Invoices without gaps, and final, on PostgreSQL as well (promise O5)."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

from tests.services.servers import POSTGRES

pytestmark = pytest.mark.services
TESTS = [
    "tests/orders/test_invoicing.py",
    "tests/orders/test_invoices_are_final.py",
    "tests/orders/test_printing.py",
]


def test_o3_o4_o5_invoices_on_postgresql_are_as_final_and_gapless_as_on_sqlite():
    try:
        psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        pytest.skip("No PostgreSQL here: apt-get install postgresql, or set HBU_TEST_POSTGRES.")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0"]
    environment = os.environ | {"HBU_TEST_DATABASE_URL": f"{POSTGRES}/hbu_invoices_{os.getpid()}"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [*command, "-k", "o3 or o4 or o5", *TESTS],
        check=False,
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout
