"""Readers of the journal find what a lost bell left unread.

A reader is rung by a listener, for each event at once; from time to time its sweep asks here for
the events that are old enough to be all committed, once each. Readers may see an event twice and
act once: what they write is unique for the event.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from hbu.journal.models import Cursor, Event

# Longer than any transaction may take (CELERY_TASK_TIME_LIMIT): events below are all committed.
SETTLED = timedelta(seconds=150)
AT_ONCE = 2000


def missed(reader: str, kinds: Collection[str], now: datetime) -> list[int]:
    """Return the settled events of these kinds that the reader was not given yet, and note it.

    A reader that begins today begins with today: history is not told again.
    """
    settled = Event.objects.filter(at__lte=now - SETTLED)
    cursor = Cursor.objects.filter(pk=reader).first()
    if cursor is None:
        newest = settled.order_by("-id").values_list("pk", flat=True).first()
        Cursor.objects.get_or_create(pk=reader, defaults={"event_id": newest or 0})
        return []
    unread = settled.filter(pk__gt=cursor.event_id).order_by("pk")
    rows = list(unread.values_list("pk", "kind")[:AT_ONCE])
    if rows:
        Cursor.objects.filter(pk=reader, event_id__lt=rows[-1][0]).update(event_id=rows[-1][0])
    return [pk for pk, kind in rows if kind in kinds]
