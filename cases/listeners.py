"""What the case side does when something happened: it rings, nothing else."""

from collections.abc import Sequence

from cases import tasks
from cases.notices import AUDIENCES
from cases.services.clocks import COUNTED_ANEW
from cases.services.indexing import CHANGES
from cases.triggers import TRIGGERS
from hbu.journal.doorbell import ring, subjects
from hbu.journal.models import Event
from hbu.journal.recording import on
from orders.models import Order


@on("email.triaged")
def ring_take_in(events: Sequence[Event]) -> None:
    ring(tasks.take_in, subjects(events))


@on("email.taken_in")
def ring_work(events: Sequence[Event]) -> None:
    ring(tasks.work, subjects(events))


@on("agent.started")
def ring_take_up(events: Sequence[Event]) -> None:
    ring(tasks.take_up, subjects(events))


@on("order.confirmed")
def ring_tell_confirmed(events: Sequence[Event]) -> None:
    ring(tasks.tell_confirmed, subjects(events))


@on("order.created")
@on("order.doubted")
def ring_tell_received(events: Sequence[Event]) -> None:
    certain = [event for event in events if event.data.get("doubts") == 0]
    ring(tasks.tell_received, set(subjects(events)) - set(subjects(certain)))


@on("order.moved")
def ring_tell_cancelled(events: Sequence[Event]) -> None:
    gone = [event for event in events if event.data.get("to") == Order.State.CANCELLED]
    ring(tasks.tell_cancelled, subjects(gone))


@on("shipment.sent")
def ring_tell_sent(events: Sequence[Event]) -> None:
    ring(tasks.tell_sent, subjects(events))


@on("invoice.issued")
def ring_tell_issued(events: Sequence[Event]) -> None:
    ring(tasks.tell_issued, subjects(events))


@on("reminder.written")
def ring_tell_reminded(events: Sequence[Event]) -> None:
    ring(tasks.tell_reminded, subjects(events))


@on("quotation.requested")
def ring_tell_requested(events: Sequence[Event]) -> None:
    ring(tasks.tell_requested, subjects(events))


@on("quotation.sent")
def ring_tell_quoted(events: Sequence[Event]) -> None:
    ring(tasks.tell_quoted, subjects(events))


@on("quotation.sent")
@on("quotation.accepted")
@on("quotation.declined")
def ring_settle_quotations(events: Sequence[Event]) -> None:
    ring(tasks.settle_quotations, subjects(events))


@on("printout.made")
def ring_enclose(events: Sequence[Event]) -> None:
    ring(tasks.enclose, subjects(events))


@on("printout.failed")
def ring_owe_printouts(events: Sequence[Event]) -> None:
    ring(tasks.owe_printouts, subjects(events))


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


@on("outgoing.incomplete")
def ring_owe_undelivered(events: Sequence[Event]) -> None:
    ring(tasks.owe_undelivered, subjects(events))


def ring_recount(events: Sequence[Event]) -> None:
    ring(tasks.recount, [event.pk for event in events])


for promises in COUNTED_ANEW:
    on(promises)(ring_recount)


@on("account.asked")
def ring_invite(events: Sequence[Event]) -> None:
    ring(tasks.invite, [event.pk for event in events])


@on("email.corrected")
def ring_follow_corrections(events: Sequence[Event]) -> None:
    ring(tasks.follow_corrections, subjects(events))


def ring_rules(events: Sequence[Event]) -> None:
    ring(tasks.rule, [event.pk for event in events])


for kind in TRIGGERS:
    on(kind)(ring_rules)


@on("case.webhook")
def ring_deliver(events: Sequence[Event]) -> None:
    ring(tasks.deliver, [event.data["call"] for event in events])


def ring_index(events: Sequence[Event]) -> None:
    ring(tasks.index, [event.pk for event in events])


for changed in CHANGES:
    on(changed)(ring_index)


def ring_notify(events: Sequence[Event]) -> None:
    ring(tasks.notify, [event.pk for event in events])


for heard in AUDIENCES:
    on(heard)(ring_notify)
