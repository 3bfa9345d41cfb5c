"""What a piece costs a customer, and what a document comes to. Decimal only, rounded half up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from hbu.lib.reasons import N_, Reason
from shop.data import Price, Totals

CENT = Decimal("0.01")
UNIT = Decimal("0.0001")
"""A button may cost a fraction of a cent; what is paid is rounded a line."""


def price(
    list_price: Decimal,
    *,
    discount_percent: Decimal = Decimal(0),
    quantity: Decimal | int = 1,
    tiers: Sequence[tuple[int, Decimal]] = (),
) -> Price:
    """Net price of one piece. `tiers` are (from this quantity on, list price of a piece)."""
    if not 0 <= discount_percent <= 100:
        raise ValueError(f"a discount of {discount_percent} %")
    reached = max((tier for tier in tiers if tier[0] <= quantity), default=(0, list_price))
    reasons = [Reason(N_("List price"), f"{list_price}")]
    if reached[0]:
        reasons.append(Reason(N_("Price from this quantity on"), f"{reached[0]}: {reached[1]}"))
    if discount_percent:
        reasons.append(Reason(N_("Discount of the customer"), f"{discount_percent} %"))
    unit = reached[1] * (100 - discount_percent) / 100
    return Price(_rounded(unit, UNIT), tuple(reasons))


def line_total(unit_price: Decimal, quantity: Decimal | int) -> Decimal:
    """Net amount of a line, in cents."""
    return _rounded(unit_price * quantity, CENT)


def totals(lines: Iterable[tuple[Decimal, Decimal]]) -> Totals:
    """Sums over (net line total, tax rate in per cent).

    Tax is rounded once per rate, not per line (EN 16931, BR-CO-17).
    """
    taxable: dict[Decimal, Decimal] = defaultdict(Decimal)
    for net_line, rate in lines:
        taxable[rate] += net_line
    by_rate = tuple(
        (rate, _rounded(base * rate / 100, CENT)) for rate, base in sorted(taxable.items())
    )
    net = _rounded(sum(taxable.values(), Decimal(0)), CENT)
    tax = sum((amount for _, amount in by_rate), Decimal("0.00"))
    return Totals(net, tax, net + tax, by_rate)


def _rounded(amount: Decimal, step: Decimal) -> Decimal:
    return amount.quantize(step, ROUND_HALF_UP)
