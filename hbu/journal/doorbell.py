"""Ringing Celery. A message carries ids and nothing else; a lost one costs only time."""

import logging
from collections.abc import Iterable

from celery import Task
from django.conf import settings
from kombu.exceptions import OperationalError

from hbu.journal.models import Event

logger = logging.getLogger(__name__)


def ring(task: "Task[..., None]", ids: Iterable[int]) -> None:
    """Ring a task for ids, a chunk a message. With the broker away, the sweep rings later."""
    ids = list(ids)
    try:
        for start in range(0, len(ids), settings.HBU_CHUNK):
            task.delay(ids[start : start + settings.HBU_CHUNK])
    except OperationalError:
        logger.warning("The broker is away; %s waits for the sweep.", task.name)


def subjects(events: Iterable[Event]) -> list[int]:
    return [event.subject_id for event in events]
