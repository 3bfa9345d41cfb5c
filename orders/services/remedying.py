"""Each doubt of an order that waits for a person has its remedy: one click, one service.

All raise DomainError when the order is confirmed already or the line is not its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_, Reason
from orders.models import Order, OrderLine
from orders.models.order import State
from orders.services import drafting, editing, moving, placing, rechecking
from shop import pricing
from shop.models import Customer, Product

Doubt = dict[str, Any]


def choose_product(order: Order, line: int, product: Product, *, by: AbstractBaseUser) -> None:
    """The line means this product; what the customer calls it is learned."""
    _edit(order, line, lambda row: editing.NewLine(product, row.quantity), by)


def set_quantity(order: Order, line: int, quantity: Decimal, *, by: AbstractBaseUser) -> None:
    if quantity <= 0 or quantity % 1:
        raise DomainError("order.broken_pieces", N_("We sell whole pieces only."), status=400)
    _edit(order, line, lambda row: editing.NewLine(row.product, quantity), by)


def choose_customer(order: Order, customer: Customer, *, by: AbstractBaseUser) -> None:
    """The order is this customer's: prices, terms and article numbers follow."""
    wanted = editing.Edit(customer, order.reference, order.requested_date)
    editing.edit(order, wanted, by=by)


def accept(order: Order, code: str, position: int, *, by: AbstractBaseUser) -> None:
    """A person has looked at this doubt: it stands as it is shown."""
    with _open(order) as held:
        accepted = [one for one in held.doubts if _is(one, code, position)]
        if not accepted:
            raise DomainError("order.settled", N_("Somebody has settled this already."))
        held.doubts = [one for one in held.doubts if not _is(one, code, position)]
        record("order.doubts_accepted", held, actor=by, doubts=accepted)


def agree_price(order: Order, line: int, *, by: AbstractBaseUser) -> None:
    """Sell the line at the price that the customer's document states."""
    with _open(order) as held:
        row = _line(held, line)
        stated = rechecking.stated_price(held, row)
        if stated is None:
            raise DomainError("order.no_price", N_("The document states no price for this line."))
        before = row.unit_price
        row.unit_price = row.agreed_price = stated.quantize(pricing.UNIT)
        row.total = pricing.line_total(row.unit_price, row.quantity)
        row.price_reasons = [Reason(N_("As agreed with the customer"), str(before)).as_json()]
        row.save(update_fields=["unit_price", "agreed_price", "total", "price_reasons"])
        _sum_up(held)
        held.doubts = [one for one in held.doubts if not _is(one, "price_differs", row.position)]
        held.doubts = rechecking.doubts_after(held)
        told = {"sku": row.sku, "price": str(row.unit_price), "before": str(before)}
        record("order.price_agreed", held, actor=by, number=held.number, **told)


def split(order: Order, line: int, quantity: int, *, by: AbstractBaseUser) -> None:
    """Keep so many pieces on the line; the others become a line of their own."""
    with _open(order) as held:
        row = _line(held, line)
        rest = _rest(row, quantity)
        row.quantity = Decimal(quantity)
        last = held.lines.order_by("position").last()
        other = OrderLine.objects.get(pk=row.pk)
        other.pk, other.position, other.quantity = None, last.position + 1 if last else 1, rest
        for one in (row, other):
            one.total = pricing.line_total(one.unit_price, one.quantity)
            one.save()
        _sum_up(held)
        held.doubts = rechecking.doubts_after(held, {row.position, other.position})
        told = {"line": row.position, "kept": quantity, "rest": f"{rest:f}"}
        record("order.line_split", held, actor=by, number=held.number, **told)


def put_off(order: Order, line: int, quantity: int, *, by: AbstractBaseUser) -> Order:
    """Keep so many pieces; the others become an order of their own that waits for its goods."""
    with _open(order) as held:
        row = _line(held, line)
        rest = _rest(row, quantity)
        row.quantity = Decimal(quantity)
        row.total = pricing.line_total(row.unit_price, row.quantity)
        row.save(update_fields=["quantity", "total"])
        _sum_up(held)
        held.doubts = rechecking.doubts_after(held, {row.position})
        later = _later(held, row, rest, by)
        told = {"number": held.number, "sku": row.sku, "quantity": f"{rest:f}"}
        record("order.put_off", later, actor=by, of=held.pk, **told)
    return later


def _later(order: Order, row: OrderLine, rest: Decimal, by: AbstractBaseUser) -> Order:
    read = rechecking.as_document(order, [row], {row.pk: rest})
    read = replace(read, number=_reference_of_the_rest(order))
    proposal = drafting.draft([drafting.Request(read, order.customer)])[0]
    particulars = placing.Particulars(
        contact_name=order.contact_name,
        contact_email=order.contact_email,
        contact_phone=order.contact_phone,
        billing_address=order.billing_address,
        delivery_address=order.delivery_address,
        payment=order.payment,
        note=order.note,
    )
    entry = placing.Entry(
        proposal, order.source, order.language, order.document, particulars=particulars
    )
    return placing.place([entry], by=by)[0]


def _reference_of_the_rest(order: Order) -> str:
    """The customer's number with a count: a number is confirmed once."""
    if not order.reference:
        return ""
    alike = Order.objects.filter(customer=order.customer, reference__startswith=order.reference)
    return f"{order.reference[:70]} / {alike.count() + 1}"


def _edit(
    order: Order, line: int, new: Callable[[OrderLine], editing.NewLine], by: AbstractBaseUser
) -> None:
    row = _line(order, line)
    wanted = editing.Edit(
        order.customer, order.reference, order.requested_date, lines={row.pk: new(row)}
    )
    editing.edit(order, wanted, by=by)


@contextmanager
def _open(order: Order) -> Iterator[Order]:
    """Hold an order that nobody confirmed yet; it is written, and shown to the caller, afterwards."""
    with transaction.atomic():
        held = moving.lock(order)
        if held.state != State.CREATED:
            raise moving.refusal(held)
        yield held
        moving.write(held, ["doubts", "net", "tax", "gross"])
    moving.copy_back(order, held)


def _line(order: Order, line: int) -> OrderLine:
    row = order.lines.select_related("product", "order").filter(pk=line).first()
    if row is None:
        raise DomainError("order.no_such_line", N_("The order has no such line."), status=404)
    return row


def _rest(row: OrderLine, quantity: int) -> Decimal:
    if not 0 < quantity < row.quantity:
        said = N_("Keep at least one piece, and fewer than are ordered.")
        raise DomainError("order.split", said, status=400)
    return row.quantity - quantity


def _sum_up(order: Order) -> None:
    sums = pricing.totals(order.lines.values_list("total", "tax_rate"))
    order.net, order.tax, order.gross = sums.net, sums.tax, sums.gross


def _is(doubt: Doubt, code: str, position: int) -> bool:
    return bool(doubt["code"] == code and doubt["position"] == position)
