"""The clocks of a case: what was promised, how much of it is used up, and which minutes counted.

Everything follows from the history of the status, so that nothing drifts and every number can be
taken apart: the stretches of a clock add up to what it shows. Three clocks run at most.

- The first answer is due from the opening of the case on, by the opening hours alone. No status
  pauses it: whom we let wait, or ask something back by telephone, still waits for our first word.
  Only a case that is done owes none any more.
- The next answer is due from the customer's last mail on, once there was a first answer.
- The solution is due from the opening on.

The last two rest while the case waits for the customer or a supplier, because it is not our turn.
All rest while the case is done: one that is taken up again counts on where it stood.

Moments are compared in UTC, so that the nights in which the clocks are changed add up, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from hbu.lib.hours import Calendar, add_time
from hbu.lib.reasons import N_

OPEN = N_("we were open")
CLOSED = N_("we were closed")
BREAK = N_("break")
HOLIDAY = N_("holiday")
FOR_CUSTOMER = N_("waiting for the customer")
FOR_VENDOR = N_("waiting for the supplier")
DONE = N_("the case was done")

DONE_PAUSES = {"resolved": DONE, "closed": DONE}
PAUSES = {"awaiting_customer": FOR_CUSTOMER, "awaiting_vendor": FOR_VENDOR, **DONE_PAUSES}
NOTHING = timedelta(0)
WARNINGS = (75, 90)
BREACH = 100

# These promise an answer by a deadline, and so are none. Letters after which nobody is owed a word,
# such as thanks for kind words, are answers; so is whatever a person writes.
ACKNOWLEDGEMENTS = frozenset({
    "complaint_ack", "document_unreadable", "expedite_ack", "generic_ack", "order_change_ack",
    "order_received", "order_status_unknown", "quotation_ack", "return_ack", "technical_ack",
})  # fmt: skip


class ClockName(StrEnum):
    FIRST_RESPONSE = "first_response"
    UPDATE = "update"
    RESOLUTION = "resolution"


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Targets:
    """Promised minutes of open time; None promises nothing."""

    first_response: int | None = None
    update: int | None = None
    resolution: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a case, as far as clocks care."""

    opened_at: datetime
    changes: Sequence[tuple[datetime, str]] = ()
    """From each moment on it stood in the status; before the first it was new."""
    first_response_at: datetime | None = None
    customer_wrote_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time that counted or not, and why."""

    starts: datetime
    ends: datetime
    counted: bool
    why: str
    detail: str = ""
    """The name of the holiday."""

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Clock:
    name: ClockName
    since: datetime
    until: datetime
    """When it ended, else the moment of reading."""
    ended: bool
    rests: bool
    """It is not our turn, or the case is done."""
    promised: int
    used: timedelta
    due_at: datetime | None
    """None while it is paused in time, or where the house never opens."""
    state: State
    stretches: tuple[Stretch, ...]

    @property
    def used_minutes(self) -> float:
        return self.used.total_seconds() / 60

    @property
    def percent(self) -> float:
        return 100 * self.used_minutes / self.promised if self.promised else 100.0

    @property
    def kept(self) -> bool:
        return self.used <= timedelta(minutes=self.promised)

    def reaches(self, percent: int, calendar: Calendar) -> datetime | None:
        """Return when so much of the promised time is used up; None while nobody can say."""
        wanted = timedelta(minutes=self.promised) * percent / 100
        return _reached(self.stretches, self.until, wanted, None if self.rests else calendar)


def read(history: History, calendar: Calendar, targets: Targets, now: datetime) -> list[Clock]:
    """Return the clocks of a case as they stand at a moment."""
    return [
        _clock(span, history, calendar, promised, now)
        for span, promised in _spans(history, targets)
        if promised is not None
    ]


def _spans(history: History, targets: Targets) -> Iterator[tuple["_Span", int | None]]:
    """Yield what may run, from when until when, with what is promised of it."""
    opened, first = history.opened_at, history.first_response_at
    wrote, answered = history.customer_wrote_at, history.answered_at
    yield _Span(ClockName.FIRST_RESPONSE, opened, first), targets.first_response
    if first and wrote and wrote > first:
        given = answered if answered and answered >= wrote else None
        yield _Span(ClockName.UPDATE, wrote, given), targets.update
    yield _Span(ClockName.RESOLUTION, opened, _done_since(history.changes)), targets.resolution


def _done_since(changes: Sequence[tuple[datetime, str]]) -> datetime | None:
    """When the case was done the last time, if it is; closing a resolved one ends nothing anew."""
    since = None
    for at, status in changes:
        since = (since or at) if status in DONE_PAUSES else None
    return since


@dataclass(frozen=True, slots=True)
class _Span:
    name: ClockName
    since: datetime
    ended_at: datetime | None

    @property
    def pauses(self) -> dict[str, str]:
        return DONE_PAUSES if self.name == ClockName.FIRST_RESPONSE else PAUSES


def _clock(
    span: _Span, history: History, calendar: Calendar, promised: int, now: datetime
) -> Clock:
    ended = span.ended_at is not None
    # A letter that left at once may bear the moment at which the case was opened, or one before.
    until = max(span.ended_at or now, span.since)
    stretches = _stretches(history, calendar, span, until)
    used = sum((one.length for one in stretches if one.counted), NOTHING)
    limit = timedelta(minutes=promised)
    rests = not ended and _status_at(history, until) in span.pauses
    runs_now = not ended and not rests and calendar.is_open_at(until)
    if used > limit or (used == limit and runs_now):
        state = State.BREACHED
    elif ended:
        state = State.MET
    else:
        state = State.PAUSED if rests else State.RUNNING
    return Clock(
        name=span.name,
        since=span.since,
        until=until,
        ended=ended,
        rests=rests,
        promised=promised,
        used=used,
        due_at=_reached(stretches, until, limit, None if rests else calendar),
        state=state,
        stretches=stretches,
    )


def _reached(
    stretches: Sequence[Stretch], until: datetime, wanted: timedelta, calendar: Calendar | None
) -> datetime | None:
    """When so much time had counted; what is left is added to the end with a calendar."""
    for one in stretches:
        if one.counted and one.length >= wanted:
            return one.starts + wanted
        wanted -= one.length if one.counted else NOTHING
    try:
        return add_time(calendar, until, wanted) if calendar else None
    except ValueError:
        return None


def _stretches(
    history: History, calendar: Calendar, span: _Span, until: datetime
) -> tuple[Stretch, ...]:
    """Part the time between two moments into what counted and what did not, without a gap."""
    found: list[Stretch] = []
    for starts, ends, status in _standings(history, span.since, until):
        if why := span.pauses.get(status):
            _append(found, Stretch(starts, ends, counted=False, why=why))
        else:
            for piece in _hours(calendar, starts, ends):
                _append(found, piece)
    return tuple(found)


def _status_at(history: History, moment: datetime) -> str:
    return next((status for at, status in reversed(history.changes) if at <= moment), "new")


def _standings(
    history: History, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime, str]]:
    """Yield from when to when the case stood in which status."""
    steps = [(history.opened_at, "new"), *history.changes, (until, "")]
    for (starts, status), (ends, _) in pairwise(steps):
        begin, end = max(starts, since), min(ends, until)
        if begin < end:
            yield begin, end, status


def _hours(calendar: Calendar, since: datetime, until: datetime) -> Iterator[Stretch]:
    """Yield the open and the closed times between two moments."""
    at, day = since, since.astimezone(calendar.zone).date()
    while at < until:
        day_ends = min(calendar.begin_of(day + timedelta(days=1)), until)
        for opens, closes in calendar.open_on(day):
            # Hours that overlap are counted once.
            begin, end = max(opens, at), min(closes, day_ends)
            if begin >= end:
                continue
            if at < begin:
                yield _closed(calendar, day, at, begin)
            yield Stretch(begin, end, counted=True, why=OPEN)
            at = end
        if at < day_ends:
            yield _closed(calendar, day, at, day_ends)
            at = day_ends
        day += timedelta(days=1)


def _closed(calendar: Calendar, day: date, starts: datetime, ends: datetime) -> Stretch:
    why, detail, hours = CLOSED, "", calendar.open_on(day)
    if day in calendar.holidays:
        why, detail = HOLIDAY, calendar.names.get(day, "")
    elif any(close <= starts for _, close in hours) and any(begin >= ends for begin, _ in hours):
        why = BREAK
    return Stretch(starts, ends, counted=False, why=why, detail=detail)


def _append(found: list[Stretch], piece: Stretch) -> None:
    """Join pieces that follow each other for the same reason: a weekend is one."""
    last = found[-1] if found else None
    if last and (last.why, last.detail) == (piece.why, piece.detail) and last.ends == piece.starts:
        found[-1] = Stretch(last.starts, piece.ends, last.counted, last.why, last.detail)
    else:
        found.append(piece)
