"""A parcel has left the house."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cases.services import replying, telling, wording
from cases.services.news import missing
from cases.services.telling import News
from orders.models import Order, Shipment

SENT = "shipment_sent"


def tell_sent(ids: Iterable[int]) -> None:
    with transaction.atomic():
        rows = Shipment.objects.filter(pk__in=list(ids)).order_by("pk")
        hold_orders(shipment.order_id for shipment in rows)
        rows = rows.select_related("order__customer", "order__document")
        telling.tell([_sent(one) for one in rows.prefetch_related("lines__line")])


def hold_orders(keys: Iterable[int]) -> None:
    """Two letters about one order are written one after the other."""
    list(Order.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk"))


def _sent(shipment: Shipment) -> News:
    order = shipment.order
    facts = replying.order_facts(order)
    return News(
        cause=f"shipment:{shipment.pk}:sent",
        template=SENT,
        matter=order,
        variables={
            **facts,
            "shipment_number": shipment.number,
            "carrier": shipment.carrier,
            "tracking": shipment.tracking,
            "delivery_date": wording.day(shipment.expected_on, order.language),
            "lines": _lines(shipment, facts["lines"]),
        },
        enclosures=missing.causes(shipment.printouts.all()),
        by_person=shipment.by_id is not None,
    )


def _lines(shipment: Shipment, ordered: list[dict[str, object]]) -> list[dict[str, object]]:
    """What is in the parcel, in the words of the order's lines."""
    pieces = {one.line.position: one.quantity for one in shipment.lines.all()}
    language = shipment.order.language
    return [
        {**line, "quantity": wording.count(pieces[position], language)}
        for line in ordered
        if (position := line["position"]) in pieces
    ]


def unsent(now: datetime) -> list[int]:
    return missing.keys(
        Shipment.objects.filter(**missing.window(now, "shipped_at")), "shipment", "sent"
    )
