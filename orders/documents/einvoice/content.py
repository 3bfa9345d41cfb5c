"""The third of the three checks: what an invoice has to say by law, and whether it can be true.

§ 14 (4) UStG, which has the list of Article 226 of the VAT directive. What only the books can say
(known supplier, invoice that came before) is asked where invoices are filed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from stdnum import get_cc_module, iban
from stdnum.exceptions import ValidationError

from hbu.lib.reasons import N_
from hbu.lib.words import fold
from orders.data import Check, CheckState, Party, ReadDocument
from orders.documents.einvoice.dialects import Depth, Dialect
from orders.documents.einvoice.rules.rule import counted
from orders.documents.einvoice.rules.sums import CENT
from orders.documents.einvoice.rules.vat import product
from orders.documents.einvoice.terms import Line, Paper, Trader, VatRow

PART = "content"
TO_US = N_("The invoice is addressed to us")
OUR_ORDER = N_("The invoice bills an order of ours")
_NOT_IN_FUTURE = N_("The invoice date is not in the future")
_UNTAXED_WITH_REASON = frozenset({"E", "AE", "K", "G", "O"})
_NO_SUPPLY = frozenset({"81", "83", "381", "383", "384", "386", "396"})
"""Credit notes, corrections, prepayments: they name no day of supply."""
_SUPPLY = re.compile(r"liefer|leistung|deliver|service|performance", re.IGNORECASE)
_LONGEST_CREDIT = timedelta(days=366)
_FUTURE = timedelta(days=1)
_GREECE = {"EL": "GR", "XI": "GB"}
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Us, as an invoice should name us."""

    names: tuple[str, ...]
    vat_id: str = ""


def report(paper: Paper, dialect: Dialect) -> tuple[Check, ...]:
    if dialect.kind == "order":
        return tuple(_numbers(paper))
    short = dialect.depth < Depth.FULL
    return (
        *((_too_little(paper, dialect),) if short else _mandatory(paper)),
        *_numbers(paper),
        _tax_follows(paper),
        _due(paper),
        _open(TO_US),
        _open(OUR_ORDER, paper.order_reference),
    )


def awaits_recipient(document: ReadDocument) -> bool:
    """Whether it is an e-invoice, of which its recipient still has something to say."""
    return any(check.name == TO_US for check in document.checks)


def received(document: ReadDocument, us: Recipient, *, today: date) -> ReadDocument:
    """The invoice with what only its recipient can say about it."""
    future = document.date is not None and document.date > today + _FUTURE
    dated = _check(_NOT_IN_FUTURE, not future, str(document.date or ""))
    known = [check for check in document.checks if check.name not in {TO_US, _NOT_IN_FUTURE}]
    return replace(document, checks=(*known, _addressed(document.buyer, us), dated))


def _addressed(buyer: Party, us: Recipient) -> Check:
    ours, theirs = _bare(us.vat_id), _bare(buyer.vat_id)
    if ours and theirs:
        return _check(TO_US, ours == theirs, buyer.vat_id)
    key = _name_key(buyer.name)
    if not key:
        return _open(TO_US)
    keys = filter(None, map(_name_key, us.names))
    return _check(TO_US, any(_same_name(key, one) for one in keys), buyer.name)


def _same_name(one: str, other: str) -> bool:
    """Also where one of them leaves out the legal form or adds a department."""
    short, long = sorted((one, other), key=len)
    return f"{long} ".startswith(f"{short} ")


def _name_key(name: str) -> str:
    return " ".join(re.findall(r"\w+", fold(name)))


def _bare(identifier: str) -> str:
    return re.sub(r"[\W_]", "", identifier).upper()


def _check(name: str, held: object, detail: str = "", rule: str = "") -> Check:
    state = CheckState.OK if held else CheckState.FAILED
    return Check(name, state, detail[:200], PART, rule)


def _open(name: str, detail: str = "", rule: str = "") -> Check:
    return Check(name, CheckState.NOT_CHECKED, detail[:200], PART, rule)


def _too_little(paper: Paper, dialect: Dialect) -> Check:
    """Profiles without lines are booking aids: in Germany they are no invoices (BMF, 15 Oct 2025)."""
    name = N_("The profile holds all that an invoice needs by law")
    address = paper.seller.address
    abroad = address is not None and address.country not in {"", "DE"}
    return _open(name, dialect.level) if abroad else _check(name, None, dialect.level)


def _mandatory(paper: Paper) -> Iterator[Check]:
    law = "§ 14 (4) {} UStG".format
    seller, buyer = paper.seller, paper.buyer
    full = _full_address(seller) and _full_address(buyer)
    yield _check(N_("Names and addresses of both sides are stated"), full, "", law(1))
    number = seller.vat_id or seller.tax_number or _represented(paper)
    yield _check(N_("The seller's tax number or VAT id is stated"), number, number, law(2))
    yield _check(N_("The day of the invoice is stated"), paper.date, str(paper.date or ""), law(3))
    yield _check(N_("The invoice number is stated"), paper.number, paper.number, law(4))
    named = bool(counted(paper)) and all(_says_what(line) for line in counted(paper))
    yield _check(N_("Quantity and kind of what was supplied are stated"), named, "", law(5))
    yield _supplied(paper, law(6))
    net = paper.totals.net is not None and all(row.basis is not None for row in paper.breakdown)
    yield _check(N_("The net amount is stated for each tax rate"), net, "", law(7))
    taxed = bool(paper.breakdown) and all(map(_says_tax, paper.breakdown))
    yield _check(N_("Tax rate and amount are stated, or why none is due"), taxed, "", law(8))


def _full_address(trader: Trader) -> bool:
    address = trader.address
    return bool(trader.name and address and address.city and (address.lines or address.postcode))


def _says_what(line: Line) -> bool:
    return bool(line.name or line.note) and line.quantity is not None


def _represented(paper: Paper) -> str:
    return paper.representative.vat_id if paper.representative else ""


def _says_tax(row: VatRow) -> bool:
    if row.vat.category in _UNTAXED_WITH_REASON:
        return bool(row.reason or row.reason_code)
    return row.vat.rate is not None and row.amount is not None


def _supplied(paper: Paper, rule: str) -> Check:
    """Many say it in words only, which a person has to read."""
    name = N_("The day or time of the supply is stated")
    if paper.delivery_date or paper.period or any(line.period for line in paper.lines):
        return _check(name, True, str(paper.delivery_date or ""), rule)  # noqa: FBT003
    if paper.type_code in _NO_SUPPLY or _SUPPLY.search(paper.note):
        return _open(name, "", rule)
    return _check(name, None, "", rule)


def _numbers(paper: Paper) -> Iterator[Check]:
    """Their check digits; whether they are somebody's is for others to know."""
    ids = [one.vat_id for one in (paper.seller, paper.buyer) if one.vat_id]
    wrong = [one for one in ids if not _is_vat_id(one)]
    if ids:
        yield _check(N_("The VAT ids can be real"), not wrong, ", ".join(wrong or ids))
    accounts = [one for each in paper.payments for one in each.accounts if _like_iban(one)]
    wrong = [one for one in accounts if not iban.is_valid(one)]
    if accounts:
        yield _check(N_("The account numbers can be real"), not wrong, ", ".join(wrong or accounts))


def _is_vat_id(stated: str) -> bool:
    """By its country's check digits; one of a country we have no rule for passes."""
    bare = _bare(stated)
    country = _GREECE.get(bare[:2], bare[:2])
    module = get_cc_module(country.lower(), "vat") if _COUNTRY.fullmatch(country) else None
    if module is None:
        return bool(_COUNTRY.fullmatch(country))
    try:
        module.validate(bare)
    except ValidationError:
        return False
    return True


def _like_iban(account: str) -> bool:
    return bool(re.match(r"[A-Za-z]{2}\d{2}", account))


def _tax_follows(paper: Paper) -> Check:
    """To the cent; a cent for each line where lines are rounded one by one."""
    name = N_("The tax amounts follow from the rates")
    rows = [(row, product(row)) for row in paper.breakdown]
    if not rows or any(made is None or row.amount is None for row, made in rows):
        return _open(name)
    slack = CENT * max(len(paper.lines), 1)
    off = [f"{made:f} ≠ {row.amount:f}" for row, made in rows if _differs(row.amount, made, slack)]
    return _check(name, not off, "; ".join(off))


def _differs(stated: Decimal | None, made: Decimal | None, slack: Decimal) -> bool:
    return stated is not None and made is not None and abs(stated - made) > slack


def _due(paper: Paper) -> Check:
    name = N_("The due date is plausible")
    if paper.due_date is None or paper.date is None:
        return _open(name)
    fits = paper.date <= paper.due_date <= paper.date + _LONGEST_CREDIT
    return _check(name, fits, str(paper.due_date))
