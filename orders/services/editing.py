"""An order that is not confirmed yet is put right by a person: customer, products, quantities."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order, OrderLine
from orders.models.order import State
from orders.services import filing, learning, moving, rechecking
from shop import pricing
from shop.models import Customer, Product
from shop.services import selling


@dataclass(frozen=True, slots=True)
class NewLine:
    product: Product | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Edit:
    """How the order shall be; lines that are not named stay as they are."""

    customer: Customer | None
    reference: str = ""
    requested_date: date | None = None
    lines: Mapping[int, NewLine] = field(default_factory=dict)
    """By the key of the line."""


def edit(order: Order, wanted: Edit, *, by: AbstractBaseUser) -> None:
    """Write the edit, price it by today's list and drop the doubts it settles.

    Raises DomainError when the order is no longer open for changes.
    """
    with transaction.atomic():
        held = moving.lock(order)
        if held.state != State.CREATED:
            raise DomainError("order.not_editable", N_("Only orders not yet confirmed are edited."))
        before = copy(held)
        lines = list(held.lines.select_related("product"))
        terms_changed = held.customer != wanted.customer
        chosen = [line for line in lines if _chooses(line, wanted.lines.get(line.pk))]
        edited = [line for line in lines if _take_over(line, wanted.lines.get(line.pk))]
        held.customer, held.reference = wanted.customer, wanted.reference
        held.requested_date = wanted.requested_date
        if terms_changed and wanted.customer:
            held.payment = wanted.customer.payment
        if terms_changed or edited:
            _price(held, lines)
            _sum_up(held, lines)
            _write_lines(lines)
        settled = _settle(held, before, {line.position for line in edited})
        _write(held)
        _learn(held, chosen, by)
        record("order.edited", held, actor=by, **_told(held, edited, settled))
    order.__dict__.update(held.__dict__)


def _take_over(line: OrderLine, new: NewLine | None) -> bool:
    """Put product and quantity into the line; True when that changed something."""
    if new is None or (new.product == line.product and new.quantity == line.quantity):
        return False
    if new.product is not None and _chooses(line, new):
        line.sku, line.name = new.product.sku, new.product.name_in(line.order.language)
        line.score, line.agreed_price = 1, None
    line.product, line.quantity = new.product, new.quantity
    return True


def _chooses(line: OrderLine, new: NewLine | None) -> bool:
    return new is not None and new.product is not None and new.product != line.product


def _learn(order: Order, chosen: Iterable[OrderLine], by: AbstractBaseUser) -> None:
    """The next order that calls the product so is matched at once."""
    read = filing.read_of(order.document).lines if order.document else ()
    for line in chosen:
        if order.customer and line.product and line.position <= len(read):
            stated = read[line.position - 1]
            written = learning.Written(stated.sku, stated.name)
            learning.learn(order.customer, written, line.product, source=order.number, by=by)


def _price(order: Order, lines: Iterable[OrderLine]) -> None:
    """Price the order as a whole: what its lines come to decides on the discount."""
    taxed = selling.taxed(order.customer, ship_to=order.delivery_address.get("country", ""))
    order.tax_category = taxed.category
    known = [(line, line.product) for line in lines if line.product is not None]
    wanted = [(product, line.quantity) for line, product in known]
    for (line, product), price in zip(known, selling.priced(wanted, order.customer), strict=True):
        line.tax_rate = taxed.rate_of(product.tax_rate)
        if line.agreed_price is None:
            line.unit_price, line.total = price.unit, price.total
            line.price_reasons = [reason.as_json() for reason in price.reasons]
        else:
            line.total = pricing.line_total(line.agreed_price, line.quantity)
    for line in lines:
        if line.product is None:
            line.unit_price = line.total = Decimal(0)
            line.price_reasons = []


def _sum_up(order: Order, lines: Iterable[OrderLine]) -> None:
    sums = pricing.totals((line.total, line.tax_rate) for line in lines)
    order.net, order.tax, order.gross = sums.net, sums.tax, sums.gross


def _settle(order: Order, before: Order, positions: set[int]) -> list[dict[str, Any]]:
    """Ask anew what the change may have settled or raised; return the doubts that are gone."""
    raised = set()
    if order.customer != before.customer:
        raised |= {"price_differs", "duplicate"}
    if order.reference != before.reference:
        raised.add("duplicate")
    order.doubts = rechecking.doubts_after(order, positions, raised=raised)
    return [one for one in before.doubts if one not in order.doubts]


def _write_lines(lines: Iterable[OrderLine]) -> None:
    OrderLine.objects.bulk_update(
        lines,
        [
            "product", "sku", "name", "quantity", "unit_price", "tax_rate", "total", "score",
            "price_reasons", "agreed_price",
        ],
    )  # fmt: skip


def _write(order: Order) -> None:
    moving.write(
        order,
        [
            "customer", "reference", "requested_date", "payment", "tax_category", "net", "tax",
            "gross", "doubts",
        ],
    )  # fmt: skip


def _told(
    order: Order, lines: Iterable[OrderLine], settled: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "number": order.number,
        "customer": order.customer.name if order.customer else "",
        "gross": str(order.gross),
        "lines": [f"{line.position}: {line.quantity} × {line.sku}" for line in lines],
        "settled": [doubt["code"] for doubt in settled],
    }
