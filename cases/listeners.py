"""What the case side does when something happened: it rings, nothing else."""

from collections.abc import Sequence

from cases import tasks
from hbu.journal.doorbell import ring, subjects
from hbu.journal.models import Event
from hbu.journal.recording import on


@on("email.triaged")
def ring_take_in(events: Sequence[Event]) -> None:
    ring(tasks.take_in, subjects(events))


@on("email.taken_in")
def ring_work(events: Sequence[Event]) -> None:
    ring(tasks.work, subjects(events))


@on("order.confirmed")
def ring_tell_confirmed(events: Sequence[Event]) -> None:
    ring(tasks.tell_confirmed, subjects(events))


@on("order.confirmed")
@on("order.moved")
def ring_settle(events: Sequence[Event]) -> None:
    """A later step, such as packing, finds nothing left to settle."""
    ring(tasks.settle, subjects(events))


@on("document.checked")
@on("document.rejected")
def ring_settle_invoices(events: Sequence[Event]) -> None:
    ring(tasks.settle_invoices, subjects(events))


@on("outgoing.sent")
def ring_note_answers(events: Sequence[Event]) -> None:
    ring(tasks.note_answers, subjects(events))


@on("email.corrected")
def ring_follow_corrections(events: Sequence[Event]) -> None:
    ring(tasks.follow_corrections, subjects(events))
