"""Ringing Celery. A message carries ids and nothing else; a lost one costs only time."""

import logging
from collections.abc import Iterable

from celery import Task
from django.conf import settings
from kombu.exceptions import OperationalError

from hbu.journal.models import Event

logger = logging.getLogger(__name__)


def ring(task: "Task[..., None]", ids: Iterable[int], *, after: int = 0) -> None:
    """Ring a task for ids, a chunk a message; `after` so many seconds, at most 300. With the
    broker away, the sweep rings later."""
    ids = list(ids)
    try:
        for start in range(0, len(ids), settings.HBU_CHUNK):
            chunk = ids[start : start + settings.HBU_CHUNK]
            if after:
                # A message that waits longer than the broker shows patience would come twice.
                task.apply_async((chunk,), countdown=min(after, 300))
            else:
                task.delay(chunk)
    except OperationalError:
        logger.warning("The broker is away; %s waits for the sweep.", task.name)


def subjects(events: Iterable[Event]) -> list[int]:
    return [event.subject_id for event in events]
