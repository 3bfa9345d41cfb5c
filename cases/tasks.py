"""Doorbells of the case side. Each takes ids, calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from cases.services import (
    attending,
    bell,
    calling,
    clocks,
    correcting,
    escalating,
    flow,
    following,
    hearing,
    indexing,
    inviting,
    life,
    notice_mail,
    papers,
    printouts,
    queueing,
    ruling,
    timing,
)
from cases.services.answering import undelivered
from cases.services.news import invoices, orders, quotations, shipments
from emails.services import stages
from hbu.journal.doorbell import ring
from orders.models import Document, Order

# Some twenty seconds' work.
FILLED_AT_ONCE = 10_000


@shared_task(name="cases.take_in")
def take_in(ids: list[int]) -> None:
    stages.run(flow.TAKE_IN, ids)


@shared_task(name="cases.work")
def work(ids: list[int]) -> None:
    if stages.run(flow.WORK, ids):
        # What was left because its agent had no instance free.
        ring(work, queueing.next_up(timezone.now()))


@shared_task(name="cases.take_up")
def take_up(agents: list[int]) -> None:
    """Agents were started: everything that waited for them is rung at once."""
    ring(work, queueing.started(agents))


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


@shared_task(name="cases.owe_undelivered")
def owe_undelivered(letters: list[int]) -> None:
    undelivered.owe(letters)


@shared_task(name="cases.invite")
def invite(events: list[int]) -> None:
    inviting.write(events)


@shared_task(name="cases.follow_corrections")
def follow_corrections(emails: list[int]) -> None:
    correcting.follow(emails)
    # One that had no case waits to be taken in again.
    ring(take_in, emails)


@shared_task(name="cases.wake")
def wake(ids: list[int]) -> None:
    attending.wake(ids)


@shared_task(name="cases.rule")
def rule(events: list[int]) -> None:
    ruling.rule(events)


@shared_task(name="cases.deliver")
def deliver(calls: list[int]) -> None:
    calling.deliver(calls)


@shared_task(name="cases.time_rules")
def time_rules() -> None:
    """Rules of time are asked each minute."""
    now = timezone.now()
    timing.ask(timing.waiting(), now)
    timing.forget(now)


@shared_task(name="cases.index")
def index(events: list[int]) -> None:
    indexing.follow(events)


@shared_task(name="cases.fill_search")
def fill_search() -> None:
    """A new search is filled from the books; later this finds what no event told of."""
    indexing.fill(FILLED_AT_ONCE)


@shared_task(name="cases.notify")
def notify(events: list[int]) -> None:
    hearing.hear(events)


@shared_task(name="cases.mail_notices")
def mail_notices(users: list[int]) -> None:
    notice_mail.send(users)


@shared_task(name="cases.notices_due")
def notices_due() -> None:
    """Let the mails to staff leave whose moment has come."""
    ring(mail_notices, notice_mail.due(timezone.now()))


@shared_task(name="cases.forget_notices")
def forget_notices() -> None:
    now = timezone.now()
    bell.forget(now)
    attending.forget(now)


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


@shared_task(name="cases.refresh_clocks")
def refresh_clocks(ids: list[int]) -> None:
    clocks.recompute(ids)


@shared_task(name="cases.recount")
def recount(events: list[int]) -> None:
    """Promises, hours or holidays changed: every open case is counted anew."""
    ring(refresh_clocks, clocks.counted(events))


@shared_task(name="cases.warn")
def warn(ids: list[int]) -> None:
    escalating.warn(ids)


@shared_task(name="cases.close_resolved")
def close_resolved(ids: list[int]) -> None:
    life.close(ids)


@shared_task(name="cases.sweep")
def sweep() -> None:
    """Find what a lost message or a dead worker left behind."""
    now = timezone.now()
    ring(take_in, stages.overdue(now, flow.TAKE_IN.waits_in))
    ring(work, queueing.overdue(now))
    queueing.rest_where_drained()
    for task, untold in NEWS:
        ring(task, untold(now))
    ring(enclose, printouts.unenclosed())
    ring(owe_printouts, printouts.unasked())
    ring(settle_quotations, following.unsettled_quotations())
    ring(settle, following.unsettled())
    ring(settle_invoices, papers.unsettled())
    ring(note_answers, following.unnoted(now))
    ring(recount, clocks.overlooked(now))
    ring(refresh_clocks, clocks.uncounted())
    ring(warn, escalating.due(now))
    ring(close_resolved, life.to_close(now))
    ring(owe_undelivered, undelivered.unowed(now))
    ring(invite, inviting.unwritten(now))
    ring(notify, hearing.unheard(now))
    ring(follow_corrections, correcting.unfollowed(now))
    ring(wake, attending.to_wake(now))
    ring(rule, ruling.overlooked(now))
    ring(index, indexing.unfollowed(now))
    ring(deliver, calling.due(now))
