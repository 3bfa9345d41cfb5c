"""Orders that should be further than they are, in their list."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.services import lateness

LATE, HELD = "late", "held"


def with_overdue(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    return lateness.with_overdue(orders, timezone.localdate())


def shown(order: Order) -> tuple[str, str] | None:
    since = lateness.late_since(order)
    return (LATE, date_format(since, "SHORT_DATE_FORMAT")) if since else None


class LateFilter(admin.SimpleListFilter):
    title = _("in time")
    parameter_name = "in_time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(LATE, _("late")), (HELD, _("on hold"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Order]") -> "QuerySet[Order]":
        if self.value() == LATE:
            return lateness.late(queryset, timezone.localdate())
        return queryset.filter(on_hold=True) if self.value() == HELD else queryset
