from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from emails.models import OutgoingEmail, Reference, RoyalTemplate, Thread
from emails.services import outbox, writing
from emails.services.joining import is_our_letter
from hbu.journal.models import Event
from tests.outgoing.test_outbox import thanks

pytestmark = pytest.mark.django_db
State = OutgoingEmail.State
STRANGER = "anna@nobody-we-know.example"


def write(number, **values) -> OutgoingEmail:
    return writing.queue([thanks(cause=f"test:{number}", **values)])[0]


def test_a_cause_is_answered_once_whoever_asks(company):
    (letter,) = writing.queue([thanks(), thanks()])
    assert writing.queue([thanks()]) == []
    assert list(OutgoingEmail.objects.all()) == [letter]


def test_a_letter_goes_out_under_an_id_that_only_we_can_make(company):
    thread = Thread.objects.create(subject="Lob")
    letter = write(1, thread_id=thread.pk)
    assert letter.message_id.endswith("@h-bu.de>")
    assert is_our_letter(letter.message_id)
    assert not is_our_letter(letter.message_id.replace("hb.", "hb.x"))
    assert Reference.objects.get(message_id=letter.message_id).thread == thread


def test_a_letter_short_of_courtesy_waits_for_a_person(company):
    RoyalTemplate.objects.filter(code="feedback_thanks").update(subject="Re", body="Ok.\n")
    letter = write(1)
    assert (letter.state, bool(letter.reason), letter.findings != []) == (State.DRAFT, True, True)


def test_what_must_not_leave_is_withheld_with_its_reason(company):
    letter = write(1, withhold="A machine wrote the mail; machines are not answered.")
    assert (letter.state, letter.reason[:9]) == (State.WITHHELD, "A machine")
    assert not outbox.due(timezone.now())
    assert Event.objects.filter(kind="outgoing.held").count() == 1
    assert not Event.objects.filter(kind="outgoing.queued").exists()


@pytest.mark.parametrize(
    ("wanted", "there", "written"),
    [
        ("de", ["de", "en"], "de"),
        ("en", ["de", "en"], "en"),
        ("fr", ["de", "en"], "en"),
        ("en", ["de"], "de"),
    ],
)
def test_a_letter_speaks_the_readers_language_else_english(company, wanted, there, written):
    RoyalTemplate.objects.filter(code="feedback_thanks").exclude(language__in=there).delete()
    assert write(1, language=wanted).language == written


def test_h1_a_template_that_is_missing_or_does_not_fit_costs_only_its_own_letter(company):
    variables = {"salutation": "Guten Tag"}
    letters = writing.queue(
        [
            thanks(cause="a", template="no_such_letter"),
            thanks(cause="b", template="order_status", variables=variables),
            thanks(cause="c"),
        ]
    )
    assert [letter.cause for letter in letters] == ["c"]


def test_one_conversation_gets_one_acknowledgement(company):
    thread = Thread.objects.create(subject="Lob")
    states = [write(number, thread_id=thread.pk).state for number in range(2)]
    assert states == [State.QUEUED, State.WITHHELD]
    both = [thanks(cause=f"b{number}", thread_id=thread.pk + 0) for number in range(2)]
    assert {letter.state for letter in writing.queue(both)} == {State.WITHHELD}


def test_letters_without_a_conversation_do_not_share_one(company):
    letters = writing.queue([thanks(cause="a"), thanks(cause="b")])
    assert [letter.state for letter in letters] == [State.QUEUED, State.QUEUED]


def test_d1_a_stranger_gets_three_acknowledgements_in_ten_days(company):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        states = []
        for day in range(12):
            clock.move_to(start + timedelta(days=day))
            states.append(write(day, to_address=STRANGER).state)
    assert states == [State.QUEUED] * 3 + [State.WITHHELD] * 8 + [State.QUEUED]


def test_d1_another_spelling_of_an_address_brings_no_new_budget(company):
    spellings = [STRANGER, STRANGER.upper(), STRANGER.title(), "aNNa@nobody-we-know.example"]
    states = [write(number, to_address=one).state for number, one in enumerate(spellings)]
    assert states == [State.QUEUED] * 3 + [State.WITHHELD]


def test_d1_a_machine_that_keeps_only_our_subject_stays_in_its_conversation(company):
    anna = "einkauf@modehaus-berger.example"
    variables = dict(thanks().variables)
    RoyalTemplate.objects.filter(code="feedback_thanks").update(
        subject="Danke für Ihre Nachricht [{{ case_number }}]"
    )
    assert write(1, to_address=anna).state == State.QUEUED
    variables |= {"subject_line": "Re: Danke [C-2026-000001]", "case_number": "C-2026-000002"}
    again = write(2, to_address=anna, variables=variables)
    assert (again.state, "conversation" in again.reason) == (State.WITHHELD, True)
    assert write(3, to_address=STRANGER, variables=variables).state == State.QUEUED


def test_h5_commitments_are_told_even_where_the_acknowledgement_was_spent(company):
    thread = Thread.objects.create(subject="Bestellung")
    write(1, thread_id=thread.pk)
    confirmation = write(2, thread_id=thread.pk, weight="commitment")
    assert confirmation.state == State.QUEUED
