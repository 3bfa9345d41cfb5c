"""One software agent: its consultations day by day, the last ones in words, its memory, its queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.admin.run import ACTIONS
from agents.memory import ENOUGH
from agents.models import Agent, AgentMemory, AgentRun
from cases.services import queueing
from emails.labels import KIND_LABELS
from emails.models import Email
from hbu.lib.telling import told
from kpis import links
from kpis.today import midnight
from kpis.workforce import DAYS, first_day

KINDS: dict[str, Any] = {str(kind): label for kind, label in KIND_LABELS.items()}
RUNS_SHOWN, MEMORIES_SHOWN, MAILS_SHOWN = 20, 50, 20
Person = AbstractUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    well: int
    corrected: int
    failed: int
    most: int
    """Of all days, so that the bars can be compared."""
    url: str

    @property
    def count(self) -> int:
        return self.well + self.corrected + self.failed

    @property
    def bars(self) -> list[tuple[str, float, float]]:
        """The parts of the bar from below: what, height and distance from the top in percent."""
        found, top = [], 100.0
        for what in ("well", "corrected", "failed"):
            height = 100 * getattr(self, what) / self.most
            top -= height
            found.append((what, round(height, 2), round(top, 2)))
        return found


@dataclass(frozen=True, slots=True)
class Told:
    """A consultation in words."""

    run: AgentRun
    url: str
    did: str
    why: str
    became: str
    """well, corrected or failed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A memory in words."""

    row: AgentMemory
    kind: str
    language: str
    decided: int
    answered: int
    corrected: int
    wary: list[str]
    """Kinds of mail for which people look first."""


@dataclass(frozen=True, slots=True)
class Waits:
    mail: Email
    case: str
    since: datetime
    at_work: bool


def days(user: Person, agent: Agent, now: datetime) -> list[Day]:
    rows = AgentRun.objects.visible_to(user).filter(agent=agent, at__gte=first_day(now))
    counted = rows.order_by().annotate(day=TruncDate("at")).values("day").annotate(
        count=Count("pk"),
        failed=Count("pk", filter=~Q(error="")),
        corrected=Count("pk", filter=Q(error="", corrected_at__isnull=False)),
    )  # fmt: skip
    known = {one["day"]: one for one in counted}
    most = max([1, *(one["count"] for one in known.values())])
    first = timezone.localdate(first_day(now))
    return [
        _day(agent, first + timedelta(days=n), known.get(first + timedelta(days=n)), most)
        for n in range(DAYS)
    ]


def _day(agent: Agent, day: date, counted: Mapping[str, Any] | None, most: int) -> Day:
    found = counted or {"count": 0, "failed": 0, "corrected": 0}
    noon = timezone.make_aware(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 - made aware
    since = midnight(noon)
    return Day(
        day=day,
        well=found["count"] - found["failed"] - found["corrected"],
        corrected=found["corrected"],
        failed=found["failed"],
        most=most,
        url=links.rows(
            AgentRun,
            agent__id__exact=agent.pk,
            at__gte=since.isoformat(),
            at__lt=midnight(noon + timedelta(days=1)).isoformat(),
        ),
    )


def last_runs(user: Person, agent: Agent) -> list[Told]:
    rows = AgentRun.objects.visible_to(user).filter(agent=agent).order_by("-pk")
    return [_told(run) for run in rows.defer("brief")[:RUNS_SHOWN]]


def _told(run: AgentRun) -> Told:
    actions = [one.get("do", "") for one in run.outcome.get("actions", ())]
    words = [str(ACTIONS.get(one, one)) for one in actions]
    became = "corrected" if run.corrected_at else "well"
    return Told(
        run=run,
        url=links.row(run),
        did=", ".join(dict.fromkeys(words)) or _("nothing"),
        why=run.error or "; ".join(told(one) for one in run.outcome.get("reasons", ())),
        became="failed" if run.error else became,
    )


def memories(user: Person, agent: Agent) -> list[Known]:
    rows = AgentMemory.objects.visible_to(user).filter(agent=agent)
    return [_known(row) for row in rows[:MEMORIES_SHOWN]]


def _known(row: AgentMemory) -> Known:
    facts = row.facts
    wary = [kind for kind, times in facts.get("in_a_row", {}).items() if times >= ENOUGH]
    return Known(
        row=row,
        kind=_kind(facts.get("kind", "")),
        language=facts.get("language", ""),
        decided=facts.get("decided", 0),
        answered=facts.get("answered", 0),
        corrected=facts.get("corrected", 0),
        wary=[_kind(kind) for kind in wary],
    )


def _kind(code: str) -> str:
    return str(KINDS.get(code, code))


def queue(user: Person, agent: Agent, now: datetime) -> list[Waits]:
    """Return the mails that wait for it longest, or that it is at."""
    ours = queueing.waiting_for([agent.pk]).values("pk")
    rows = Email.objects.visible_to(user).filter(pk__in=ours).select_related("link__case")
    return [
        Waits(
            mail=email,
            case=email.link.case.number if hasattr(email, "link") else "",
            since=email.received_at,
            at_work=email.claimed_until is not None and email.claimed_until > now,
        )
        for email in rows.order_by("received_at", "pk")[:MAILS_SHOWN]
    ]
