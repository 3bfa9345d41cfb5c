from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from cases.sla import deadlines
from hbu.company.calendar import calendar
from hbu.company.models import Holiday, OpeningHours
from hbu.lib.hours import Calendar

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def test_both_deadlines_run_from_the_opening_of_the_case(company):
    due = deadlines(calendar(), at("2026-11-20T13:00"), first_response=240, resolution=480)
    assert due.first_response == at("2026-11-23T11:00")
    assert due.resolution == at("2026-11-23T15:30")


def test_a_holiday_moves_the_promise(company):
    Holiday.objects.create(date=at("2026-11-23T00:00").date(), name="Betriebsausflug")
    due = deadlines(calendar(), at("2026-11-20T13:00"), first_response=120, resolution=120)
    assert due.first_response == at("2026-11-24T09:00")


def test_the_promise_of_a_dst_weekend_is_kept_in_local_hours(company):
    due = deadlines(calendar(), at("2026-10-23T13:59"), first_response=61, resolution=61)
    assert due.resolution == at("2026-10-26T09:00")


@pytest.mark.django_db
def test_a_house_without_opening_hours_never_closes():
    assert not OpeningHours.objects.exists()
    due = deadlines(calendar(), at("2026-11-20T23:00"), first_response=120, resolution=1440)
    assert due.first_response == at("2026-11-21T01:00")
    assert due.resolution == at("2026-11-21T23:00")


def test_a_calendar_that_is_never_open_promises_nothing():
    closed = Calendar({0: ((time(8), time(8)),)}, frozenset(), BERLIN)
    with pytest.raises(ValueError, match="no open hours"):
        deadlines(closed, at("2026-11-20T13:00"), first_response=1, resolution=1)
