"""How the work on cases went, day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.casework import Casework, Number, Period


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    opened: Number
    resolved: Number
    backlog: Number
    breached: Number


def trends(work: Casework) -> list[Day]:
    """Return each day of the time; four queries, however many there are."""
    period = work.period
    per_day = {
        name: _by_day(work.found(**period.within(name)), f"{name}_at")
        for name in ("opened", "resolved")
    }
    breached = _by_day(work.results(kept="false"), "ended_at")
    backlog = work.found(open_at=period.since.isoformat()).count()
    days = []
    for day, since, until in _days(period):
        opened, resolved = per_day["opened"].get(day, 0), per_day["resolved"].get(day, 0)
        backlog += opened - resolved
        one = Casework(work.user, Period(since, until, period.department))
        days.append(_day(one, day, (opened, resolved, backlog, breached.get(day, 0))))
    return days


def _day(work: Casework, day: date, counted: tuple[int, int, int, int]) -> Day:
    period, at = work.period, work.period.until.isoformat()
    opened, resolved, backlog, breached = counted
    of_opened = work.case_rows(**period.within("opened"))
    of_resolved = work.case_rows(**period.within("resolved"))
    return Day(
        day,
        Number(opened, opened, _("Cases opened on the day"), of_opened),
        Number(resolved, resolved, _("Cases resolved on the day, still done"), of_resolved),
        Number(backlog, backlog, _("Opened until its end, not resolved then"),
               work.case_rows(open_at=at)),
        Number(breached, breached, _("Clocks that ended late on the day"),
               work.result_rows(kept="false")),
    )  # fmt: skip


def _by_day(rows: QuerySet[Any], column: str) -> dict[date, int]:
    zone = timezone.get_current_timezone()
    found = rows.annotate(day=TruncDate(column, tzinfo=zone)).values("day")
    return {one["day"]: one["all"] for one in found.annotate(all=Count("pk", distinct=True))}


def _days(period: Period) -> Iterable[tuple[date, datetime, datetime]]:
    since = timezone.localtime(period.since)
    while since < period.until:
        day = since.date()
        midnight = timezone.make_aware(
            datetime.combine(day + timedelta(days=1), datetime.min.time())
        )
        until = min(midnight, period.until)
        yield day, since, until
        since = midnight
