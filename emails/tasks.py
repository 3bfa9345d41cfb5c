"""Doorbells of the mail side. Each takes ids, calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from emails.models import Mailbox
from emails.services import intake, outbox, stages, training, upkeep
from emails.services.replay import running
from emails.services.triage import TRIAGE
from hbu.journal.doorbell import ring


@shared_task(name="emails.fetch_due")
def fetch_due() -> None:
    """Ring one task a mailbox, so that a server that hangs delays no other mailbox."""
    for pk in Mailbox.objects.due(timezone.now()).values_list("pk", flat=True):
        fetch.delay(pk)


@shared_task(name="emails.fetch", time_limit=600, soft_time_limit=570)
def fetch(mailbox_id: int) -> None:
    # It may have been switched off since the bell was rung.
    for mailbox in Mailbox.objects.watched().filter(pk=mailbox_id):
        intake.fetch(mailbox)


@shared_task(name="emails.triage")
def triage(ids: list[int]) -> None:
    stages.run(TRIAGE, ids)


@shared_task(name="emails.send", time_limit=300, soft_time_limit=270)
def send(ids: list[int]) -> None:
    outbox.send(ids)


@shared_task(name="emails.replay")
def replay(ids: list[int]) -> None:
    for pk in ids:
        running.go_on(pk)


@shared_task(name="emails.sweep")
def sweep() -> None:
    """Find what a lost message or a dead worker left behind."""
    now = timezone.now()
    outbox.recover(now)
    ring(triage, stages.overdue(now, TRIAGE.waits_in))
    ring(send, outbox.due(now))
    ring(replay, running.overdue(now))


@shared_task(name="emails.clear_orphans")
def clear_orphans() -> None:
    upkeep.clear_orphans(timezone.now())


@shared_task(name="emails.train", time_limit=600, soft_time_limit=570)
def train() -> None:
    training.train_if_due()
