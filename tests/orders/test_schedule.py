from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hbu.lib.hours import Calendar, take_working_days, working_days_after
from orders import drawing, schedule

WEEK = Calendar(
    {day: ((time(8), time(17)),) for day in range(5)},
    frozenset({date(2026, 5, 1)}),
    ZoneInfo("Europe/Berlin"),
)
SPINE = [state for state in drawing.SPINE if state not in ("CREATED", "CLOSED")]


def terms(**changes):
    values = {
        "confirmed_on": date(2026, 4, 20),
        "promised_for": date(2026, 5, 6),
        "transit_days": 2,
        "lead_days": 12,
        "from_stock": False,
    }
    return schedule.Terms(**(values | changes))


def test_a_plan_goes_backwards_from_the_promised_day_over_weekends_and_holidays():
    plan = schedule.plan(WEEK, terms())
    # Wednesday the 6th, two days on the way; the 1st of May is a holiday.
    assert plan["DELIVERED"] == date(2026, 5, 6)
    assert plan["SHIPPED"] == plan["PACKED"] == date(2026, 5, 4)
    assert plan["PRODUCED"] == date(2026, 4, 30)
    assert plan["IN_PRODUCTION"] == date(2026, 4, 20)
    assert plan["INVOICED"] == date(2026, 5, 7)


def test_goods_on_the_shelf_need_no_days_in_production():
    plan = schedule.plan(WEEK, terms(from_stock=True))
    assert plan["IN_PRODUCTION"] == plan["PRODUCED"] == date(2026, 4, 30)
    assert plan["PLANNED"] == date(2026, 4, 29)


DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 1))


@given(DAYS, st.integers(0, 40), st.integers(0, 10), st.integers(1, 40), st.booleans())
def test_every_plan_is_in_order_and_begins_no_earlier_than_the_order(
    start, ahead, transit, lead, stock
):
    made_of = terms(
        confirmed_on=start,
        promised_for=start + timedelta(days=ahead),
        transit_days=transit,
        lead_days=lead,
        from_stock=stock,
    )
    plan = schedule.plan(WEEK, made_of)
    days = [plan[state] for state in SPINE]
    assert days == sorted(days)
    assert min(days) >= start


@given(DAYS, st.integers(0, 30))
def test_days_back_and_days_after_agree(end, days):
    day = take_working_days(WEEK, end, days)
    assert WEEK.is_open_on(day)
    if WEEK.is_open_on(end):
        assert working_days_after(WEEK, day, end) == days


def test_lateness_is_counted_in_working_days():
    due, today = date(2026, 4, 30), date(2026, 5, 5)
    assert schedule.days_late(WEEK, due, None, today) == 2
    assert schedule.days_late(WEEK, due, date(2026, 5, 2), today) == 0
    assert schedule.days_late(WEEK, due, date(2026, 4, 29), today) == 0
    assert schedule.days_late(WEEK, None, None, today) == 0
