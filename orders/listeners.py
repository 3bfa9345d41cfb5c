"""What orders do when something happened: they ring, nothing else."""

from collections.abc import Sequence

from hbu.journal.doorbell import ring, subjects
from hbu.journal.models import Event
from hbu.journal.recording import on
from orders import tasks


@on("printout.wanted")
def ring_print(events: Sequence[Event]) -> None:
    ring(tasks.make_printouts, subjects(events))


@on("order.confirmed")
@on("order.released")
def ring_advance(events: Sequence[Event]) -> None:
    ring(tasks.advance, subjects(events))
