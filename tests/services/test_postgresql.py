"""How mail comes in, all of it again, on PostgreSQL."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

pytestmark = pytest.mark.services
ADDRESS = os.environ.get("HBU_TEST_POSTGRES", "postgres://root@127.0.0.1:5432")
FILES = (
    "tests/emails/test_intake.py",
    "tests/emails/test_watching.py",
    "tests/emails/test_stages.py",
    "tests/emails/test_triage_service.py",
    "tests/emails/test_joining.py",
    "tests/cases/test_opening.py",
    "tests/cases/test_import_mail.py",
    "tests/cases/test_fetch_mail.py",
    "tests/journal/test_recording.py",
)


@pytest.fixture
def database():
    """The address of a database of our own, which the tests make and drop."""
    try:
        psycopg.connect(f"{ADDRESS}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        pytest.skip("No PostgreSQL here: apt-get install postgresql, or set HBU_TEST_POSTGRES.")
    return f"{ADDRESS}/hbu_intake_{os.getpid()}"


def test_a2_a9_b4_mail_comes_in_on_postgresql_as_on_sqlite(database):
    environment = os.environ | {"HBU_TEST_DATABASE_URL": database}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FILES],
        check=False,
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-6000:]
