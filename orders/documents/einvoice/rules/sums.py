"""Whether the sums add up: BR-CO-10 to BR-CO-16 of EN 16931, to the cent.

Each equation is told with its figures, right or wrong, for whoever adds it up again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hbu.lib.reasons import N_
from orders.data import Check, CheckState
from orders.documents.einvoice.dialects import Depth, Dialect
from orders.documents.einvoice.rules.rule import PART, counted, not_checked
from orders.documents.einvoice.terms import Paper

CENT = Decimal("0.01")
_REMAINS = "BR-CO-16"
_DETAILED = frozenset({"BR-CO-11", "BR-CO-12"})
_NIL = Decimal(0)
_LESS_THAN_A_CENT = Decimal("0.005")
_LINES = N_("The lines add up to the sum of the lines")
_ALLOWANCES = N_("The allowances add up")
_CHARGES = N_("The charges add up")
_NET = N_("Lines, allowances and charges make the net sum")
_TAX = N_("The VAT breakdown adds up to the VAT")
_GROSS = N_("Net and VAT make the gross sum")
_PAYABLE = N_("The amount to pay is what remains of the gross sum")

Figures = tuple[str, Decimal, Decimal]
"""The equation in figures, what it makes, and what is stated."""


def equations(paper: Paper, dialect: Dialect) -> Iterator[Check]:
    for id, name, depth, figures in _EQUATIONS:
        if dialect.depth >= depth and not (id in _DETAILED and _has_no_details(dialect)):
            found = _told(id, name, figures(paper), _tolerance(paper, dialect))
            yield _open(found) if _paid_by_others(found, dialect) else found


def _has_no_details(dialect: Dialect) -> bool:
    """Order-X BASIC states sums of allowances and charges, yet none of them."""
    return dialect.format == "order-x" and dialect.level == "BASIC"


def _paid_by_others(check: Check, dialect: Dialect) -> bool:
    """XRechnung's extension lets others pay a part, which changes what remains (BR-DEX-09)."""
    extension = dialect.national and dialect.extended
    return extension and check.rule == _REMAINS and check.state is CheckState.FAILED


def _open(check: Check) -> Check:
    return replace(check, state=CheckState.NOT_CHECKED)


def _tolerance(paper: Paper, dialect: Dialect) -> Decimal:
    """The standard rounds and compares; extended profiles let each line round by itself."""
    own_rounding = dialect.extended or dialect.format == "zugferd-1"
    return CENT * max(len(paper.lines), 1) if own_rounding else _LESS_THAN_A_CENT


def _told(id: str, name: str, found: Figures | None, tolerance: Decimal) -> Check:
    if found is None:
        return not_checked(name, rule=id)
    figures, computed, stated = found
    computed = computed.quantize(CENT, ROUND_HALF_UP)
    if abs(computed - stated) <= tolerance:
        return Check(name, CheckState.OK, f"{figures} = {stated:f}", PART, id)
    detail = f"{figures} = {computed:f} ≠ {stated:f}"
    return Check(name, CheckState.FAILED, detail, PART, id)


def _lines(paper: Paper) -> Figures | None:
    totals = [line.total for line in counted(paper)]
    if not totals or None in totals or paper.totals.lines is None:
        return None
    return "Σ", _sum(totals), paper.totals.lines


def _adjusted(*, is_charge: bool) -> Callable[[Paper], Figures | None]:
    def figures(paper: Paper) -> Figures | None:
        stated = paper.totals.charges if is_charge else paper.totals.allowances
        own = [one.amount for one in paper.adjustments if one.is_charge is is_charge]
        if None in own or (stated is None and not own):
            return None
        return "Σ", _sum(own), stated or _NIL

    return figures


def _net(paper: Paper) -> Figures | None:
    totals = paper.totals
    if totals.lines is None or totals.net is None:
        return None
    off, on = totals.allowances or _NIL, totals.charges or _NIL
    return f"{totals.lines} - {off} + {on}", totals.lines - off + on, totals.net


def _tax(paper: Paper) -> Figures | None:
    amounts = [row.amount for row in paper.breakdown]
    if not amounts or None in amounts or (paper.totals.tax is None and any(amounts)):
        return None
    return "Σ", _sum(amounts), paper.totals.tax or _NIL


def _gross(paper: Paper) -> Figures | None:
    totals = paper.totals
    if totals.net is None or totals.gross is None:
        return None
    tax = totals.tax or _NIL
    return f"{totals.net} + {tax}", totals.net + tax, totals.gross


def _payable(paper: Paper) -> Figures | None:
    totals = paper.totals
    if totals.gross is None or totals.payable is None:
        return None
    paid, rounding = totals.prepaid or _NIL, totals.rounding or _NIL
    figures = f"{totals.gross} - {paid} + {rounding}"
    return figures, totals.gross - paid + rounding, totals.payable


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), _NIL)


_EQUATIONS: tuple[tuple[str, str, Depth, Callable[[Paper], Figures | None]], ...] = (
    ("BR-CO-10", _LINES, Depth.FULL, _lines),
    ("BR-CO-11", _ALLOWANCES, Depth.WITHOUT_LINES, _adjusted(is_charge=False)),
    ("BR-CO-12", _CHARGES, Depth.WITHOUT_LINES, _adjusted(is_charge=True)),
    ("BR-CO-13", _NET, Depth.WITHOUT_LINES, _net),
    ("BR-CO-14", _TAX, Depth.WITHOUT_LINES, _tax),
    ("BR-CO-15", _GROSS, Depth.MINIMUM, _gross),
    (_REMAINS, _PAYABLE, Depth.WITHOUT_LINES, _payable),
)
