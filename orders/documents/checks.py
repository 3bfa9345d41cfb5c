"""Whether a document's own figures hold: what is stated twice must agree."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from hbu.lib.reasons import N_
from orders.data import Check, CheckState, ReadLine
from orders.documents.lines import fits, line_total
from orders.documents.totals import Sums

_CENT = Decimal("0.01")
_TWO_NUMBERS = re.compile(r"[\d/-] \S|[/-]$")
_OPEN = 0.5
_ODD_NUMBER = 0.8
_UNPROVEN = 0.9
_TIED = 0.95


def arithmetic(lines: Sequence[ReadLine], sums: Sums) -> Iterator[Check]:
    for line in lines:
        yield _line(line)
    yield _sum_of_lines(lines, sums)
    yield _net_and_tax(sums)


def scored(lines: Sequence[ReadLine], sums: Sums) -> tuple[ReadLine, ...]:
    """The lines with how certain each is: what arithmetic proves is more than what merely stands
    in the right column, and what it disproves is less."""
    tied = _sum_of_lines(lines, sums).state is CheckState.OK
    numbered = sum(any(map(str.isdigit, line.sku)) for line in lines) * 2 > len(lines)
    return tuple(
        replace(line, score=_certainty(line, tied=tied, numbered=numbered)) for line in lines
    )


def _certainty(line: ReadLine, *, tied: bool, numbered: bool) -> float:
    own = _line(line).state
    if line.ambiguous or own is CheckState.FAILED:
        return _OPEN
    if (numbered and not any(map(str.isdigit, line.sku))) or _TWO_NUMBERS.search(line.sku):
        return _ODD_NUMBER
    if own is CheckState.OK:
        return 1.0 if line.score >= _ODD_NUMBER else _ODD_NUMBER
    return _TIED if tied and line.score >= 1 else round(_UNPROVEN * line.score, 2)


def sum_of(lines: Sequence[ReadLine]) -> Decimal | None:
    """The sum of the stated line totals; None unless every line states one."""
    totals = [line.total for line in lines if line.total is not None]
    return sum(totals, Decimal(0)) if lines and len(totals) == len(lines) else None


def none_of(name: str, findings: Sequence[str]) -> Check:
    """A check that fails with the first of what should not be there."""
    state = CheckState.FAILED if findings else CheckState.OK
    return Check(name, state, findings[0] if findings else "")


def _line(line: ReadLine) -> Check:
    name = N_("Quantity times price is the line total")
    if line.price is None or line.total is None:
        return Check(name, CheckState.NOT_CHECKED, f"{line.position}")
    product = line_total(line.quantity, line.price)
    if fits(line.quantity, line.price, line.total):
        product = line.total
    figures = f"{line.position}: {line.quantity:f} × {line.price.normalize():f}"
    return _compared(name, figures, product, line.total)


def _sum_of_lines(lines: Sequence[ReadLine], sums: Sums) -> Check:
    name = N_("The lines add up to the net sum")
    total, stated = sum_of(lines), sums.net
    if total is None or stated is None:
        return Check(name, CheckState.NOT_CHECKED)
    figures = "Σ"
    for charge in sums.charges:
        total += charge.amount
        figures += f" {charge.amount:+f}"
    return _compared(name, figures, total, stated)


def _net_and_tax(sums: Sums) -> Check:
    name = N_("Net and tax add up to the gross sum")
    if sums.net is None or sums.tax is None or sums.gross is None:
        return Check(name, CheckState.NOT_CHECKED)
    return _compared(name, f"{sums.net} + {sums.tax}", sums.net + sums.tax, sums.gross)


def _compared(name: str, figures: str, computed: Decimal, stated: Decimal) -> Check:
    if abs(computed - stated) <= _CENT:
        return Check(name, CheckState.OK, f"{figures} = {computed}")
    return Check(name, CheckState.FAILED, f"{figures} = {computed} ≠ {stated}")
