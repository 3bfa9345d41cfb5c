"""The chain over the journal: whoever changes or removes an event breaks it (promise J4).

    hash of a seal = SHA-256(hash of the seal before it + the event as canonical JSON)

Seals are numbered without a gap by one sealer at a time. Somebody who may do anything to the
database could write the whole chain anew; the head that `manage.py verify_journal` prints, kept
elsewhere, tells even that.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from hbu.journal.catching_up import SETTLED
from hbu.journal.models import Cursor, Event, Seal

READER = "seal"
AT_ONCE = 5000
FIRST = "0" * 64
# A sealer comes every ten seconds; after so long something keeps it away.
OVERDUE = timedelta(minutes=10)
PORTION = 2000

Said = tuple[int, datetime, str, str, int, int | None, str | None, Any]
FIELDS = ("pk", "at", "kind", "subject_type", "subject_id", "actor_id", "ip", "data")


def seal(now: datetime) -> int:
    """Seal the events that have none, oldest first. Returns how many there were.

    An event that is committed late gets a later seal than its number says. What is behind the
    cursor is old enough to be all committed and sealed, and is not looked at again.
    """
    Cursor.objects.get_or_create(pk=READER)
    with transaction.atomic():
        # On SQLite BEGIN IMMEDIATE has locked already.
        cursor = Cursor.objects.select_for_update().get(pk=READER)
        fresh = Event.objects.filter(pk__gt=cursor.event_id, seal=None).order_by("pk")
        events = list(fresh.values_list(*FIELDS)[:AT_ONCE])
        last = Seal.objects.order_by("-pk").first()
        number, before = (last.pk, last.hash) if last else (0, FIRST)
        seals = []
        for event in events:
            number, before = number + 1, link(before, event)
            seals.append(Seal(pk=number, event_id=event[0], hash=before))
        Seal.objects.bulk_create(seals, batch_size=PORTION)
        _move_on(cursor, events, now)
    return len(events)


def unsealed() -> "QuerySet[Event]":
    """Return what waits for its seal; what is behind the cursor has one."""
    behind = Cursor.objects.filter(pk=READER).values_list("event_id", flat=True).first()
    return Event.objects.filter(pk__gt=behind or 0, seal=None).order_by("pk")


def _move_on(cursor: Cursor, events: Sequence[Said], now: datetime) -> None:
    settled = Event.objects.filter(at__lte=now - SETTLED, pk__gt=cursor.event_id)
    if len(events) == AT_ONCE:
        settled = settled.filter(pk__lte=events[-1][0])
    newest = settled.aggregate(pk=Max("pk"))["pk"]
    if newest:
        Cursor.objects.filter(pk=READER).update(event_id=newest)


def link(before: str, event: Said) -> str:
    """Return the hash of the seal of an event that follows the seal with this hash."""
    pk, at, kind, *rest, data = event
    said = [pk, at.astimezone(UTC).isoformat(timespec="microseconds"), kind, *rest, data]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}{text}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Something that is not as it was sealed."""

    what: str
    """changed, missing, lost (with its seal) or unsealed."""
    event: int
    seal: int = 0

    def __str__(self) -> str:
        words = {
            "changed": _("Event %(event)d (seal %(seal)d) is not as it was sealed."),
            "missing": _("Event %(event)d (seal %(seal)d) is missing."),
            "lost": _("Seal %(seal)d is missing, with whatever event it had."),
            "unsealed": _("Event %(event)d has waited too long for its seal."),
            "head": _("The chain has no seal %(seal)d with the hash that was kept."),
        }
        return words[self.what] % {"event": self.event, "seal": self.seal}


@dataclass(slots=True)
class Report:
    sealed: int = 0
    head: str = FIRST
    number: int = 0
    breaks: list[Break] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.breaks


def verify(
    now: datetime, *, since: int = 0, expected: tuple[int, str] | None = None, most: int = 1000
) -> Report:
    """Go along the chain, in constant memory, and name what is not as it was sealed.

    `since` is the number of a seal to begin behind; `expected` a head that was kept elsewhere. After
    a break the chain goes on with what it says itself, so that one changed row is named alone. No
    more than `most` breaks are named.
    """
    first = Seal.objects.filter(pk=since).first() if since else None
    report = Report(head=first.hash if first else FIRST, number=since if first else 0)
    seen = expected is None or (report.number, report.head) == expected
    for number, event_pk, digest, event in _links(report.number):
        lost = islice(range(report.number + 1, number), most)
        report.breaks += [Break("lost", 0, gone) for gone in lost]
        if event is None:
            report.breaks.append(Break("missing", event_pk, number))
        elif link(report.head, event) != digest and number == report.number + 1:
            report.breaks.append(Break("changed", event_pk, number))
        report.number, report.head, report.sealed = number, digest, report.sealed + 1
        seen = seen or (number, digest) == expected
        if len(report.breaks) >= most:
            return report
    if not seen and expected:
        report.breaks.append(Break("head", 0, expected[0]))
    report.breaks += [Break("unsealed", pk) for pk in overdue(now, most)]
    return report


def _links(since: int) -> Iterator[tuple[int, int, str, Said | None]]:
    """Yield number, event, hash of each seal, with what its event says today."""
    while True:
        seals = Seal.objects.filter(pk__gt=since).order_by("pk")
        rows = list(seals.values_list("pk", "event_id", "hash")[:PORTION])
        if not rows:
            return
        told = Event.objects.filter(pk__in=[row[1] for row in rows]).values_list(*FIELDS)
        events = {event[0]: event for event in told.order_by()}
        for number, event_pk, digest in rows:
            yield number, event_pk, digest, events.get(event_pk)
        since = rows[-1][0]


def overdue(now: datetime, most: int = 1000) -> list[int]:
    """Return events that should have been sealed long ago."""
    waiting = Event.objects.filter(seal=None, at__lte=now - OVERDUE).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:most])
