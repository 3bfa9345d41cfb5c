"""While somebody works in a case colleagues put it elsewhere, customers write: no word is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.utils import timezone

from agents.models import Agent, Department
from cases.models import Case, Note, ReplyDraft, Task
from cases.services import (
    answering,
    attending,
    conversation,
    life,
    noting,
    opening,
    regrouping,
    tasks,
)
from emails.models import Email, OutgoingEmail, Thread
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.cases.test_composing import EINKAUF, at, form
from tests.cases.test_opening import mail, take_in
from tests.cases.writing import GOOD, case_of
from tests.factories import company as house

pytestmark = pytest.mark.django_db
Status = Case.Status


@pytest.fixture
def case(db):
    house.load()
    return case_of()


@pytest.fixture
def other(case):
    return case_of(sender="anna@sommer.example", subject="Ganz anderes")


@pytest.fixture
def desk(case, ben):
    names = ("view_case", "answer_case", "change_case")
    ben.user_permissions.set(Permission.objects.filter(codename__in=names))
    case.department.members.add(ben)
    Agent.objects.create(user=ben, name="Ben", kind=Agent.Kind.HUMAN)
    client = Client(HTTP_X_REQUESTED_WITH="fetch")
    client.force_login(ben)
    return client


def do(client, case, verb, **fields):
    return client.post(f"{case.get_absolute_url()}do/", {"do": verb, **fields})


def followed(case):
    """Resolved, and its conversation goes on in a case of its own."""
    with transaction.atomic():
        life.change([case], Status.CLOSED)
    return Case.objects.create(
        number="C-9", title="Weiter", department=case.department, thread=case.thread
    )


# A colleague puts the case into another one


def test_a_note_that_was_typed_meanwhile_stands_where_the_case_is_now(desk, case, other, clara):
    regrouping.merge_cases(case, other, by=clara)
    answer = do(desk, case, "note", text="Ruft um drei zurück")
    assert answer.json()["url"] == other.get_absolute_url()
    assert Note.objects.get().case == other


def test_words_and_steps_in_a_case_that_was_put_elsewhere_are_refused_with_its_number(
    case, other, clara
):
    stale = Case.objects.get(pk=case.pk)
    regrouping.merge_cases(case, other, by=clara)
    for act in (
        lambda: noting.write(stale, "Hallo", by=clara),
        lambda: tasks.add(Task(case=stale, title="Anrufen"), by=clara),
        lambda: life.move(stale, Status.RESOLVED, by=clara),
        lambda: answering.send(stale, answering.prepare(other, by=clara), by=clara),
    ):
        with pytest.raises(DomainError, match=other.number):
            act()
    assert not Note.objects.exists()
    assert not Task.objects.filter(case=case).exists()


def test_a_draft_goes_along_and_is_kept_there_from_then_on(desk, case, other, ben, clara):
    answering.keep(case, ben, text="half a sent", to=EINKAUF)
    said = form(case, ben, text="half a sentence")
    regrouping.merge_cases(case, other, by=clara)
    draft = ReplyDraft.objects.get()
    assert (draft.case, draft.text) == (other, "half a sent")
    assert desk.post(at("send", case), said).json()["code"] == "case.merged"
    assert desk.post(at("keep", case), said).status_code == 200
    draft = ReplyDraft.objects.get()
    assert (draft.case, draft.text, draft.answers_id) == (other, "half a sentence", said["answers"])


def test_a_draft_goes_below_what_was_begun_there(case, other, ben, clara):
    answering.keep(case, ben, text="one")
    answering.keep(other, ben, text="two")
    answering.keep(other, clara, text="hers")
    regrouping.merge_cases(case, other, by=clara)
    assert answering.draft_of(other, ben).text == "two\n\none"
    assert answering.draft_of(other, clara).text == "hers"


def test_the_open_page_of_a_case_says_where_it_went(desk, case, other, clara):
    regrouping.merge_cases(case, other, by=clara)
    page = desk.get(f"{case.get_absolute_url()}parts/").text
    assert other.get_absolute_url() in page
    assert 'data-do="status"' not in page


def test_what_goes_on_in_a_case_of_its_own_can_be_put_back_into_the_first_one(case, clara):
    later = followed(case)
    regrouping.merge_cases(later, case, by=clara)
    assert (later.merged_into, later.status) == (case, Status.CLOSED)
    assert (case.status, case.thread is not None) == (Status.IN_PROGRESS, True)


def test_nothing_is_put_into_a_case_whose_conversation_goes_on_in_a_third_one(case, other, clara):
    followed(case)
    for left, into in ((other, case), (case, other)):
        with pytest.raises(DomainError, match="goes on"):
            regrouping.merge_cases(left, into, by=clara)
    other.refresh_from_db()
    assert other.merged_into is None


def test_a_case_that_another_one_follows_is_not_taken_up_again(case):
    later = followed(case)
    with transaction.atomic():
        life.reopen([case.pk, later.pk])
    case.refresh_from_db()
    assert case.status == Status.CLOSED


def test_what_is_put_together_has_the_links_and_was_answered_when_either_was(case, other, clara):
    third = case_of(sender="anna@sommer.example", subject="Noch etwas")
    regrouping.relate(case, third, by=clara)
    regrouping.relate(case, other, by=clara)
    now = timezone.now()
    Case.objects.filter(pk=case.pk).update(answered_at=now, customer_wrote_at=now)
    Case.objects.filter(pk=other.pk).update(answered_at=now - timedelta(days=1))
    regrouping.merge_cases(case, other, by=clara)
    assert list(other.related.all()) == [third]
    assert not other.waits_for_us


# A mail comes, or goes elsewhere


def test_a_customers_mail_brings_a_case_back_that_was_put_off_and_a_machines_does_not(
    company, clara
):
    thread = Thread.objects.create()
    take_in(mail(thread=thread))
    case = Case.objects.get()
    for status in (Status.NEW, Status.IN_PROGRESS, Status.AWAITING_VENDOR):
        Case.objects.update(status=status)
        attending.snooze(case, timezone.now() + timedelta(days=7), by=clara)
        take_in(mail(thread=thread, automatic="auto_reply"))
        assert Case.objects.awake(timezone.now()).count() == 0
        take_in(mail(thread=thread))
        case.refresh_from_db()
        assert (case.snoozed_until, case.status) == (None, status)
    assert Event.objects.filter(kind="case.woken", data__for_user=clara.pk).count() == 3


def test_a_mail_that_comes_while_its_case_is_put_elsewhere_is_found_there(
    case, other, clara, monkeypatch
):
    known = opening._known_cases

    def then_merged(emails):
        found = known(emails)
        regrouping.merge_cases(Case.objects.get(pk=case.pk), other, by=clara)
        return found

    with transaction.atomic():
        life.change([other], Status.RESOLVED)
    monkeypatch.setattr(opening, "_known_cases", then_merged)
    email = mail(thread=case.thread)
    take_in(email)
    assert Email.objects.get(pk=email.pk).link.case == other
    other.refresh_from_db()
    assert (other.status, other.customer_wrote_at) == (Status.IN_PROGRESS, email.received_at)


def test_what_is_split_off_waits_for_an_answer_and_the_rest_does_so_no_more(case, clara):
    first = case.emails.get()
    second = mail(thread=case.thread, references=[first.message_id], message_id="<2@x.example>")
    take_in(second)
    Email.objects.update(state=Email.State.HANDLED)
    Email.objects.filter(pk=first.pk).update(received_at=timezone.now() - timedelta(hours=3))
    Case.objects.update(answered_at=timezone.now() - timedelta(hours=2))
    case.refresh_from_db()
    second.refresh_from_db()
    assert case.waits_for_us
    new = regrouping.split(second, by=clara)
    case.refresh_from_db()
    new.refresh_from_db()
    assert (new.waits_for_us, case.waits_for_us) == (True, False)


def test_an_answer_to_a_mail_that_was_moved_meanwhile_is_refused(desk, case, other, ben):
    said = form(case, ben)
    case.links.update(case=other)
    refused = desk.post(at("send", case), said)
    assert (refused.status_code, refused.json()["code"]) == (409, "email.moved")


# Taken back


def test_a_letter_that_was_taken_back_is_not_said_to_leave_when_its_form_comes_again(case, ben):
    composed = replace(answering.prepare(case, by=ben), text=GOOD)
    answering.take_back(answering.send(case, composed, by=ben), by=ben)
    with pytest.raises(DomainError, match="Open the answer again"):
        answering.send(case, composed, by=ben)


def test_what_was_begun_after_a_letter_stays_below_it_when_it_is_taken_back(case, ben):
    composed = replace(answering.prepare(case, by=ben), text=GOOD)
    letter = answering.send(case, composed, by=ben)
    answering.keep(case, ben, text="Und noch etwas")
    assert answering.take_back(letter, by=ben).text.endswith("\n\nUnd noch etwas")
    assert answering.draft_of(case, ben).text.startswith(GOOD.strip()[:20])


def test_a_letter_can_be_taken_back_on_the_page_by_whoever_wrote_it(desk, case, ben, clara):
    composed = replace(answering.prepare(case, by=ben), text=GOOD)
    letter = answering.send(case, composed, by=ben)
    assert f'data-undo-letter="{letter.pk}"' in desk.get(case.get_absolute_url()).text
    OutgoingEmail.objects.update(created_by=clara)
    assert "data-undo-letter" not in desk.get(case.get_absolute_url()).text


# Whose work it is


def test_a_colleague_who_was_faster_keeps_the_case(desk, case, clara):
    assert do(desk, case, "take").status_code == 200
    assert do(desk, case, "take").status_code == 200
    hers = Agent.objects.create(user=clara, name="Clara", kind=Agent.Kind.HUMAN)
    Case.objects.update(assignee=hers)
    refused = do(desk, case, "take")
    assert (refused.status_code, "meanwhile" in refused.json()["detail"]) == (409, True)
    case.refresh_from_db()
    assert case.assignee == hers


def test_who_hands_a_case_over_and_sees_it_no_more_goes_on_in_the_inbox(desk, case):
    elsewhere = Department.objects.exclude(pk=case.department_id).first()
    answer = do(desk, case, "department", value=elsewhere.code)
    assert answer.json() == {"url": "/inbox/"}
    assert elsewhere.name in desk.get("/inbox/").text


# The page


def test_a_forward_waits_for_somebody_else_than_the_customer(desk, case):
    for mode, then in (("forward", "awaiting_vendor"), ("reply", "awaiting_customer")):
        assert (
            f'value="{then}" data-send'
            in desk.get(f"/cases/{case.number}/compose/?mode={mode}").text
        )


def test_a_long_conversation_shows_its_end_and_counts_the_rest(case, clara):
    for number in range(60):
        noting.write(case, f"Notiz {number}", by=clara)
    shown = conversation.conversation(case)
    whole = conversation.conversation(case, whole=True)
    assert len(shown.entries) == conversation.SHOWN
    assert shown.earlier == len(whole.entries) - conversation.SHOWN
    assert [one.row for one in shown.entries] == [one.row for one in whole.entries[-40:]]
    assert (whole.earlier, whole.entries[0].sort) == (0, "mail")
