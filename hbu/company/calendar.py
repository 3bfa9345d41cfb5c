"""Our opening hours and holidays as the pure calendar of hbu.lib.hours."""

from collections import defaultdict
from datetime import time
from zoneinfo import ZoneInfo

from django.conf import settings

from hbu.company.models import Holiday, OpeningHours
from hbu.lib.hours import MIDNIGHT, Calendar

ALWAYS_OPEN = dict.fromkeys(range(7), ((time.min, MIDNIGHT),))


def calendar() -> Calendar:
    """Return the house's calendar; without any opening hours entered it never closes."""
    intervals: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for hours in OpeningHours.objects.all():
        intervals[hours.weekday].append((hours.opens, hours.closes))
    return Calendar(
        intervals=intervals or ALWAYS_OPEN,
        holidays=frozenset(Holiday.objects.values_list("date", flat=True)),
        zone=ZoneInfo(settings.TIME_ZONE),
    )
