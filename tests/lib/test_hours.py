from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbu.lib.hours import MIDNIGHT, Calendar, add_minutes, add_working_days

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = {
    **{day: ((time(8), time(12)), (time(12, 30), time(17))) for day in range(4)},
    4: ((time(8), time(14)),),
}
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26)})
OFFICE = Calendar(WEEK, CHRISTMAS, BERLIN)
ALWAYS = Calendar(dict.fromkeys(range(7), ((time.min, MIDNIGHT),)), frozenset(), BERLIN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-16T09:00", 60, "2026-11-16T10:00"),
        ("2026-11-16T11:45", 30, "2026-11-16T12:45"),  # across lunch
        ("2026-11-16T11:00", 60, "2026-11-16T12:00"),  # to the last minute
        ("2026-11-16T12:10", 0, "2026-11-16T12:30"),
        ("2026-11-16T06:00", 60, "2026-11-16T09:00"),  # before we open
        ("2026-11-20T13:30", 60, "2026-11-23T08:30"),  # Friday afternoon
        ("2026-11-21T13:30", 60, "2026-11-23T09:00"),  # Saturday
        ("2026-12-24T16:30", 60, "2026-12-28T08:30"),  # Christmas and its weekend
        ("2026-03-27T13:00", 120, "2026-03-30T09:00"),  # the clock goes forward
        ("2026-10-23T13:00", 120, "2026-10-26T09:00"),  # and back
    ],
)
def test_minutes_count_only_while_the_house_is_open(start, minutes, end):
    assert add_minutes(OFFICE, at(start), minutes) == at(end)


def test_a_house_that_never_closes_counts_every_minute_of_dst_nights():
    for night in ("2026-03-28T23:00", "2026-10-24T23:00", "2026-12-31T23:00"):
        start = at(night).astimezone(UTC)
        assert add_minutes(ALWAYS, start, 600) == start + timedelta(minutes=600)


def test_hours_that_overlap_count_once():
    twice = {0: ((time(8), time(12)), (time(11), time(17)), (time(9), time(10)))}
    calendar = Calendar(twice, frozenset(), BERLIN)
    assert add_minutes(calendar, at("2026-11-16T08:00"), 9 * 60) == at("2026-11-16T17:00")


@pytest.mark.parametrize("week", [{}, {0: ()}, {0: ((time(8), time(8)),)}])
def test_a_calendar_that_is_never_open_is_a_mistake(week):
    calendar = Calendar(week, frozenset(), BERLIN)
    with pytest.raises(ValueError, match="no open hours"):
        add_minutes(calendar, at("2026-11-16T08:00"), 1)
    with pytest.raises(ValueError, match="no open hours"):
        add_working_days(calendar, date(2026, 11, 16), 1)


def test_long_lead_times_are_no_mistake():
    assert add_working_days(OFFICE, date(2026, 1, 5), 500) > date(2027, 12, 1)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 16), 0, date(2026, 11, 16)),
        (date(2026, 11, 16), 5, date(2026, 11, 23)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
    ],
)
def test_working_days_skip_weekends_and_holidays(start, days, end):
    assert add_working_days(OFFICE, start, days) == end


# Against a clock that counts every single minute

# No bound lies inside the hour that DST nights drop or repeat.
BOUNDS = [time.min, time(1, 30), time(4), time(8), time(12), time(12, 30), time(17), MIDNIGHT]
INTERVALS = st.lists(st.sampled_from(list(combinations(BOUNDS, 2))), max_size=3)
MONDAY = [(time(8), time(12))]
DAYS = [date(2026, 3, 27), date(2026, 10, 23), date(2026, 12, 23), date(2027, 2, 26)]
CALENDARS = st.builds(
    lambda week, closed: Calendar(dict(enumerate([MONDAY, *week])), frozenset(closed), BERLIN),
    st.lists(INTERVALS, min_size=6, max_size=6),
    st.sets(st.sampled_from([one + timedelta(days=two) for one in DAYS for two in range(3)])),
)
STARTS = st.builds(
    lambda day, minutes: (
        datetime.combine(day, time.min, BERLIN).astimezone(UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(DAYS),
    st.integers(0, 3 * 1440),
)


def is_open(calendar: Calendar, moment: datetime) -> bool:
    local = moment.astimezone(BERLIN)
    return local.date() not in calendar.holidays and any(
        opens <= local.time() < closes for opens, closes in calendar.intervals[local.weekday()]
    )


def counted(calendar: Calendar, moment: datetime, minutes: int) -> datetime:
    while minutes or not is_open(calendar, moment):
        minutes -= is_open(calendar, moment)
        moment += timedelta(minutes=1)
        if not minutes and is_open(calendar, moment - timedelta(minutes=1)):
            return moment
    return moment


@settings(max_examples=60, deadline=None)
@given(CALENDARS, STARTS, st.integers(0, 700))
def test_the_arithmetic_agrees_with_a_clock_that_counts_minutes(calendar, start, minutes):
    assert add_minutes(calendar, start, minutes) == counted(calendar, start, minutes)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, st.sampled_from(DAYS), st.integers(0, 12))
def test_the_working_days_agree_with_a_calendar_on_the_wall(calendar, start, days):
    day, left = start, days
    while left > 0 or not calendar.open_on(day):
        day += timedelta(days=1)
        left -= bool(calendar.open_on(day))
    assert add_working_days(calendar, start, days) == day
