"""Every number opens its rows: addresses of the admin's pages."""

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode

from hbu.lib.admin import showing


def rows(model: type[Model], **lookups: Any) -> str:
    """Return the list of a model's rows, narrowed by lookups of the admin."""
    address = _page(model, "changelist")
    return f"{address}?{urlencode(lookups)}" if lookups else address


def row(instance: Model) -> str:
    return showing.address(instance)


def _page(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
