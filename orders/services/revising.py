"""A quotation is put right before it is sent: customer, products, quantities, prices, validity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_, Reason
from orders.models import Quotation, QuotationLine
from shop import pricing
from shop.models import Customer, Product
from shop.services import selling

BY_HAND = N_("Price set by a person")


@dataclass(frozen=True, slots=True)
class NewLine:
    product: Product | None
    quantity: Decimal
    unit_price: Decimal | None = None
    """None: by our lists."""


@dataclass(frozen=True, slots=True)
class Revision:
    """How the quotation shall be; lines that are not named stay as they are."""

    customer: Customer | None
    reference: str = ""
    valid_until: date | None = None
    lines: Mapping[int, NewLine] = field(default_factory=dict)
    """By the key of the line."""


def revise(quotation: Quotation, wanted: Revision, *, by: AbstractBaseUser) -> None:
    """Write the revision, price it and drop the doubts it settles. Raises DomainError."""
    with transaction.atomic():
        held = Quotation.objects.select_for_update().get(pk=quotation.pk)
        if held.state != Quotation.State.REQUESTED:
            raise DomainError(
                "quotation.not_editable", N_("Only quotations not yet sent are edited.")
            )
        held.customer, held.reference = wanted.customer, wanted.reference
        held.valid_until = wanted.valid_until
        lines = list(held.lines.select_related("product"))
        revised = [line for line in lines if _take_over(held, line, wanted.lines.get(line.pk), by)]
        _price(held, lines)
        _settle(held, {line.position for line in revised})
        _write(held, lines)
        told = [f"{line.position}: {line.quantity} × {line.sku}" for line in revised]
        record("quotation.edited", held, actor=by, number=held.number, gross=str(held.gross),
               lines=told)  # fmt: skip
    quotation.__dict__.update(held.__dict__)


def _take_over(
    quotation: Quotation, line: QuotationLine, new: NewLine | None, by: AbstractBaseUser
) -> bool:
    """Put what a person wants into the line; True when it is named."""
    if new is None:
        return False
    if new.product is not None and new.product != line.product:
        line.sku, line.name = new.product.sku, new.product.name_in(quotation.language)
    line.product, line.quantity = new.product, new.quantity
    line.price_reasons = []
    if new.unit_price is not None:
        line.unit_price = new.unit_price
        line.price_reasons = [Reason(BY_HAND, str(by)).as_json()]
    return True


def set_by_hand(line: QuotationLine) -> bool:
    return any(reason["what"] == BY_HAND for reason in line.price_reasons)


def _price(quotation: Quotation, lines: Iterable[QuotationLine]) -> None:
    """Price all but what a person priced; the whole value decides on the discount."""
    taxed = selling.taxed(quotation.customer)
    quotation.tax_category = taxed.category
    known = [(line, line.product) for line in lines if line.product is not None]
    wanted = [(product, line.quantity) for line, product in known]
    for (line, product), price in zip(
        known, selling.priced(wanted, quotation.customer), strict=True
    ):
        if not set_by_hand(line):
            line.unit_price = price.unit
            line.price_reasons = [reason.as_json() for reason in price.reasons]
        line.tax_rate = taxed.rate_of(product.tax_rate)
        line.total = pricing.line_total(line.unit_price, line.quantity)
    sums = pricing.totals((line.total, line.tax_rate) for line in lines)
    quotation.net, quotation.tax, quotation.gross = sums.net, sums.tax, sums.gross


def _settle(quotation: Quotation, positions: set[int]) -> None:
    quotation.doubts = [
        doubt
        for doubt in quotation.doubts
        if doubt["position"] not in positions
        and not (doubt["code"] == "unknown_customer" and quotation.customer)
    ]


def _write(quotation: Quotation, lines: Iterable[QuotationLine]) -> None:
    QuotationLine.objects.bulk_update(
        lines,
        [
            "product", "sku", "name", "quantity", "unit_price", "tax_rate", "total",
            "price_reasons",
        ],
    )  # fmt: skip
    quotation.save(
        update_fields=[
            "customer", "reference", "valid_until", "tax_category", "net", "tax", "gross", "doubts",
        ]
    )  # fmt: skip
