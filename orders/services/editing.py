"""An order that is not confirmed yet is put right by a person: customer, products, quantities."""

from collections.abc import Iterable, Mapping
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
from orders.services import filing, learning
from shop import pricing
from shop.models import Customer, Product


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
        held = Order.objects.select_for_update().get(pk=order.pk)
        if held.state != State.CREATED:
            raise DomainError("order.not_editable", N_("Only orders not yet confirmed are edited."))
        lines = list(held.lines.select_related("product"))
        terms_changed = held.customer != wanted.customer
        chosen = [line for line in lines if _chooses(line, wanted.lines.get(line.pk))]
        edited = [line for line in lines if _take_over(line, wanted.lines.get(line.pk))]
        held.customer, held.reference = wanted.customer, wanted.reference
        held.requested_date = wanted.requested_date
        for line in lines if terms_changed else edited:
            _price(line, wanted.customer)
        _sum_up(held, lines)
        settled = _settle(held, {line.position for line in edited})
        _write(held, lines)
        _learn(held, chosen, by)
        record("order.edited", held, actor=by, **_told(held, edited, settled))


def _take_over(line: OrderLine, new: NewLine | None) -> bool:
    """Put product and quantity into the line; True when that changed something."""
    if new is None or (new.product == line.product and new.quantity == line.quantity):
        return False
    if new.product is not None and _chooses(line, new):
        line.sku, line.name = new.product.sku, new.product.name_in(line.order.language)
        line.score = 1
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


def _price(line: OrderLine, customer: Customer | None) -> None:
    if line.product is None:
        line.unit_price = line.total = Decimal(0)
        return
    discount = customer.discount_percent if customer else Decimal(0)
    line.unit_price = pricing.price(
        line.product.price, discount_percent=discount, quantity=line.quantity
    ).unit
    line.tax_rate = line.product.tax_rate
    line.total = pricing.line_total(line.unit_price, line.quantity)


def _sum_up(order: Order, lines: Iterable[OrderLine]) -> None:
    sums = pricing.totals((line.total, line.tax_rate) for line in lines)
    order.net, order.tax, order.gross = sums.net, sums.tax, sums.gross


def _settle(order: Order, positions: set[int]) -> list[dict[str, Any]]:
    """Drop the doubts about what a person has just put right; return them."""
    settled = [
        doubt
        for doubt in order.doubts
        if doubt["position"] in positions
        or (doubt["code"] == "unknown_customer" and order.customer)
    ]
    order.doubts = [doubt for doubt in order.doubts if doubt not in settled]
    return settled


def _write(order: Order, lines: Iterable[OrderLine]) -> None:
    OrderLine.objects.bulk_update(
        lines,
        ["product", "sku", "name", "quantity", "unit_price", "tax_rate", "total", "score"],
    )
    order.save(
        update_fields=[
            "customer", "reference", "requested_date", "net", "tax", "gross", "doubts",
        ]
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
