"""Whether a document's own figures hold: what is stated twice must agree."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from hbu.lib.reasons import N_
from orders.data import Check, CheckState, ReadLine
from orders.documents.lines import line_total
from orders.documents.totals import Sums

_CENT = Decimal("0.01")


def arithmetic(lines: Sequence[ReadLine], sums: Sums) -> Iterator[Check]:
    for line in lines:
        yield _line(line)
    yield _sum_of_lines(lines, sums)
    yield _net_and_tax(sums)


def certainty(line: ReadLine) -> float:
    """1 where the line's own arithmetic proves it, 0.5 where it is open or wrong, else 0.9."""
    if line.ambiguous:
        return 0.5
    proven = {CheckState.OK: 1.0, CheckState.FAILED: 0.5, CheckState.NOT_CHECKED: 0.9}
    return proven[_line(line).state]


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
    figures = f"{line.position}: {line.quantity:f} × {line.price.normalize():f}"
    return _compared(name, figures, product, line.total)


def _sum_of_lines(lines: Sequence[ReadLine], sums: Sums) -> Check:
    name = N_("The lines add up to the net sum")
    total, stated = sum_of(lines), sums.net
    if total is None or stated is None:
        return Check(name, CheckState.NOT_CHECKED)
    return _compared(name, "Σ", total, stated)


def _net_and_tax(sums: Sums) -> Check:
    name = N_("Net and tax add up to the gross sum")
    if sums.net is None or sums.tax is None or sums.gross is None:
        return Check(name, CheckState.NOT_CHECKED)
    return _compared(name, f"{sums.net} + {sums.tax}", sums.net + sums.tax, sums.gross)


def _compared(name: str, figures: str, computed: Decimal, stated: Decimal) -> Check:
    if abs(computed - stated) <= _CENT:
        return Check(name, CheckState.OK, f"{figures} = {computed}")
    return Check(name, CheckState.FAILED, f"{figures} = {computed} ≠ {stated}")
