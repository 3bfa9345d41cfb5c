"""Notifications by mail: at once or in the digest, in the reader's language, never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from agents.models import Department
from cases import tasks as doorbells
from cases.models import Case, Notification, Quiet, Task
from cases.services import bell, notice_mail, notifying
from emails import smtp
from emails.models import Email, OutgoingEmail
from emails.services import joining
from hbu.journal.models import Event
from tests.cases.staffed import case, department, wants
from tests.factories import company as demo
from tests.work.mails import mail, take

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN)
TUESDAY = datetime(2026, 11, 24, 8, 0, 30, tzinfo=BERLIN)


@pytest.fixture
def company(db):
    return demo.load()


@pytest.fixture
def sales(company, ben):
    ben.email = "ben@h-bu.de"
    ben.save()
    Quiet.objects.create(user=ben, language="en")
    return department("sales", ben)


def tell(user, kind, one=None, cause="event:1", **data):
    with transaction.atomic():
        notifying.tell([user], kind, cause=cause, case=one, **data)


def letters():
    doorbells.mail_notices(notice_mail.due(timezone.now()))
    return list(OutgoingEmail.objects.filter(weight="notice").order_by("pk"))


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def test_c6_a_mention_is_mailed_at_once_in_the_readers_language(sales, ben, clock):
    one = case(desk=sales, title="Fünfhundert Knöpfe")
    tell(ben, "mentioned", one, by="Clara", text="Please call Anna")
    (letter,) = letters()
    assert (letter.to_address, letter.state, letter.language) == ("ben@h-bu.de", "queued", "en")
    assert letter.subject == "Clara mentions you in C-2025-000001"
    assert letter.text.startswith("Good day Ben,")
    assert "Please call Anna" in letter.text
    assert "/cases/C-2025-000001/" in letter.text
    sent = message_from_bytes(smtp.message(letter).as_bytes(), policy=default)
    assert sent["Auto-Submitted"] == "auto-generated"
    Quiet.objects.update(language="de")
    tell(ben, "mentioned", case("C-2", desk=sales), cause="event:2", by="Clara")
    german = letters()[-1]
    assert (german.language, "Mit freundlichen Grüßen" in german.text) == ("de", True)


def test_c6_at_night_nothing_is_mailed_until_morning(sales, ben, clock):
    clock.move_to(MONDAY.replace(hour=23))
    tell(ben, "mentioned", case(desk=sales), by="Clara")
    assert letters() == []
    clock.move_to(TUESDAY.replace(hour=6, minute=59))
    assert letters() == []
    clock.move_to(TUESDAY.replace(hour=7, minute=1))
    assert len(letters()) == 1


def test_c6_the_digest_is_one_mail_a_day_by_case(sales, ben, clock):
    wants(ben, "followed", mail="digest")
    first, second = case("C-1", desk=sales), case("C-2", desk=sales, title="Zippers")
    for number in range(3):
        tell(ben, "followed", first, cause=f"event:1{number}", event="case.noted", text="Hm")
    tell(ben, "assigned", second, cause="event:2", by="Clara")
    assert letters() == []
    clock.move_to(TUESDAY)
    (letter,) = letters()
    assert letter.subject == "4 notifications, 24 Nov 2026"
    lines = letter.text.splitlines()
    headings = [line for line in lines if line.startswith("C-")]
    assert headings == ["C-2 Zippers", "C-1 Five hundred buttons"]
    assert sum("(3×)" in line for line in lines) == 1
    assert "/notifications/" in letter.text
    clock.move_to(TUESDAY + timedelta(days=1))
    assert letters() == [letter]


def test_c6_the_digest_in_german(sales, ben, clock):
    Quiet.objects.update(language="de")
    tell(ben, "assigned", case(desk=sales), by="Clara")
    clock.move_to(TUESDAY)
    (letter,) = letters()
    assert letter.language == "de"
    assert "24. November 2026" in letter.subject
    assert "danke für Ihre Arbeit" in letter.text


def test_c6_what_was_read_in_the_page_is_not_mailed(sales, ben, clock):
    read, unread = case("C-1", desk=sales), case("C-2", desk=sales)
    tell(ben, "assigned", read, cause="event:1")
    tell(ben, "assigned", unread, cause="event:2")
    bell.read_about(ben, read)
    clock.move_to(TUESDAY)
    (letter,) = letters()
    assert ("C-1 " in letter.text, "C-2 " in letter.text) == (False, True)
    assert not notice_mail.due(TUESDAY)


def test_f3_a_case_that_went_elsewhere_is_not_mailed(sales, ben, clock):
    tell(ben, "mentioned", case(desk=sales), by="Clara", text="Secret token 4711")
    Case.objects.update(department=department("finance"))
    assert letters() == []


def test_f3_of_a_case_that_one_does_not_see_only_the_own_task_is_mailed(sales, ben, clock):
    wants(ben, "task", mail="at_once")
    one = case(desk=department("finance"), title="Secret token 4711")
    task = Task.objects.create(case=one, number="T-1", title="Count", department=one.department)
    tell(ben, "task", one, task=task.pk, number="T-1", title="Count")
    (letter,) = letters()
    assert "Count" in letter.subject
    assert "4711" not in letter.subject + letter.text


def test_a_busy_case_is_mailed_once_an_hour(sales, ben, clock):
    wants(ben, "customer_wrote", mail="at_once")
    one = case(desk=sales)
    for number in range(50):
        tell(ben, "customer_wrote", one, cause=f"event:{number}", by="Anna")
        if number % 10 == 0:
            letters()
        clock.shift(60)
    assert [one.subject for one in letters()] == ["Anna wrote in C-2025-000001"]
    clock.shift(600)
    assert letters()[-1].subject == "Anna wrote in C-2025-000001 (49×)"
    assert len(letters()) == 2


def test_c6_whose_mail_breaks_keeps_no_other_from_hearing(sales, ben, clara, clock, monkeypatch):
    clara.email = "clara@h-bu.de"
    clara.save()
    for user in (ben, clara):
        tell(user, "mentioned", by="Dora", text="Please call")
    frame = notice_mail._frame

    def stumble(user, language):
        if user == ben:
            raise ValueError("broken")
        return frame(user, language)

    monkeypatch.setattr(notice_mail, "_frame", stumble)
    assert [one.to_address for one in letters()] == ["clara@h-bu.de"]
    monkeypatch.undo()
    assert [one.to_address for one in letters()] == ["clara@h-bu.de", "ben@h-bu.de"]


def test_what_piled_up_over_night_is_one_mail(sales, ben, clock):
    clock.move_to(MONDAY.replace(hour=22))
    for number in range(5):
        one = case(f"C-{number}", desk=sales)
        tell(ben, "mentioned", one, cause=f"event:{number}", by="Clara")
    clock.move_to(TUESDAY.replace(hour=7, minute=1))
    (letter,) = letters()
    assert letter.template == "staff_digest"


def test_who_has_no_address_or_wants_no_mail_any_more_gets_none(sales, ben, clock):
    tell(ben, "mentioned", case(desk=sales), by="Clara")
    wants(ben, "mentioned", mail="never")
    assert letters() == []
    wants(ben, "mentioned", mail="at_once")
    type(ben).objects.update(email="")
    tell(ben, "mentioned", case("C-2", desk=sales), cause="event:2", by="Clara")
    assert letters() == []
    assert not notice_mail.due(TUESDAY)
    assert bell.unread(ben) == 2


def test_f3_what_a_colleague_is_told_by_mail_stands_in_nobodys_list(sales, ben, clara, clock):
    tell(ben, "mentioned", case(desk=sales), by="Clara")
    (letter,) = letters()
    for desk in Department.objects.all():
        desk.members.add(ben)
    assert letter not in OutgoingEmail.objects.visible_to(ben)
    assert letter in OutgoingEmail.objects.visible_to(clara)


def test_hostile_words_are_no_links_in_a_mail(sales, ben, clock):
    text = "Click https://evil.example/x now\r\nBcc: all@h-bu.de"
    tell(ben, "mentioned", case(desk=sales, title="www.evil.example"), by="Mallory", text=text)
    (letter,) = letters()
    assert "evil.example" not in letter.text + letter.subject
    assert "\nBcc" not in letter.text


@pytest.mark.django_db(transaction=True)
def test_c6_two_workers_write_one_mail(ben, clock):
    demo.load()
    desk = department("sales", ben)
    type(ben).objects.filter(pk=ben.pk).update(email="ben@h-bu.de")
    tell(ben, "mentioned", case(desk=desk), by="Clara")

    def work(_number):
        try:
            notice_mail.send([ben.pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, range(3)))
    assert OutgoingEmail.objects.filter(weight="notice").count() == 1
    assert Notification.objects.get().mailed_at


@pytest.mark.parametrize("named", ["In_Reply_To", "References"])
def test_d3_an_answer_of_staff_to_a_notice_opens_nothing_and_says_why(sales, ben, clock, named):
    tell(ben, "mentioned", case(desk=sales), by="Clara")
    (letter,) = letters()
    before = list(Case.objects.values("pk", "status", "updated_at"))
    subject = f"Re: {letter.subject} [C-2025-000001]"
    headers = {named: letter.message_id, "sender": "Ben <ben@h-bu.de>", "subject": subject}
    (answer,) = take(mail("Please close it, we are done.", **headers))
    assert list(Case.objects.values("pk", "status", "updated_at")) == before
    assert (answer.state, answer.must_not_answer) == (Email.State.HANDLED, joining.TO_A_NOTICE)
    assert not hasattr(answer, "link")
    assert Event.objects.get(kind="email.set_aside").data["why"] == joining.TO_A_NOTICE
    assert list(OutgoingEmail.objects.exclude(weight="notice")) == []


def test_d3_a_customer_who_answers_a_forwarded_notice_is_heard(sales, ben, clock):
    tell(ben, "mentioned", case(desk=sales), by="Clara")
    (letter,) = letters()
    (question,) = take(mail("Is that about my order?", In_Reply_To=letter.message_id))
    assert question.link.case.pk
