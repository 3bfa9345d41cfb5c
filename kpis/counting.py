"""How figures are counted: each is made of rows by day and department, and names the list of them.

What a list of the admin is asked in its address is what is counted, word for word.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db.models import Count, F, IntegerField, Model, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate
from django.utils import timezone

from agents.models import Agent
from agents.working import WorkingDays, agent_days, at_work
from cases.admin.figures import OpenAtFilter, open_at
from cases.models import Case
from hbu.lib.admin.filters import NamedFilter
from kpis import links
from kpis.periods import Span

Key = tuple[date, int | None]
"""A day and a department; None for rows that belong to none."""
Pair = tuple[float, float]
"""Part and whole."""
Departments = Collection[int] | None
"""None means all of the house, with what belongs to no department."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of a list of the admin that belong to a day by one of their columns."""

    model: type[Model]
    at: str
    is_date: bool = False
    department: str = ""
    """The path to it; empty where rows belong to the whole house."""
    lookups: Mapping[str, Any] = field(default_factory=dict)
    """A value may be a function, which is asked each time."""
    question: tuple[type[NamedFilter], str] | None = None
    amount: Combinable | None = None
    """What is summed over the rows; None: they are counted."""

    @property
    def terms(self) -> dict[str, Any]:
        return {name: one() if callable(one) else one for name, one in self.lookups.items()}

    def within(self, span: Span) -> "QuerySet[Any]":
        rows: QuerySet[Any] = self.model._default_manager.filter(**self.terms)
        if self.question:
            rows = self.question[0].narrowed(rows, self.question[1])
        ends = {"gte": span.begins, "lt": span.ends}
        if self.is_date:
            return rows.filter(**{f"{self.at}__range": (span.first, span.last)})
        return rows.filter(**{f"{self.at}__{name}": end for name, end in ends.items()})

    def counted(self, span: Span) -> dict[Key, Pair]:
        """Return the amounts and how many rows they were, by day and department; one query."""
        day = F(self.at) if self.is_date else TruncDate(self.at)
        desk = F(self.department) if self.department else Value(None, IntegerField())
        rows = self.within(span).order_by().annotate(figure_day=day, figure_desk=desk)
        many = Count("pk")
        amount = many if self.amount is None else Sum(self.amount)
        found = rows.values_list("figure_day", "figure_desk").annotate(amount=amount, many=many)
        return {
            (at, department): (round(float(total or 0), 6), float(count))
            for at, department, total, count in found
        }

    def address(self, span: Span, departments: Departments) -> str:
        asked = {name: _written(value) for name, value in self.terms.items()}
        if self.question:
            asked[self.question[0].parameter_name] = self.question[1]
        if self.is_date:
            asked[f"{self.at}__gte"] = span.first.isoformat()
            asked[f"{self.at}__lte"] = span.last.isoformat()
        else:
            asked[f"{self.at}__gte"] = span.begins.isoformat()
            asked[f"{self.at}__lt"] = span.ends.isoformat()
        return links.rows(self.model, **asked, **_of(self.department, departments))


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else value


def _of(path: str, departments: Departments) -> dict[str, str]:
    if departments is None or not path:
        return {}
    return {f"{path}__in": ",".join(map(str, sorted(departments)))}


class Source(Protocol):
    """Where a figure comes from."""

    @property
    def models(self) -> tuple[type[Model], ...]: ...
    @property
    def rows(self) -> tuple[Rows, ...]:
        """By which it is known how far back there is anything to count."""

    @property
    def splits(self) -> tuple[bool, bool]:
        """Whether part and whole belong to departments, or to the whole house."""

    def count(self, span: Span) -> dict[Key, Pair]: ...
    def links(self, span: Span, departments: Departments) -> tuple[str, str]:
        """Return the addresses of the rows of part and whole."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many rows of others: their share, or their number for each of the others."""

    part: Rows
    whole: Rows

    @property
    def models(self) -> tuple[type[Model], ...]:
        return self.part.model, self.whole.model

    @property
    def rows(self) -> tuple[Rows, ...]:
        return self.part, self.whole

    @property
    def splits(self) -> tuple[bool, bool]:
        return bool(self.part.department), bool(self.whole.department)

    def count(self, span: Span) -> dict[Key, Pair]:
        part, whole = self.part.counted(span), self.whole.counted(span)
        nothing = (0.0, 0.0)
        return {
            key: (part.get(key, nothing)[0], whole.get(key, nothing)[0])
            for key in part.keys() | whole.keys()
        }

    def links(self, span: Span, departments: Departments) -> tuple[str, str]:
        return self.part.address(span, departments), self.whole.address(span, departments)


@dataclass(frozen=True, slots=True)
class Amount:
    """What rows add up to, and how many they are."""

    of: Rows

    @property
    def models(self) -> tuple[type[Model], ...]:
        return (self.of.model,)

    @property
    def rows(self) -> tuple[Rows, ...]:
        return (self.of,)

    @property
    def splits(self) -> tuple[bool, bool]:
        return bool(self.of.department), bool(self.of.department)

    def count(self, span: Span) -> dict[Key, Pair]:
        return self.of.counted(span)

    def links(self, span: Span, departments: Departments) -> tuple[str, str]:
        address = self.of.address(span, departments)
        return address, address


class Backlog:
    """Cases that were open at the end of each day."""

    models: tuple[type[Model], ...] = (Case,)
    splits = (True, True)
    opened, resolved = (
        Rows(model=Case, at=column, department="department", lookups={"merged_into__isnull": True})
        for column in ("opened_at", "resolved_at")
    )
    rows: tuple[Rows, ...] = (opened,)

    def count(self, span: Span) -> dict[Key, Pair]:
        cases = Case.objects.filter(**self.opened.lookups).order_by()
        level = _by_department(open_at(cases, span.begins))
        opened, done = self.opened.counted(span), self.resolved.counted(span)
        desks = {desk for _day, desk in (*opened, *done)} | set(level)
        found: dict[Key, Pair] = {}
        for day in span:
            for desk in desks:
                level[desk] += opened.get((day, desk), (0, 0))[0] - done.get((day, desk), (0, 0))[0]
                found[day, desk] = (float(level[desk]), 0.0)
        return found

    def links(self, span: Span, departments: Departments) -> tuple[str, str]:
        asked = {"merged_into__isnull": 1, OpenAtFilter.parameter_name: span.ends.isoformat()}
        return links.rows(Case, **asked, **_of("department", departments)), ""


def _by_department(cases: "QuerySet[Case]") -> dict[int | None, float]:
    found = cases.values_list("department").annotate(Count("pk"))
    return defaultdict(float, {desk: float(many) for desk, many in found})


class AgentDays:
    """Days on which agents worked, of the days on which they could have."""

    models: tuple[type[Model], ...] = (Agent,)
    rows: tuple[Rows, ...] = ()
    splits = (False, False)

    def count(self, span: Span) -> dict[Key, Pair]:
        days = WorkingDays.between(span.first, span.last)
        worked: dict[date, int] = defaultdict(int)
        for day, _agent in agent_days(days):
            worked[day] += 1
        hired = [
            timezone.localdate(at) for at in at_work().values_list("user__date_joined", flat=True)
        ]
        return {
            (day, None): (float(worked[day]), float(sum(day >= since for since in hired)))
            for day in days.open
        }

    def links(self, span: Span, departments: Departments) -> tuple[str, str]:
        address = links.rows(Agent, days=f"{span.first}_{span.last}")
        return address, address
