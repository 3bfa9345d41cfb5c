"""Orders that should be further than they are, in their list."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from orders.models import Milestone, Order
from orders.models.order import State
from orders.services.holding import ENDED

LATE, HELD = "late", "held"


def with_overdue(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    """Annotate the day on which the first state that is missing was due."""
    missing = _missing(timezone.localdate()).order_by("due_on", "pk")
    return orders.annotate(overdue_since=Subquery(missing.values("due_on")[:1]))


def shown(order: Order) -> tuple[str, str] | None:
    since: date | None = getattr(order, "overdue_since", None)
    if since is None or order.state in ENDED:
        return None
    return LATE, date_format(since, "SHORT_DATE_FORMAT")


def _missing(today: date) -> "QuerySet[Milestone]":
    rows = Milestone.objects.filter(order=OuterRef("pk"), reached_at=None, due_on__lt=today)
    return rows.exclude(state__in=[State.INVOICED, State.CLOSED])


class LateFilter(admin.SimpleListFilter):
    title = _("in time")
    parameter_name = "in_time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(LATE, _("late")), (HELD, _("on hold"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Order]") -> "QuerySet[Order]":
        if self.value() == LATE:
            missing = Exists(_missing(timezone.localdate()))
            return queryset.filter(missing).exclude(state__in=ENDED)
        return queryset.filter(on_hold=True) if self.value() == HELD else queryset
