"""What the start page shows, read from the rows at the moment of asking.

Each function asks a fixed number of queries, however many rows there are.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count
from django.utils import timezone

from agents.models import Department
from agents.scope import departments_of
from cases.models import Case
from emails.admin import ledger as ledger_page
from emails.ledger_check import Standing
from emails.models import Email, Mailbox
from emails.services import counting
from kpis import links
from orders.models import Order

Person = AbstractUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    count: int
    longest: int
    url: str
    cases: int = 0
    cases_url: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    address: str
    url: str
    health: str
    """fine, failing, new (never looked at) or off."""
    looked_at: datetime | None
    failing_since: datetime | None
    error: str
    ledger: "Ledger | None"
    """None before the first count."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """server = stored = decided, and where the rows are."""

    standing: Standing
    counted_at: datetime | None
    stored_url: str
    decided_url: str
    missing_url: str
    undecided_url: str


def midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def departments(user: Person, now: datetime) -> list[Bar]:
    """Return today's mails and the open cases of each of the person's departments; three queries."""
    start = midnight(now)
    mails = dict(
        Email.objects.visible_to(user)
        .filter(received_at__gte=start)
        .order_by()
        .values_list("department")
        .annotate(Count("pk"))
    )
    open_cases = Case.objects.visible_to(user).open().order_by()
    cases = dict(open_cases.values_list("department").annotate(Count("pk")))
    ours = departments_of(user)
    return [
        Bar(
            label=department.name,
            count=mails.get(department.pk, 0),
            longest=max([1, *mails.values()]),
            url=links.rows(
                Email, department__id__exact=department.pk, received_at__gte=start.isoformat()
            ),
            cases=cases.get(department.pk, 0),
            cases_url=links.rows(
                Case, department__id__exact=department.pk, status__in=",".join(OPEN_CASES)
            ),
        )
        for department in Department.objects.all()
        if ours is None or department.pk in ours
    ]


OPEN_CASES = [
    status
    for status in Case.Status.values
    if status not in (Case.Status.RESOLVED, Case.Status.CLOSED)
]


def orders(_user: object, _now: datetime) -> list[Bar]:
    """Return how many orders stand where, in the order of their life; one query."""
    counts = dict(Order.objects.order_by().values_list("state").annotate(Count("pk")))
    return [
        Bar(
            label=str(label),
            count=counts[state],
            longest=max(counts.values()),
            url=links.rows(Order, state__exact=state),
        )
        for state, label in Order.State.choices
        if state in counts
    ]


def mailboxes(_user: object, now: datetime) -> list[Box]:
    """Return how the mailboxes and their ledgers are doing; four queries."""
    rows = list(Mailbox.objects.all())
    standings = counting.standings(rows, now)
    return [
        Box(
            address=mailbox.address,
            url=links.row(mailbox),
            health=_health(mailbox),
            looked_at=mailbox.last_polled_at,
            failing_since=mailbox.failing_since,
            error=mailbox.last_error,
            ledger=_ledger(mailbox, standings.get(mailbox.pk)),
        )
        for mailbox in rows
    ]


def _ledger(mailbox: Mailbox, standing: Standing | None) -> Ledger | None:
    if standing is None:
        return None
    return Ledger(
        standing=standing,
        counted_at=mailbox.counted_at,
        stored_url=ledger_page.rows(mailbox, "stored"),
        decided_url=ledger_page.rows(mailbox, "decided"),
        missing_url=ledger_page.rows(mailbox, "not_stored"),
        undecided_url=ledger_page.rows(mailbox, "not_decided"),
    )


def _health(mailbox: Mailbox) -> str:
    if not mailbox.is_active:
        return "off"
    if mailbox.failing_since:
        return "failing"
    return "fine" if mailbox.last_polled_at else "new"
