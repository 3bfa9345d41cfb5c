"""Pieces leave the house and arrive, in as many parcels as it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext

from hbu.company.calendar import calendar
from hbu.company.numbers import draw
from hbu.company.terms import terms
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.hours import add_working_days
from hbu.lib.reasons import N_
from orders.models import Order, OrderLine, Printout, Shipment, ShipmentLine
from orders.models.order import State
from orders.services import addressing, moving, printing, progressing
from shop.models import Customer
from shop.services import stock

BEFORE_ARRIVAL = (State.PACKED, State.SHIPPED)


@dataclass(frozen=True, slots=True)
class Part:
    """So many pieces of a line."""

    line: OrderLine
    quantity: int


def send(
    order: Order,
    quantities: Mapping[int, int] | None = None,
    *,
    carrier: str = "",
    tracking: str = "",
    by: AbstractBaseUser | None = None,
    seen: int | None = None,
) -> Shipment:
    """Send pieces of a packed order, by the keys of its lines; without any named, all that is left.

    The pieces leave our stock, the delivery note is wanted, and the order is SHIPPED with its last
    piece. Raises DomainError when it is not packed, on hold, not paid in advance as agreed, changed
    since `seen`, or has less left than is to be sent.
    """
    with transaction.atomic():
        locked = moving.lock(order, seen=seen)
        moving.free_to_move(locked)
        if locked.state != State.PACKED:
            raise moving.refusal(locked)
        paid_as_agreed(locked)
        parts = parts_of(locked, quantities)
        _take(locked, parts, by)
        shipment = _shipment(locked, parts, carrier, tracking, by)
        _want_delivery_note(shipment, locked)
        moving.write(locked)
        _record(shipment, locked, parts, by)
        progressing.follow(locked, by=by)
    moving.copy_back(order, locked)
    return shipment


def deliver(shipment: Shipment, *, by: AbstractBaseUser | None = None) -> None:
    """The parcel has arrived; with the last one the order is DELIVERED. Raises DomainError."""
    with transaction.atomic():
        locked = moving.lock(shipment.order)
        moving.free_to_move(locked)
        _arrive(shipment, locked, by)
        progressing.follow(locked, by=by)
    moving.copy_back(shipment.order, locked)
    shipment.refresh_from_db(fields=["delivered_at"])


def deliver_all(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """Every parcel of a shipped order has arrived."""
    with transaction.atomic():
        locked = moving.lock(order)
        moving.free_to_move(locked)
        if locked.state != State.SHIPPED:
            raise moving.refusal(locked)
        for shipment in locked.shipments.filter(delivered_at=None):
            _arrive(shipment, locked, by)
        progressing.follow(locked, by=by)
    moving.copy_back(order, locked)


def paid_as_agreed(order: Order) -> None:
    """Raise where the order is to be paid in advance and is not paid."""
    if order.payment == Customer.Payment.PREPAYMENT and not progressing.is_paid(order):
        raise DomainError(
            "order.not_paid",
            N_("This order is to be paid in advance, and its invoice is not paid yet."),
        )


def parts_of(order: Order, quantities: Mapping[int, int] | None) -> list[Part]:
    """Return what is wanted of which line: all that is left where nothing is named."""
    if quantities is None:
        parts = parts_left(order)
    else:
        lines = {line.pk: line for line in order.lines.all()}
        if not set(quantities) <= set(lines):
            raise DomainError("order.no_such_line", N_("The order has no such line."), status=400)
        parts = [Part(lines[pk], quantity) for pk, quantity in quantities.items() if quantity]
    if not parts or any(part.quantity < 0 for part in parts):
        raise DomainError("order.no_pieces", N_("Say how many pieces of which line."), status=400)
    return parts


def parts_left(order: Order) -> list[Part]:
    left = [(line, progressing.pieces_of(line).to_ship) for line in order.lines.all()]
    return [Part(line, quantity) for line, quantity in left if quantity]


def count(parts: Sequence[Part], column: str, *, limit: str, less: Sequence[str] = ()) -> None:
    """Raise a column of the lines by their parts, where `limit` less `less` has room for it.

    The update itself asks, so that no two of them take the same pieces.
    """
    for part in parts:
        taken = sum((F(name) for name in less), F(column) + Value(part.quantity))
        room = OrderLine.objects.filter(pk=part.line.pk, **{f"{limit}__gte": taken})
        if not room.update(**{column: F(column) + part.quantity}):
            said = gettext("Line %(position)d has less than %(quantity)d pieces left for this.")
            told = {"position": part.line.position, "quantity": part.quantity}
            raise DomainError("order.too_many_pieces", said % told)


def demands(order: Order, parts: Sequence[Part]) -> list[stock.Demand]:
    return [
        stock.Demand(part.line.product_id, part.quantity, order.number)
        for part in parts
        if part.line.product_id is not None
    ]


def _take(order: Order, parts: Sequence[Part], by: AbstractBaseUser | None) -> None:
    count(parts, "shipped", limit="quantity", less=["cancelled"])
    stock.ship(demands(order, parts), by=by)


def _shipment(
    order: Order,
    parts: Sequence[Part],
    carrier: str,
    tracking: str,
    by: AbstractBaseUser | None,
) -> Shipment:
    today = timezone.localdate()
    shipment = Shipment.objects.create(
        number=draw("L")[0],
        order=order,
        address=order.delivery_address or addressing.delivery(order.customer),
        carrier=carrier.strip()[:60],
        tracking=tracking.strip()[:80],
        expected_on=add_working_days(calendar(), today, terms().transit_days),
        by_id=by.pk if by else None,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line=part.line, quantity=part.quantity) for part in parts
    )
    return shipment


def _want_delivery_note(shipment: Shipment, order: Order) -> None:
    note = Printout(
        cause=f"shipment:{shipment.pk}:delivery_note",
        kind=Printout.Kind.DELIVERY_NOTE,
        order=order,
        shipment=shipment,
        language=order.language,
    )
    printing.want([note])


def _record(
    shipment: Shipment, order: Order, parts: Sequence[Part], by: AbstractBaseUser | None
) -> None:
    record(
        "shipment.sent",
        shipment,
        actor=by,
        number=shipment.number,
        order=order.number,
        lines=[f"{part.line.position}: {part.quantity} × {part.line.sku}" for part in parts],
        carrier=shipment.carrier,
        tracking=shipment.tracking,
    )


def _arrive(shipment: Shipment, order: Order, by: AbstractBaseUser | None) -> None:
    on_its_way = Shipment.objects.filter(pk=shipment.pk, delivered_at=None)
    if not on_its_way.update(delivered_at=timezone.now()):
        raise DomainError("shipment.delivered", N_("This parcel is marked as delivered already."))
    parts = [Part(one.line, one.quantity) for one in shipment.lines.select_related("line")]
    count(parts, "delivered", limit="shipped")
    moving.write(order)
    told = {"number": shipment.number, "order": order.number}
    record("shipment.delivered", shipment, actor=by, **told)
