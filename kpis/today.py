"""What the start page shows, read from the rows at the moment of asking.

Each function asks a fixed number of queries, however many rows there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.text import slugify

from agents.models import Department
from cases.models import Case
from emails.models import Email, Mailbox, OutgoingEmail
from kpis import links
from orders.models import Order

FEED_LENGTH = 30


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A line of the live feed."""

    id: int
    at: datetime
    is_today: bool
    sender: str
    address: str
    subject: str
    kind: str
    priority: str
    priority_label: str
    department: str
    state: str
    state_label: str
    answer: str
    """What became of the answer; empty while there is none."""


@dataclass(frozen=True, slots=True)
class Feed:
    rows: list[FeedRow]
    on_the_way: int
    """Mails that no step has finished with yet."""
    url: str


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


def midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def feed(_user: object, now: datetime) -> Feed:
    """Return the newest mails that were read; three queries."""
    emails = list(
        Email.objects.exclude(state=Email.State.RECEIVED)
        .select_related("department")
        .only(
            "received_at", "from_name", "from_address", "subject", "kind", "priority", "state",
            "department__code", "department__name_de", "department__name_en",
        )[:FEED_LENGTH]
    )  # fmt: skip
    answers = _answers(emails)
    return Feed(
        rows=[_feed_row(email, answers.get(email.pk, ""), midnight(now)) for email in emails],
        on_the_way=Email.objects.waiting().count(),
        url=links.rows(Email),
    )


def _answers(emails: Iterable[Email]) -> dict[int, str]:
    letters = OutgoingEmail.objects.filter(answers__in=[email.pk for email in emails])
    labels = dict(OutgoingEmail.State.choices)
    return {
        email_id: str(labels[state])
        for email_id, state in letters.order_by("pk").values_list("answers_id", "state")
        if email_id is not None
    }


def _feed_row(email: Email, answer: str, today: datetime) -> FeedRow:
    return FeedRow(
        id=email.pk,
        at=email.received_at,
        is_today=email.received_at >= today,
        sender=email.from_name or email.from_address,
        address=email.from_address,
        subject=str(email),
        kind=email.get_kind_display(),
        priority=slugify(email.priority),
        priority_label=email.get_priority_display(),
        department=email.department.name if email.department else "",
        state=email.state,
        state_label=email.get_state_display(),
        answer=answer,
    )


def departments(_user: object, now: datetime) -> list[Bar]:
    """Return today's mails and the open cases of each department; three queries."""
    start = midnight(now)
    mails = dict(
        Email.objects.filter(received_at__gte=start)
        .order_by()
        .values_list("department")
        .annotate(Count("pk"))
    )
    cases = dict(Case.objects.open().order_by().values_list("department").annotate(Count("pk")))
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


def mailboxes(_user: object, _now: datetime) -> list[Box]:
    return [
        Box(
            address=mailbox.address,
            url=links.row(mailbox),
            health=_health(mailbox),
            looked_at=mailbox.last_polled_at,
            failing_since=mailbox.failing_since,
            error=mailbox.last_error,
        )
        for mailbox in Mailbox.objects.all()
    ]


def _health(mailbox: Mailbox) -> str:
    if not mailbox.is_active:
        return "off"
    if mailbox.failing_since:
        return "failing"
    return "fine" if mailbox.last_polled_at else "new"
