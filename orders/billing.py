"""What an invoice or a credit note comes to, and how much may stand on it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from orders.data import TaxLine
from orders.progress import Pieces
from shop.pricing import UNIT, line_total

STANDARD, ZERO_RATED = "S", "Z"
CENT = Decimal("0.01")
_SLACK = Decimal("0.02")
"""As far as a line may be off its price times its quantity (PEPPOL-EN16931-R120)."""


@dataclass(frozen=True, slots=True)
class Billed:
    """Sums of a document with its tax by rate (EN 16931, BG-22 and BG-23)."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: tuple[TaxLine, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What of a billed line is not credited yet."""

    quantity: int
    total: Decimal


def to_bill(pieces: Pieces, *, in_advance: bool) -> int:
    """Pieces that may be billed: those that left the house, or all that are wanted."""
    if not in_advance:
        return pieces.to_bill
    return max(0, pieces.wanted - pieces.returned - pieces.billed)


def rate_of(category: str, rate: Decimal) -> Decimal:
    """Only the standard category has a rate above nothing (BR-IC-05, BR-AE-05, BR-G-05)."""
    return rate if category == STANDARD else Decimal(0)


def category_of(category: str, rate: Decimal) -> str:
    """Nothing may be taxed "S" at nothing (BR-S-05); goods without VAT are zero-rated."""
    return ZERO_RATED if category == STANDARD and not rate else category


def billed(
    lines: Iterable[tuple[Decimal, Decimal]], category: str = STANDARD, reason: str = ""
) -> Billed:
    """Sum up (net line total, rate); tax is rounded once per rate (BR-CO-17)."""
    bases: dict[Decimal, Decimal] = {}
    for total, stated in lines:
        rate = rate_of(category, stated)
        bases[rate] = bases.get(rate, Decimal(0)) + total
    taxes = tuple(
        TaxLine(rate, basis, _cents(basis * rate / 100), category_of(category, rate), reason)
        for rate, basis in sorted(bases.items(), reverse=True)
    )
    net = sum(bases.values(), Decimal(0))
    tax = sum((row.amount or Decimal(0) for row in taxes), Decimal(0))
    return Billed(net, tax, net + tax, taxes)


def left(quantity: Decimal, total: Decimal, credited: Sequence[tuple[Decimal, Decimal]]) -> Left:
    """What remains of a line after its credits, each (pieces, net amount)."""
    pieces = sum((one for one, _ in credited), Decimal(0))
    amount = sum((one for _, one in credited), Decimal(0))
    return Left(int(quantity - pieces), total - amount)


def credited(unit_price: Decimal, quantity: int, rest: Left) -> tuple[Decimal, Decimal]:
    """At which price pieces are credited, and what they come to: never more than is left.

    With the last of them goes what roundings left over. Where the price was lowered before, so is
    the price they are credited at; quantity times price always makes the total.
    """
    total = line_total(unit_price, quantity)
    if quantity == rest.quantity and abs(total - rest.total) <= _SLACK:
        return unit_price, rest.total
    if total <= rest.total:
        return unit_price, total
    lower = (rest.total / quantity).quantize(UNIT, ROUND_DOWN)
    return lower, line_total(lower, quantity)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
