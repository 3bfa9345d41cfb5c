"""The delivery note: what lies in the parcel, and what is still to come. No prices."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext

from orders import progress
from orders.models import Order, Printout, Shipment, ShipmentLine
from orders.printing import wording
from orders.printing.letter import Column, Letter, Row, Table
from orders.services import progressing
from orders.services.composing import parts


def delivery_note(printout: Printout) -> Letter:
    shipment, language = printout.shipment, printout.language
    if shipment is None:
        raise ValueError(f"{printout.cause} names no shipment")
    company, order = parts.us(), shipment.order
    day = timezone.localdate(shipment.shipped_at)
    lines = list(shipment.lines.select_related("line").order_by("line__position"))
    return Letter(
        sender=parts.sender(company, language),
        language=language,
        title=gettext("Delivery note"),
        number=shipment.number,
        day=day,
        address=parts.address(
            shipment.address or parts.delivery(order), company.country, language
        ),
        facts=parts.facts(
            (gettext("Delivery note"), shipment.number),
            (gettext("Shipped on"), wording.day(day, language)),
            (gettext("Our order no."), order.number),
            (gettext("Your order"), order.reference),
            (gettext("Customer number"), order.customer.number if order.customer else ""),
            (gettext("Carrier"), shipment.carrier),
            (gettext("Tracking number"), shipment.tracking),
            *parts.about_desk(parts.desk(company, "orders")),
        ),
        opening=(gettext("This parcel brings you:"),),
        table=_table(lines, _open_after(shipment, order), language),
        closing=(
            gettext("Please check the goods when they arrive, and tell us at once if anything is missing."),
            parts.closing(company.name),
        ),
        page=gettext("Page {page} of {pages}"),
    )  # fmt: skip


def _open_after(shipment: Shipment, order: Order) -> dict[int, int]:
    """Pieces of each line that are still to come after this parcel, as of the day it left."""
    later: dict[int, int] = {}
    rows = ShipmentLine.objects.filter(shipment__order=order, shipment__pk__gt=shipment.pk)
    for pk, quantity in rows.values_list("line", "quantity"):
        later[pk] = later.get(pk, 0) + quantity
    pieces: dict[int, progress.Pieces] = {
        line.pk: progressing.pieces_of(line) for line in order.lines.all()
    }
    return {pk: one.to_ship + later.get(pk, 0) for pk, one in pieces.items()}


def _table(lines: Sequence[ShipmentLine], still: dict[int, int], language: str) -> Table:
    columns = (
        Column(gettext("Pos."), 9),
        Column(gettext("Article"), 26),
        Column(gettext("Item"), 0),
        Column(gettext("Ordered"), 20, right=True),
        Column(gettext("In this parcel"), 25, right=True),
        Column(gettext("Still to come"), 24, right=True),
    )
    rows = tuple(
        Row(
            (
                str(one.line.position),
                one.line.sku,
                one.line.name,
                wording.number(one.line.quantity, language),
                wording.number(one.quantity, language),
                wording.number(still.get(one.line.pk, 0), language),
            )
        )
        for one in lines
    )
    return Table(columns, rows)
