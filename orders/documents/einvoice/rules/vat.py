"""VAT: the breakdown against rates and lines, for each category of UNCL 5305 (BR-S, BR-Z, ...)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from hbu.lib.reasons import N_
from orders.documents.einvoice.dialects import Depth
from orders.documents.einvoice.rules.rule import Rule, counted, needs
from orders.documents.einvoice.rules.sums import CENT
from orders.documents.einvoice.terms import Paper, Vat, VatRow

_NIL = Decimal(0)
_ONE = Decimal(1)
"""The official rules take amounts of one unit of the currency for equal where rates are applied."""
_BREAKDOWN = N_("Each VAT category in use has its row in the breakdown")
_IDENTIFIED = N_("The VAT category has the tax numbers it needs")
_RATE = N_("The VAT rate fits its category")
_BASIS = N_("The VAT basis is what lines, allowances and charges make")
_AMOUNT = N_("The VAT amount is basis times rate")
_REASON = N_("The VAT category says why no VAT is due, where it has to")


@dataclass(frozen=True, slots=True)
class _Family:
    """The rules of one category."""

    code: str
    prefix: str
    identified: Callable[[Paper], object]
    taxed: bool = False
    """With a rate of its own: several rows, a tax above zero, no reason."""
    zero: bool = False
    """A rate of zero, which needs no reason either."""


def _by_number(paper: Paper) -> bool:
    return bool(paper.seller.vat_id or paper.seller.tax_number or _represented(paper))


def _represented(paper: Paper) -> str:
    return paper.representative.vat_id if paper.representative else ""


def _by_vat_id(paper: Paper) -> bool:
    return bool(paper.seller.vat_id or _represented(paper))


def _reversed(paper: Paper) -> bool:
    return _by_number(paper) and bool(paper.buyer.vat_id or paper.buyer.legal_id.value)


def _within_the_union(paper: Paper) -> bool:
    return _by_vat_id(paper) and bool(paper.buyer.vat_id)


def _unidentified(paper: Paper) -> bool:
    return not (paper.seller.vat_id or paper.buyer.vat_id or _represented(paper))


FAMILIES = (
    _Family("S", "BR-S", _by_number, taxed=True),
    _Family("Z", "BR-Z", _by_number, zero=True),
    _Family("E", "BR-E", _by_number),
    _Family("AE", "BR-AE", _reversed),
    _Family("K", "BR-IC", _within_the_union),
    _Family("G", "BR-G", _by_vat_id),
    _Family("O", "BR-O", _unidentified),
    _Family("L", "BR-AF", _by_number, taxed=True),
    _Family("M", "BR-AG", _by_number, taxed=True),
)


def _uses(paper: Paper) -> Iterator[tuple[str, Vat, Decimal]]:
    """Where a VAT category is used: the rule's number of that place, category, amount."""
    yield from (("02", one, line.total or _NIL) for line in counted(paper) for one in line.vats[:1])
    for each in paper.adjustments:
        amount = each.amount or _NIL
        yield ("04", each.vat, amount) if each.is_charge else ("03", each.vat, -amount)


def _rows(paper: Paper, code: str) -> list[VatRow]:
    return [row for row in paper.breakdown if row.vat.category == code]


def _in_breakdown(family: _Family) -> Callable[[Paper], Iterable[str]]:
    def broken(paper: Paper) -> Iterable[str]:
        used = any(vat.category == family.code for _, vat, _ in _uses(paper))
        found = len(_rows(paper, family.code))
        if (used and not found) or (found > 1 and not family.taxed):
            yield f"{family.code}: {found}"

    return broken


def _identified(family: _Family, place: str) -> Callable[[Paper], Iterable[str]]:
    def broken(paper: Paper) -> Iterable[str]:
        used = any(at == place and vat.category == family.code for at, vat, _ in _uses(paper))
        if used and not family.identified(paper):
            yield family.code

    return broken


def _rated(family: _Family, place: str) -> Callable[[Paper], Iterable[str]]:
    def broken(paper: Paper) -> Iterable[str]:
        for at, vat, _ in _uses(paper):
            if at == place and vat.category == family.code and not _rate_fits(family, vat.rate):
                yield f"{family.code} {vat.rate} %"

    return broken


def _rate_fits(family: _Family, rate: Decimal | None) -> bool:
    if family.code == "O":
        return rate is None
    if rate is None:
        return False
    if family.code == "S":
        return rate > 0
    return rate >= 0 if family.taxed else rate == 0


def _based(family: _Family) -> Callable[[Paper], Iterable[str]]:
    """Per rate where the category has rates; else per category, to the cent."""

    def broken(paper: Paper) -> Iterable[str]:
        tolerance = _ONE if family.taxed else CENT
        for row in _rows(paper, family.code):
            if row.basis is None:
                continue
            made = sum(
                (
                    amount
                    for _, vat, amount in _uses(paper)
                    if vat.category == family.code
                    and (not family.taxed or vat.rate == row.vat.rate)
                ),
                _NIL,
            )
            if abs(made - row.basis) >= tolerance:
                yield f"{family.code} {row.vat.rate or 0} %: {made:f} ≠ {row.basis:f}"

    return broken


def _taxed(family: _Family) -> Callable[[Paper], Iterable[str]]:
    def broken(paper: Paper) -> Iterable[str]:
        for row in _rows(paper, family.code):
            if family.taxed:
                yield from _off(row)
            elif row.amount:
                yield f"{family.code}: {row.amount:f}"

    return broken


def _off(row: VatRow) -> Iterator[str]:
    made = product(row)
    if made is None or row.amount is None:
        return
    if abs(abs(made) - abs(row.amount)) >= _ONE:
        yield f"{row.basis:f} × {row.vat.rate:f} % = {made:f} ≠ {row.amount:f}"


def product(row: VatRow) -> Decimal | None:
    """Basis times rate, to the cent."""
    if row.basis is None or row.vat.rate is None:
        return None
    return (row.basis * row.vat.rate / 100).quantize(CENT, ROUND_HALF_UP)


def _reasoned(family: _Family) -> Callable[[Paper], Iterable[str]]:
    def broken(paper: Paper) -> Iterable[str]:
        for row in _rows(paper, family.code):
            if bool(row.reason or row.reason_code) is (family.taxed or family.zero):
                yield f"{family.code} {row.reason or row.reason_code}".strip()

    return broken


def _family(family: _Family) -> Iterator[Rule]:
    prefix = family.prefix
    yield Rule(f"{prefix}-01", _BREAKDOWN, _in_breakdown(family), Depth.FULL)
    for place, rate in (("02", "05"), ("03", "06"), ("04", "07")):
        yield Rule(f"{prefix}-{place}", _IDENTIFIED, _identified(family, place))
        yield Rule(f"{prefix}-{rate}", _RATE, _rated(family, place))
    yield Rule(f"{prefix}-08", _BASIS, _based(family), Depth.FULL)
    yield Rule(f"{prefix}-09", _AMOUNT, _taxed(family))
    yield Rule(f"{prefix}-10", _REASON, _reasoned(family))


def _products(paper: Paper) -> Iterator[str]:
    return (text for row in paper.breakdown for text in _off(row))


def _delivered(paper: Paper) -> bool:
    return not _rows(paper, "K") or bool(paper.delivery_date or paper.period)


def _delivered_to(paper: Paper) -> bool:
    where = paper.ship_to and paper.ship_to.address
    return not _rows(paper, "K") or bool(where and where.country)


def _only_one(place: str) -> Callable[[Paper], bool]:
    def held(paper: Paper) -> bool:
        others = (vat for at, vat, _ in _uses(paper) if at == place and vat.category != "O")
        return not _rows(paper, "O") or next(others, None) is None

    return held


_ALONE = N_("What is not subject to VAT stands alone")
RULES: Sequence[Rule] = (
    *(rule for family in FAMILIES for rule in _family(family)),
    Rule("BR-CO-17", _AMOUNT, _products),
    needs("BR-IC-11", N_("A supply within the EU says when it was delivered"), _delivered),
    needs("BR-IC-12", N_("A supply within the EU says to which country"), _delivered_to),
    needs("BR-O-11", _ALONE, lambda p: not _rows(p, "O") or len(_rows(p, "O")) == len(p.breakdown)),
    needs("BR-O-12", _ALONE, _only_one("02")),
    needs("BR-O-13", _ALONE, _only_one("03")),
    needs("BR-O-14", _ALONE, _only_one("04")),
)
