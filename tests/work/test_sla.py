from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.sla import ACKNOWLEDGEMENTS, ClockName, History, State, Targets, read
from hbu.company.calendar import calendar
from hbu.company.models import Company, Holiday, OpeningHours, WorkCalendar
from hbu.lib.hours import MIDNIGHT, Calendar, next_open
from tests.factories import company as demo

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = dict.fromkeys(range(5), ((time(8), time(12)), (time(12, 30), time(17))))
MINUTE = timedelta(minutes=1)
FIRST, UPDATE, RESOLUTION = ClockName


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def house(hours=OFFICE, **holidays):
    names = {date.fromisoformat(day): name for name, day in holidays.items()}
    return Calendar(hours, frozenset(names), BERLIN, names)


def clocks(history, now, *, hours=None, first=240, update=240, resolution=480):
    found = read(history, hours or house(), Targets(first, update, resolution), now)
    return {clock.name: clock for clock in found}


# What is promised


def test_both_deadlines_run_from_the_opening_of_the_case():
    opened = at("2026-11-20T13:00")
    found = clocks(History(opened), opened)
    assert found[FIRST].due_at == at("2026-11-20T17:00")
    assert found[RESOLUTION].due_at == at("2026-11-23T12:00")
    assert UPDATE not in found


def test_a_holiday_moves_the_promise():
    opened = at("2026-11-20T16:00")
    found = clocks(History(opened), opened, hours=house(Betriebsausflug="2026-11-23"), first=120)
    assert found[FIRST].due_at == at("2026-11-24T09:00")


def test_the_promise_of_a_dst_weekend_is_kept_in_local_hours():
    opened = at("2026-10-23T16:59")
    assert clocks(History(opened), opened, first=61)[FIRST].due_at == at("2026-10-26T09:00")


def test_a_house_that_is_never_open_promises_nothing():
    opened = at("2026-11-20T13:00")
    closed = house({0: ((time(8), time(8)),)})
    found = clocks(History(opened), at("2026-11-30T13:00"), hours=closed)
    assert [(clock.due_at, clock.used_minutes) for clock in found.values()] == [(None, 0)] * 2


# Which clock runs when


def test_the_first_answer_is_due_whatever_the_status_until_it_left():
    opened, now = at("2026-11-23T08:00"), at("2026-11-23T11:00")
    waiting = [(opened, "new"), (at("2026-11-23T09:00"), "awaiting_customer")]
    found = clocks(History(opened, waiting), now)
    assert (found[FIRST].state, found[FIRST].used_minutes) == (State.RUNNING, 180)
    assert (found[RESOLUTION].state, found[RESOLUTION].used_minutes) == (State.PAUSED, 60)
    assert found[RESOLUTION].due_at is None
    answered = History(opened, waiting, first_response_at=at("2026-11-23T10:00"))
    clock = clocks(answered, now)[FIRST]
    assert (clock.state, clock.used_minutes, clock.ended) == (State.MET, 120, True)


def test_later_answers_are_due_from_the_customers_last_mail():
    opened, first = at("2026-11-23T08:00"), at("2026-11-23T09:00")
    wrote, now = at("2026-11-23T10:00"), at("2026-11-23T11:00")
    asked = History(opened, first_response_at=first, customer_wrote_at=wrote, answered_at=first)
    clock = clocks(asked, now)[UPDATE]
    assert (clock.since, clock.state) == (wrote, State.RUNNING)
    assert clock.due_at == at("2026-11-23T14:30")
    told = History(opened, (), first, wrote, at("2026-11-23T10:30"))
    assert clocks(told, now)[UPDATE].used_minutes == 30
    unanswered = History(opened, customer_wrote_at=wrote)
    assert UPDATE not in clocks(unanswered, now)
    assert UPDATE not in clocks(asked, now, update=None)


def test_a_case_that_is_taken_up_again_counts_on():
    opened = at("2026-11-23T08:00")
    changes = [
        (opened, "new"),
        (at("2026-11-23T10:00"), "resolved"),
        (at("2026-11-24T09:00"), "in_progress"),
    ]
    found = clocks(History(opened, changes), at("2026-11-24T10:00"))[RESOLUTION]
    assert (found.used_minutes, found.ended) == (180, False)
    assert found.due_at == at("2026-11-24T15:30")
    done = clocks(History(opened, changes[:2]), at("2026-11-24T10:00"))[RESOLUTION]
    assert (done.used_minutes, done.state, done.until) == (120, State.MET, changes[1][0])
    closed = [*changes[:2], (at("2026-11-25T10:00"), "closed")]
    assert clocks(History(opened, closed), at("2026-11-26T10:00"))[RESOLUTION] == done


def test_an_answer_in_the_night_after_the_deadline_used_no_more_than_was_promised():
    opened = at("2026-11-23T12:30")
    night = clocks(History(opened), at("2026-11-23T22:00"), first=270)[FIRST]
    assert (night.state, night.percent, night.due_at) == (
        State.RUNNING,
        100,
        at("2026-11-23T17:00"),
    )
    morning = clocks(History(opened), at("2026-11-24T08:00"), first=270)[FIRST]
    assert morning.state == State.BREACHED
    late = History(opened, first_response_at=at("2026-11-23T22:00"))
    assert clocks(late, at("2026-11-24T08:00"), first=270)[FIRST].kept


def test_levels_are_moments_of_open_time():
    opened = at("2026-11-23T11:00")
    clock = clocks(History(opened), opened, first=120)[FIRST]
    moments = [clock.reaches(percent, house()) for percent in (50, 75, 100, 150)]
    assert moments == [at(f"2026-11-23T{hour}") for hour in ("12:00", "13:00", "13:30", "14:30")]
    assert next_open(house(), at("2026-11-20T17:00")) == at("2026-11-23T08:00")


# One can read it


def test_e8_the_stretches_say_why_nothing_counted():
    opened = at("2026-12-23T16:00")
    changes = [(opened, "new"), (at("2026-12-28T12:10"), "awaiting_vendor")]
    shut = house(Heiligabend="2026-12-24", Weihnachten="2026-12-25")
    clock = clocks(History(opened, changes), at("2026-12-28T13:00"), hours=shut)[RESOLUTION]
    told = [(one.why, one.detail, one.length.total_seconds() / 3600) for one in clock.stretches]
    assert told == [
        ("we were open", "", 1),
        ("we were closed", "", 7),
        ("holiday", "Heiligabend", 24),
        ("holiday", "Weihnachten", 24),
        ("we were closed", "", 56),
        ("we were open", "", 4),
        ("break", "", pytest.approx(1 / 6)),
        ("waiting for the supplier", "", pytest.approx(5 / 6)),
    ]
    assert clock.used_minutes == 300


# The same, counted minute by minute

NIGHTS = [date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 23), date(2027, 2, 26)]
PLANS = [
    OFFICE,
    {**OFFICE, 5: ((time(9), time(13)),)},
    dict.fromkeys(range(7), ((time.min, time(6)), (time(22), MIDNIGHT))),
    dict.fromkeys(range(7), ((time.min, MIDNIGHT),)),
    dict.fromkeys(range(7), ((time(1), time(3)), (time(2), time(4)), (time(12), time(13)))),
    {6: ((time(0), time(5)),), 0: ((time(8), time(9)),)},
]
STATUSES = ["new", "in_progress", "awaiting_customer", "awaiting_vendor", "resolved", "closed"]
RESTS = {"awaiting_customer", "awaiting_vendor", "resolved", "closed"}


@st.composite
def stories(draw):
    begin = datetime.combine(draw(st.sampled_from(NIGHTS)), time(0), tzinfo=BERLIN).astimezone(UTC)
    moment = opened = begin + MINUTE * draw(st.integers(0, 2000))
    changes = [(opened, "new")]
    for gap, status in draw(
        st.lists(st.tuples(st.integers(0, 1500), st.sampled_from(STATUSES)), max_size=6)
    ):
        moment += MINUTE * gap
        changes.append((moment, status))
    now = moment + MINUTE * draw(st.integers(0, 1500))
    days = draw(st.sets(st.integers(0, 6), max_size=2))
    shut = {begin.astimezone(BERLIN).date() + timedelta(days=day): f"Day {day}" for day in days}
    hours = Calendar(draw(st.sampled_from(PLANS)), frozenset(shut), BERLIN, shut)
    return History(opened, changes), hours, now


def works(hours, minute):
    local = minute.astimezone(BERLIN)
    wall = local.time()
    shifts = hours.intervals.get(local.weekday(), ())
    return local.date() not in hours.holidays and any(a <= wall < b for a, b in shifts)


def stands(history, minute):
    return [status for moment, status in history.changes if moment <= minute][-1]


def minutes(start, end):
    return (start + MINUTE * number for number in range((end - start) // MINUTE))


def counted(history, hours, now, rests):
    return sum(
        works(hours, minute) and stands(history, minute) not in rests
        for minute in minutes(history.opened_at, now)
    )


@settings(max_examples=50, deadline=None)
@given(stories())
def test_d8_a_clock_shows_what_a_minute_by_minute_count_finds(story):
    history, hours, now = story
    found = clocks(history, now, hours=hours)
    assert found[RESOLUTION].used_minutes == counted(history, hours, now, RESTS)
    assert found[FIRST].used_minutes == counted(history, hours, now, {"resolved", "closed"})


@settings(max_examples=100, deadline=None)
@given(stories(), st.integers(0, 3000))
def test_e8_the_stretches_of_a_clock_have_no_gap_and_add_up(story, promised):
    history, hours, now = story
    for clock in clocks(history, now, hours=hours, first=promised, resolution=promised).values():
        edges = [clock.since, *(one.ends for one in clock.stretches)]
        assert [one.starts for one in clock.stretches] == edges[:-1]
        assert edges[-1] == clock.until
        counts = [one.length for one in clock.stretches if one.counted]
        assert sum(counts, timedelta(0)) == clock.used
        assert all(one.length > timedelta(0) and one.why for one in clock.stretches)


@settings(max_examples=30, deadline=None)
@given(stories(), st.integers(1, 2000))
def test_d8_a_deadline_is_where_the_count_reaches_the_promise(story, promised):
    history, hours, now = story
    clock = clocks(history, now, hours=hours, resolution=promised)[RESOLUTION]
    used = counted(history, hours, now, RESTS)
    assert (clock.state == State.BREACHED) == (
        used > promised
        or (used == promised and not (clock.ended or clock.rests) and works(hours, now))
    )
    if clock.rests and used < promised:
        assert clock.due_at is None
    elif not clock.ended:
        last = clock.due_at - MINUTE
        assert works(hours, last)
        so_far = counted(history, hours, min(now, clock.due_at), RESTS)
        ahead = sum(works(hours, minute) for minute in minutes(now, clock.due_at))
        assert so_far + ahead == promised


# The house's calendars


@pytest.mark.django_db
def test_a_house_without_opening_hours_never_closes():
    assert not OpeningHours.objects.exists()
    opened = at("2026-11-20T23:00")
    found = clocks(History(opened), opened, hours=calendar(), first=120, resolution=1440)
    assert found[FIRST].due_at == at("2026-11-21T01:00")
    assert found[RESOLUTION].due_at == at("2026-11-21T23:00")


def test_a_calendar_has_its_own_hours_and_the_holidays_of_its_state(company):
    Company.objects.update(region="NW")
    Holiday.objects.all().delete()
    for day, region in (("2026-06-04", "NW"), ("2026-01-06", "BY"), ("2026-05-01", "")):
        Holiday.objects.create(date=day, name=f"In {region}", region=region)
    munich = WorkCalendar.objects.create(code="munich", name="München", region="BY")
    early = WorkCalendar.objects.create(code="early", name="Frühschicht")
    OpeningHours.objects.create(calendar=early, weekday=0, opens=time(6), closes=time(14))
    ours = calendar()
    assert ours.names == {date(2026, 6, 4): "In NW", date(2026, 5, 1): "In "}
    assert set(calendar(munich.code).names) == {date(2026, 1, 6), date(2026, 5, 1)}
    assert calendar("munich").intervals == calendar("gone").intervals == ours.intervals
    assert calendar("early").intervals == {0: [(time(6), time(14))]}
    assert calendar("early").holidays == ours.holidays


def test_acknowledgements_are_letters_of_ours_and_no_others():
    codes = {path.stem for path in demo.file().templates.glob("*/*.txt")}
    assert codes >= ACKNOWLEDGEMENTS
