"""What XRechnung asks beyond EN 16931: the rules BR-DE of KoSIT's CIUS 3.0."""

import re
from collections.abc import Callable, Iterator

from stdnum import iban

from hbu.lib.reasons import N_
from orders.documents.einvoice.rules.rule import Rule, needs
from orders.documents.einvoice.terms import Address, Contact, Paper, Payment, Trader

_TYPES = frozenset(["326", "380", "384", "389", "381", "875", "876", "877"])
_CORRECTED = "384"
_CREDIT_TRANSFER = frozenset({"30", "58"})
_CARD = frozenset({"48", "54", "55"})
_SEPA_TRANSFER = frozenset({"58"})
_DEBIT = frozenset({"59"})
_TAXED = frozenset({"S", "Z", "E", "AE", "K", "G", "L", "M"})
_TERMS = re.compile(
    r"#(?:SKONTO|VERZUG)#TAGE=\d{1,4}#PROZENT=\d{1,3}\.\d{2}(?:#BASISBETRAG=-?\d{1,12}\.\d{2})?#"
)
_EMAIL = re.compile(r"[^@\s]{2,64}@[^@\s.][^@\s]{0,251}[^@\s.]")
_DIGIT = re.compile(r"\d")
_LEAST_DIGITS = 3


def _contact(paper: Paper) -> Contact:
    return paper.seller.contact or Contact()


def _address(trader: Trader | None) -> Address:
    return (trader.address if trader else None) or Address()


def _delivered(paper: Paper) -> Address | None:
    return paper.ship_to.address if paper.ship_to else None


def _has_tax_number(paper: Paper) -> bool:
    used = {line.vat.category for line in paper.lines}
    used |= {one.vat.category for one in paper.adjustments}
    seller = paper.seller
    known = seller.vat_id or seller.tax_number or paper.representative
    return bool(known) or not used & _TAXED


def _terms(paper: Paper) -> Iterator[str]:
    for line in paper.payment_terms.split("\n"):
        if line.strip().startswith("#") and not _TERMS.fullmatch(line.strip()):
            yield line.strip()[:80]


def _account(payment: Payment) -> str:
    return next(iter(payment.accounts), "")


def _each(codes: frozenset[str], held: Callable[[Payment], object]) -> Callable[[Paper], bool]:
    """Whether something holds of each payment with one of these codes."""
    return lambda paper: all(held(one) for one in paper.payments if one.code in codes)


def _is_iban(account: str) -> bool:
    return not account or iban.is_valid(account)


def _callable(paper: Paper) -> bool:
    phone = _contact(paper).phone
    return not phone or len(_DIGIT.findall(phone)) >= _LEAST_DIGITS


def _names_differ(paper: Paper) -> bool:
    names = [one.filename for one in paper.attachments if one.filename]
    return len(names) == len(set(names))


_FITS = N_("The data of payment fit its code")
RULES = (
    needs("BR-DE-1", N_("The invoice says how to pay"), lambda p: p.payments),
    needs("BR-DE-2", N_("The seller names a contact"), lambda p: p.seller.contact),
    needs("BR-DE-3", N_("The seller's address names the city"), lambda p: _address(p.seller).city),
    needs("BR-DE-4", N_("The seller's address has a postcode"), lambda p: _address(p.seller).postcode),
    needs("BR-DE-5", N_("The seller's contact has a name"), lambda p: not p.seller.contact or _contact(p).name),
    needs("BR-DE-6", N_("The seller's contact has a telephone number"), lambda p: not p.seller.contact or _contact(p).phone),
    needs("BR-DE-7", N_("The seller's contact has an email address"), lambda p: not p.seller.contact or _contact(p).email),
    needs("BR-DE-8", N_("The buyer's address names the city"), lambda p: _address(p.buyer).city),
    needs("BR-DE-9", N_("The buyer's address has a postcode"), lambda p: _address(p.buyer).postcode),
    needs("BR-DE-10", N_("The address of delivery names the city"), lambda p: not _delivered(p) or _address(p.ship_to).city),
    needs("BR-DE-11", N_("The address of delivery has a postcode"), lambda p: not _delivered(p) or _address(p.ship_to).postcode),
    needs("BR-DE-14", N_("Each row of the VAT breakdown has a rate"), lambda p: all(row.vat.rate is not None for row in p.breakdown)),
    needs("BR-DE-15", N_("The buyer's reference is named (Leitweg-ID)"), lambda p: p.buyer_reference),
    needs("BR-DE-16", N_("The seller names a VAT id or tax number"), _has_tax_number),
    needs("BR-DE-17", N_("The type is one of those XRechnung knows"), lambda p: not p.type_code or p.type_code in _TYPES),
    Rule("BR-DE-18", N_("Discount terms are written as XRechnung wants them"), _terms),
    needs("BR-DE-19", N_("The account for the transfer is a valid IBAN"), _each(_SEPA_TRANSFER, lambda one: _is_iban(_account(one)))),
    needs("BR-DE-20", N_("The account to be debited is a valid IBAN"), _each(_DEBIT, lambda one: _is_iban(one.debited))),
    needs("BR-DE-22", N_("Attachments have different names"), _names_differ),
    needs("BR-DE-23-a", _FITS, _each(_CREDIT_TRANSFER, lambda one: one.accounts)),
    needs("BR-DE-23-b", _FITS, _each(_CREDIT_TRANSFER, lambda one: not (one.has_card or one.has_mandate))),
    needs("BR-DE-24-a", _FITS, _each(_CARD, lambda one: one.has_card)),
    needs("BR-DE-24-b", _FITS, _each(_CARD, lambda one: not (one.accounts or one.has_mandate))),
    needs("BR-DE-25-a", _FITS, _each(_DEBIT, lambda one: one.has_mandate)),
    needs("BR-DE-25-b", _FITS, _each(_DEBIT, lambda one: not (one.accounts or one.has_card))),
    needs("BR-DE-26", N_("A corrected invoice names the one it corrects"), lambda p: p.type_code != _CORRECTED or any(p.preceding)),
    needs("BR-DE-27", N_("The telephone number has digits"), _callable),
    needs("BR-DE-28", N_("The contact's email address is one"), lambda p: not _contact(p).email or _EMAIL.fullmatch(_contact(p).email)),
    needs("BR-DE-30", N_("A direct debit names the creditor"), lambda p: p.creditor_id or not any(one.code in _DEBIT for one in p.payments)),
    needs("BR-DE-31", N_("A direct debit names the account to be debited"), _each(_DEBIT, lambda one: one.debited)),
)  # fmt: skip
