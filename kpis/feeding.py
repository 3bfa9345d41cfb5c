"""The live feed: the newest mails that were read, as its filters want them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import QuerySet
from django.utils.text import slugify

from agents.models import Department
from agents.scope import departments_of
from emails.data import Kind, Priority
from emails.labels import KIND_LABELS, PRIORITY_LABELS
from emails.models import Email, OutgoingEmail
from kpis import links
from kpis.waiting import CODES

PAGE = 30
MOST = 300
Person = AbstractUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for; what makes no sense is left out."""

    department: str = ""
    kind: str = ""
    priority: str = ""
    rows: int = PAGE
    sort: str = ""
    """Which work is shown alone."""

    @classmethod
    def read(cls, said: Mapping[str, str]) -> "Wanted":
        rows = said.get("rows", "")
        kind, priority, sort = said.get("kind", ""), said.get("priority", ""), said.get("work", "")
        return cls(
            department=said.get("department", "")[:30].replace("\0", ""),
            kind=kind if kind in set(Kind) else "",
            priority=priority if priority in set(Priority) else "",
            rows=min(max(PAGE, int(rows)), MOST) if rows.isdecimal() and len(rows) < 6 else PAGE,
            sort=sort if sort in CODES else "",
        )

    @property
    def filters(self) -> dict[str, str]:
        said = {"department": self.department, "kind": self.kind, "priority": self.priority}
        return {name: value for name, value in said.items() if value}

    def but(self, **changed: str | int) -> str:
        """As the address says it, with something else; empty for without it."""
        rows = self.rows if self.rows != PAGE else ""
        said: dict[str, Any] = {**self.filters, "rows": rows, "work": self.sort, **changed}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def query(self) -> str:
        return self.but()

    @property
    def more(self) -> str:
        """The same with older rows, empty where no more are shown."""
        return self.but(rows=min(self.rows + PAGE, MOST)) if self.rows < MOST else ""


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
    wanted: Wanted
    has_older: bool


def feed(user: Person, today: datetime, wanted: Wanted) -> Feed:
    """Return the newest mails that were read since whenever; three queries."""
    found = list(_rows(user, wanted)[: wanted.rows + 1])
    emails = found[: wanted.rows]
    answers = _answers(emails)
    return Feed(
        rows=[_feed_row(email, answers.get(email.pk, ""), today) for email in emails],
        on_the_way=Email.objects.visible_to(user).waiting().count(),
        url=links.rows(Email, **_lookups(wanted)),
        wanted=wanted,
        has_older=len(found) > len(emails),
    )


def _rows(user: Person, wanted: Wanted) -> QuerySet[Email]:
    rows = Email.objects.visible_to(user).exclude(state=Email.State.RECEIVED)
    asked = {"department": "department__code"}
    rows = rows.filter(**{asked.get(name, name): one for name, one in wanted.filters.items()})
    return rows.select_related("department").only(
        "received_at", "from_name", "from_address", "subject", "kind", "priority", "state",
        "department__code", "department__name_de", "department__name_en",
    )  # fmt: skip


def _lookups(wanted: Wanted) -> dict[str, Any]:
    """The same filters as the list of all mails says them."""
    names = {"kind": "kind__exact", "priority": "priority__exact"}
    said: dict[str, Any] = {
        names[name]: value for name, value in wanted.filters.items() if name in names
    }
    if wanted.department:
        desk = Department.objects.filter(code=wanted.department).first()
        # One that is not there has no mails, in the list either.
        said["department__id__exact"] = desk.pk if desk else 0
    return said


def choices(user: Person) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
    """Return what the feed may be narrowed by: name, and values with their words; one query."""
    ours = departments_of(user)
    return [
        (
            "department",
            Email._meta.get_field("department").verbose_name,
            [
                (one.code, one.name)
                for one in Department.objects.all()
                if ours is None or one.pk in ours
            ],
        ),
        ("kind", Email._meta.get_field("kind").verbose_name, _words(KIND_LABELS)),
        ("priority", Email._meta.get_field("priority").verbose_name, _words(PRIORITY_LABELS)),
    ]


def _words(labels: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(code), label) for code, label in labels.items()]


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
