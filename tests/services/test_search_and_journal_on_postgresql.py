"""The search finds the same on PostgreSQL, and its journal is as closed (promises F3 and J4)."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

from tests.services.servers import POSTGRES

pytestmark = pytest.mark.services
TESTS = ["tests/cases/test_searching.py", "tests/journal/test_sealing.py"]


def test_f3_j4_search_and_journal_on_postgresql_are_as_on_sqlite():
    try:
        psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        pytest.skip("No PostgreSQL here: apt-get install postgresql, or set HBU_TEST_POSTGRES.")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0"]
    environment = os.environ | {"HBU_TEST_DATABASE_URL": f"{POSTGRES}/hbu_search_{os.getpid()}"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [*command, "-m", "not load", *TESTS],
        check=False,
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout
