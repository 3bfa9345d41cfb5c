"""Snapshots: what figures are made of, a row for each day and department.

Counting again writes only what changed. A day is final when it was counted after its end; what
changes later in its rows (an answer to an old mail) is brought in within ten minutes.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from hbu.journal import live
from kpis.counting import Pair
from kpis.definitions import KPIS
from kpis.models import Snapshot
from kpis.periods import Span

LATELY = 35
"""Days in which rows still change often enough to look at them all day."""
LONGEST = 3 * 366
"""As far back as any page asks, with the time before."""
AT_ONCE = 90
COUNTED = [code for code, kpi in KPIS.items() if kpi.source]
Key = tuple[str, date, int | None]


def keep_up() -> None:
    """Count today and yesterday; all of the past, oldest first, of figures that never were."""
    today = timezone.localdate()
    known = set(Snapshot.objects.order_by().values_list("kpi", flat=True).distinct())
    if not known.issuperset(COUNTED):
        fill()
    if today in roll_up(Span(today - timedelta(days=1), today)):
        live.announce("kpi_update")


def look_back() -> None:
    """Count the last weeks again, and what is missing of the time before."""
    today = timezone.localdate()
    fill()
    if roll_up(Span(today - timedelta(days=LATELY - 1), today)):
        live.announce("kpi_update")


def fill() -> None:
    """Count the days of the past that are not known, oldest first; each portion stays."""
    today = timezone.localdate()
    first = max(min(_beginnings(), default=today), today - timedelta(days=LONGEST))
    rows = Snapshot.objects.filter(kpi__in=COUNTED, department=None).order_by().values("day")
    whole = rows.annotate(figures=Count("pk")).filter(figures=len(COUNTED))
    known = set(whole.values_list("day", flat=True))
    for portion in Span(first, today - timedelta(days=1)).cut(AT_ONCE):
        if not known.issuperset(portion):
            roll_up(portion)


def _beginnings() -> list[date]:
    """Return the first day of each sort of rows."""
    sorts = {
        (rows.model, rows.at, rows.is_date)
        for kpi in KPIS.values()
        for rows in (kpi.source.rows if kpi.source else ())
    }
    found = []
    for model, at, is_date in sorts:
        first = model._default_manager.aggregate(first=Min(at))["first"]
        if first:
            found.append(first if is_date else timezone.localdate(first))
    return found


def roll_up(span: Span) -> set[date]:
    """Count the days and keep what changed; return the days of which anything did."""
    now = timezone.now()
    wanted = {
        (code, day, desk): pair
        for code, kpi in KPIS.items()
        if kpi.source
        for (day, desk), pair in _by_desk(kpi.source.count(span), span).items()
    }
    with transaction.atomic():
        rows = Snapshot.objects.filter(day__range=(span.first, span.last))
        known: dict[Key, Snapshot] = {(one.kpi, one.day, one.department_id): one for one in rows}
        gone = [one.pk for key, one in known.items() if key not in wanted]
        changed = [
            one for key, one in known.items() if key in wanted and _corrected(one, wanted[key], now)
        ]
        new = [
            Snapshot(kpi=code, day=day, department_id=desk, part=part, whole=whole, made_at=now)
            for (code, day, desk), (part, whole) in wanted.items()
            if (code, day, desk) not in known
        ]
        Snapshot.objects.filter(pk__in=gone).delete()
        Snapshot.objects.bulk_update(changed, ["part", "whole", "made_at"], batch_size=500)
        # Somebody else may count the same days at the same time.
        Snapshot.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    return {one.day for key, one in known.items() if key not in wanted} | {
        one.day for one in (*changed, *new)
    }


def _by_desk(
    counted: dict[tuple[date, int | None], Pair], span: Span
) -> dict[tuple[date, int | None], Pair]:
    """Return a row for the house on each day, and those of departments that say anything."""
    house: dict[date, list[float]] = {day: [0.0, 0.0] for day in span}
    for (day, _desk), pair in counted.items():
        house[day][0] += pair[0]
        house[day][1] += pair[1]
    rows = {key: pair for key, pair in counted.items() if key[1] is not None and any(pair)}
    return rows | {(day, None): (round(part, 6), whole) for day, (part, whole) in house.items()}


def _corrected(one: Snapshot, pair: Pair, now: datetime) -> bool:
    """Bring a row up to date; tell whether it has to be written."""
    today = timezone.localdate(now)
    unfinished = timezone.localdate(one.made_at) <= one.day < today
    if (one.part, one.whole) == pair and not unfinished:
        return False
    one.part, one.whole = pair
    one.made_at = now
    return True
