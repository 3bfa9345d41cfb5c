"""What figures count of orders, as filters of their list."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin.filters import NamedFilter
from orders.models import Milestone, Order
from orders.models.order import BEFORE_SHIPPING, State

Orders = QuerySet[Order]
ARRIVED = Milestone.objects.filter(
    order=OuterRef("pk"), state=State.DELIVERED, reached_at__isnull=False
)


def standing(orders: Orders) -> Orders:
    return orders.exclude(state=State.CANCELLED)


def shipped(orders: Orders) -> Orders:
    """All of it has left the house."""
    return standing(orders).exclude(state__in=BEFORE_SHIPPING)


def due(orders: Orders) -> Orders:
    """Delivered, or the promised day is past."""
    late = Q(promised_date__lt=timezone.localdate())
    return standing(orders).filter(late | Exists(ARRIVED))


def on_time(orders: Orders) -> Orders:
    """Delivered on the promised day or before."""
    in_time = ARRIVED.filter(reached_at__date__lte=F("order__promised_date"))
    return standing(orders).filter(Exists(in_time))


class DeliveryFilter(NamedFilter):
    title = _("delivery")
    parameter_name = "delivery"
    questions = {
        "standing": (_("not cancelled"), standing),
        "shipped": (_("shipped completely"), shipped),
        "due": (_("delivered, or the day is past"), due),
        "on_time": (_("delivered as promised"), on_time),
    }
