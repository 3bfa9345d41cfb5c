"""The demo company in the books: loaded once as a customer's file is, and copied afterwards."""

from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, models, transaction

from hbu.company import schema
from hbu.company.entries import CompanyFile
from hbu.company.models import Company
from hbu.journal.models import Event
from hbu.management import loading

APPS = {"company", "journal", "agents", "shop", "emails", "cases", "kpis"}
# The company's people come after whoever is there already, under numbers that are never theirs.
FIRST_USER = 900_000
_roles: list[tuple[int, str]] = []
_rows: list[tuple[type[models.Model], list[models.Model]]] = []


@cache
def file() -> CompanyFile:
    return schema.read(settings.HBU_COMPANY_FILE)


def load() -> Company:
    if _is_somebody_there():
        # Rows under the numbers of our own.
        return loading.load(file())
    with transaction.atomic():
        if _rows:
            _copy()
        else:
            _load()
    return Company.objects.get()


def _ours() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.app_label in APPS]


def _is_somebody_there() -> bool:
    tables = (one._meta.db_table for one in _ours() if one is not Event and one._meta.managed)
    there = " OR ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {there}")
        return bool(cursor.fetchone()[0])


def _load() -> None:
    users = get_user_model()
    users.objects.create(pk=FIRST_USER)
    _count_on([users])
    loading.load(file())
    users.objects.filter(pk=FIRST_USER).delete()
    theirs = users.objects.filter(pk__gt=FIRST_USER)
    _roles.extend(
        users.groups.through.objects.filter(user__in=theirs).values_list("user", "group__name")
    )
    rows = {model: model._base_manager.all() for model in _ours()}
    rows[Event] = rows[Event].filter(kind="company.loaded")
    found = [(users, list(theirs)), *((model, list(found)) for model, found in rows.items())]
    _rows.extend((model, rows) for model, rows in found if rows)


def _copy() -> None:
    with connection.cursor() as cursor:
        for statement, values in _statements():
            cursor.execute(statement, values)
    # The groups are made anew after each flush, under other numbers.
    groups = dict(Group.objects.values_list("name", "pk"))
    members = get_user_model().groups.through
    members.objects.bulk_create(
        members(user_id=user, group_id=groups[role]) for user, role in _roles
    )
    _count_on([model for model, _ in _rows])


@cache
def _statements() -> list[tuple[str, tuple[Any, ...]]]:
    """What writes the rows: made once, because making it takes longer than writing."""
    made: list[tuple[str, tuple[Any, ...]]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        made.append((sql, tuple(params)))
        return execute(sql, params, many, context)

    # Written to be looked at, and taken back.
    with transaction.atomic(), connection.execute_wrapper(keep):
        for model, rows in _rows:
            if model is Event:
                # Somebody may have logged in before, which is in the journal.
                for row in rows:
                    row.pk = None
            model._base_manager.bulk_create(rows)
        transaction.set_rollback(True)
    return [(sql, params) for sql, params in made if sql.startswith("INSERT")]


def _count_on(kinds: list[type[models.Model]]) -> None:
    """Let the next rows get the numbers after the highest."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kinds):
            cursor.execute(statement)
