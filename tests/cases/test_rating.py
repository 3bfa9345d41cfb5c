"""Customers rate a case by a link in our letter: once, by a click of theirs, and nobody for them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cases.models import Case, Rating, Task
from cases.services import answering, rating
from emails.models import OutgoingEmail
from hbu.journal.models import Event
from tests.cases.writing import GOOD, case_of, leave, server
from tests.factories import company as house

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    house.load()
    return case_of()


@pytest.fixture(autouse=True)
def _no_guesses_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=False)


def path_of(case):
    return "/" + rating.link(case).split("/", 3)[3]


def resolved(case, by, **values):
    composed = replace(answering.prepare(case, by=by), text=GOOD, **values)
    return answering.send(case, composed, by=by, then="resolved", close_tasks=True)


def test_a_letter_that_resolves_asks_once_how_satisfied_the_reader_is(case, ben, settings):
    with server(settings) as sink:
        leave(resolved(case, ben))
    text = sink.letters[0].get_content()
    assert text.index("Happy Buttons GmbH") < text.index("★★★★★") < text.index("> Guten Tag")
    links = re.findall(r"http\S+/rate/\S+", text)
    assert [link[-1] for link in links] == ["5", "4", "3", "2", "1"]
    assert rating.case_of(links[0].split("/")[-2]) == case
    Case.objects.update(status="in_progress")
    assert "/rate/" not in resolved(Case.objects.get(), ben).quoted


def test_nobody_is_asked_who_does_not_want_to_be_or_sells_to_us(case, ben):
    assert "/rate/" not in resolved(case, ben, invite_rating=False).quoted
    Case.objects.update(status="in_progress", kind="supplier")
    assert "/rate/" not in resolved(Case.objects.get(), ben).quoted
    composed = replace(answering.prepare(case, by=ben), text=GOOD)
    letter = answering.send(Case.objects.get(), composed, by=ben, then="awaiting_customer")
    assert "/rate/" not in letter.quoted


def test_who_took_the_letter_back_may_ask_again(case, ben):
    answering.take_back(resolved(case, ben), by=ben)
    assert "/rate/" in resolved(Case.objects.get(), ben).quoted


def test_a_link_that_programs_follow_writes_nothing(case, browser):
    for address in (path_of(case), f"{path_of(case)}?stars=1"):
        assert browser.get(address).status_code == 200
        assert browser.head(address).status_code == 200
    page = browser.get(f"{path_of(case)}?stars=4").content.decode()
    assert re.search(r'value="4" id="stars-4" required checked', page)
    assert not Rating.objects.exists()
    assert not Event.objects.filter(kind="case.rated").exists()


def test_a_customer_rates_once_and_may_say_why_once(case, browser):
    path = path_of(case)
    assert browser.post(path, {"stars": "5"}).status_code == 302
    browser.post(path, {"stars": "1"})
    browser.post(path, {"comment": "Sehr freundlich!"})
    browser.post(path, {"stars": "2", "comment": "Doch nicht."})
    given = Rating.objects.get(case=case)
    assert (given.stars, given.comment) == (5, "Sehr freundlich!")
    (event,) = Event.objects.filter(kind="case.rated")
    assert event.data["stars"] == 5
    page = browser.get(path).content.decode()
    assert "Sehr freundlich!" in page
    assert "<textarea" not in page
    assert not Task.objects.filter(title=rating.TALK_TO_THE_CUSTOMER).exists()


@pytest.mark.parametrize("stars", [1, 2])
def test_few_stars_are_somebodys_task_and_reopen_nothing(case, browser, ben, stars):
    resolved(case, ben)
    browser.post(path_of(case), {"stars": stars})
    (task,) = Task.objects.open().filter(case=case)
    assert (task.title, task.priority) == ("Talk to the customer", "high")
    case.refresh_from_db()
    assert case.status == Case.Status.RESOLVED


def test_what_is_no_number_of_stars_is_refused(case, browser):
    for stars in ("", "0", "6", "-1", "5.0", "five", "٣"):
        assert browser.post(path_of(case), {"stars": stars}).status_code == 400
    assert not Rating.objects.exists()


def test_f6_a_link_that_we_did_not_make_or_that_is_too_old_leads_nowhere(case, browser):
    good = path_of(case)
    forged = [
        f"/rate/{case.number}/",
        good[:-2] + ("A" if good[-2] != "A" else "B") + "/",
        good.replace(case.number, "C-2026-999999"),
        good.upper().replace("/RATE/", "/rate/"),
        f"/rate/{signing.TimestampSigner(salt='other').sign(case.number)}/",
        "/rate/%00/",
    ]
    for address in forged:
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"stars": "5"}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert browser.get(good).status_code == 404
    assert not Rating.objects.exists()


def test_who_guesses_too_often_sees_nothing_for_a_while(case, browser):
    for number in range(30):
        browser.get(f"/rate/C-2026-{number}/")
    assert browser.get(path_of(case)).status_code == 404


def test_f8_a_rating_posted_from_another_site_is_refused(case):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path_of(case), {"stars": "5"}).status_code == 403
    assert not Rating.objects.exists()


def test_the_page_speaks_the_language_of_the_case_and_tells_no_other_site(case, browser):
    answer = browser.get(path_of(case), headers={"accept-language": "en"})
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<html lang="de">' in answer.content.decode()


def test_a_case_that_was_put_into_another_one_is_rated_there(case, browser):
    other = case_of(sender="anna@sommer.example", subject="Ganz anderes")
    Case.objects.filter(pk=case.pk).update(merged_into=other)
    browser.post(path_of(case), {"stars": "4"})
    assert Rating.objects.get().case == other
    assert OutgoingEmail.objects.exists()
