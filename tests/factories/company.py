"""The demo company in the books: loaded once as a customer's file is, and copied afterwards."""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, models, transaction

from hbu.company import schema
from hbu.company.entries import CompanyFile
from hbu.company.models import Company
from hbu.management import loading

APPS = {"company", "journal", "agents", "shop", "emails", "cases"}
_rows: list[tuple[type[models.Model], list[models.Model]]] = []


@cache
def file() -> CompanyFile:
    return schema.read(settings.HBU_COMPANY_FILE)


def load() -> Company:
    users = get_user_model()
    if users.objects.exists():
        # Somebody is there already, under the numbers of our software agents.
        return loading.load(file())
    if not _rows:
        loading.load(file())
        ours = [one for one in apps.get_models(include_auto_created=True) if _is_ours(one)]
        found = ((model, list(model._base_manager.all())) for model in [users, *ours])
        _rows.extend((model, rows) for model, rows in found if rows)
    else:
        _copy()
    return Company.objects.get()


def _is_ours(model: type[models.Model]) -> bool:
    return model._meta.app_label in APPS


def _copy() -> None:
    with transaction.atomic():
        for model, rows in _rows:
            model._base_manager.bulk_create(rows)
    with connection.cursor() as cursor:
        kinds = [model for model, _ in _rows]
        for statement in connection.ops.sequence_reset_sql(no_style(), kinds):
            cursor.execute(statement)
