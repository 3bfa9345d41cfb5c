"""How agents are at work, software and people, read from the rows at the moment of asking.

What is counted is what the viewer sees. Each function asks a fixed number of queries, however many
agents and rows there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from agents.models import Agent, AgentMemory, AgentRun, Department
from agents.registry import ROLES
from agents.scope import departments_of
from cases.models import Case, Presence
from cases.services import queueing
from cases.services.attending import HERE
from emails.models import Email
from kpis import links
from kpis.today import OPEN_CASES, midnight

DAYS = 30
SHOWN_AT_WORK = 5
Person = AbstractUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Runs:
    """Consultations of an agent: today, and in the last thirty days."""

    today: int = 0
    month: int = 0
    failed: int = 0
    corrected: int = 0
    mean: float | None = None
    p95: float | None = None
    last: datetime | None = None
    urls: Mapping[str, str] = field(default_factory=dict)

    @property
    def well(self) -> int:
        return self.month - self.failed - self.corrected

    @property
    def success(self) -> float | None:
        """Percent without an error whose proposal no person changed; None where nothing ran."""
        return round(100 * self.well / self.month, 1) if self.month else None


@dataclass(frozen=True, slots=True)
class Software:
    agent: Agent
    serves: list[Department]
    queue: int
    oldest: datetime | None
    queue_url: str
    at_work: list[Email]
    """Some of the mails that it is at just now."""
    busy: int
    """How many of its instances work just now."""
    runs: Runs
    memories: int
    decides: bool
    """Somebody wrote what it decides; another one takes no mails."""


@dataclass(frozen=True, slots=True)
class Human:
    agent: Agent
    departments: list[Department]
    open: int
    pressing: int
    oldest: datetime | None
    url: str
    pressing_url: str
    looks_at: list[Case]
    """Cases that he or she has open just now."""


def software(user: Person, now: datetime, agents: Iterable[int] | None = None) -> list[Software]:
    """Return how software agents do; those with these keys where some are named."""
    rows = Agent.objects.filter(kind=Agent.Kind.SOFTWARE)
    if agents is not None:
        rows = rows.filter(pk__in=list(agents))
    found = list(rows.prefetch_related("departments"))
    serving = queueing.servants()
    queues, at_work = _queues(user, serving), _at_work(user, serving, now)
    runs = _runs(user, found, now)
    memories = dict(
        AgentMemory.objects.visible_to(user).order_by().values_list("agent").annotate(Count("pk"))
    )
    return [
        Software(
            agent=agent,
            serves=list(agent.departments.all()),
            queue=queues[agent.pk][0],
            oldest=queues[agent.pk][1],
            queue_url=links.rows(Email, waits_for=agent.pk),
            at_work=at_work[agent.pk][:SHOWN_AT_WORK],
            busy=len({one.claim for one in at_work[agent.pk]}),
            runs=runs[agent.pk],
            memories=memories.get(agent.pk, 0),
            decides=agent.role in ROLES,
        )
        for agent in found
    ]


def _queues(user: Person, serving: queueing.Servants) -> dict[int, tuple[int, datetime | None]]:
    rows = Email.objects.visible_to(user).filter(pk__in=queueing.waiting().values("pk"))
    desks = rows.order_by().values_list(queueing.DESK).annotate(Count("pk"), Min("received_at"))
    found: dict[int, tuple[int, datetime | None]] = defaultdict(lambda: (0, None))
    for desk, count, oldest in desks:
        if agent := serving.get(desk):
            before, first = found[agent.pk]
            found[agent.pk] = before + count, min(first or oldest, oldest)
    return found


def _at_work(user: Person, serving: queueing.Servants, now: datetime) -> dict[int, list[Email]]:
    rows = Email.objects.visible_to(user).filter(state=Email.State.TAKEN_IN, claimed_until__gt=now)
    found: dict[int, list[Email]] = defaultdict(list)
    shown = rows.annotate(desk=queueing.DESK).select_related("link__case").order_by("pk")
    for email in shown.only("subject", "claim", "link__case__number"):
        if agent := serving.get(email.desk):  # type: ignore[attr-defined] # annotated
            found[agent.pk].append(email)
    return found


def _runs(user: Person, agents: Iterable[Agent], now: datetime) -> dict[int, Runs]:
    since, today = first_day(now), midnight(now)
    rows = AgentRun.objects.visible_to(user).filter(at__gte=since)
    counted = rows.order_by().values("agent").annotate(
        today=Count("pk", filter=Q(at__gte=today)),
        month=Count("pk"),
        failed=Count("pk", filter=~Q(error="")),
        corrected=Count("pk", filter=Q(error="", corrected_at__isnull=False)),
        mean=Avg("seconds"),
        last=Max("at"),
    )  # fmt: skip
    known = by(counted, "agent")
    slowest = _p95(rows)
    return {
        agent.pk: Runs(
            **known.get((agent.pk,), {}), p95=slowest.get(agent.pk), urls=_urls(agent, since, today)
        )
        for agent in agents
    }


def by(rows: Iterable[Mapping[str, Any]], *keys: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return rows by the values of their keys, without those."""
    return {
        tuple(row[key] for key in keys): {
            name: value for name, value in row.items() if name not in keys
        }
        for row in rows
    }


def first_day(now: datetime) -> datetime:
    return midnight(now) - timedelta(days=DAYS - 1)


def _urls(agent: Agent, since: datetime, today: datetime) -> dict[str, str]:
    ours = {"agent__id__exact": agent.pk}
    month = {**ours, "at__gte": since.isoformat()}
    return {
        "today": links.rows(AgentRun, **ours, at__gte=today.isoformat()),
        "month": links.rows(AgentRun, **month),
        "well": links.rows(AgentRun, **month, went="well"),
        "failed": links.rows(AgentRun, **month, went="failed"),
        "corrected": links.rows(AgentRun, **month, went="corrected"),
    }


def _p95(rows: "QuerySet[AgentRun]") -> dict[int, float]:
    """Return within how many seconds nineteen of twenty consultations of each agent end."""
    placed = rows.order_by().annotate(
        place=Window(RowNumber(), partition_by=F("agent"), order_by=F("seconds").asc()),
        of=Window(Count("pk"), partition_by=F("agent")),
    )  # fmt: skip
    there = placed.annotate(
        hundred=F("place") * 100, least=F("of") * 95, before=F("place") * 100 - 100
    )
    found = there.filter(hundred__gte=F("least"), before__lt=F("least"))
    return dict(found.values_list("agent", "seconds"))


def people(user: Person, now: datetime) -> list[Human]:
    """Return the people who share a department with the viewer; all for who sees all of them."""
    rows = Agent.objects.filter(kind=Agent.Kind.HUMAN, is_active=True)
    ours = departments_of(user)
    if ours is not None:
        rows = rows.filter(Q(user__departments__in=ours) | Q(user=user.pk)).distinct()
    loads, looking = _loads(user), _looking(user, now)
    nothing: dict[str, Any] = {"open": 0, "pressing": 0, "oldest": None}
    return [
        Human(
            agent=agent,
            departments=list(agent.user.departments.all()),
            **loads.get((agent.pk,), nothing),
            url=open_cases(assignee__id__exact=agent.pk),
            pressing_url=open_cases(assignee__id__exact=agent.pk, standing__in=PRESSING),
            looks_at=looking[agent.user_id],
        )
        for agent in rows.prefetch_related("user__departments")
    ]


PRESSING = ",".join(Case.PRESSING)


def open_cases(**lookups: Any) -> str:
    return links.rows(Case, status__in=",".join(OPEN_CASES), **lookups)


def _loads(user: Person) -> dict[tuple[Any, ...], dict[str, Any]]:
    rows = Case.objects.visible_to(user).filter(status__in=OPEN_CASES).order_by()
    counted = rows.values("assignee").annotate(
        open=Count("pk"),
        pressing=Count("pk", filter=Q(standing__in=Case.PRESSING)),
        oldest=Min("opened_at"),
    )
    return by(counted, "assignee")


def _looking(user: Person, now: datetime) -> dict[int, list[Case]]:
    seen = Case.objects.visible_to(user)
    rows = Presence.objects.filter(seen_at__gte=now - HERE, case__in=seen).order_by("-seen_at")
    found: dict[int, list[Case]] = defaultdict(list)
    for one in rows.select_related("case"):
        found[one.user_id].append(one.case)
    return found
