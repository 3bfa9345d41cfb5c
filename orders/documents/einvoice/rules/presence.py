"""What an invoice shall have: rules BR-01 to BR-65 of EN 16931, and BR-CO where they ask for data."""

from collections.abc import Iterator

from hbu.lib.reasons import N_
from orders.documents.einvoice.dialects import Depth
from orders.documents.einvoice.rules.rule import Rule, counted, each_line, needs
from orders.documents.einvoice.terms import Adjustment, Identifier, Paper, Period, Trader

_ANY = Depth.MINIMUM
_FULL = Depth.FULL
_NOT_SUBJECT = "O"
_TO_AN_ACCOUNT = frozenset({"30", "58"})
_NO_REASON = N_("Each allowance and charge says why")


def _has_country(trader: Trader | None) -> bool:
    return bool(trader and trader.address and trader.address.country)


def _all_have_country(paper: Paper) -> bool:
    """Of the place of delivery, where an address is stated at all (BR-57)."""
    return not (paper.ship_to and paper.ship_to.address) or _has_country(paper.ship_to)


def _ends_after_start(period: Period | None) -> bool:
    return not (period and period.start and period.end) or period.start <= period.end


def _has_dates(period: Period | None) -> bool:
    return period is None or bool(period.start or period.end or period.code)


def _adjusted(paper: Paper, *, is_charge: bool) -> Iterator[Adjustment]:
    return (one for one in paper.adjustments if one.is_charge is is_charge)


def _in_lines(paper: Paper, *, is_charge: bool) -> Iterator[tuple[str, Adjustment]]:
    for line in counted(paper):
        yield from ((line.id, one) for one in line.adjustments if one.is_charge is is_charge)


def _of_document(number: str, name: str, attribute: str, *, is_charge: bool) -> Rule:
    return Rule(
        number,
        name,
        lambda paper: (
            str(one.amount)
            for one in _adjusted(paper, is_charge=is_charge)
            if not _states(one, attribute)
        ),
    )


def _of_lines(number: str, name: str, attribute: str, *, is_charge: bool) -> Rule:
    return Rule(
        number,
        name,
        lambda paper: (
            line
            for line, one in _in_lines(paper, is_charge=is_charge)
            if not _states(one, attribute)
        ),
        _FULL,
    )


def _states(one: Adjustment, attribute: str) -> bool:
    return {
        "amount": one.amount is not None,
        "category": bool(one.vat.category),
        "reason": bool(one.reason or one.reason_code),
    }[attribute]


def _with_scheme(one: Identifier) -> bool:
    return not one.value or bool(one.scheme)


def _pays_to_account(paper: Paper) -> bool:
    return all(any(one.accounts) for one in paper.payments if one.code in _TO_AN_ACCOUNT)


def _payable_by(paper: Paper) -> bool:
    payable = paper.totals.payable
    return payable is None or payable <= 0 or bool(paper.due_date or paper.payment_terms)


def _seller_known(paper: Paper) -> bool:
    seller = paper.seller
    return bool(seller.ids or seller.legal_id.value or seller.vat_id)


HEAD = (
    needs("BR-01", N_("The invoice names its specification"), lambda p: p.profile, depth=_ANY),
    needs("BR-02", N_("The invoice has a number"), lambda p: p.number, depth=_ANY, older=True),
    needs("BR-03", N_("The invoice has a date"), lambda p: p.date, depth=_ANY, older=True),
    needs("BR-04", N_("The invoice says of which type it is"), lambda p: p.type_code, depth=_ANY, older=True),
    needs("BR-05", N_("The invoice names its currency"), lambda p: p.currency, depth=_ANY, older=True),
    needs("BR-06", N_("The seller has a name"), lambda p: p.seller.name, depth=_ANY, older=True),
    needs("BR-07", N_("The buyer has a name"), lambda p: p.buyer.name, depth=_ANY, older=True),
    needs("BR-08", N_("The seller has an address"), lambda p: p.seller.address, depth=_ANY),
    needs("BR-09", N_("The seller's address names the country"), lambda p: _has_country(p.seller), depth=_ANY),
    needs("BR-10", N_("The buyer has an address"), lambda p: p.buyer.address),
    needs("BR-11", N_("The buyer's address names the country"), lambda p: _has_country(p.buyer)),
    needs("BR-12", N_("The sum of the lines is stated"), lambda p: p.totals.lines is not None),
    needs("BR-13", N_("The net sum is stated"), lambda p: p.totals.net is not None, depth=_ANY, older=True),
    needs("BR-14", N_("The gross sum is stated"), lambda p: p.totals.gross is not None, depth=_ANY, older=True),
    needs("BR-15", N_("The amount to pay is stated"), lambda p: p.totals.payable is not None, depth=_ANY),
    needs("BR-16", N_("The invoice has lines"), lambda p: p.lines, depth=_FULL),
    needs("BR-17", N_("The payee has a name"), lambda p: not p.payee or p.payee.name),
    needs("BR-18", N_("The tax representative has a name"), lambda p: not p.representative or p.representative.name),
    needs("BR-19", N_("The tax representative has an address"), lambda p: not p.representative or p.representative.address),
    needs("BR-20", N_("The tax representative's address names the country"), lambda p: not p.representative or _has_country(p.representative)),
    needs("BR-29", N_("The billing period ends after it begins"), lambda p: _ends_after_start(p.period)),
    needs("BR-53", N_("VAT is stated in the currency of the accounts too"), lambda p: not p.tax_currency or p.tax_currency == p.currency or p.totals.accounting_tax is not None),
    needs("BR-55", N_("Each earlier invoice is named by its number"), lambda p: all(p.preceding)),
    needs("BR-56", N_("The tax representative has a VAT id"), lambda p: not p.representative or p.representative.vat_id),
    needs("BR-57", N_("The address of delivery names the country"), _all_have_country),
    needs("BR-62", N_("The seller's electronic address says of which kind it is"), lambda p: _with_scheme(p.seller.endpoint)),
    needs("BR-63", N_("The buyer's electronic address says of which kind it is"), lambda p: _with_scheme(p.buyer.endpoint)),
    needs("BR-CO-03", N_("When VAT falls due is said in one way only"), lambda p: not (p.tax_point and p.tax_point_code)),
    needs("BR-CO-18", N_("There is a VAT breakdown"), lambda p: p.breakdown),
    needs("BR-CO-19", N_("The billing period has a date"), lambda p: _has_dates(p.period)),
    needs("BR-CO-25", N_("When to pay is said: a due date or terms"), _payable_by),
    needs("BR-CO-26", N_("The seller can be told by an identifier"), _seller_known, depth=_ANY),
)  # fmt: skip

PARTS = (
    _of_document("BR-31", N_("Each allowance has an amount"), "amount", is_charge=False),
    _of_document("BR-32", N_("Each allowance has a VAT category"), "category", is_charge=False),
    _of_document("BR-33", _NO_REASON, "reason", is_charge=False),
    _of_document("BR-36", N_("Each charge has an amount"), "amount", is_charge=True),
    _of_document("BR-37", N_("Each charge has a VAT category"), "category", is_charge=True),
    _of_document("BR-38", _NO_REASON, "reason", is_charge=True),
    _of_lines("BR-41", N_("Each allowance of a line has an amount"), "amount", is_charge=False),
    _of_lines("BR-42", _NO_REASON, "reason", is_charge=False),
    _of_lines("BR-43", N_("Each charge of a line has an amount"), "amount", is_charge=True),
    _of_lines("BR-44", _NO_REASON, "reason", is_charge=True),
    needs("BR-45", N_("Each row of the VAT breakdown has a basis"), lambda p: all(row.basis is not None for row in p.breakdown)),
    needs("BR-46", N_("Each row of the VAT breakdown has an amount"), lambda p: all(row.amount is not None for row in p.breakdown)),
    needs("BR-47", N_("Each row of the VAT breakdown has a category"), lambda p: all(row.vat.category for row in p.breakdown)),
    needs("BR-48", N_("Each row of the VAT breakdown has a rate"), lambda p: all(row.vat.rate is not None or row.vat.category == _NOT_SUBJECT for row in p.breakdown)),
    needs("BR-49", N_("The way of payment has a code"), lambda p: all(one.code for one in p.payments)),
    needs("BR-50", N_("The account to pay to is named"), lambda p: all(all(one.accounts) for one in p.payments)),
    needs("BR-52", N_("Each attachment has a reference"), lambda p: all(one.reference for one in p.attachments)),
    needs("BR-61", N_("A credit transfer names the account"), _pays_to_account),
)  # fmt: skip

LINES = (
    each_line("BR-21", N_("Each line has an identifier"), lambda line: line.id),
    each_line("BR-22", N_("Each line has a quantity"), lambda line: line.quantity is not None),
    each_line("BR-23", N_("Each quantity has a unit"), lambda line: line.unit or line.quantity is None),
    each_line("BR-24", N_("Each line has a net amount"), lambda line: line.total is not None),
    each_line("BR-25", N_("Each line names its article"), lambda line: line.name),
    each_line("BR-26", N_("Each line has a price"), lambda line: line.price.net is not None),
    each_line("BR-27", N_("No price is negative"), lambda line: line.price.net is None or line.price.net >= 0),
    each_line("BR-28", N_("No price is negative"), lambda line: line.price.gross is None or line.price.gross >= 0),
    each_line("BR-30", N_("The period of each line ends after it begins"), lambda line: _ends_after_start(line.period)),
    each_line("BR-64", N_("Each standard article number says of which kind it is"), lambda line: _with_scheme(line.standard_id)),
    each_line("BR-CO-04", N_("Each line has a VAT category"), lambda line: line.vat.category),
    each_line("BR-CO-20", N_("The period of each line has a date"), lambda line: _has_dates(line.period)),
)  # fmt: skip
