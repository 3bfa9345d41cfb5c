import os
import socket
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("HBU_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
# The tests of how mail comes in, all of them, with another database under them.
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
    """A database of our own, for as long as the test runs."""
    try:
        socket.create_connection(("127.0.0.1", 5432), timeout=1).close()
    except OSError:
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    name = f"hbu_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield SERVER.rpartition("/")[0] + f"/{name}"
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'DROP DATABASE IF EXISTS "test_{name}" WITH (FORCE)')


def test_b4_a9_mail_comes_in_on_postgresql_as_on_sqlite(database):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FILES]
    environment = os.environ | {"HBU_TEST_DATABASE_URL": database}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:]
