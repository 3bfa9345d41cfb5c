"""What is doubtful of an order after a person changed it: asked of its lines as they stand now."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from orders.data import Doubt, ReadDocument, ReadLine
from orders.models import Order, OrderLine
from orders.proposing import TOTALS_DIFFER, pieces, sums_differ
from orders.proposing import stated_price as price_of_a_piece
from orders.services import drafting, filing
from shop.data import Totals

OF_THE_WHOLE = frozenset({"unknown_customer", "duplicate", "totals_differ", "over_limit"})
"""Doubts that stand with no line and follow from what a person may change."""
Doubts = list[dict[str, Any]]


def doubts_after(
    order: Order, touched: Collection[int] = (), *, raised: Collection[str] = ()
) -> Doubts:
    """Return the doubts of the order: those of the touched lines and of the whole are asked anew.

    What a person has accepted does not come back, unless its code is among the `raised`.
    """
    anew = OF_THE_WHOLE | set(raised)
    if not _states_sums(order):
        # There is nothing that ours could be compared with again.
        anew -= {"totals_differ"}
    asked = {one["code"] for one in order.doubts} & anew | set(raised)
    kept = [
        one for one in order.doubts if one["position"] not in touched and one["code"] not in anew
    ]
    new = [one for one in _found(order) if one["position"] in touched or one["code"] in asked]
    return sorted([*kept, *new], key=lambda one: int(one["position"]))


def _states_sums(order: Order) -> bool:
    read = filing.read_of(order.document) if order.document else None
    return read is not None and any(one is not None for one in (read.net, read.tax, read.gross))


def _found(order: Order) -> Doubts:
    """All that is doubtful of the order as it stands, at the prices that were agreed."""
    lines = list(order.lines.select_related("product"))
    agreed = {line.position for line in lines if line.agreed_price is not None}
    request = drafting.Request(as_document(order, lines), order.customer, order=order.pk)
    found = [asdict(one) for one in drafting.draft([request])[0].doubts]
    found += [asdict(Doubt("totals_differ", TOTALS_DIFFER, one)) for one in _differences(order)]
    return [
        one for one in found if not (one["code"] == "price_differs" and one["position"] in agreed)
    ]


def _differences(order: Order) -> Iterator[str]:
    if order.document is not None:
        sums = Totals(order.net, order.tax, order.gross)
        yield from sums_differ(filing.read_of(order.document), sums)


def as_document(
    order: Order, lines: Iterable[OrderLine], quantities: Mapping[int, Decimal] | None = None
) -> ReadDocument:
    """The order as a document that says so; `quantities` by the key of a line, else its own."""
    read = filing.read_of(order.document) if order.document else None
    return ReadDocument(
        kind="order",
        format=read.format if read else "text",
        number=order.reference,
        requested_date=order.requested_date,
        currency=order.currency,
        lines=tuple(_as_read(row, (quantities or {}).get(row.pk), read) for row in lines),
    )


def _as_read(row: OrderLine, quantity: Decimal | None, read: ReadDocument | None) -> ReadLine:
    return ReadLine(
        position=row.position,
        sku=row.product.sku if row.product else row.sku,
        name="" if row.product else row.name,
        quantity=row.quantity if quantity is None else quantity,
        price=_stated(row, read),
    )


def stated_price(order: Order, row: OrderLine) -> Decimal | None:
    """What the customer's document says a piece of the line costs, net."""
    return _stated(row, filing.read_of(order.document) if order.document else None)


def _stated(row: OrderLine, read: ReadDocument | None) -> Decimal | None:
    if read is None or row.position > len(read.lines):
        return None
    line = read.lines[row.position - 1]
    pack = row.product.pack_size if row.product else None
    return price_of_a_piece(line, pieces(line, pack) or Decimal(0))
