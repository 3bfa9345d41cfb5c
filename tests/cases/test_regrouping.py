"""A person sorts mails into the right case, and back."""

import pytest

from agents.data import ANSWER_THE_MAIL
from cases.models import Case, Task
from cases.services import regrouping
from emails.models import Email, OutgoingEmail, Reference
from emails.services.regrouping import keep
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.work.mails import BERGER, QUESTION, mail, order_mail, take

pytestmark = pytest.mark.django_db
MALLORY = "Mallory <mallory@evil.example>"


def said(number, *answers, subject="Knöpfe für Mäntel", text=QUESTION, **headers):
    headers["Message_ID"] = f"<{number}@berger.example>"
    if answers:
        headers["References"] = " ".join(f"<{one}@berger.example>" for one in answers)
    return mail(text, subject=subject, **headers)


def again(email):
    return Email.objects.select_related("thread", "link__case").get(pk=email.pk)


def case_of(email):
    return again(email).link.case


@pytest.fixture
def mixed_up(company):
    """A conversation, another matter within it, and an answer to that one."""
    first, other, later, back = take(
        said(1),
        said(2, 1, subject="Rechnung 88"),
        said(3, 2, 1, subject="AW: Rechnung 88"),
        said(4, 1, subject="AW: Knöpfe für Mäntel"),
    )
    assert case_of(first) == case_of(other) == case_of(later) == case_of(back)
    assert again(other).new_topic
    return first, other, later, back


def test_a_mail_and_what_goes_back_to_it_leave_for_a_case_of_their_own(mixed_up, ben):
    first, other, later, back = mixed_up
    new = regrouping.split(other, by=ben)
    assert case_of(other) == case_of(later) == new != case_of(first)
    assert case_of(back) == case_of(first)
    assert again(other).thread == again(later).thread == new.thread != again(first).thread
    assert not again(other).new_topic
    assert new.first_response_due_at
    assert Event.objects.get(kind="case.split").actor == ben
    assert Task.objects.open().filter(case=new, title=ANSWER_THE_MAIL).count() == 1


def test_later_answers_find_the_new_conversation_and_the_old_one(mixed_up, ben):
    first, other, _, _ = mixed_up
    new = regrouping.split(other, by=ben)
    there, here, number = take(
        said(5, 1, 2, subject="AW: Rechnung 88"),
        said(6, 1),
        said(7, subject=f"Noch etwas [{new.number}]"),
    )
    assert case_of(there) == case_of(number) == new
    assert case_of(here) == case_of(first)


def test_what_was_split_off_can_be_joined_again(mixed_up, ben):
    first, other, later, _ = mixed_up
    new = regrouping.split(other, by=ben)
    regrouping.join(again(other), by=ben)
    assert {case_of(one) for one in mixed_up} == {case_of(first)}
    assert again(other).thread == again(later).thread == again(first).thread
    new.refresh_from_db()
    assert new.status == Case.Status.CLOSED
    assert not new.tasks.exists()
    (answer,) = take(said(8, subject=f"AW: [{new.number}]"))
    assert case_of(answer) == case_of(first)


def test_zammad_983_after_a_merge_answers_to_the_dead_case_arrive(company, ben):
    (ours,) = take(said(1))
    (claimed,) = take(said(2, 1, sender=MALLORY))
    dead = case_of(claimed)
    assert dead != case_of(ours)
    regrouping.join(again(claimed), by=ben)
    assert again(claimed).possibly_of is None
    (late,) = take(said(3, 2, sender=MALLORY))
    assert case_of(late) == case_of(ours)
    assert Case.objects.get(pk=dead.pk).status == Case.Status.CLOSED
    assert Task.objects.filter(case=case_of(ours)).exists()


def test_an_order_goes_with_the_mail_that_brought_it(company, ben):
    (first,) = take(said(1))
    order = order_mail(sender=BERGER, References="<1@berger.example>")
    (brought,) = take(order)
    assert case_of(brought) == case_of(first)
    placed = case_of(first).orders.get()
    new = regrouping.split(brought, by=ben)
    assert list(new.orders.all()) == [placed]
    assert not case_of(first).orders.exists()
    assert OutgoingEmail.objects.get(cause=f"order:{placed.pk}:confirmed").thread == new.thread
    regrouping.join(again(brought), by=ben)
    assert list(case_of(first).orders.all()) == [placed]


def test_joining_a_conversation_whose_case_is_closed_brings_the_case_along(company, ben):
    (ours,) = take(said(1))
    (claimed,) = take(said(2, 1, sender=MALLORY))
    Case.objects.filter(pk=case_of(ours).pk).update(status=Case.Status.CLOSED)
    left = case_of(claimed)
    regrouping.join(again(claimed), by=ben)
    left.refresh_from_db()
    assert (left.status != Case.Status.CLOSED, left.thread) == (True, again(ours).thread)


def test_a_case_that_loses_all_its_mails_goes_with_them(company, ben):
    (first,) = take(said(1))
    Case.objects.filter(pk=case_of(first).pk).update(status=Case.Status.CLOSED)
    (other,) = take(said(2, 1, subject="Rechnung 88"))
    case = case_of(other)
    assert case != case_of(first)
    assert regrouping.split(other, by=ben) == case
    assert case_of(other) == case
    assert case_of(other).thread == again(other).thread != again(first).thread
    (answer,) = take(said(3, subject=f"AW: [{case.number}]"))
    assert case_of(answer) == case


def test_a_second_person_who_sorts_the_same_mail_is_told_and_changes_nothing(mixed_up, ben):
    _, other, _, _ = mixed_up
    as_shown = again(other)
    new = regrouping.split(other, by=ben)
    with pytest.raises(DomainError, match="moved"):
        regrouping.split(as_shown, by=ben)
    as_shown = again(other)
    regrouping.join(again(other), by=ben)
    with pytest.raises(DomainError, match="moved"):
        regrouping.join(as_shown, by=ben)
    assert Event.objects.filter(kind__in=["email.split_off", "thread.merged"]).count() == 2
    assert new.pk not in {case_of(one).pk for one in mixed_up}


@pytest.mark.parametrize("act", [regrouping.split, regrouping.join, keep])
def test_what_makes_no_sense_is_refused_and_changes_nothing(company, ben, act):
    (email,) = take(said(1))
    with pytest.raises(DomainError):
        act(email, by=ben)
    Email.objects.update(state=Email.State.TRIAGED)
    with pytest.raises(DomainError):
        act(again(email), by=ben)
    assert Case.objects.count() == 1
    assert Reference.objects.filter(message_id="<1@berger.example>").count() == 1


def test_a_question_is_off_the_page_once_somebody_says_so(mixed_up, ben):
    _, other, _, _ = mixed_up
    keep(other, by=ben)
    assert not again(other).new_topic
    assert not Email.objects.questionable().exists()
    with pytest.raises(DomainError, match="any more"):
        keep(other, by=ben)
