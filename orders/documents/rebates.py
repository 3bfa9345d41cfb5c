"""A discount printed in a row of its own below its line: "abzgl. 5 % Rabatt  -12,40"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from orders.documents.candidates import Candidate
from orders.documents.layout import Row
from orders.documents.lines import Rebate, fits
from orders.documents.numbers import Notation
from orders.documents.totals import charge_of

_RATE = re.compile(r"(\d[\d.,]{0,6})\s?%")


def rebated(
    lines: Sequence[Candidate], body: Sequence[Row], loose: Sequence[int], notation: Notation
) -> tuple[list[Candidate], set[int]]:
    """The lines with such discounts, and which rows told of them.

    Below an only line it may as well be one on the whole order, which comes to the same.
    """
    found, used = list(lines), set()
    for at in loose if len(lines) > 1 else ():
        above = sum(line.at < at for line in lines) - 1
        if above >= 0 and (rebate := _rebate(body[at], found[above], notation)):
            found[above] = replace(found[above], raw=replace(found[above].raw, rebate=rebate))
            used.add(at)
    return found, used


def _rebate(row: Row, line: Candidate, notation: Notation) -> Rebate | None:
    """Only what arithmetic proves: so many per cent of the line's total are that amount."""
    charge, stated = charge_of(row, notation), _RATE.search(row.text)
    total = notation.decimal(line.raw.total) if line.raw.total and not line.raw.rebate else None
    rate = notation.decimal(stated[1]) if stated else None
    if charge is None or charge.amount >= 0 or rate is None or total is None:
        return None
    return Rebate(rate, -charge.amount) if fits(rate / 100, total, -charge.amount) else None
