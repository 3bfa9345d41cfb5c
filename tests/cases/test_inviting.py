import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from cases.services import inviting
from emails.models import OutgoingEmail
from hbu.journal.models import Event
from shop.models import Contact
from shop.services import accounts

pytestmark = pytest.mark.django_db
BERGER, STRANGER = "einkauf@modehaus-berger.example", "nobody@elsewhere.example"


@pytest.fixture(autouse=True)
def _nobody_tried():
    cache.clear()


def asked() -> list[int]:
    return list(Event.objects.filter(kind="account.asked").values_list("pk", flat=True))


def test_a_contact_gets_a_link_that_opens_a_login(company):
    accounts.ask(BERGER, language="en", ip="192.0.2.1")
    inviting.write(asked())
    letter = OutgoingEmail.objects.get()
    assert (letter.to_address, letter.template, letter.language) == (BERGER, "account_link", "de")
    assert letter.state == OutgoingEmail.State.QUEUED
    assert "Sehr geehrte Frau Berger" in letter.text
    uid, token = re.search(r"/shop/account/([^/]+)/([^/\s]+)/", letter.text).groups()
    user = accounts.user_of(uid, token)
    assert Contact.objects.get(user=user).email == BERGER


def test_a_stranger_hears_at_that_address_alone_that_nobody_is_known_there(company):
    accounts.ask(STRANGER, language="en", ip="192.0.2.1")
    inviting.write(asked())
    letter = OutgoingEmail.objects.get()
    assert (letter.to_address, letter.template, letter.language) == (
        STRANGER, "account_unknown", "en",
    )  # fmt: skip
    assert "/shop/account/" not in letter.text


def test_a_closed_login_gets_no_link(company, clara):
    contact = Contact.objects.get(email=BERGER)
    accounts.link_of(contact)
    contact.refresh_from_db()
    accounts.close(contact, by=clara)
    accounts.ask(BERGER, language="de", ip="192.0.2.1")
    inviting.write(asked())
    assert OutgoingEmail.objects.get().template == "account_unknown"


def test_a_request_is_answered_once_however_often_the_task_runs(company):
    accounts.ask(BERGER, language="de", ip="192.0.2.1")
    inviting.write(asked())
    inviting.write(asked() * 2)
    assert OutgoingEmail.objects.count() == 1


def test_f6_the_token_stands_in_the_letter_and_nowhere_in_the_journal(company):
    accounts.ask(BERGER, language="de", ip="192.0.2.1")
    inviting.write(asked())
    token = re.search(r"/shop/account/[^/]+/([^/\s]+)/", OutgoingEmail.objects.get().text)[1]
    assert token not in str(list(Event.objects.values_list("data", flat=True)))


def test_the_number_of_queries_does_not_grow_with_the_strangers(
    company, django_assert_max_num_queries
):
    for number in range(10):
        accounts.ask(f"a{number}@elsewhere.example", language="de", ip="192.0.2.1")
    with django_assert_max_num_queries(30):
        inviting.write(asked())
    assert OutgoingEmail.objects.count() == 10


def test_the_sweep_finds_what_a_lost_message_left(company, monkeypatch):
    accounts.ask(BERGER, language="de", ip="192.0.2.1")
    now = timezone.now()
    assert inviting.unwritten(now) == []
    later = now + timedelta(minutes=1)
    assert inviting.unwritten(later) == asked()
    inviting.write(asked())
    assert inviting.unwritten(later) == []


def test_who_asks_often_gets_few_letters_where_we_know_nobody(company):
    for number in range(5):
        accounts.ask(STRANGER, language="de", ip=f"192.0.2.{number}")
    inviting.write(asked())
    states = OutgoingEmail.objects.values_list("state", flat=True)
    assert list(states).count(OutgoingEmail.State.QUEUED) == 3
