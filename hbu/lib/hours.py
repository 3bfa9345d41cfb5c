"""Working-time arithmetic: minutes count only while the house is open."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hbu.lib.reasons import N_

# A calendar without a single open hour in this many days is a mistake, not a long holiday.
HORIZON_DAYS = 400
MIDNIGHT = time.max
"""The end of a day on which the house does not close."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Open intervals by weekday (0 is Monday) and days on which the house is closed."""

    intervals: Mapping[int, Sequence[tuple[time, time]]]
    holidays: Set[date]
    zone: ZoneInfo

    def open_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the open intervals of a day as moments in UTC, so that DST nights add up."""
        if day in self.holidays:
            return []
        return [
            (self._moment(day, opens), self._moment(day, closes))
            for opens, closes in sorted(self.intervals.get(day.weekday(), ()))
        ]

    def open_days(self, start: date) -> Iterator[date]:
        """Yield the open days from `start` on, as long as the next is in sight."""
        day, closed = start, 0
        while closed < HORIZON_DAYS:
            hours = () if day in self.holidays else self.intervals.get(day.weekday(), ())
            is_open = any(opens < closes for opens, closes in hours)
            closed = 0 if is_open else closed + 1
            if is_open:
                yield day
            day += timedelta(days=1)

    def _moment(self, day: date, at: time) -> datetime:
        if at == MIDNIGHT:
            day, at = day + timedelta(days=1), time.min
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


def add_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Return the moment at which `minutes` of open time have passed since `start`.

    Raises ValueError when the calendar is never open.
    """
    left = timedelta(minutes=minutes)
    for day in calendar.open_days(start.astimezone(calendar.zone).date()):
        for opens, closes in calendar.open_on(day):
            begin = max(opens, start)
            if begin >= closes:
                continue
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
            # Hours that overlap are counted once.
            start = closes
    raise ValueError(N_("The calendar has no open hours."))


def add_working_days(calendar: Calendar, start: date, days: int) -> date:
    """Return the day that lies `days` open days after `start`, or the first open one from there.

    Raises ValueError when the calendar is never open.
    """
    for day in calendar.open_days(start):
        if day > start:
            days -= 1
        if days <= 0:
            return day
    raise ValueError(N_("The calendar has no open hours."))
