"""The link with which whoever holds it may look at one order (promise O7)."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orders.models import Order, Quotation
from orders.models.order import new_token


def status_url(order: Order) -> str:
    return f"{settings.HBU_SITE_URL}/shop/orders/{order.token}/"


def order_of(token: str) -> Order | None:
    """Return whose link this is; None for one that is unknown, was revoked or is too old."""
    holds = Q(token_until=None) | Q(token_until__gte=timezone.localdate())
    return Order.objects.filter(holds, token=token).select_related("customer").first()


def quotation_of(token: str) -> Quotation | None:
    """Return whose link this is; it holds as long as the quotation is kept."""
    return Quotation.objects.filter(token=token).select_related("customer", "order").first()


def revoke(order: Order) -> None:
    """Make every link to the order that is out there useless; the new one is in nobody's hands."""
    with transaction.atomic():
        order.token = new_token()
        order.save(update_fields=["token"])
