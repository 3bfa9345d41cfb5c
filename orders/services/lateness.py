"""Orders that should be further than they are."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from orders.models import Milestone, Order
from orders.models.order import State
from orders.pace import ENDED


def with_overdue(orders: "QuerySet[Order]", today: date) -> "QuerySet[Order]":
    """Annotate the day on which the first state that is missing was due."""
    missing = _missing(today).order_by("due_on", "pk")
    return orders.annotate(overdue_since=Subquery(missing.values("due_on")[:1]))


def late(orders: "QuerySet[Order]", today: date) -> "QuerySet[Order]":
    return orders.filter(Exists(_missing(today))).exclude(state__in=ENDED)


def late_since(order: Order) -> date | None:
    """Return since when, of an order that was read by `with_overdue`."""
    since: date | None = getattr(order, "overdue_since", None)
    return None if order.state in ENDED else since


def _missing(today: date) -> "QuerySet[Milestone]":
    rows = Milestone.objects.filter(order=OuterRef("pk"), reached_at=None, due_on__lt=today)
    return rows.exclude(state__in=[State.INVOICED, State.CLOSED])
