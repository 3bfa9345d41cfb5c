"""Live events: from the process where something happened to every open page.

Each web process holds one subscription of the channel layer (the hub), serialises what comes once
and hands it to its own sockets. Frames carry kinds and ids, never content: a page fetches what it
may see through the usual views.
"""

import asyncio
import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

GROUP = "live"
# At most ten frames a second reach a page, so that a thousand mails a minute stay readable.
SECONDS_BETWEEN_FRAMES = 0.1
# A page that does not read for this many frames is dropped; it reconnects and starts afresh.
PATIENCE = 100

# Which events pages hear of, and under which name.
TYPES = {
    "email.triaged": "new_email",
    "email.quarantined": "quarantine",
    "email.dismissed": "quarantine",
    "email.retried": "quarantine",
    "email.handled": "email_handled",
    "email.set_aside": "email_handled",
    "case.opened": "case",
    "case.joined": "case",
    "case.resolved": "case",
    "task.opened": "task",
    "task.resolved": "task",
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
}


class _Event(Protocol):
    kind: str
    subject_id: int


def tell(events: Sequence[_Event]) -> None:
    """Send the events that pages hear of to every web process."""
    frames = [
        {"type": TYPES[event.kind], "id": event.subject_id}
        for event in events
        if event.kind in TYPES
    ]
    layer = get_channel_layer()
    if not frames or layer is None:
        return
    try:
        async_to_sync(layer.group_send)(GROUP, {"type": "live.events", "events": frames})
    except (OSError, RedisError):
        logger.warning("The broker is away; open pages refresh when it is back.")


class Hub:
    """The local end: one subscription, many sockets. Lives in one event loop."""

    def __init__(self) -> None:
        self._sockets: set[asyncio.Queue[str | None]] = set()
        self._reader: asyncio.Task[None] | None = None

    def join(self) -> "asyncio.Queue[str | None]":
        """Return a queue of serialised frames; None in it means: you were too slow, leave."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=PATIENCE)
        self._sockets.add(queue)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())
        return queue

    def leave(self, queue: "asyncio.Queue[str | None]") -> None:
        self._sockets.discard(queue)
        if not self._sockets and self._reader is not None:
            self._reader.cancel()
            self._reader = None

    async def _read(self) -> None:
        while True:
            try:
                await self._subscribe()
            except Exception:
                # The broker is away. Pages keep their sockets; they refresh when it is back.
                logger.warning("The live hub lost its subscription and tries again.")
                await asyncio.sleep(1)

    async def _subscribe(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        # Never cancelled while we go on: that unsubscribes, and what comes meanwhile is lost.
        receiving = asyncio.ensure_future(layer.receive(channel))
        try:
            while True:
                await asyncio.wait([receiving])
                events: list[dict[str, Any]] = []
                while receiving.done():
                    events += receiving.result()["events"]
                    receiving = asyncio.ensure_future(layer.receive(channel))
                    await asyncio.sleep(0)  # it begins, and is done if something has arrived
                self._fan_out(events)
                await asyncio.sleep(SECONDS_BETWEEN_FRAMES)
        finally:
            receiving.cancel()
            await layer.group_discard(GROUP, channel)

    def _fan_out(self, events: Iterable[dict[str, Any]]) -> None:
        frame = json.dumps({"events": list(events)}, separators=(",", ":"))
        for queue in list(self._sockets):
            try:
                queue.put_nowait(frame)
            except asyncio.QueueFull:
                self._sockets.discard(queue)
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)


hub = Hub()
