"""Ringing Celery. A message carries ids and nothing else; a lost one costs only time."""

from collections.abc import Iterable

from celery import Task
from django.conf import settings

from hbu.journal.models import Event


def ring(task: Task, ids: Iterable[int]) -> None:
    """Ring a task for ids, a chunk a message."""
    ids = list(ids)
    for start in range(0, len(ids), settings.HBU_CHUNK):
        task.delay(ids[start : start + settings.HBU_CHUNK])


def subjects(events: Iterable[Event]) -> list[int]:
    return [event.subject_id for event in events]
