"""On which days agents worked: software that was consulted, people of whom the journal tells."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from agents.models import Agent, AgentRun
from hbu.company.calendar import calendar
from hbu.journal.models import Event


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days from one to another, both included, on which the house was open."""

    first: date
    last: date
    open: frozenset[date]

    @classmethod
    def between(cls, first: date, last: date) -> "WorkingDays":
        hours, days = calendar(), (last - first).days + 1
        found = (first + timedelta(days=one) for one in range(days))
        return cls(first, last, frozenset(day for day in found if hours.is_open_on(day)))

    def since(self, joined: datetime) -> int:
        """Return on how many of them somebody was there to work who joined then."""
        first = timezone.localdate(joined)
        return sum(day >= first for day in self.open)

    def narrow(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Return what happened on one of these days."""
        begins, ends = _midnight(self.first), _midnight(self.last + timedelta(days=1))
        within = rows.order_by().filter(at__gte=begins, at__lt=ends).annotate(day=TruncDate("at"))
        found: QuerySet[Any] = within.filter(day__in=self.open)
        return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def at_work() -> "QuerySet[Agent]":
    """Agents of whom work can be expected."""
    serving = Agent.departments.through.objects.filter(agent=OuterRef("pk"))
    return Agent.objects.filter(Exists(serving), is_active=True)


def with_days_worked(agents: "QuerySet[Agent]", days: WorkingDays) -> "QuerySet[Agent]":
    """Annotate on how many of the days each worked on something, and was there to."""
    consulted = days.narrow(AgentRun.objects.filter(agent=OuterRef("pk"))).values("agent")
    told = days.narrow(Event.objects.filter(actor=OuterRef("user"))).values("actor")
    many = Count("day", distinct=True)
    joined = agents.order_by().values_list("pk", "user__date_joined")
    there = [When(pk=pk, then=Value(days.since(at))) for pk, at in joined]
    return agents.annotate(
        days_there=Case(*there, default=Value(0)),
        days_worked=Coalesce(
            Case(
                When(kind=Agent.Kind.SOFTWARE, then=Subquery(consulted.values(many=many))),
                default=Subquery(told.values(many=many)),
            ),
            Value(0),
        ),
    )


def agent_days(days: WorkingDays) -> Iterator[tuple[date, int]]:
    """Yield each day with an agent who worked on it; two queries."""
    ours: Collection[Any] = at_work().values("pk")
    consulted = AgentRun.objects.filter(agent__in=ours, agent__kind=Agent.Kind.SOFTWARE)
    told = Event.objects.filter(actor__agent__in=ours, actor__agent__kind=Agent.Kind.HUMAN)
    for rows, path in ((consulted, "agent"), (told, "actor__agent")):
        yield from days.narrow(rows).values_list("day", F(path)).distinct()
