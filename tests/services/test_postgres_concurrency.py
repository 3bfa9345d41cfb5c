"""The races of stock, orders, numbers and letters again, on PostgreSQL."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

pytestmark = pytest.mark.services
ADDRESS = os.environ.get("HBU_TEST_POSTGRES", "postgres://root@127.0.0.1:5432")
RACES = [
    "tests/orders/test_checkout_races.py",
    "tests/orders/test_placing.py",
    "tests/orders/test_racing.py",
    "tests/orders/test_states.py",
    "tests/orders/test_confirming.py",
    "tests/orders/test_advancing.py",
    "tests/orders/test_pieces_kept.py",
    "tests/orders/test_numbers_drawn.py",
    "tests/orders/test_paying.py",
    "tests/orders/test_reminding.py",
    "tests/shop/test_stock.py",
    "tests/outgoing/test_outbox.py",
]
WHICH = "o1 or o2 or o3 or o5 or c2 or c3"


@pytest.fixture(scope="module")
def database() -> str:
    """The name of a database of our own, which the tests make and drop."""
    try:
        psycopg.connect(f"{ADDRESS}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        pytest.skip("No PostgreSQL here: apt-get install postgresql, or set HBU_TEST_POSTGRES.")
    return f"{ADDRESS}/hbu_races_{os.getpid()}"


def test_o1_o3_o5_c2_c3_races_end_on_postgresql_as_on_sqlite(database):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", WHICH, *RACES]
    environment = os.environ | {"HBU_TEST_DATABASE_URL": database}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        command,
        check=False,
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout
