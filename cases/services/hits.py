"""What was found, as it is shown: its title, a piece of its text with the words marked, its page."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases import finding
from cases.finding import Question
from cases.models import Case
from cases.services.entries import FINDABLE, LONGEST_TEXT, Kind
from emails.models import Email, OutgoingEmail
from orders.models import Order
from shop.models import Customer


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    object_id: int
    title: str
    excerpt: SafeString
    url: str
    at: datetime

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Shown:
    title: str
    texts: Sequence[str]
    """In the first that holds one of the words the words are marked; else the first is shown."""
    url: str


def read(keys: Sequence[tuple[str, int]], question: Question) -> list[Hit]:
    """Read what was found, in this order; one query or two for each kind."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, pk in keys:
        wanted[kind].append(pk)
    rows = {
        (kind, row.pk): row
        for kind, ids in wanted.items()
        for row in FINDABLE[kind].rows().filter(pk__in=ids)
    }
    return [_hit(kind, rows[kind, pk], question) for kind, pk in keys if (kind, pk) in rows]


def _hit(kind: str, row: Any, question: Question) -> Hit:
    shown = SHOWN[kind](row)
    return Hit(
        kind,
        row.pk,
        shown.title,
        marked(shown.texts, question),
        shown.url,
        FINDABLE[kind].said(row).at,
    )


def marked(texts: Sequence[str], question: Question) -> SafeString:
    """Return a piece of the text that holds the words, escaped but for their marks (promise B6)."""
    pieces: list[tuple[str, bool]] = []
    for text in texts:
        piece = finding.excerpt(text[:LONGEST_TEXT], question)
        if any(found for _words, found in piece):
            pieces = piece
            break
        pieces = pieces or piece
    return format_html_join("", "{}", ((_piece(*one),) for one in pieces))


def _piece(words: str, found: bool) -> str:  # noqa: FBT001 - as they come
    return format_html("<mark>{}</mark>", words) if found else words


def _case(case: Case) -> Shown:
    names = [case.customer and case.customer.name, case.assignee, *case.tags.all()]
    line = " · ".join(str(one) for one in names if one)
    return Shown(
        str(case),
        [line, *(note.text for note in case.notes.all())],
        reverse("cases:case", args=[case.number]),
    )


def _email(email: Email) -> Shown:
    sender = f"{email.from_name} <{email.from_address}>" if email.from_name else email.from_address
    files = list(email.attachments.all())
    texts = [f"{sender}: {email.text}", *(f"{one.filename}: {one.text}" for one in files)]
    return Shown(str(email), texts, reverse("kpis:mail", args=[email.pk]))


def _letter(letter: OutgoingEmail) -> Shown:
    to = letter.to_name or letter.to_address
    url = reverse("admin:emails_outgoingemail_change", args=[letter.pk])
    return Shown(letter.subject, [f"{to}: {letter.text}"], url)


def _customer(customer: Customer) -> Shown:
    people: Iterator[str] = (str(contact) for contact in customer.contacts.all())
    line = " · ".join([f"{customer.postcode} {customer.city}".strip(), *people])
    url = reverse("admin:shop_customer_change", args=[customer.pk])
    return Shown(f"{customer.number} {customer.name}", [line], url)


def _order(order: Order) -> Shown:
    lines = " · ".join(str(line) for line in order.lines.all())
    named = f"{order.number} {order.customer or order.contact_name}".strip()
    url = reverse("admin:orders_order_change", args=[order.pk])
    return Shown(named, [" · ".join(filter(None, [order.reference, lines]))], url)


SHOWN: Mapping[str, Callable[[Any], Shown]] = {
    Kind.CASE: _case,
    Kind.EMAIL: _email,
    Kind.LETTER: _letter,
    Kind.CUSTOMER: _customer,
    Kind.ORDER: _order,
}
