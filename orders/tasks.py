"""Doorbells of orders. Each takes ids or nothing, calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from hbu.journal.doorbell import ring
from orders.services import advancing, idempotency, printing, quoting, reminding


@shared_task(name="orders.print", time_limit=300, soft_time_limit=270)
def make_printouts(ids: list[int]) -> None:
    printing.make(ids)


@shared_task(name="orders.sweep_printouts")
def sweep_printouts() -> None:
    """Find documents whose bell was lost or whose maker died."""
    ring(make_printouts, printing.overdue(timezone.now()))


@shared_task(name="orders.advance")
def advance(ids: list[int]) -> None:
    advancing.advance(timezone.now(), ids)


@shared_task(name="orders.advance_due")
def advance_due() -> None:
    """Find orders whose day has come, or whose bell was lost."""
    advancing.advance(timezone.now())


@shared_task(name="orders.expire_quotations")
def expire_quotations() -> None:
    quoting.expire(timezone.localdate())


@shared_task(name="orders.remind")
def remind() -> None:
    reminding.remind()


@shared_task(name="orders.forget_keys")
def forget_keys() -> None:
    idempotency.forget_old()
