"""What waits for a person, oldest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.models import Task
from emails.models import Email, OutgoingEmail
from hbu.lib.telling import told
from kpis import links
from orders.models import Order

LENGTH = 12


@dataclass(frozen=True, slots=True)
class Waiting:
    sort: str
    """task, order, letter or quarantine."""
    label: str
    title: str
    why: str
    since: datetime
    url: str


def waiting(user: PermissionsMixin | AnonymousUser, _now: datetime) -> list[Waiting]:
    """Return the oldest of what the person may see; one query a sort."""
    found = (item for permission, read in SORTS if user.has_perm(permission) for item in read())
    return nsmallest(LENGTH, found, key=lambda item: item.since)


def _tasks() -> Iterator[Waiting]:
    for task in Task.objects.open().select_related("case").order_by("pk")[:LENGTH]:
        why = f"{task.case.number} · {told(task.reason)}" if task.reason else task.case.number
        yield Waiting("task", _("Task"), _(task.title), why, task.created_at, links.row(task))


def _orders() -> Iterator[Waiting]:
    rows = Order.objects.to_check().select_related("customer").order_by("pk")[:LENGTH]
    for order in rows:
        title = f"{order.number} {order.customer or ''}".strip()
        yield Waiting(
            "order",
            pgettext("business", "Order"),
            title,
            _doubts(order),
            order.created_at,
            links.row(order),
        )


def _doubts(order: Order) -> str:
    return "; ".join(
        f"{_(doubt['what'])} {doubt.get('evidence', '')}".strip() for doubt in order.doubts[:3]
    )


def _letters() -> Iterator[Waiting]:
    for letter in OutgoingEmail.objects.for_a_person().defer("text").order_by("pk")[:LENGTH]:
        why = told(letter.reason) if letter.reason else letter.get_state_display()
        yield Waiting(
            "letter", _("Letter"), letter.subject, why, letter.created_at, links.row(letter)
        )


def _quarantined() -> Iterator[Waiting]:
    rows = Email.objects.quarantined().only("subject", "error", "received_at").order_by("pk")
    for email in rows[:LENGTH]:
        yield Waiting(
            "quarantine",
            _("Quarantine"),
            str(email),
            told(email.error),
            email.received_at,
            links.row(email),
        )


SORTS: list[tuple[str, Callable[[], Iterator[Waiting]]]] = [
    ("cases.view_task", _tasks),
    ("orders.view_order", _orders),
    ("emails.view_outgoingemail", _letters),
    ("emails.view_email", _quarantined),
]
