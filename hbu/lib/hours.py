"""Working-time arithmetic: minutes count only while the house is open."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
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
    names: Mapping[date, str] = field(default_factory=dict)
    """What the holidays are called, for whoever wants to know why nobody worked."""

    def open_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the open intervals of a day as moments in UTC, so that DST nights add up."""
        if day in self.holidays:
            return []
        return [
            (self._moment(day, opens), self._moment(day, closes))
            for opens, closes in sorted(self.intervals.get(day.weekday(), ()))
        ]

    def is_open_at(self, moment: datetime) -> bool:
        day = moment.astimezone(self.zone).date()
        return any(opens <= moment < closes for opens, closes in self.open_on(day))

    def open_days(self, start: date) -> Iterator[date]:
        """Yield the open days from `start` on, as long as the next is in sight."""
        day, closed = start, 0
        while closed < HORIZON_DAYS:
            if self.is_open_on(day):
                closed = 0
                yield day
            else:
                closed += 1
            day += timedelta(days=1)

    def is_open_on(self, day: date) -> bool:
        hours = () if day in self.holidays else self.intervals.get(day.weekday(), ())
        return any(opens < closes for opens, closes in hours)

    def begin_of(self, day: date) -> datetime:
        return self._moment(day, time.min)

    def _moment(self, day: date, at: time) -> datetime:
        if at == MIDNIGHT:
            day, at = day + timedelta(days=1), time.min
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


def add_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Return the moment at which `minutes` of open time have passed since `start`.

    Raises ValueError when the calendar is never open.
    """
    return add_time(calendar, start, timedelta(minutes=minutes))


def next_open(calendar: Calendar, moment: datetime) -> datetime:
    """Return the moment itself when the house is open then, else when it opens next.

    Raises ValueError when the calendar is never open.
    """
    for day in calendar.open_days(moment.astimezone(calendar.zone).date()):
        for opens, closes in calendar.open_on(day):
            if moment < closes and opens < closes:
                return max(opens, moment)
    raise ValueError(N_("The calendar has no open hours."))


def add_time(calendar: Calendar, start: datetime, left: timedelta) -> datetime:
    """Return the moment at which so much open time has passed since `start`.

    Raises ValueError when the calendar is never open.
    """
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


def take_working_days(calendar: Calendar, end: date, days: int) -> date:
    """Return the day that lies `days` open days before `end`, or the last open one up to it.

    Raises ValueError when the calendar was never open.
    """
    for back in range((days + 1) * HORIZON_DAYS):
        day = end - timedelta(days=back)
        if calendar.is_open_on(day):
            if day < end:
                days -= 1
            if days <= 0:
                return day
    raise ValueError(N_("The calendar has no open hours."))


def working_days_after(calendar: Calendar, due: date, day: date) -> int:
    """Return how many open days lie after `due`, up to and with `day`."""
    late = 0
    for one in calendar.open_days(due + timedelta(days=1)):
        if one > day:
            break
        late += 1
    return late
