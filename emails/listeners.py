"""What the mail side does when something happened: it rings, nothing else."""

from collections.abc import Sequence

from emails import tasks
from emails.services.personal import UNDO_SECONDS
from hbu.journal.doorbell import ring, subjects
from hbu.journal.models import Event
from hbu.journal.recording import on


@on("email.received")
@on("email.retried")
def ring_triage(events: Sequence[Event]) -> None:
    ring(tasks.triage, subjects(events))


@on("outgoing.queued")
@on("outgoing.enclosed")
def ring_send(events: Sequence[Event]) -> None:
    at_once = [event for event in events if not event.data.get(UNDO_SECONDS)]
    ring(tasks.send, subjects(at_once))
    for event in events:
        if seconds := event.data.get(UNDO_SECONDS):
            # Whoever wrote it may take it back until then.
            ring(tasks.send, [event.subject_id], after=seconds)


@on("replay.asked")
@on("replay.confirmed")
def ring_replay(events: Sequence[Event]) -> None:
    ring(tasks.replay, subjects(events))
