"""Amounts that fit: in full, less cash discount, spread over what is open."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import product

from hbu.lib.reasons import Reason
from orders.paying.data import DISCOUNTED, EXACT, LATE, OpenItem, Part, Payment

ROUNDING = Decimal("0.02")
"""Between their percentage and ours, for each invoice."""
MOST_CHOICES = 6
"""Invoices of which each may be paid with or without its discount; of more, all or none."""


def exactly(
    payment: Payment, items: Sequence[OpenItem], *, late: bool = False
) -> tuple[tuple[Part, ...], Reason] | None:
    """The parts where they come to the payment, with cash discount where it was still granted."""
    if payment.amount == sum(item.open for item in items):
        return tuple(Part(item.id, item.open) for item in items), Reason(EXACT)
    free = [item for item in items if item.discount and (late or item.in_time(payment.booked_on))]
    if not free or len(free) > MOST_CHOICES:
        return _all_discounted(payment, items, free) if free else None
    for chosen in product((True, False), repeat=len(free)):
        taken = {item.id for item, wanted in zip(free, chosen, strict=True) if wanted}
        if taken and (parts := _less_discount(payment.amount, items, taken)):
            return parts, Reason(LATE if late else DISCOUNTED)
    return None


def _all_discounted(
    payment: Payment, items: Sequence[OpenItem], free: Sequence[OpenItem]
) -> tuple[tuple[Part, ...], Reason] | None:
    parts = _less_discount(payment.amount, items, {item.id for item in free})
    return (parts, Reason(DISCOUNTED)) if parts else None


def _less_discount(amount: Decimal, items: Sequence[OpenItem], taken: set[int]) -> tuple[Part, ...]:
    parts = [
        Part(one.id, one.open - one.discount, one.discount)
        if one.id in taken
        else Part(one.id, one.open)
        for one in items
    ]
    off = amount - sum(part.amount for part in parts)
    if abs(off) > ROUNDING * len(taken):
        return ()
    # Their rounding is taken as it is.
    at = next(index for index, part in enumerate(parts) if part.item in taken)
    part = parts[at]
    parts[at] = Part(part.item, part.amount + off, part.discount - off)
    return tuple(parts)


def filled(amount: Decimal, items: Iterable[OpenItem]) -> tuple[Part, ...]:
    """Spread the amount: credit notes first, which make it go further, then what is longest due."""
    left, parts = amount, []
    for item in sorted(items, key=lambda one: (not one.is_credit, one.due_on, one.id)):
        share = item.open if item.is_credit else min(left, item.open)
        if share:
            parts.append(Part(item.id, share))
            left -= share
    return tuple(parts)
