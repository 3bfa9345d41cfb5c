"""Pure: who hears of what, and when a mail about it may leave."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.models import Notice
from cases.notices import (
    AT_ONCE,
    AUDIENCES,
    DEFAULTS,
    DIGEST,
    NEVER,
    Around,
    Rest,
    hearers,
    mail_moment,
)
from hbu.journal.labels import KIND_LABELS
from hbu.lib.hours import MIDNIGHT, Calendar

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Calendar(dict.fromkeys(range(5), ((time(8), time(17)),)), {date(2026, 12, 25)}, BERLIN)
NIGHT = Rest()
BEN, CLARA, OTTO = 1, 2, 3


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def moment(now, mail=AT_ONCE, rest=NIGHT):
    found = mail_moment(at(now), mail, rest, WEEK)
    return found and found.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")


def test_every_kind_has_a_default_and_every_event_a_name():
    assert set(DEFAULTS) == set(Notice.values)
    assert set(AUDIENCES) <= set(KIND_LABELS)
    assert {notice for lines in AUDIENCES.values() for _, notice in lines} <= set(DEFAULTS)


def test_nobody_hears_of_what_he_did_himself():
    around = Around({"assignee": [BEN], "followers": [BEN, CLARA]}, actor=BEN)
    assert hearers("case.joined", around) == {CLARA: "followed"}


def test_a_person_hears_once_of_an_event_as_what_matters_most():
    around = Around({"mentioned": [BEN], "followers": [BEN, CLARA]})
    assert hearers("case.noted", around) == {BEN: "mentioned", CLARA: "followed"}


def test_a_department_hears_of_its_case_while_it_is_nobodys():
    team = {"team": [BEN, CLARA]}
    assert hearers("case.assigned", Around(team)) == dict.fromkeys((BEN, CLARA), "assigned_team")
    assert hearers("case.assigned", Around({**team, "assignee": [OTTO]})) == {OTTO: "assigned"}


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 06:59", "2026-11-23 07:00"),
        ("2026-11-23 18:00", "2026-11-24 07:00"),
        # Friday evening, Saturday, and a holiday before a weekend.
        ("2026-11-20 23:30", "2026-11-23 07:00"),
        ("2026-11-21 12:00", "2026-11-23 07:00"),
        ("2026-12-24 19:00", "2026-12-28 07:00"),
        # Clocks are put forward and back on Sundays.
        ("2026-03-27 20:00", "2026-03-30 07:00"),
        ("2026-10-23 20:00", "2026-10-26 07:00"),
    ],
)
def test_at_once_means_when_the_rest_is_over(now, leaves):
    assert moment(now) == leaves


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-11-23 07:59", "2026-11-23 08:00"),
        ("2026-11-23 08:01", "2026-11-24 08:00"),
        ("2026-11-20 09:00", "2026-11-23 08:00"),
    ],
)
def test_the_digest_leaves_at_its_time_on_the_next_working_day(now, leaves):
    assert moment(now, DIGEST) == leaves


def test_quiet_over_noon_and_no_quiet_at_all():
    siesta = Rest(time(12), time(14), working_days_only=False)
    assert moment("2026-11-22 13:00", rest=siesta) == "2026-11-22 14:00"
    never = Rest(time(8), time(8), working_days_only=False)
    assert moment("2026-11-22 03:00", rest=never) == "2026-11-22 03:00"
    assert moment("2026-11-23 10:00", NEVER) is None


def test_an_hour_that_comes_twice_or_not_at_all_is_waited_for():
    rest = Rest(time(22), time(2, 30), working_days_only=False)
    assert moment("2026-03-29 01:30", rest=rest) == "2026-03-29 03:30"
    again = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    found = mail_moment(again, AT_ONCE, rest, WEEK)
    assert found == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


clocks = st.times().map(lambda one: one.replace(second=0, microsecond=0))
rests = st.builds(Rest, clocks, clocks, clocks, st.booleans())
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@settings(max_examples=150, deadline=None)
@given(now=moments, mail=st.sampled_from([AT_ONCE, DIGEST]), rest=rests)
def test_c6_a_mail_never_leaves_in_somebodys_rest_and_never_too_late(now, mail, rest):
    leaves = mail_moment(now, mail, rest, WEEK)
    assert leaves is not None
    assert now <= leaves <= now + timedelta(days=6)
    local = leaves.astimezone(BERLIN)
    assert not rest.covers(local.time())
    assert not rest.working_days_only or WEEK.is_open_on(local.date())
    # Asked again at that moment, it leaves then.
    assert mail_moment(leaves, AT_ONCE, rest, WEEK) == leaves


@settings(max_examples=50, deadline=None)
@given(now=moments, more=st.timedeltas(timedelta(0), timedelta(days=3)), rest=rests)
def test_what_happens_later_is_never_mailed_earlier(now, more, rest):
    for mail in (AT_ONCE, DIGEST):
        earlier, later = (mail_moment(one, mail, rest, WEEK) for one in (now, now + more))
        assert earlier <= later


def test_a_house_that_never_opens_mails_nobody_who_rests_with_it():
    closed = Calendar({}, frozenset(), BERLIN)
    assert mail_moment(at("2026-11-23 10:00"), AT_ONCE, NIGHT, closed) is None
    always = Calendar(dict.fromkeys(range(7), ((time.min, MIDNIGHT),)), frozenset(), BERLIN)
    assert mail_moment(at("2026-11-22 10:00"), AT_ONCE, NIGHT, always) == at("2026-11-22 10:00")
