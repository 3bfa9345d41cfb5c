"""How we keep our word: counted from the rows of clocks that ended, and of cases that are open.

Every number comes with the filters that show its rows (`lookups`, names of the fields of a row).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDay, TruncWeek
from django.utils import timezone

from cases.models import Case, SLAMark, SLAResult

User = AbstractUser | AnonymousUser
Lookups = Mapping[str, Any]
OPEN: Lookups = {"resolved_at__isnull": True, "closed_at__isnull": True}
PERCENTILES = (50, 90)
DAYS_SHOWN = 31
"""Longer periods are shown week by week."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both included, in the house's own time."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))

    @property
    def is_short(self) -> bool:
        return (self.last - self.first).days < DAYS_SHOWN


@dataclass(frozen=True, slots=True)
class Share:
    """So many clocks ended, so many of them in time."""

    name: Any
    ended: int
    kept: int
    lookups: Lookups
    """Show all of them; with `kept__exact` only those in time or those that were late."""

    @property
    def late(self) -> int:
        return self.ended - self.kept

    @property
    def percent(self) -> float:
        return 100 * self.kept / self.ended if self.ended else 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes of open time that a clock took."""

    clock: str
    count: int
    average: float
    half: float
    """Within so many minutes half of them were done."""
    most: float
    """And nine in ten."""


@dataclass(frozen=True, slots=True)
class Number:
    count: int
    lookups: Lookups


@dataclass(frozen=True, slots=True)
class Compliance:
    period: Period
    overall: Share
    clocks: Sequence[Share]
    departments: Sequence[Share]
    policies: Sequence[Share]
    trend: Sequence[Share]
    """A share for each day, or for each week of a long period; those without any are there, too."""
    paces: Sequence[Pace]
    at_risk: Number
    """Cases that are open now."""
    breached: Number


def compliance(user: User, period: Period, *, department: int | None = None) -> Compliance:
    """Return how the clocks went that ended in the period, of the cases that a person sees."""
    rows, lookups = results(user, period, department=department), _lookups(period, department)
    return Compliance(
        period=period,
        overall=_share("", _counts(rows), lookups),
        clocks=list(_by(rows, "clock", "clock__exact", lookups, SLAMark.Clock.values)),
        departments=list(_by(rows, "case__department", "case__department__exact", lookups)),
        policies=list(_by(rows, "case__policy", "case__policy__exact", lookups)),
        trend=list(_trend(rows, period, lookups)),
        paces=list(_paces(rows)),
        at_risk=_open(user, Case.Standing.AT_RISK, department),
        breached=_open(user, Case.Standing.BREACHED, department),
    )


def results(user: User, period: Period, *, department: int | None = None) -> QuerySet[SLAResult]:
    """Return the clocks that ended in the period, of the cases that a person sees."""
    rows = SLAResult.objects.visible_to(user).filter(
        ended_at__gte=period.begins, ended_at__lt=period.ends
    )
    return rows.filter(case__department=department) if department else rows


def _lookups(period: Period, department: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ended_at__gte": period.begins.isoformat(),
        "ended_at__lt": period.ends.isoformat(),
    }
    return found | ({"case__department__exact": department} if department else {})


def _counts(rows: QuerySet[SLAResult]) -> dict[str, int]:
    return rows.aggregate(ended=Count("pk"), kept=Count("pk", filter=Q(kept=True)))


def _share(name: Any, row: Mapping[str, Any], lookups: Lookups) -> Share:
    return Share(name, row["ended"], row["kept"], lookups)


def _by(
    rows: QuerySet[SLAResult],
    column: str,
    lookup: str,
    lookups: Lookups,
    order: Sequence[Any] = (),
) -> Iterator[Share]:
    grouped = (
        rows.order_by()
        .values(column)
        .annotate(ended=Count("pk"), kept=Count("pk", filter=Q(kept=True)))
    )
    found = sorted(
        grouped, key=lambda row: order.index(row[column]) if order else (-row["ended"], row[column])
    )
    for row in found:
        key = row[column]
        mine = {lookup: key} if key is not None else {f"{column}__isnull": True}
        yield _share(key, row, {**lookups, **mine})


def _trend(rows: QuerySet[SLAResult], period: Period, lookups: Lookups) -> Iterator[Share]:
    cut, days = (TruncDay, 1) if period.is_short else (TruncWeek, 7)
    grouped = rows.order_by().annotate(step=cut("ended_at")).values("step")
    counts = {
        timezone.localtime(row["step"]).date(): row
        for row in grouped.annotate(ended=Count("pk"), kept=Count("pk", filter=Q(kept=True)))
    }
    day = period.first if period.is_short else period.first - timedelta(period.first.weekday())
    while day <= period.last:
        until = day + timedelta(days=days)
        begins = max(_midnight(day), period.begins).isoformat()
        ends = min(_midnight(until), period.ends).isoformat()
        span = {**lookups, "ended_at__gte": begins, "ended_at__lt": ends}
        yield _share(day, counts.get(day, {"ended": 0, "kept": 0}), span)
        day = until


def _paces(rows: QuerySet[SLAResult]) -> Iterator[Pace]:
    minutes: dict[str, list[float]] = {}
    for clock, one in rows.order_by("minutes").values_list("clock", "minutes"):
        minutes.setdefault(clock, []).append(one)
    for clock in SLAMark.Clock.values:
        if taken := minutes.get(clock):
            half, most = (_percentile(taken, one) for one in PERCENTILES)
            yield Pace(clock, len(taken), sum(taken) / len(taken), half, most)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent do not exceed."""
    return ordered[ceil(len(ordered) * percent / 100) - 1]


def _open(user: User, standing: str, department: int | None) -> Number:
    mine = {"department__exact": department} if department else {}
    lookups = {**OPEN, "standing__exact": standing, **mine}
    return Number(Case.objects.visible_to(user).filter(**lookups).count(), lookups)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
