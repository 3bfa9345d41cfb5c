"""What a piece costs a customer, and what a document comes to. Decimal only, rounded half up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from hbu.lib.reasons import N_, Reason
from shop.data import Discounts, Price, PricedLine, PriceTable, Tier, Totals

CENT = Decimal("0.01")
UNIT = Decimal("0.0001")
"""A button may cost a fraction of a cent; what is paid is rounded a line."""
NO_DISCOUNT = Discounts()


def price(table: PriceTable, quantity: Decimal | int = 1) -> Price:
    """Net price of one piece before any discount: of all prices that are reached, the lowest.

    So more pieces never cost more a piece, and nobody pays more than the public for an agreement.
    """
    what, (since, unit) = min(
        (step for step in _steps(table) if step[1][0] <= max(quantity, 1)),
        key=lambda step: (step[1][1], step[1][0]),
    )
    evidence = f"{since}: {plain(unit)}" if since > 1 else plain(unit)
    reasons = [Reason(N_("List price"), plain(table.list_price))]
    if what != reasons[0].what:
        reasons.append(Reason(what, evidence))
    return Price(unit, tuple(reasons))


def _steps(table: PriceTable) -> list[tuple[str, Tier]]:
    steps = [
        (N_("Price on the customer's list"), (max(since, 1), at)) for since, at in table.agreed
    ]
    if not any(since == 1 for _, (since, _) in steps):
        steps.append((N_("List price"), (1, table.list_price)))
    return steps + [
        (N_("Price from this quantity on"), (max(since, 1), at)) for since, at in table.tiers
    ]


def price_lines(
    lines: Sequence[tuple[PriceTable, Decimal | int]], discounts: Discounts = NO_DISCOUNT
) -> list[PricedLine]:
    """Price the lines of one document, in two passes: its value decides on the discount."""
    before = [(price(table, quantity), quantity) for table, quantity in lines]
    value = sum((line_total(one.unit, quantity) for one, quantity in before), Decimal(0))
    off, why = discount(value, discounts)
    priced = []
    for one, quantity in before:
        unit = discounted(one.unit, off)
        reasons = (*one.reasons, why) if why else one.reasons
        priced.append(PricedLine(unit, line_total(unit, quantity), reasons))
    return priced


def discount(value: Decimal, discounts: Discounts) -> tuple[Decimal, Reason | None]:
    """Return the per cent that come off a document of this net value, and why."""
    since, reached = max(
        (tier for tier in discounts.by_value if tier[0] <= value),
        key=lambda tier: (tier[1], -tier[0]),
        default=(Decimal(0), Decimal(0)),
    )
    if reached > discounts.percent:
        evidence = f"{plain(since)}: {plain(reached)} %"
        return reached, Reason(N_("Discount for the value of the order"), evidence)
    if discounts.percent:
        own = Reason(N_("Discount of the customer"), f"{plain(discounts.percent)} %")
        return discounts.percent, own
    return Decimal(0), None


def discounted(unit: Decimal, percent: Decimal) -> Decimal:
    if not 0 <= percent <= 100:
        raise ValueError(f"a discount of {percent} %")
    return _rounded(unit * (100 - percent) / 100, UNIT)


def steps_of(table: PriceTable, *, percent: Decimal = Decimal(0), start: int = 1) -> list[Tier]:
    """Where a piece becomes cheaper for this customer, beginning at the quantity he has to take."""
    quantities = sorted({start, *(since for _, (since, _) in _steps(table) if since > start)})
    steps: list[Tier] = []
    for quantity in quantities:
        unit = discounted(price(table, quantity).unit, percent)
        if not steps or unit < steps[-1][1]:
            steps.append((quantity, unit))
    return steps


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


def plain(number: Decimal) -> str:
    """As people write it: 0.64 for 0.6400, 3000 for 3000.00."""
    return f"{number.normalize():f}"


def _rounded(amount: Decimal, step: Decimal) -> Decimal:
    return amount.quantize(step, ROUND_HALF_UP)
