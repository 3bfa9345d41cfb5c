"""How agents and departments do with their cases, and how promises were kept."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.utils.translation import gettext as _

from agents.models import Agent, Department
from cases.models import SLAMark
from kpis.casework import MINUTES, Casework, Number, rounded, share
from kpis.results import WITHOUT


@dataclass(frozen=True, slots=True)
class Line:
    """An agent or a department, with what became of its cases."""

    key: str
    name: str
    resolved: Number
    open: Number
    first_response: Number
    resolution: Number
    rating: Number


def performance(work: Casework, by: str) -> list[Line]:
    """Return a line for each agent or department; `by` is a filter of the lists that names it."""
    key, named = GROUPS[by]
    counted = {
        "resolved": _grouped(work.found(**work.period.within("resolved")), key),
        "open": _grouped(work.found(open="true"), key),
    }
    means = {
        clock: _means(work.results(clock=clock), f"case__{key}", "minutes")
        for clock in (SLAMark.Clock.FIRST_RESPONSE.value, SLAMark.Clock.RESOLUTION.value)
    }
    means["rating"] = _means(work.ratings(), f"case__{key}", "stars")
    tables: list[Mapping[Any, Any]] = [*counted.values(), *means.values()]
    keys = {one for table in tables for one in table} - {None}
    names = named(keys)
    lines = [_line(work, (by, one, names.get(one)), counted, means) for one in keys]
    return sorted(lines, key=lambda line: line.name.casefold())


def _agents(keys: Collection[Any]) -> dict[Any, str]:
    return dict(Agent.objects.filter(pk__in=keys).values_list("pk", "name"))


def _departments(keys: Collection[Any]) -> dict[Any, str]:
    return {one.code: one.name for one in Department.objects.filter(code__in=keys)}


GROUPS: Mapping[str, tuple[str, Callable[[Collection[Any]], dict[Any, str]]]] = {
    "assignee": ("assignee", _agents),
    "department": ("department__code", _departments),
}


def _grouped(rows: QuerySet[Any], key: str) -> dict[Any, int]:
    found = rows.values(key).annotate(all=Count("pk", distinct=True))
    return {one[key]: one["all"] for one in found}


def _means(rows: QuerySet[Any], key: str, column: str) -> dict[Any, tuple[float, int]]:
    found = rows.values(key).annotate(mean=Avg(column), all=Count("pk"))
    return {one[key]: (one["mean"], one["all"]) for one in found}


def _line(
    work: Casework,
    who: tuple[str, Any, Any],
    counted: Mapping[str, Mapping[Any, int]],
    means: Mapping[str, Mapping[Any, tuple[float, int]]],
) -> Line:
    by, key, name = who
    its = {**work.period.scope, by: str(key)}
    in_time = work.period.within("resolved")
    resolved, still = counted["resolved"].get(key, 0), counted["open"].get(key, 0)
    return Line(
        str(key),
        str(name or key),
        Number(resolved, resolved, _("Cases resolved in the time that are still done"),
               work.case_rows(**its, **in_time)),
        Number(still, still, _("Cases neither resolved nor closed"),
               work.case_rows(**its, open="true")),
        _mean(work, its, means, SLAMark.Clock.FIRST_RESPONSE.value, key),
        _mean(work, its, means, SLAMark.Clock.RESOLUTION.value, key),
        _stars(work, its, means["rating"].get(key)),
    )  # fmt: skip


def _mean(
    work: Casework, its: dict[str, str], means: Mapping[str, Any], clock: str, key: Any
) -> Number:
    mean, many = means[clock].get(key, (None, 0))
    formula = _("Average of the minutes of open time of clocks that ended in the time")
    return Number(rounded(mean), many, formula, work.result_rows(**its, clock=clock), MINUTES)


def _stars(work: Casework, its: dict[str, str], found: tuple[float, int] | None) -> Number:
    mean, many = found or (None, 0)
    formula = _("Average of the stars that customers gave in the time")
    rows = work.case_rows(**its, **work.period.within("rated"))
    return Number(rounded(mean, 2), many, formula, rows, "stars")


@dataclass(frozen=True, slots=True)
class Compliance:
    """A line of the report: how a clock of a policy went in a department."""

    department: str
    policy: str
    clock: str
    ended: int
    kept: int
    percent: float | None
    average_minutes: float | None
    rows: str


def report(work: Casework) -> list[Compliance]:
    """Return the clocks that ended in the time by department, policy and clock; one query."""
    keys = ("case__department__code", "case__policy__code", "clock")
    found = work.results().values(*keys).annotate(
        all=Count("pk"), good=Count("pk", filter=Q(kept=True)), mean=Avg("minutes")
    )  # fmt: skip
    return [
        _compliance(work, one, *(one[key] or "" for key in keys)) for one in found.order_by(*keys)
    ]


def _compliance(
    work: Casework, one: Mapping[str, Any], department: str, policy: str, clock: str
) -> Compliance:
    return Compliance(
        department=department,
        policy=policy,
        clock=clock,
        ended=one["all"],
        kept=one["good"],
        percent=share(one["good"], one["all"]),
        average_minutes=rounded(one["mean"]),
        rows=_of_line(work, department, policy, clock),
    )


def _of_line(work: Casework, department: str, policy: str, clock: str) -> str:
    return work.result_rows(department=department, policy=policy or WITHOUT, clock=clock)
