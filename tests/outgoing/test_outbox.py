import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from emails import tasks
from emails.data import Letter
from emails.models import OutgoingEmail, Thread
from emails.services import outbox, releasing, writing
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.outgoing.letters import again, queued
from tests.outgoing.sinks import DROP, Sink, running
from tests.outgoing.workers import sending

pytestmark = pytest.mark.django_db
State = OutgoingEmail.State
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def thanks(**values) -> Letter:
    return Letter(
        **{
            "cause": "test:thanks",
            "template": "feedback_thanks",
            "language": "de",
            "variables": {
                "salutation": "Sehr geehrte Frau Berger",
                "case_number": "C-2026-000001",
                "company": "Happy Buttons GmbH",
                "department": "Empfang",
                "signature": "Happy Buttons GmbH",
                "customer": "Berger",
                "subject_line": "Lob",
                "deadline": "Montag",
            },
            "to_address": "einkauf@modehaus-berger.example",
            "from_address": "info@h-bu.de",
            **values,
        }
    )


def test_c1_what_is_rolled_back_leaves_no_letter(company):
    with transaction.atomic():
        writing.queue([thanks()])
        transaction.set_rollback(True)
    assert not OutgoingEmail.objects.exists()
    assert not Event.objects.filter(kind="outgoing.queued").exists()


def test_c1_with_the_broker_away_the_sweep_finds_the_letter(
    company, sink, monkeypatch, django_capture_on_commit_callbacks
):
    def away(_ids):
        raise OperationalError

    monkeypatch.setattr(tasks.send, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        (letter,) = writing.queue([thanks()])
    assert sink.taken == []
    monkeypatch.setattr(tasks.send, "delay", tasks.send)
    monkeypatch.setattr(tasks.triage, "delay", lambda ids: None)
    tasks.sweep()
    tasks.sweep()
    assert sink.message_ids == [letter.message_id]
    assert again(letter).state == State.SENT


@pytest.mark.django_db(transaction=True)
def test_c2_eight_senders_hand_over_each_letter_once(sink):
    letters = [queued() for _ in range(60)]
    ids = [letter.pk for letter in letters]
    start = threading.Barrier(8)

    def work(seed):
        mine = ids.copy()
        Random(seed).shuffle(mine)
        start.wait()
        try:
            for chunk in range(0, len(mine), 15):
                outbox.send(mine[chunk : chunk + 15])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A letter another sender held for the moment is the sweep's.
    outbox.send(outbox.due(timezone.now()))
    assert sorted(sink.message_ids) == sorted(letter.message_id for letter in letters)
    assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {State.SENT}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("policy", "weight", "copies"),
    [("at_most_once", "acknowledgement", 1), ("at_least_once", "commitment", 2)],
)
def test_c3_a_worker_killed_after_the_server_took_the_letter(settings, policy, weight, copies):
    letter = queued(policy=policy, weight=weight)
    workers = []
    with running(Sink(on_letter=lambda _sink: workers[0].kill() if workers else None)) as sink:
        settings.HBU_SMTP_PORT = sink.port
        workers.append(sending([letter.pk], sink.port))
        assert workers[0].wait(20) == -9
        assert again(letter).state == State.SENDING
        assert outbox.recover(timezone.now()) == 0
        sink.on_letter = lambda _sink: None
        with time_machine.travel(
            timezone.now() + timedelta(seconds=outbox.SENDING_SECONDS + 1), tick=False
        ):
            assert outbox.recover(timezone.now()) == 1
            assert outbox.recover(timezone.now()) == 0
        with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
            outbox.send(outbox.due(timezone.now()))
    assert again(letter).state == (State.UNCERTAIN if copies == 1 else State.SENT)
    assert sink.message_ids == [letter.message_id] * copies


def test_c3_what_may_have_left_waits_for_a_person_who_decides(sink, ben):
    sink.answers["END"] = DROP
    letter = queued()
    outbox.send([letter.pk])
    assert again(letter).state == State.UNCERTAIN
    assert again(letter) in OutgoingEmail.objects.for_a_person()
    sink.answers.clear()
    releasing.release(letter, by=ben)
    assert outbox.send([letter.pk]) == 1
    assert again(letter).approved_by == ben
    assert sink.message_ids == [letter.message_id] * 2


def test_c4_a_letter_is_tried_after_1_2_5_10_30_and_then_every_60_minutes(settings):
    settings.HBU_SMTP_PORT = 1
    waits = []
    with time_machine.travel(NOON, tick=False) as clock:
        letter = queued()
        for _ in range(8):
            outbox.send([letter.pk])
            letter = again(letter)
            waits.append((letter.next_attempt_at - timezone.now()).total_seconds())
            assert outbox.send([letter.pk]) == 0
            assert again(letter).attempts == letter.attempts
            clock.move_to(letter.next_attempt_at)
    minutes = [1, 2, 5, 10, 30, 60, 60, 60]
    assert all(
        60 * expected <= wait < 60 * expected + 15
        for wait, expected in zip(waits, minutes, strict=True)
    )


def test_c4_an_outage_of_ten_minutes_loses_and_doubles_nothing(settings):
    with time_machine.travel(NOON, tick=False) as clock, running(Sink()) as sink:
        letters = [queued() for _ in range(30)]
        settings.HBU_SMTP_PORT = 1
        arrived_at = None
        for second in range(0, 40 * 60, 10):
            clock.move_to(NOON + timedelta(seconds=second))
            if second == 600:
                settings.HBU_SMTP_PORT = sink.port
            outbox.send(outbox.due(timezone.now()))
            if arrived_at is None and len(sink.taken) == 30:
                arrived_at = second
    assert arrived_at is not None
    assert arrived_at <= (10 + 15) * 60
    assert Counter(sink.message_ids) == {letter.message_id: 1 for letter in letters}


def test_c4_in_one_conversation_the_second_letter_waits_for_the_first(sink):
    thread = Thread.objects.create(subject="Knöpfe")
    first, second, other = queued(thread=thread), queued(thread=thread), queued()
    sink.answers["MAIL"] = "451 greylisted"
    outbox.send([first.pk])
    sink.answers.clear()
    outbox.send([second.pk, other.pk])
    assert sink.message_ids == [other.message_id]
    assert (again(second).state, again(second).claimed_until) == (State.QUEUED, None)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        outbox.send(outbox.due(timezone.now()))
    assert sink.message_ids == [other.message_id, first.message_id, second.message_id]


def test_c4_a_letter_given_up_holds_up_nobody(sink):
    thread = Thread.objects.create(subject="Knöpfe")
    first, second = queued(thread=thread), queued(thread=thread)
    sink.answers["MAIL"] = "553 never"
    outbox.send([first.pk])
    sink.answers.clear()
    assert outbox.send([second.pk]) == 1


def test_a_letter_somebody_else_holds_is_left_alone(sink):
    letter = queued(claimed_until=timezone.now() + timedelta(seconds=30))
    assert outbox.send([letter.pk]) == 0
    assert outbox.due(timezone.now()) == []
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert outbox.due(timezone.now()) == [letter.pk]


def test_a_sender_that_lost_its_claim_sends_nothing(sink, monkeypatch):
    letter = queued()
    real = outbox._claim

    def claimed_and_lost(ids):
        letters = real(ids)
        OutgoingEmail.objects.update(claim=None)
        return letters

    monkeypatch.setattr(outbox, "_claim", claimed_and_lost)
    assert outbox.send([letter.pk]) == 0
    assert sink.taken == []


@pytest.mark.parametrize("state", State.values)
def test_a_person_releases_and_aborts_only_what_still_waits(ben, state):
    letter = queued(state=state)
    allowed = {State.DRAFT, State.WITHHELD, State.FAILED, State.UNCERTAIN, State.BOUNCED}
    if state in allowed:
        releasing.release(letter, by=ben)
        assert again(letter).state == State.QUEUED
    else:
        with pytest.raises(DomainError, match="no longer waits"):
            releasing.release(letter, by=ben)
    letter = queued(state=state)
    if state in allowed | {State.QUEUED, State.RETRYING}:
        releasing.abort(letter, by=ben)
        assert again(letter).state == State.ABORTED
    else:
        with pytest.raises(DomainError, match="on its way"):
            releasing.abort(letter, by=ben)


def test_a_letter_aborted_after_it_was_claimed_stays_in_the_house(sink, ben, monkeypatch):
    letter = queued()
    real = outbox._claim

    def claimed(ids):
        letters = real(ids)
        releasing.abort(letter, by=ben)
        return letters

    monkeypatch.setattr(outbox, "_claim", claimed)
    outbox.send([letter.pk])
    assert sink.taken == []
    assert again(letter).state == State.ABORTED


def test_each_end_of_a_letter_leaves_one_event(sink):
    good, bad = queued(), queued(to_address="nobody@x.example")
    sink.by_recipient["nobody@x.example"] = "550 nobody"
    outbox.send([good.pk, bad.pk])
    told = Event.objects.filter(kind__startswith="outgoing.").order_by("subject_id")
    assert list(told.values_list("kind", "subject_id")) == [
        ("outgoing.sent", good.pk),
        ("outgoing.failed", bad.pk),
    ]
