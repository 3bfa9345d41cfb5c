"""The SLA warns before it breaks: levels of a clock, each told once, within the opening hours.

The sweep reads the cases whose next alarm is due, and no others.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.models import Agent, Department
from cases import sla
from cases.models import Case, EscalationStep, Notice, SLAMark
from cases.services import assigning, clocks, notifying
from cases.services.clocks import Reading
from cases.sla import Clock
from hbu.journal.recording import record
from hbu.lib.chunks import together_or_alone

LEADS = "lead"
"""The group of those who answer for a department's work."""
AT_ONCE = 500
Whom = EscalationStep.Whom
RANKS = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a level; what a policy says, or what holds where it says nothing."""

    percent: int
    whom: str
    person: User | None = None
    priority: str = ""


DEFAULT_STEPS = (
    Step(75, Whom.ASSIGNEE),
    Step(90, Whom.ASSIGNEE),
    Step(90, Whom.LEADS),
    Step(sla.BREACH, Whom.LEADS),
)


def due(now: datetime) -> list[int]:
    """Return cases whose next alarm is due, the longest waiting first."""
    rows = Case.objects.filter(next_alarm_at__lte=now).order_by("next_alarm_at")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def warn(cases: Iterable[int]) -> None:
    """Mark, record and tell the levels that the clocks of cases reached; repeatable.

    While its department is closed, nobody is told of a case: its alarm waits for the morning. A case
    of which something is broken keeps no other from being told.
    """
    together_or_alone(list(cases), _warn)


def _warn(cases: Sequence[int]) -> None:
    now = timezone.now()
    with transaction.atomic():
        # Held: of two sweeps the second finds the marks of the first.
        rows = Case.objects.select_for_update(of=("self",)).filter(
            pk__in=cases, next_alarm_at__lte=now
        )
        readings = clocks.read(rows.order_by("pk"), now)
        awake = [one for one in readings if one.calendar.is_open_at(now)]
        staff = _Staff.of(one.case for one in awake)
        for reading in awake:
            for clock in reading.open_clocks:
                if levels := reading.reached(clock):
                    _reach(reading, clock, levels, staff)
        clocks.refresh(one.case.pk for one in readings)


def _reach(reading: Reading, clock: Clock, levels: Sequence[int], staff: "_Staff") -> None:
    """A clock reached levels; of several at once the highest is told."""
    case, highest = reading.case, max(levels)
    SLAMark.objects.bulk_create(
        (
            SLAMark(case=case, clock=clock.name, percent=percent, since=clock.since, at=reading.now)
            for percent in levels
        ),
        ignore_conflicts=True,
    )
    mark = SLAMark.objects.get(case=case, clock=clock.name, percent=highest, since=clock.since)
    data: dict[str, Any] = {"clock": str(clock.name), "percent": highest, "number": case.number}
    if kind := _kind(levels):
        record(kind, case, **data)
    steps = [step for step in _steps(reading) if step.percent in levels]
    if told := staff.told(case, steps):
        notice = Notice.SLA_BREACH if highest >= sla.BREACH else Notice.SLA_WARNING
        cause = f"sla:{mark.pk}:{highest}"
        due_at = clock.due_at.isoformat() if clock.due_at else ""
        notifying.tell(told, notice, cause=cause, case=case, due_at=due_at, **data)
    if any(step.whom != Whom.ASSIGNEE or step.priority for step in steps):
        record("case.escalated", case, **data)
    _raise(case, steps)


def _kind(levels: Collection[int]) -> str:
    if sla.BREACH in levels:
        return "case.sla_breached"
    return "case.sla_warning" if set(levels) & set(sla.WARNINGS) else ""


def _steps(reading: Reading) -> Sequence[Step]:
    rows = list(reading.policy.steps.all()) if reading.policy else []
    return [Step(row.percent, row.whom, row.person, row.priority) for row in rows] or DEFAULT_STEPS


def _raise(case: Case, steps: Iterable[Step]) -> None:
    """Make a case as urgent as its steps want it, and never less so."""
    wanted = max((_rank(step.priority) for step in steps), default=0)
    if wanted > _rank(case.priority):
        assigning.assign(case, priority=RANKS[wanted], by=None)


def _rank(priority: str) -> int:
    return RANKS.index(priority) if priority in RANKS else 0


@dataclass(frozen=True, slots=True)
class _Staff:
    """Who works where, read once for many cases."""

    members: Mapping[int, Sequence[User]]
    leads: Mapping[int, Sequence[User]]
    assignees: Mapping[int, User]
    """The person behind each agent; software has none."""

    @classmethod
    def of(cls, cases: Iterable[Case]) -> "_Staff":
        cases = list(cases)
        there = User.objects.filter(is_active=True).exclude(agent__kind=Agent.Kind.SOFTWARE)
        desks = Department.members.through.objects.filter(
            department__in={case.department_id for case in cases}, user__in=there
        ).select_related("user")
        members: dict[int, list[User]] = {}
        for row in desks.order_by("user_id"):
            members.setdefault(row.department_id, []).append(row.user)
        known = {user.pk for users in members.values() for user in users}
        lead = set(
            User.objects.filter(pk__in=known, groups__name=LEADS).values_list("pk", flat=True)
        )
        leads = {
            desk: [user for user in users if user.pk in lead] for desk, users in members.items()
        }
        agents = Agent.objects.filter(
            Q(user__is_active=True),
            pk__in={case.assignee_id for case in cases},
            kind=Agent.Kind.HUMAN,
        )
        return cls(members, leads, {one.pk: one.user for one in agents.select_related("user")})

    def told(self, case: Case, steps: Iterable[Step]) -> list[User]:
        found = {user.pk: user for step in steps for user in self._whom(case, step)}
        return list(found.values())

    def _whom(self, case: Case, step: Step) -> Iterator[User]:
        everybody = self.members.get(case.department_id, ())
        if step.whom == Whom.PERSON:
            if step.person and step.person.is_active:
                yield step.person
        elif step.whom == Whom.LEADS:
            # Where nobody leads, it is everybody's matter.
            yield from self.leads.get(case.department_id) or everybody
        elif step.whom == Whom.ASSIGNEE and (doer := self.assignees.get(case.assignee_id or 0)):
            yield doer
        else:
            yield from everybody
