from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from emails import deadlines
from emails.classifying import classify
from emails.data import Priority, Sender
from tests.emails.letters import letter
from tests.explosions import no_explosion

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=BERLIN)  # in week 47


def found(text, written=WEDNESDAY):
    return deadlines.find(text, written, BERLIN)


@pytest.mark.parametrize(
    ("text", "words", "due"),
    [
        ("Wir brauchen das bis Freitag KW 48.", "bis Freitag KW 48", date(2026, 11, 27)),
        ("bis spätestens 12.12. bei uns", "bis spätestens 12.12.", date(2026, 12, 12)),
        ("bis zum 12.12.26", "bis zum 12.12.26", date(2026, 12, 12)),
        ("please answer by end of next week", "by end of next week", date(2026, 11, 27)),
        ("innerhalb von 5 Werktagen", "innerhalb von 5 Werktagen", date(2026, 11, 25)),
        ("Lieferung in KW 49", "in KW 49", date(2026, 12, 4)),
        ("bis KW 3", "bis KW 3", date(2027, 1, 22)),
        ("Bitte heute noch antworten", "heute noch", date(2026, 11, 18)),
        ("open until Monday 5pm", "until Monday 5pm", date(2026, 11, 23)),
        ("no later than December 3rd", "no later than December 3rd", date(2026, 12, 3)),
        ("before 2026-12-24", "before 2026-12-24", date(2026, 12, 24)),
        ("binnen 14 Tagen", "binnen 14 Tagen", date(2026, 12, 2)),
        ("within 24 hours", "within 24 hours", date(2026, 11, 19)),
        ("within the next 3 business days", "within the next 3 business days", date(2026, 11, 23)),
        ("bis Ende November", "bis Ende November", date(2026, 11, 30)),
        ("bis Ende der Woche", "bis Ende der Woche", date(2026, 11, 20)),
        ("bis Monatsende", "bis Monatsende", date(2026, 11, 30)),
        ("by tomorrow", "by tomorrow", date(2026, 11, 19)),
        ("by close of business Friday", "by close of business Friday", date(2026, 11, 20)),
        ("Liefertermin: 25.11.2026", "Liefertermin: 25.11.2026", date(2026, 11, 25)),
        ("bis 3. Januar", "bis 3. Januar", date(2027, 1, 3)),
        ("by next Friday", "by next Friday", date(2026, 11, 27)),
        ("due on 12/13/2026", "due on 12/13/2026", date(2026, 12, 13)),
        ("bis Dienstag, den 15.12.", "bis Dienstag, den 15.12.", date(2026, 12, 15)),
    ],
)
def test_a_deadline_is_read_with_its_words(text, words, due):
    (one,) = found(text)
    assert (one.found, one.due) == (words, due)


@pytest.mark.parametrize(
    "text",
    [
        "asap", "so schnell wie möglich", "bis 500 Stück", "bis zu 60 Grad", "bis 18 Uhr",
        "until further notice", "bis zum 31.02.", "due by 1 November", "by 3 people", "bis KW 77",
        "bis Ende Oktober",
        "bis bald", "may 5 people come", "by 12/2026", "bis 0.0.", "Artikel 12.12. ist da",
    ],
)  # fmt: skip
def test_what_is_past_impossible_or_no_day_is_no_deadline(text):
    assert found(text) == ()


def test_without_a_date_of_its_own_a_mail_has_no_deadlines():
    assert found("bis morgen", None) == ()


def test_the_day_is_that_of_our_zone():
    late_in_london = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert found("by tomorrow", late_in_london)[0].due == date(2026, 11, 20)


@pytest.mark.parametrize("year", [1, 9999])
def test_days_at_the_ends_of_time_are_no_trouble(year):
    for month, day in ((1, 1), (12, 31)):
        found("bis in einem Jahr, bis morgen, bis KW 52, in 5 Werktagen, bis 1.1.",
              datetime(year, month, day, 12, tzinfo=UTC))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("bis Freitag", Priority.HIGH),
        ("bis morgen", Priority.HIGH),
        ("bis Montag", Priority.NORMAL),
        ("bis 12.12.", Priority.NORMAL),
    ],
)
def test_a_near_deadline_makes_a_mail_pressing_and_says_so(text, priority):
    mail = letter("Bestellung", f"Bitte liefern {text}.", date=WEDNESDAY)
    verdict = classify(mail, Sender())
    assert verdict.priority is priority
    told = {reason.what: reason.evidence for reason in verdict.reasons}
    assert told.get("A deadline is near") == (text if priority is Priority.HIGH else None)


def test_working_days_leave_weekends_out():
    assert deadlines.working_days(date(2026, 11, 20), date(2026, 11, 23)) == 1
    assert deadlines.working_days(date(2026, 11, 18), date(2026, 12, 2)) == 10


@pytest.mark.parametrize(
    "piece", ["bis ", "bis zum am an dem ", "in 5 ", "bis Freitag, ", "1.1.", "by the end of ", " "]
)
def test_b14_crafted_text_costs_no_time(piece):
    with no_explosion():
        found(piece * (100_000 // len(piece)))
