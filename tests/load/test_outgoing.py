"""The promises about letters with the numbers we publish: minutes long, never part of a usual run."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone

from emails.models import OutgoingEmail
from emails.services import outbox
from tests.outgoing.letters import again, queued
from tests.outgoing.sinks import Sink, running
from tests.outgoing.workers import sending

pytestmark = [pytest.mark.load, pytest.mark.django_db(transaction=True)]
State = OutgoingEmail.State


@pytest.fixture(autouse=True)
def plain_line(settings):
    settings.HBU_SMTP_HOST, settings.HBU_SMTP_SECURITY = "127.0.0.1", "none"


@pytest.mark.parametrize("round_", range(5))
def test_c2_eight_processes_hand_over_500_letters_once(settings, round_):
    letters = [queued() for _ in range(500)]
    ids = [letter.pk for letter in letters]
    with running(Sink()) as sink:
        settings.HBU_SMTP_PORT = sink.port
        workers = []
        for seed in range(8):
            Random(f"{round_}/{seed}").shuffle(ids)
            workers.append(sending(ids, sink.port))
        assert [worker.wait(300) for worker in workers] == [0] * 8
        outbox.send(outbox.due(timezone.now()))
    assert Counter(sink.message_ids) == {letter.message_id: 1 for letter in letters}


@pytest.mark.parametrize("policy", ["at_most_once", "at_least_once"])
def test_c3_thirty_workers_killed_after_the_server_took_the_letter(settings, policy):
    for _ in range(30):
        letter, workers = queued(policy=policy), []
        with running(Sink(on_letter=lambda _sink, who=workers: who[0].kill())) as sink:
            settings.HBU_SMTP_PORT = sink.port
            workers.append(sending([letter.pk], sink.port))
            assert workers[0].wait(30) == -9
            sink.on_letter = lambda _sink: None
            with time_machine.travel(
                timezone.now() + timedelta(seconds=outbox.SENDING_SECONDS + 1), tick=False
            ):
                assert outbox.recover(timezone.now()) == 1
            with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
                outbox.send(outbox.due(timezone.now()))
        copies = 1 if policy == "at_most_once" else 2
        assert sink.message_ids == [letter.message_id] * copies
        assert again(letter).state == (State.UNCERTAIN if copies == 1 else State.SENT)
