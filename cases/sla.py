"""Deadlines: when a first answer and a solution are due."""

from dataclasses import dataclass
from datetime import datetime

from hbu.lib.hours import Calendar, add_minutes


@dataclass(frozen=True, slots=True)
class Deadlines:
    first_response: datetime
    resolution: datetime


def deadlines(
    calendar: Calendar, opened_at: datetime, *, first_response: int, resolution: int
) -> Deadlines:
    """Add minutes of opening hours to the moment the case was opened.

    Raises ValueError when the calendar is never open.
    """
    return Deadlines(
        first_response=add_minutes(calendar, opened_at, first_response),
        resolution=add_minutes(calendar, opened_at, resolution),
    )
