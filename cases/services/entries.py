"""What of each thing can be found: its numbers and names, its title, its text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Model, QuerySet
from django.utils import timezone

from cases.finding import as_sender, folded
from cases.models import Case, SearchEntry
from emails.models import Email, OutgoingEmail
from orders.models import Order
from shop.models import Customer

Kind = SearchEntry.Kind
User = AbstractUser | AnonymousUser
# A longer text is found by its beginning.
LONGEST_TEXT = 20_000
LONGEST_NAMES = 5_000


@dataclass(frozen=True, slots=True)
class Said:
    title: str
    names: Iterable[object]
    texts: Iterable[str]
    at: datetime
    senders: Iterable[str] = ()

    def entry(self, kind: str, pk: int) -> SearchEntry:
        names = " ".join(str(name) for name in self.names if name)[:LONGEST_NAMES]
        senders = as_sender(" ".join(self.senders)[:LONGEST_NAMES])
        return SearchEntry(
            kind=kind,
            object_id=pk,
            title=folded(self.title)[:500],
            names=f"{folded(names)} {senders}".strip(),
            body=folded("\n".join(self.texts)[:LONGEST_TEXT]),
            at=self.at,
        )


@dataclass(frozen=True, slots=True)
class Findable:
    """A kind of thing that the search knows."""

    model: type[Model]
    label: str
    permission: str
    rows: Callable[[], "QuerySet[Any]"]
    """Those that can be found, with what `said` reads of them."""
    said: Callable[[Any], Said]
    seen: Callable[[User], "QuerySet[Any]"]
    """Those that the person may see, once he or she has the permission."""


def _cases() -> "QuerySet[Case]":
    rows = Case.objects.filter(merged_into=None).select_related("customer", "assignee")
    return rows.prefetch_related("tags", "notes")


def _case(case: Case) -> Said:
    customer = case.customer
    return Said(
        case.title,
        [
            case.number,
            customer and customer.name,
            customer and customer.number,
            case.assignee,
            *case.tags.all(),
        ],
        [note.text for note in case.notes.all()],
        case.opened_at,
    )


def _emails() -> "QuerySet[Email]":
    rows = Email.objects.only(
        "subject", "from_name", "from_address", "to", "cc", "text", "received_at"
    )
    return rows.prefetch_related("attachments")


def _email(email: Email) -> Said:
    files = list(email.attachments.all())
    return Said(
        email.subject,
        [
            email.from_name,
            email.from_address,
            *email.to,
            *email.cc,
            *(one.filename for one in files),
        ],
        # Each its share: a long letter shall not hide what came with it.
        [email.text[: LONGEST_TEXT // 2], *(one.text[:LONGEST_TEXT] for one in files)],
        email.received_at,
        [email.from_name, email.from_address],
    )


def _letters() -> "QuerySet[OutgoingEmail]":
    return OutgoingEmail.objects.select_related("created_by")


def _letter(letter: OutgoingEmail) -> Said:
    writer = letter.created_by.get_full_name() if letter.created_by else ""
    return Said(
        letter.subject,
        [letter.to_name, letter.to_address, *letter.cc, *letter.bcc, letter.from_name, writer],
        [letter.text],
        letter.sent_at or letter.created_at,
        [letter.from_name, letter.from_address, writer],
    )


def _customers() -> "QuerySet[Customer]":
    return Customer.objects.in_use().prefetch_related("contacts")


def _customer(customer: Customer) -> Said:
    contacts = chain.from_iterable(
        (one.first_name, one.last_name, one.email, one.phone) for one in customer.contacts.all()
    )
    domains, vat_id = customer.domains, customer.vat_id
    return Said(
        customer.name,
        [customer.number, customer.name, customer.city, vat_id, *domains, *contacts],
        [customer.street, customer.postcode, customer.country],
        timezone.now(),
    )


def _orders() -> "QuerySet[Order]":
    return Order.objects.select_related("customer").prefetch_related("lines")


def _order(order: Order) -> Said:
    lines = list(order.lines.all())
    return Said(
        f"{order.number} {order.customer or ''}",
        [order.number, order.reference, order.contact_name, order.contact_email]
        + [line.sku for line in lines],
        [*(line.name for line in lines), order.note],
        order.created_at,
    )


FINDABLE: Mapping[str, Findable] = {
    Kind.CASE: Findable(
        Case, "cases.case", "cases.view_case", _cases, _case,
        lambda user: Case.objects.visible_to(user).filter(merged_into=None),
    ),
    Kind.EMAIL: Findable(
        Email, "emails.email", "emails.view_email", _emails, _email,
        Email.objects.visible_to,
    ),
    Kind.LETTER: Findable(
        OutgoingEmail, "emails.outgoingemail", "emails.view_outgoingemail", _letters, _letter,
        OutgoingEmail.objects.visible_to,
    ),
    Kind.CUSTOMER: Findable(
        Customer, "shop.customer", "shop.view_customer", _customers, _customer,
        lambda _user: Customer.objects.in_use(),
    ),
    Kind.ORDER: Findable(
        Order, "orders.order", "orders.view_order", _orders, _order,
        lambda _user: Order.objects.all(),
    ),
}  # fmt: skip
KIND_OF = {one.label: kind for kind, one in FINDABLE.items()}
