import pytest

from agents.memory import WARY
from agents.models import AgentMemory, AgentRun
from agents.services import remembering
from cases.models import Task
from cases.services import applying
from emails.models import OutgoingEmail
from emails.services import learning, releasing
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.work.mails import ask, take

ANNA = "anna@sommer.example"


def memory():
    return AgentMemory.objects.get(about=ANNA)


def in_a_row(kind="general"):
    return memory().facts.get("in_a_row", {}).get(kind, 0)


def letter_to(email):
    return OutgoingEmail.objects.get(answers=email)


def take_back(email, ben):
    OutgoingEmail.objects.filter(answers=email).update(state="queued")
    releasing.abort(letter_to(email), by=ben)


def corrected_twice(ben):
    for _ in range(2):
        (email,) = take(ask())
        take_back(email, ben)


def test_b9_what_was_decided_is_kept_with_the_decision(info):
    first, second = take(ask(), ask(sender="ANNA@Sommer.example"))
    facts = memory().facts
    assert memory().agent == info
    assert facts["decided"] == 2
    assert facts["kind"] == second.kind
    assert facts["language"] == "de"
    assert memory().case_number == second.link.case.number
    assert set(AgentRun.objects.values_list("mail", flat=True)) == {first.pk, second.pk}


def test_the_agent_is_shown_what_it_keeps_in_mind(info):
    (first,) = take(ask())
    take(ask())
    shown = AgentRun.objects.latest("pk").brief["remembered"]
    assert shown["decided"] == 1
    assert shown["case"] == first.link.case.number
    assert AgentRun.objects.earliest("pk").brief["remembered"] is None


def test_a_failed_application_teaches_nothing(info, monkeypatch):
    def fail(_decided):
        raise ValueError

    monkeypatch.setattr(applying, "_finish", fail)
    take(ask())
    assert not AgentMemory.objects.exists()


def test_an_answer_that_a_person_takes_back_is_a_correction_once_a_mail(info, ben):
    (email,) = take(ask())
    take_back(email, ben)
    learning.correct(email, kind="complaint", by=ben)
    assert in_a_row() == 1
    assert memory().facts["corrected"] == 1
    assert AgentRun.objects.get().corrected_at is not None


def test_a_mail_that_a_person_sorts_anew_is_a_correction(info, ben):
    (email,) = take(ask())
    learning.correct(email, kind="complaint", by=ben)
    assert in_a_row() == 1


def test_after_two_corrections_in_a_row_a_person_looks_before_it_leaves(info, ben):
    corrected_twice(ben)
    (email,) = take(ask())
    letter = letter_to(email)
    assert (letter.state, letter.reason) == ("draft", WARY)
    assert Task.objects.filter(case__emails=email).exists()
    assert f"{WARY}: 2" in AgentRun.objects.latest("pk").outcome["reasons"]


def test_others_are_answered_as_before(info, ben):
    corrected_twice(ben)
    (email,) = take(ask(sender="Otto <otto@other.example>"))
    assert letter_to(email).state == "queued"


def test_a_confirmed_answer_makes_it_bold_again(info, ben):
    corrected_twice(ben)
    (email,) = take(ask())
    releasing.release(letter_to(email), by=ben)
    assert in_a_row() == 0
    assert memory().facts["corrected"] == 2
    OutgoingEmail.objects.all().delete()
    (email,) = take(ask())
    assert letter_to(email).state == "queued"


def test_a_draft_that_is_dropped_is_one_more_correction(info, ben):
    corrected_twice(ben)
    (email,) = take(ask())
    releasing.abort(letter_to(email), by=ben)
    assert in_a_row() == 3


def test_staff_let_an_agent_forget_once(info, ben):
    take(ask())
    row = memory()
    remembering.forget(row, by=ben)
    assert not AgentMemory.objects.exists()
    assert Event.objects.filter(kind="agent.forgot", actor=ben).count() == 1
    assert ANNA not in str(Event.objects.filter(kind="agent.forgot").values_list("data", flat=True))
    with pytest.raises(DomainError):
        remembering.forget(row, by=ben)


def test_what_was_forgotten_stays_forgotten(info, ben):
    (email,) = take(ask())
    remembering.forget(memory(), by=ben)
    take_back(email, ben)
    assert not AgentMemory.objects.exists()
    assert AgentRun.objects.get().corrected_at is not None
