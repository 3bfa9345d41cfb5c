"""What pages did not hear of, read from the journal: the broker may lose a message, rows stay.

Events commit in another order than that of their numbers: when a page has heard number 12, number 10
may still be in the making. So whoever asks what came since gets a little more than that, and leaves
out by their numbers those that it knows.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from hbu.journal.catching_up import SETTLED
from hbu.journal.live import TYPES, WHOLE, frames_of
from hbu.journal.models import Event

# Who missed more than that reads everything anew, which is less work for both.
MOST = 1000
LATELY = timedelta(seconds=60)

Frames = list[dict[str, Any]]


def newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def since(number: int) -> Frames | None:
    """Return what there was to hear since the event; None where that is too much, or nobody knows.

    Some of it is older than the event: what was not committed yet when that was heard.
    """
    last = Event.objects.filter(pk=number).values_list("at", flat=True).first()
    if last is None:
        return None
    later = _told().filter(at__gte=last - SETTLED).exclude(pk=number)
    events = list(later[: MOST + 1])
    return frames_of(reversed(events)) if len(events) <= MOST else None


def lately(now: datetime, heard: Collection[int]) -> Frames | None:
    """Return what there was to hear in the last minute beside these events; None for too much."""
    events = [
        event for event in _told().filter(at__gte=now - LATELY)[: MOST + 1] if event.pk not in heard
    ]
    return frames_of(reversed(events)) if len(events) <= MOST else None


def _told() -> "QuerySet[Event]":
    told = Q(kind__in=TYPES) | Q(subject_type__in=WHOLE.values())
    return Event.objects.filter(told).defer("data").order_by("-at")
