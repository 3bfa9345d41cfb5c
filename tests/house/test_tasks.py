"""What the clock lets the house do for itself."""

import pytest
from django.db import connection

from hbu.tasks import measure_tables

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does it by itself")
def test_sqlite_learns_how_its_tables_are_filled(ben):
    measure_tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'auth_user'")
        assert cursor.fetchone()[0] > 0
