"""Doorbells of the case side. Each takes ids, calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from cases.services import correcting, flow, following, inviting, papers, printouts
from cases.services.news import invoices, orders, quotations, shipments
from emails.services import stages
from hbu.journal.doorbell import ring
from orders.models import Document, Order


@shared_task(name="cases.take_in")
def take_in(ids: list[int]) -> None:
    stages.run(flow.TAKE_IN, ids)


@shared_task(name="cases.work")
def work(ids: list[int]) -> None:
    stages.run(flow.WORK, ids)


@shared_task(name="cases.tell_confirmed")
def tell_confirmed(ids: list[int]) -> None:
    orders.tell_confirmed(ids)


@shared_task(name="cases.tell_received")
def tell_received(ids: list[int]) -> None:
    orders.tell_received(ids)


@shared_task(name="cases.tell_cancelled")
def tell_cancelled(ids: list[int]) -> None:
    orders.tell_cancelled(ids)


@shared_task(name="cases.tell_sent")
def tell_sent(ids: list[int]) -> None:
    shipments.tell_sent(ids)


@shared_task(name="cases.tell_issued")
def tell_issued(ids: list[int]) -> None:
    invoices.tell_issued(ids)


@shared_task(name="cases.tell_reminded")
def tell_reminded(ids: list[int]) -> None:
    invoices.tell_reminded(ids)


@shared_task(name="cases.tell_requested")
def tell_requested(ids: list[int]) -> None:
    quotations.tell_requested(ids)


@shared_task(name="cases.tell_quoted")
def tell_quoted(ids: list[int]) -> None:
    quotations.tell_sent(ids)


@shared_task(name="cases.settle_quotations")
def settle_quotations(ids: list[int]) -> None:
    following.settle_quotations(ids)


@shared_task(name="cases.enclose")
def enclose(ids: list[int]) -> None:
    printouts.enclose(ids)


@shared_task(name="cases.owe_printouts")
def owe_printouts(ids: list[int]) -> None:
    printouts.owe(ids)


@shared_task(name="cases.settle")
def settle(ids: list[int]) -> None:
    following.settle(list(Order.objects.filter(pk__in=ids)))


@shared_task(name="cases.settle_invoices")
def settle_invoices(ids: list[int]) -> None:
    papers.settle(list(Document.objects.filter(pk__in=ids)))


@shared_task(name="cases.note_answers")
def note_answers(ids: list[int]) -> None:
    following.note_answers(ids)


@shared_task(name="cases.invite")
def invite(events: list[int]) -> None:
    inviting.write(events)


@shared_task(name="cases.follow_corrections")
def follow_corrections(emails: list[int]) -> None:
    correcting.follow(emails)
    # One that had no case waits to be taken in again.
    ring(take_in, emails)


# What customers are told, with what finds those whom a lost bell left untold.
NEWS = (
    (tell_confirmed, orders.unconfirmed),
    (tell_received, orders.unreceived),
    (tell_cancelled, orders.uncancelled),
    (tell_sent, shipments.unsent),
    (tell_issued, invoices.unissued),
    (tell_reminded, invoices.unreminded),
    (tell_requested, quotations.unrequested),
    (tell_quoted, quotations.unsent),
)


@shared_task(name="cases.sweep")
def sweep() -> None:
    """Find what a lost message or a dead worker left behind."""
    now = timezone.now()
    ring(take_in, stages.overdue(now, flow.TAKE_IN.waits_in))
    ring(work, stages.overdue(now, flow.WORK.waits_in))
    for task, untold in NEWS:
        ring(task, untold(now))
    ring(enclose, printouts.unenclosed())
    ring(owe_printouts, printouts.unasked())
    ring(settle_quotations, following.unsettled_quotations())
    ring(settle, following.unsettled())
    ring(settle_invoices, papers.unsettled())
    ring(note_answers, following.unnoted(now))
    ring(invite, inviting.unwritten(now))
    ring(follow_corrections, correcting.unfollowed(now))
