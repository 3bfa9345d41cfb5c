"""The index of the search follows the books: set by set, at once when rung, later by the sweep.

Rows of `SearchEntry` say what can be found; each database keeps its full text of them by itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef

from cases.models import SearchEntry
from cases.services.entries import FINDABLE, KIND_OF
from hbu.journal.catching_up import missed
from hbu.journal.models import Event

READER = "search"
# Events after which something is found by other words than before.
CHANGES = (
    "case.opened", "case.handed_over", "case.assigned", "case.described", "case.tagged",
    "case.noted", "case.split", "case.merged",
    "email.triaged", "email.replayed", "email.quarantined",
    "outgoing.queued", "outgoing.held", "outgoing.sent",
    "customer.added", "customer.changed", "customer.merged", "customer.unmerged",
    "customer.guest_welcomed",
    "order.created", "order.edited", "order.proposed_again", "order.confirmed",
    "order.line_split", "order.put_off",
    "config.added", "config.changed", "config.removed",
)  # fmt: skip
CHUNK = 200


def index(kind: str, ids: Collection[int]) -> None:
    """Write anew how these things are found; one that is gone is found no more."""
    findable = FINDABLE[kind]
    with transaction.atomic():
        rows = list(findable.rows().filter(pk__in=ids))
        SearchEntry.objects.bulk_create(
            [findable.said(row).entry(kind, row.pk) for row in rows],
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=["title", "names", "body", "at"],
        )
        gone = set(ids) - {row.pk for row in rows}
        SearchEntry.objects.filter(kind=kind, object_id__in=gone).delete()


def follow(events: Collection[int]) -> None:
    """Index what these events are about, and what went with it."""
    wanted: dict[str, set[int]] = defaultdict(set)
    told = Event.objects.filter(pk__in=events).values_list("subject_type", "subject_id", "data")
    for label, pk, data in told:
        if kind := KIND_OF.get(label):
            wanted[kind] |= {pk, *_others(data)}
    for kind, ids in wanted.items():
        index(kind, ids)


def _others(data: dict[str, object]) -> Iterable[int]:
    """Return the keys of things of the same kind that were put together with this one."""
    return [one for name in ("gone", "kept") if isinstance(one := data.get(name), int)]


def unfollowed(now: datetime) -> list[int]:
    """Return events that a lost bell left unread."""
    return missed(READER, CHANGES, now)


def missing(kind: str, at_most: int = CHUNK) -> list[int]:
    """Return what cannot be found yet, the newest first: all of it where the search is new."""
    entries = SearchEntry.objects.filter(kind=kind, object_id=OuterRef("pk"))
    rows = FINDABLE[kind].rows().filter(~Exists(entries)).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:at_most])


def fill(at_most: int) -> int:
    """Index up to so many things that cannot be found yet. Returns how many there were."""
    done = 0
    for kind in FINDABLE:
        while done < at_most and (ids := missing(kind, min(CHUNK, at_most - done))):
            index(kind, ids)
            done += len(ids)
    return done


def forget(kind: str) -> None:
    """Begin anew with a kind of things; until they are indexed again they are not found."""
    while oldest := SearchEntry.objects.filter(kind=kind).aggregate(pk=Min("pk"))["pk"]:
        SearchEntry.objects.filter(kind=kind, pk__lt=oldest + 5000).delete()
