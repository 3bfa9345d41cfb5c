"""Live events: from the process where something happened to every open page that may hear of it.

Frames carry kinds and ids, never content: a page fetches what it may see through the usual views. On
their way to the web processes they say whom they are for; the hub of each (`hub.py`) strips that.
What the broker loses is found in the journal (`resuming.py`).
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from hbu.journal.audiences import addressed, for_the_house, whispered

logger = logging.getLogger(__name__)

GROUP = "live"

# Which events pages hear of, and under which name.
TYPES = {
    "email.triaged": "new_email",
    "email.quarantined": "quarantine",
    "email.dismissed": "quarantine",
    "email.retried": "quarantine",
    "email.handled": "email_handled",
    "email.set_aside": "email_handled",
    "order.created": "order",
    "order.confirmed": "order",
    "order.doubted": "order",
    "order.edited": "order",
    "order.moved": "order",
    "order.held": "order",
    "order.released": "order",
    "outgoing.queued": "outgoing",
    "outgoing.sent": "outgoing",
    "outgoing.held": "outgoing",
    "outgoing.failed": "outgoing",
    "outgoing.bounced": "outgoing",
    "mailbox.failing": "system_status",
    "mailbox.healthy": "system_status",
    "mailbox.gap": "system_status",
    "mailbox.gap_closed": "system_status",
    "mailbox.refetched": "system_status",
}
# All that happens to these is told.
WHOLE = {
    "case": "cases.case",
    "task": "cases.task",
    "agent": "agents.agent",
    "alert": "kpis.alert",
}
# No event: it only says that something is to be read anew.
ANNOUNCED = {"kpi_update"}


class _Event(Protocol):
    pk: int
    kind: str
    subject_type: str
    subject_id: int


def tell(events: Sequence[_Event]) -> None:
    """Send the events that pages hear of to every web process, each with those it is for."""
    if frames := frames_of(events):
        _send({"type": "live.events", "events": frames})


def frames_of(events: Iterable[_Event]) -> list[dict[str, Any]]:
    """Return what pages hear of the events; one question for each type of subject says whom."""
    told = [(type_, event) for event in events if (type_ := type_of(event))]
    subjects: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
    for type_, event in told:
        subjects[type_, event.subject_type][event.subject_id] = None
    found = {
        (type_, subject_type, frame["id"]): frame
        for (type_, subject_type), ids in subjects.items()
        for frame in addressed(type_, subject_type, list(ids))
    }
    return [
        found[type_, event.subject_type, event.subject_id] | {"kind": event.kind, "event": event.pk}
        for type_, event in told
    ]


def type_of(event: _Event) -> str:
    """Return the name under which pages hear of the event; empty for one that none needs."""
    family = event.kind.partition(".")[0]
    if WHOLE.get(family) == event.subject_type:
        return family
    return TYPES.get(event.kind, "")


def whisper(users: Collection[int], type: str, id: int) -> None:
    """Tell the pages of these people alone, after the commit."""
    message = {"type": "live.events", "events": [whispered(users, type, id)]}
    if users:
        transaction.on_commit(lambda: _send(message), robust=True)


def announce(type: str, *ids: int) -> None:
    """Tell every page whose person may hear of it, whatever the department, after the commit."""
    frames = [for_the_house(type, one) for one in ids or (0,)]
    message = {"type": "live.events", "events": frames}
    transaction.on_commit(lambda: _send(message), robust=True)


def doubt(users: Collection[int]) -> None:
    """Let the sockets of these people ask again, after the commit, whether they may stay."""
    message = {"type": "live.people", "users": sorted(users)}
    if users:
        transaction.on_commit(lambda: _send(message), robust=True)


def _send(message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    # The layer of tests, in memory, only knows the long way.
    send = getattr(layer, "publish", None) or async_to_sync(layer.group_send)
    try:
        send(GROUP, message)
    except (OSError, RedisError):
        logger.warning("The broker is away; open pages look into the journal.")
