"""Working-time arithmetic: minutes count only while the house is open."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# A calendar without a single open hour in this many days is a mistake, not a long holiday.
HORIZON_DAYS = 400


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

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


def add_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Return the moment at which `minutes` of open time have passed since `start`.

    Raises ValueError when the calendar is never open.
    """
    left = timedelta(minutes=minutes)
    day = start.astimezone(calendar.zone).date()
    for _ in range(HORIZON_DAYS):
        for opens, closes in calendar.open_on(day):
            begin = max(opens, start)
            if begin < closes:
                if begin + left <= closes:
                    return begin + left
                left -= closes - begin
        day += timedelta(days=1)
    raise ValueError("The calendar has no open hours.")


def add_working_days(calendar: Calendar, start: date, days: int) -> date:
    """Return the day that lies `days` open days after `start`.

    Raises ValueError when the calendar is never open.
    """
    day = start
    for _ in range(HORIZON_DAYS):
        if days <= 0 and calendar.open_on(day):
            return day
        day += timedelta(days=1)
        if calendar.open_on(day):
            days -= 1
    raise ValueError("The calendar has no open hours.")
