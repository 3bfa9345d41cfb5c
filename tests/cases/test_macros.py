"""Macros: several steps with one click, in the name of whoever clicks."""

import pytest
from django.contrib.auth.models import Permission

from cases.models import Case, Macro, Note
from cases.services import macros
from emails.models import OutgoingEmail
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.work.mails import ask, take

pytestmark = pytest.mark.django_db
TAGGED = {"kind": "tag", "words": ["checked"]}
ANSWERED = {"kind": "answer", "template": "generic_ack"}


def may(user, *codes):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    return type(user).objects.get(pk=user.pk)


def macro(name, *actions, departments=()):
    made = Macro.objects.create(name=name, actions=list(actions))
    made.departments.add(*departments)
    return made


@pytest.fixture
def case(department):
    return Case.objects.create(number="C-1", title="Buttons", department=department)


def test_f3_macros_are_offered_to_whom_they_are_for(case, ben, clara, department):
    mine, letter = macro("all", TAGGED), macro("letter", ANSWERED)
    desk = macro("desk", TAGGED, departments=[department])
    assert macros.offered(ben, case) == []
    ben = may(ben, "change_case")
    assert macros.offered(ben, case) == [mine]
    department.members.add(ben)
    ben = may(ben, "answer_case")
    assert macros.offered(ben, case) == [mine, desk, letter]
    assert macros.offered(clara, case) == [mine, desk, letter]
    Macro.objects.update(is_active=False)
    with pytest.raises(DomainError):
        macros.run(case, desk, by=ben)


def test_j4_the_journal_says_that_a_person_ran_a_macro(case, clara):
    macros.run(case, macro("Check", TAGGED, {"kind": "note", "text": "Done"}), by=clara)
    event = Event.objects.get(kind="case.tagged")
    assert (event.actor, event.data["macro"]) == (clara, "Check")
    assert Event.objects.get(kind="case.macro").data["name"] == "Check"
    assert Note.objects.get().author == clara


def test_c5_a_macro_may_end_with_a_letter_of_the_person_that_can_be_taken_back(company, clara):
    (email,) = take(ask())
    case = email.link.case
    ran = macros.run(case, macro("Answer", ANSWERED, TAGGED), by=clara)
    assert ran.errors == []
    letter = ran.letter
    assert (letter.weight, letter.created_by) == ("personal", clara)
    assert letter.to_address == "anna@sommer.example"
    case.refresh_from_db()
    failing = macro("Broken", {"kind": "assign", "person": "gone"}, ANSWERED)
    before = OutgoingEmail.objects.count()
    ran = macros.run(case, failing, by=clara)
    assert len(ran.errors) == 1
    assert ran.letter is None
    assert OutgoingEmail.objects.count() == before
