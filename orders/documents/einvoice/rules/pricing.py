"""Prices, quantities and line amounts against each other.

EN 16931 has no rules for them; Peppol has, and XRechnung took them over with 3.0. Elsewhere the same
arithmetic is told without a rule's id, and a price that was rounded may be off by its last digit.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from hbu.lib.reasons import N_
from orders.documents.einvoice.dialects import Depth
from orders.documents.einvoice.rules.rule import Rule, counted, needs
from orders.documents.einvoice.terms import Adjustment, Line, Paper, Price

_SLACK = Decimal("0.02")
_HALF = Decimal("0.5")
_LINE = N_("Quantity times price is the line total")
_PERCENT = N_("Allowances and charges are their per cent of the basis")
_GROSS_PRICE = N_("Gross price less discount is the net price")
_BASIS = N_("The quantity a price is for is above zero")
_BASIS_UNIT = N_("Price and quantity have the same unit")


def _line_off(line: Line, *, exact: bool) -> str:
    made = _made(line)
    if made is None or line.total is None or (not exact and _other_unit(line)):
        return ""
    slack = _SLACK if exact else _SLACK + _rounding(line)
    if abs(made - line.total) <= slack:
        return ""
    return f"{line.id}: {made:.2f} ≠ {line.total:f}"


def _other_unit(line: Line) -> bool:
    """A price per tonne of what is counted in kilograms: only Peppol forbids it."""
    return bool(line.price.basis_unit and line.unit) and line.price.basis_unit != line.unit


def _made(line: Line) -> Decimal | None:
    price = line.price
    if line.quantity is None or price.net is None or price.basis == 0:
        return None
    adjusted = sum(
        ((one.amount or 0) * (1 if one.is_charge else -1) for one in line.adjustments), Decimal(0)
    )
    return line.quantity * price.net / (price.basis or 1) + adjusted


def _rounding(line: Line) -> Decimal:
    """How far half of the price's last digit reaches."""
    quantity, price = line.quantity or Decimal(0), line.price
    exponent = price.net.as_tuple().exponent if price.net is not None else 0
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(quantity / (price.basis or 1)) * step * _HALF


def _lines(*, exact: bool) -> Callable[[Paper], Iterable[str]]:
    return lambda paper: filter(None, (_line_off(one, exact=exact) for one in counted(paper)))


def _percent_off(one: Adjustment) -> bool:
    if one.base is None or one.percent is None or one.amount is None:
        return False
    return abs(one.base * one.percent / 100 - one.amount) > _SLACK


def _percents(paper: Paper) -> Iterator[str]:
    every = (*paper.adjustments, *(one for line in counted(paper) for one in line.adjustments))
    for one in every:
        if _percent_off(one):
            yield f"{one.base} × {one.percent} % ≠ {one.amount}"


def _discounted(price: Price) -> bool:
    if price.gross is None or price.net is None:
        return True
    return abs(price.gross - (price.discount or 0) - price.net) <= _SLACK


def _prices(paper: Paper) -> Iterator[str]:
    return (line.id for line in counted(paper) if not _discounted(line.price))


def _bases(paper: Paper) -> Iterator[str]:
    every = ((line.id, line.price.basis) for line in counted(paper))
    return (id for id, basis in every if basis is not None and basis <= 0)


def _units(paper: Paper) -> Iterator[str]:
    for line in counted(paper):
        if _other_unit(line):
            yield f"{line.id}: {line.price.basis_unit} ≠ {line.unit}"


PLAIN = (
    Rule("", _LINE, _lines(exact=False), Depth.FULL, older=True),
    Rule("", _PERCENT, _percents),
)
PEPPOL = (
    Rule("PEPPOL-EN16931-R120", _LINE, _lines(exact=True), Depth.FULL),
    Rule("PEPPOL-EN16931-R040", _PERCENT, _percents),
    Rule("PEPPOL-EN16931-R046", _GROSS_PRICE, _prices, Depth.FULL),
    Rule("PEPPOL-EN16931-R121", _BASIS, _bases, Depth.FULL),
    Rule("PEPPOL-EN16931-R130", _BASIS_UNIT, _units, Depth.FULL),
)
ADDRESSED = (
    needs("PEPPOL-EN16931-R010", N_("The buyer has an electronic address"), lambda p: p.buyer.endpoint.value),
    needs("PEPPOL-EN16931-R020", N_("The seller has an electronic address"), lambda p: p.seller.endpoint.value),
)  # fmt: skip
