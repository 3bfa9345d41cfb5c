"""Which supplier wrote an invoice, and what about it a person should know before it is paid.

Only what identifies counts: VAT id, account, sender, the exact name. A name that is merely alike
never decides whom we pay.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hbu.lib.reasons import N_
from hbu.lib.words import fold
from orders.data import Check, CheckState, Doubt, Party, ReadDocument
from orders.documents.failures import OTHER, failure

MOST_CONCERNS = 12
PAY_NOTHING = frozenset({"other_iban", "duplicate", "sent_again"})
"""Concerns after which no money must leave before somebody asked."""
_FAILED = {
    "format": N_("It is no valid e-invoice"),
    "rules": N_("Against the rules for e-invoices, this is not so"),
    "content": OTHER,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A supplier as the books keep it."""

    id: int
    name: str
    vat_id: str = ""
    iban: str = ""
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


class Suppliers:
    """The suppliers, indexed once for many invoices. What two of them share identifies neither."""

    def __init__(self, suppliers: Iterable[Known]) -> None:
        self._by: dict[tuple[str, str], dict[int, Known]] = defaultdict(dict)
        for one in suppliers:
            for mark in _marks(one):
                self._by[mark][one.id] = one

    def who(self, seller: Party, sender: str = "") -> Known | None:
        """By VAT id, then account, then sender, then exactly this name."""
        address = sender.strip().lower()
        marks = (
            ("vat", bare(seller.vat_id)),
            ("iban", bare(seller.iban)),
            ("address", address),
            ("domain", address.rpartition("@")[2]),
            ("name", name_key(seller.name)),
        )
        return next((found for mark in marks if (found := self._one(mark))), None)

    def _one(self, mark: tuple[str, str]) -> Known | None:
        found = self._by.get(mark, {}) if mark[1] else {}
        return next(iter(found.values())) if len(found) == 1 else None


def _marks(one: Known) -> Iterator[tuple[str, str]]:
    yield "vat", bare(one.vat_id)
    yield "iban", bare(one.iban)
    yield from (("address", address.lower()) for address in one.addresses)
    yield from (("domain", domain.lower()) for domain in one.domains)
    yield from (("name", name_key(name)) for name in (one.name, *one.other_names))


def bare(identifier: str) -> str:
    """Without blanks, dots and case: "de02 1203 0000" is DE0212030000."""
    return re.sub(r"[\W_]", "", identifier).upper()


def name_key(name: str) -> str:
    """The name in one spelling; "GmbH" and "GmbH & Co. KG" stay different firms."""
    return " ".join(re.sub(r"[^\w&]", " ", fold(name.replace(".", ""))).split())


def concerns(document: ReadDocument, supplier: Known | None) -> tuple[Doubt, ...]:
    """What is wrong with an invoice by itself; whether it came before is for the books to say."""
    found = (
        *_of_reading(document),
        *_of_supplier(document.seller, supplier),
        *_of_checks(document.checks),
    )
    return found[:MOST_CONCERNS]


def _of_reading(document: ReadDocument) -> Iterator[Doubt]:
    if document.error:
        yield Doubt("unreadable", N_("The document could not be read"), document.error)
    elif not document.number:
        yield Doubt("no_number", N_("The invoice number is missing"))


def _of_supplier(seller: Party, supplier: Known | None) -> Iterator[Doubt]:
    if supplier is None:
        yield Doubt("unknown_supplier", N_("The supplier is not known"), seller.name[:200])
        return
    if _differ(seller.iban, supplier.iban):
        evidence = f"{seller.iban} ≠ {supplier.iban}"
        what = N_("The account is not the one we know: ask the supplier before you pay")
        yield Doubt("other_iban", what, evidence)
    if _differ(seller.vat_id, supplier.vat_id):
        evidence = f"{seller.vat_id} ≠ {supplier.vat_id}"
        yield Doubt("other_vat_id", N_("The VAT id is not the one we know"), evidence)


def _differ(stated: str, known: str) -> bool:
    return bool(bare(stated) and bare(known)) and bare(stated) != bare(known)


def _of_checks(checks: Iterable[Check]) -> Iterator[Doubt]:
    for check in checks:
        if check.state is not CheckState.FAILED:
            continue
        if check.part in _FAILED:
            named = ": ".join(filter(None, (check.name, check.rule, check.detail)))
            yield Doubt(check.part, _FAILED[check.part], named[:200])
        else:
            what, evidence = failure(check)
            yield Doubt(check.part or "check_failed", what, evidence[:200])
