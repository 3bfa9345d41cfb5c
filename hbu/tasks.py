from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone


@shared_task(name="hbu.heartbeat")
def heartbeat() -> None:
    """Beat rang and a worker came: /health reads when that was last so."""
    cache.set("heartbeat", timezone.now().timestamp(), timeout=None)


@shared_task(name="hbu.forget_sessions")
def forget_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="hbu.measure_tables")
def measure_tables() -> None:
    """Let SQLite see how its tables are filled; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # So many rows of an index are looked at: a moment, however large the table.
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
