"""The proposals for a payment, best first.

Certain, and allocated without a person, is only what names the invoice, or whose sender is known by
the account it came from, with an amount that fits. An amount alone says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hbu.lib.reasons import Reason
from orders.paying.amounts import exactly, filled
from orders.paying.data import (
    ACCOUNT,
    ALL_OPEN,
    CUSTOMER,
    EXACT,
    LATE,
    MORE,
    NAME,
    NUMBER,
    ORDER,
    PART,
    SEVERAL,
    UNSURE,
    Books,
    OpenItem,
    Part,
    Payment,
    Proposal,
    plain,
)
from orders.paying.naming import alike, is_known, named, words_of

MOST_NAMED = 12
MOST_PROPOSED = 5


def decide(payment: Payment, books: Books) -> tuple[Proposal, ...]:
    """The proposals, best first; the first is certain or none is."""
    if payment.amount <= 0:
        return tuple(_refund(payment, books))
    known, stray = named(payment, books)
    found = [
        *_by_number(payment, books, known),
        *_by_word(payment, books),
        *_by_payer(payment, books),
    ]
    best: dict[frozenset[int], Proposal] = {}
    for one in sorted(found, key=lambda one: (-one.certain, -one.score)):
        best.setdefault(frozenset(part.item for part in one.parts), one)
    ranked = sorted(best.values(), key=lambda one: (-one.certain, -one.score))[:MOST_PROPOSED]
    if stray or len([one for one in ranked if one.certain]) > 1:
        ranked = [replace(one, certain=False, reasons=(*one.reasons, *stray)) for one in ranked]
    return tuple(ranked)


def _refund(payment: Payment, books: Books) -> Iterator[Proposal]:
    """What we paid back for a credit note."""
    items = [item for item, _ in named(payment, books)[0].values() if item.is_credit]
    if items and sum(item.open for item in items) == payment.amount:
        parts = tuple(Part(item.id, item.open) for item in items)
        numbers = ", ".join(item.number for item in items)[:200]
        yield Proposal(parts, 1.0, (Reason(NUMBER, numbers), Reason(EXACT)), certain=True)


def _by_number(
    payment: Payment, books: Books, named: Mapping[int, tuple[OpenItem, bool]]
) -> Iterator[Proposal]:
    items = [item for item, _ in list(named.values())[:MOST_NAMED]]
    if not items or sum(item.open for item in items) <= 0:
        return
    written = all(strong for _, strong in named.values())
    known = all(is_known(payment, item, books) for item in items)
    why = (Reason(NUMBER, ", ".join(item.number for item in items)[:200]),)
    if exact := exactly(payment, items):
        parts, how = exact
        yield Proposal(parts, 1.0, (*why, how), certain=written or known)
        return
    if late := exactly(payment, items, late=True):
        yield Proposal(late[0], 0.8, (*why, Reason(LATE)))
    parts = filled(payment.amount, items)
    over = payment.amount > sum(part.amount for part in parts)
    how = Reason(MORE if over else PART)
    if known:
        yield Proposal(parts, 0.9, (*why, how), certain=written and (over or len(items) == 1))
    else:
        yield Proposal(parts, 0.7, (*why, how, Reason(UNSURE)))


def _by_word(payment: Payment, books: Books) -> Iterator[Proposal]:
    """By the number of an order or of the customer, which say less than an invoice's."""
    for word in dict.fromkeys(words_of(payment.text)):
        items = [one for one in books.by_word.get(word, ()) if one.currency == payment.currency]
        if not items:
            continue
        first = items[0]
        by_customer = plain(first.customer_number) == word
        theirs = plain(first.order_number) != word and not by_customer
        known = all(is_known(payment, one, books) for one in items)
        written = next(one for one in _numbers(first) if plain(one) == word)
        what = Reason(CUSTOMER if by_customer else ORDER, written)
        yield from _fitting(payment, items, (what,), sure=known or not theirs, score=0.85)


def _numbers(item: OpenItem) -> tuple[str, ...]:
    return item.order_number, item.order_reference, item.customer_number


def _by_payer(payment: Payment, books: Books) -> Iterator[Proposal]:
    for customer in sorted(books.payers.get(payment.iban, ()) if payment.iban else ()):
        items = _of_customer(customer, payment, books)
        yield from _fitting(payment, items, (Reason(ACCOUNT, payment.iban),), sure=True, score=0.8)
        yield from _some(payment, items, Reason(ACCOUNT, payment.iban), 0.4)
    if not payment.party:
        return
    for customer, items in books.by_customer.items():
        if alike(payment.party, items[0].customer):
            why = Reason(NAME, items[0].customer)
            own = _of_customer(customer, payment, books)
            yield from _fitting(payment, own, (why,), sure=False, score=0.7)
            yield from _some(payment, own, why, 0.3)


def _fitting(
    payment: Payment,
    items: Sequence[OpenItem],
    why: tuple[Reason, ...],
    *,
    sure: bool,
    score: float,
) -> Iterator[Proposal]:
    """Single invoices whose amount is exact, and all of them together."""
    hits = [
        (item, hit) for item in items if not item.is_credit and (hit := exactly(payment, [item]))
    ]
    alone = len(hits) == 1
    for item, (parts, how) in hits:
        reasons = (*why, Reason(how.what, item.number))
        several = () if alone else (Reason(SEVERAL),)
        yield Proposal(parts, score if alone else score - 0.2, (*reasons, *several), sure and alone)
    if len(items) > 1 and not hits and (hit := exactly(payment, items)):
        yield Proposal(hit[0], score - 0.1, (*why, Reason(ALL_OPEN), hit[1]))


def _some(
    payment: Payment, items: Sequence[OpenItem], why: Reason, score: float
) -> Iterator[Proposal]:
    """What of a customer's the payment may be for, where nothing fits: the longest due first."""
    for item in [one for one in items if not one.is_credit][:3]:
        parts = filled(payment.amount, [item])
        how = PART if payment.amount < item.open else MORE
        yield Proposal(parts, score, (why, Reason(how, item.number)))


def _of_customer(customer: int, payment: Payment, books: Books) -> list[OpenItem]:
    return [one for one in books.by_customer.get(customer, ()) if one.currency == payment.currency]
