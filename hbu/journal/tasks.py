from celery import shared_task
from django.utils import timezone

from hbu.journal import sealing


@shared_task(name="journal.seal")
def seal() -> None:
    while sealing.seal(timezone.now()) == sealing.AT_ONCE:
        pass
