"""Our opening hours and holidays as the pure calendars of hbu.lib.hours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

from django.conf import settings

from hbu.company.models import Company, Holiday, OpeningHours, WorkCalendar
from hbu.lib.hours import MIDNIGHT, Calendar

ALWAYS_OPEN: Mapping[int, Sequence[tuple[time, time]]] = dict.fromkeys(
    range(7), ((time.min, MIDNIGHT),)
)


def calendar(code: str | None = None) -> Calendar:
    """Return the calendar with this code, else the house's.

    Without any opening hours entered the house never closes.
    """
    found = calendars()
    key = next((one.pk for one in WorkCalendar.objects.filter(code=code)), None) if code else None
    return found[key]


def calendars() -> dict[int | None, Calendar]:
    """Return every calendar by its key, the house's under None; read anew, with four queries.

    What a calendar leaves out, its hours or its federal state, it has from the house.
    """
    region = Company.objects.filter(pk=1).values_list("region", flat=True).first() or ""
    hours, holidays = _hours(), list(Holiday.objects.all())
    house = hours.get(None) or ALWAYS_OPEN
    found: dict[int | None, Calendar] = {None: _calendar(house, holidays, region)}
    for one in WorkCalendar.objects.all():
        found[one.pk] = _calendar(hours.get(one.pk) or house, holidays, one.region or region)
    return found


def _hours() -> dict[int | None, dict[int, list[tuple[time, time]]]]:
    intervals: dict[int | None, dict[int, list[tuple[time, time]]]] = {}
    for one in OpeningHours.objects.all():
        days = intervals.setdefault(one.calendar_id, defaultdict(list))
        days[one.weekday].append((one.opens, one.closes))
    return intervals


def _calendar(
    hours: Mapping[int, Sequence[tuple[time, time]]], holidays: Iterable[Holiday], region: str
) -> Calendar:
    names: dict[date, str] = {one.date: one.name for one in holidays if one.region in ("", region)}
    return Calendar(
        intervals=hours,
        holidays=frozenset(names),
        zone=ZoneInfo(settings.TIME_ZONE),
        names=names,
    )
