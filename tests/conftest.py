"""What every test gets: a data folder of its own, no door to anything outside, and the cast.

Django reads its settings only after this file, so what is said here holds for every test, in each
process of a parallel run.
"""

import os
import shutil
import tempfile
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_UN, flock
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from emails.simulation.hub import running_hub
from hbu.lib import keeping

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(tempfile.mkdtemp(prefix="hbu-tests-"))
# A port of the superuser where nobody listens: no test finds a hub that somebody runs by hand.
CLOSED_PORT = "1"
OURS = {
    "ALLOWED_HOSTS", "CONN_MAX_AGE", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DEBUG",
    "LANGUAGE_CODE", "LOG_LEVEL", "PORT", "REDIS_URL", "SECRET_KEY", "STATIC_ROOT", "TIME_ZONE",
}  # fmt: skip


def _forget_the_developers_set_up():
    for name in list(os.environ):
        if name in OURS or (name.startswith("HBU_") and not name.startswith("HBU_TEST_")):
            del os.environ[name]


_forget_the_developers_set_up()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "hbu.settings",
    "HBU_DATA_DIR": str(DATA_DIR),
    "HBU_IMAP_PORT": CLOSED_PORT,
    "HBU_SMTP_PORT": CLOSED_PORT,
}
if "HBU_TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["HBU_TEST_DATABASE_URL"]


def pytest_configure():
    if settings.configured:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests choose their settings.")
    if "HBU_TEST_DATABASE_URL" not in os.environ:
        # A file, as in real life: WAL and several connections are part of what is tested.
        settings.DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # Whitenoise warns of a missing folder.
    Path(settings.STATIC_ROOT).mkdir()
    settings.CELERY_BROKER_URL = "memory://"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@contextmanager
def _sqlite_without_triggers(cursor):
    """Those that keep the index of the search go on: they have to see what goes."""
    refusing = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s"
    cursor.execute(refusing, ["%RAISE(%"])
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        for _, sql in triggers:
            cursor.execute(sql)


@contextmanager
def _postgresql_without_triggers(cursor):
    truncating = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgtype & 32 > 0"
    cursor.execute(truncating)
    triggers = cursor.fetchall()
    for table, name in triggers:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        yield
    finally:
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


@pytest.fixture(scope="session")
def _migrated(pytestconfig):
    """Where a database as the migrations leave it is kept from run to run, by what made it."""
    made_by = sha256()
    sources = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("hbu/*/migrations/*.py")]
    for source in [*sorted(sources), ROOT / "hbu/roles.py", ROOT / "requirements/base.txt"]:
        made_by.update(source.read_bytes())
    # A run may go without a cache.
    cache = getattr(pytestconfig, "cache", None)
    folder = cache.mkdir("migrated") if cache else Path(tempfile.mkdtemp(dir=DATA_DIR))
    return folder / f"{made_by.hexdigest()[:24]}.sqlite3"


@pytest.fixture(scope="session")
def _one_at_a_time(_migrated):
    """Of the processes of a run one migrates; the others wait, and copy what it made."""
    with _migrated.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield lambda: flock(lock, LOCK_UN)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings, _migrated, _one_at_a_time):
    """True where the database is a copy of one that was migrated: nothing is left to do then."""
    if connection.vendor != "sqlite" or not _migrated.exists():
        return False
    shutil.copyfile(_migrated, connection.settings_dict["TEST"]["NAME"])
    _one_at_a_time()
    return True


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup, django_db_blocker, django_db_keepdb, _migrated, _one_at_a_time
):
    if connection.vendor == "sqlite" and not django_db_keepdb:
        for older in _migrated.parent.glob("*.sqlite3"):
            older.unlink(missing_ok=True)
        copy = _migrated.with_suffix(".copy")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        copy.replace(_migrated)
    _one_at_a_time()


@pytest.fixture(scope="session", autouse=True)
def _emptied_in_spite_of_triggers():
    """Between tests SQLite empties tables row by row and PostgreSQL truncates them, which triggers of
    ours refuse. The flush alone goes without them."""
    operations = type(connection.ops)
    flush = operations.execute_sql_flush
    sqlite = connection.vendor == "sqlite"
    without_triggers = _sqlite_without_triggers if sqlite else _postgresql_without_triggers

    def flush_without_triggers(self, sql_list):
        with self.connection.cursor() as cursor, without_triggers(cursor):
            flush(self, sql_list)

    operations.execute_sql_flush = flush_without_triggers
    yield
    operations.execute_sql_flush = flush


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    # A worker that inherits this variable would read its settings before it reads this file.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure():
    shutil.rmtree(DATA_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _nothing_kept():
    """What processes keep for some seconds is of another test's rows."""
    keeping.forget()


@pytest.fixture(scope="session")
def hub():
    """A mail hub on free ports, which the settings then name."""
    with running_hub(DATA_DIR, password=settings.HBU_HUB_PASSWORD) as hub:
        settings.HBU_IMAP_PORT, settings.HBU_SMTP_PORT = hub.imap_port, hub.smtp_port
        yield hub
        settings.HBU_IMAP_PORT = settings.HBU_SMTP_PORT = int(CLOSED_PORT)


@pytest.fixture
def ben(django_user_model):
    """The desk agent."""
    return django_user_model.objects.create_user("ben", first_name="Ben", is_staff=True)


@pytest.fixture
def clara(django_user_model):
    """The manager."""
    return django_user_model.objects.create_superuser("clara", first_name="Clara")


@pytest.fixture
def mallory(django_user_model):
    """Has an account and no rights at all."""
    return django_user_model.objects.create_user("mallory", first_name="Mallory")
