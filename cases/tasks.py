"""Doorbells of the case side. Each takes ids, calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from cases.services import correcting, flow, following, papers, replying
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
    replying.tell_confirmed(list(Order.objects.filter(pk__in=ids)))


@shared_task(name="cases.settle")
def settle(ids: list[int]) -> None:
    following.settle(list(Order.objects.filter(pk__in=ids)))


@shared_task(name="cases.settle_invoices")
def settle_invoices(ids: list[int]) -> None:
    papers.settle(list(Document.objects.filter(pk__in=ids)))


@shared_task(name="cases.note_answers")
def note_answers(ids: list[int]) -> None:
    following.note_answers(ids)


@shared_task(name="cases.follow_corrections")
def follow_corrections(emails: list[int]) -> None:
    correcting.follow(emails)
    # One that had no case waits to be taken in again.
    ring(take_in, emails)


@shared_task(name="cases.sweep")
def sweep() -> None:
    """Find what a lost message or a dead worker left behind."""
    now = timezone.now()
    ring(take_in, stages.overdue(now, flow.TAKE_IN.waits_in))
    ring(work, stages.overdue(now, flow.WORK.waits_in))
    ring(tell_confirmed, replying.untold(now))
    ring(settle, following.unsettled())
    ring(settle_invoices, papers.unsettled())
    ring(note_answers, following.unnoted(now))
    ring(follow_corrections, correcting.unfollowed(now))
