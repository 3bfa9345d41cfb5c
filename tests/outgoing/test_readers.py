"""A letter to several readers: who is refused costs the others nothing, and nobody gets it twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from emails import budgets
from emails.models import BlockedAddress, OutgoingEmail
from emails.services import outbox
from hbu.journal.models import Event
from tests.outgoing.letters import again, queued
from tests.outgoing.sinks import DROP, Sink, running

pytestmark = pytest.mark.django_db
State = OutgoingEmail.State
ANNA, BEN, CARL = "anna@x.example", "ben@x.example", "carl@x.example"


def to_three(**values) -> OutgoingEmail:
    return queued(**{"to_address": ANNA, "cc": [BEN], "bcc": [CARL], **values})


def now_due(letter: OutgoingEmail) -> OutgoingEmail:
    OutgoingEmail.objects.filter(pk=letter.pk).update(next_attempt_at=timezone.now())
    return letter


def test_everybody_gets_it_and_blind_copies_are_named_to_the_server_alone(sink):
    letter = to_three(cc=[BEN, ANNA.upper()])
    assert outbox.send([letter.pk]) == 1
    ((_, readers, raw),) = sink.taken
    assert readers == (ANNA, BEN, CARL)
    assert b"carl" not in raw
    assert sink.letters[0]["Cc"] == f"{BEN}, {ANNA.upper()}"
    assert again(letter).left_out == {}


@pytest.mark.parametrize("refused", [ANNA, BEN, CARL])
def test_c5_one_refused_for_good_is_told_and_the_others_have_it(sink, refused):
    sink.by_recipient[refused] = "550 5.1.1 nobody"
    letter = to_three()
    assert outbox.send([letter.pk]) == 1
    letter = again(letter)
    assert (letter.state, letter.left_out) == (State.SENT, {refused: "550 5.1.1 nobody"})
    assert letter.reason
    assert refused in letter.smtp_reply
    (event,) = Event.objects.filter(kind="outgoing.incomplete", subject_id=letter.pk)
    assert event.data["to"] == refused


def test_c5_one_put_off_is_tried_again_alone(sink):
    sink.by_recipient[BEN] = "450 4.2.0 greylisted"
    letter = to_three()
    assert outbox.send([letter.pk]) == 0
    assert again(letter).state == State.RETRYING
    del sink.by_recipient[BEN]
    assert outbox.send([now_due(letter).pk]) == 1
    # The sink writes down whom it was asked for, also those it put off.
    assert [readers for _, readers, _ in sink.taken] == [(ANNA, BEN, CARL), (BEN,)]
    assert (again(letter).state, again(letter).left_out) == (State.SENT, {})
    assert len(set(sink.message_ids)) == 1
    assert not Event.objects.filter(kind="outgoing.incomplete").exists()


def test_c5_a_copy_that_is_put_off_for_an_hour_holds_up_no_longer(sink):
    sink.by_recipient[BEN] = "452 4.2.2 full"
    letter = to_three(created_at=timezone.now() - timedelta(minutes=61))
    assert outbox.send([letter.pk]) == 1
    assert again(letter).left_out == {BEN: "452 4.2.2 full"}


def test_c5_the_first_reader_is_waited_for_as_long_as_ever(sink):
    sink.by_recipient[ANNA] = "452 4.2.2 full"
    letter = to_three(created_at=timezone.now() - timedelta(days=2))
    assert outbox.send([letter.pk]) == 0
    assert again(letter).state == State.RETRYING
    sink.by_recipient[ANNA] = "550 5.1.1 nobody"
    assert outbox.send([now_due(letter).pk]) == 1
    assert (again(letter).state, len(sink.taken)) == (State.SENT, 1)
    assert list(again(letter).left_out) == [ANNA]


@pytest.mark.parametrize(
    ("said", "state"), [("450 4.2.1 later", State.RETRYING), ("550 5.1.1 nobody", State.FAILED)]
)
def test_c5_when_nobody_is_taken_nothing_was_sent(sink, said, state):
    sink.by_recipient |= dict.fromkeys((ANNA, BEN, CARL), said)
    letter = to_three()
    assert outbox.send([letter.pk]) == 0
    assert (again(letter).state, sink.taken) == (state, [])
    assert set(again(letter).left_out) == {ANNA, BEN, CARL}


def test_c5_while_one_may_still_be_taken_the_letter_waits(sink):
    sink.by_recipient |= {ANNA: "550 no", BEN: "450 later", CARL: "550 no"}
    letter = to_three()
    outbox.send([letter.pk])
    assert again(letter).state == State.RETRYING
    sink.by_recipient.clear()
    assert outbox.send([now_due(letter).pk]) == 1
    assert [readers for _, readers, _ in sink.taken] == [(BEN,)]


@pytest.mark.parametrize(
    ("answers", "state"), [({"DATA": "554 no"}, State.FAILED), ({"END": DROP}, State.UNCERTAIN)]
)
def test_c5_what_is_said_of_the_letter_is_said_of_all_readers(settings, answers, state):
    letter = to_three()
    with running(Sink(answers)) as sink:
        settings.HBU_SMTP_PORT = sink.port
        outbox.send([letter.pk])
    assert (again(letter).state, again(letter).receipts) == (state, {})


def test_what_it_answers_stands_below_the_letter(sink):
    letter = queued(text="Guten Tag.\n", quoted="Am 3. Oktober schrieb Anna:\n> Größe?\n")
    outbox.send([letter.pk])
    text = sink.letters[0].get_content().replace("\r\n", "\n")
    assert text == "Guten Tag.\n\nAm 3. Oktober schrieb Anna:\n> Größe?\n"


@pytest.mark.parametrize(
    ("weight", "exempt"), [("personal", True), ("notice", True), ("commitment", False)]
)
def test_e10_what_staff_are_told_spends_no_customers_budget(weight, exempt):
    spent = budgets.Spent(acknowledgements=99, commitments=999, by_all=99_999)
    assert (not budgets.refusal(spent, weight=weight, known=False, per_hour=10)) == exempt


def test_c8_a_block_holds_back_notices_and_no_persons_letter(db):
    from emails.services import blocking

    notice, own = (
        queued(to_address=ANNA, weight="notice"),
        queued(to_address=ANNA, weight="personal"),
    )
    blocking.block([BlockedAddress(address=ANNA, since=timezone.now())])
    assert (again(notice).state, again(own).state) == (State.WITHHELD, State.QUEUED)


def test_the_page_of_a_letter_names_all_readers_and_shows_what_stands_below(client, clara):
    letter = to_three(
        state=State.SENT, quoted="> Größe?", receipts={ANNA: "250 ok", BEN: "550 5.1.1 nobody"}
    )
    client.force_login(clara)
    page = client.get(f"/admin/emails/outgoingemail/{letter.pk}/change/").content.decode()
    for shown in (CARL, "Readers who do not have it", "550 5.1.1 nobody", "&gt; Größe?"):
        assert shown in page
