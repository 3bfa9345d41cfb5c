"""The web process's end of the live events: one subscription of the channel layer, many sockets.

What comes is serialised once for all who hear the same of it, and handed to each who may hear it. What
the broker lost on the way is found in the journal, a few seconds later.
"""

import asyncio
import json
import logging
import time
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.utils import timezone

from hbu.journal import resuming, staying
from hbu.journal.audiences import Listener
from hbu.journal.live import GROUP
from hbu.lib import measuring

logger = logging.getLogger(__name__)

# What is quiet is told at once; of a burst at most ten frames a second reach a page, so that a
# thousand mails a minute stay readable.
SECONDS_BETWEEN_FRAMES = 0.1
AT_ONCE = 5
# A page that does not read for this many frames is dropped; it reconnects and starts afresh.
PATIENCE = 100
LOOKS_EVERY = 10.0
# A session that ended without a word is found out by then.
ASKS_EVERY = 25.0
REMEMBERS = 120.0
"""Seconds for which the numbers of events are kept; longer than `resuming.LATELY`."""
SHOWN = ("type", "id", "kind", "event")


@dataclass(frozen=True)
class Frame:
    """What some sockets hear at one time."""

    events: Sequence[dict[str, Any]] = ()
    at: int | None = None
    """In the first frame of a socket: the newest event there is."""
    reload: bool = False
    """Too much happened: read everything anew."""

    @cached_property
    def text(self) -> str:
        shown = [{name: one[name] for name in SHOWN if name in one} for one in self.events]
        said: dict[str, Any] = {"events": shown}
        if self.at is not None:
            said["at"] = self.at
        if self.reload:
            said["reload"] = True
        return json.dumps(said, separators=(",", ":"))

    def without(self, known: Collection[int]) -> "Frame":
        if not any(one.get("event") in known for one in self.events):
            return self
        return Frame([one for one in self.events if one.get("event") not in known])


@dataclass(eq=False)
class Line:
    """What the hub knows of an open socket."""

    listener: Listener
    types: frozenset[str] | None = None
    """What this address tells; None means everything."""
    session: str = ""
    stand: Hashable = None
    """What must stay as it is, once it was looked at."""
    queue: asyncio.Queue[Frame | None] = field(
        default_factory=lambda: asyncio.Queue(maxsize=PATIENCE)
    )
    """None in it means: you were too slow, leave."""
    doubted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when something about the person changed."""

    def hears(self, event: dict[str, Any]) -> bool:
        return (self.types is None or event["type"] in self.types) and self.listener.hears(event)


class Pace:
    """How long to wait after a frame."""

    def __init__(self) -> None:
        self._left, self._at = float(AT_ONCE), time.monotonic()

    def pause(self) -> float:
        now = time.monotonic()
        grown = (now - self._at) / SECONDS_BETWEEN_FRAMES
        self._left, self._at = min(AT_ONCE, self._left + grown) - 1, now
        return SECONDS_BETWEEN_FRAMES if self._left < 1 else 0


class Hub:
    """Lives in one event loop."""

    def __init__(self) -> None:
        self._lines: set[Line] = set()
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._heard: dict[int, float] = {}
        """Events that were handed on, and when; oldest first."""
        self._listens: asyncio.Event

    def join(
        self, listener: Listener, types: frozenset[str] | None = None, session: str = ""
    ) -> Line | None:
        """Return a line for the person; None when there are too many already."""
        own = sum(line.listener.user == listener.user for line in self._lines)
        if own >= settings.HBU_MAX_SOCKETS_OF_ONE or len(self._lines) >= settings.HBU_MAX_SOCKETS:
            return None
        line = Line(listener, types, session)
        self._lines.add(line)
        if not self._tasks:
            self._listens = asyncio.Event()
            works = self._read(), self._look(), self._ask()
            self._tasks = tuple(asyncio.create_task(work) for work in works)
        return line

    def leave(self, line: Line) -> None:
        self._lines.discard(line)
        if not self._lines:
            for task in self._tasks:
                task.cancel()
            self._tasks = ()
            self._heard.clear()

    async def listens(self, seconds: float) -> None:
        """Wait until what happens from now on is heard; not for long, where the broker is away."""
        try:
            async with asyncio.timeout(seconds):
                await self._listens.wait()
        except TimeoutError:
            logger.warning("The broker is away; pages hear from the journal alone.")

    async def _read(self) -> None:
        # What was before the first line is read by each line for itself.
        self._remember(await self._lately() or ())
        while True:
            try:
                await self._subscribe()
            except Exception:
                # The broker is away. Pages keep their sockets and hear from the journal.
                logger.warning("The live hub lost its subscription and tries again.")
                await asyncio.sleep(1)

    async def _subscribe(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        self._listens.set()
        # Never cancelled while we go on: that unsubscribes, and what comes meanwhile is lost.
        receiving = asyncio.ensure_future(layer.receive(channel))
        pace = Pace()
        try:
            while True:
                await asyncio.wait([receiving])
                events: list[dict[str, Any]] = []
                while receiving.done():
                    message = receiving.result()
                    events += message.get("events", ())
                    self._doubt(message.get("users", ()))
                    receiving = asyncio.ensure_future(layer.receive(channel))
                    await asyncio.sleep(0)  # it begins, and is done if something has arrived
                self._fan_out(events)
                await asyncio.sleep(pace.pause())
        finally:
            receiving.cancel()
            await layer.group_discard(GROUP, channel)

    async def _look(self) -> None:
        """Look into the journal once in a while for what the broker lost."""
        while True:
            await asyncio.to_thread(measuring.hold, "sockets", len(self._lines), seconds=30)
            await asyncio.sleep(LOOKS_EVERY)
            missed = await self._lately()
            if missed is None:
                self._hand_all(Frame(reload=True))
            else:
                self._fan_out(missed)
            self._forget()

    async def _lately(self) -> resuming.Frames | None:
        look = database_sync_to_async(resuming.lately)
        try:
            missed: resuming.Frames | None = await look(timezone.now(), {*self._heard})
        except Exception:
            logger.exception("The live hub could not look into the journal.")
            return []
        return missed

    async def _ask(self) -> None:
        """Doubt, once in a while, those whose session ended or who changed without a word."""
        while True:
            await asyncio.sleep(ASKS_EVERY)
            sessions = {line.session: line.listener.user for line in self._lines}
            try:
                stands = await database_sync_to_async(staying.stands)(sessions)
            except Exception:
                logger.exception("The live hub could not ask who may stay.")
                continue
            for line in self._lines:
                stand = stands.get(line.session)
                if line.session in sessions and (stand is None or line.stand not in {None, stand}):
                    line.doubted.set()
                line.stand = stand

    def _doubt(self, users: Collection[int]) -> None:
        for line in self._lines:
            if line.listener.user in users:
                line.doubted.set()

    def _fan_out(self, events: Iterable[dict[str, Any]]) -> None:
        new = [event for event in events if event.get("event") not in self._heard]
        self._remember(new)
        frames: dict[tuple[bool, ...], Frame] = {}
        for line in list(self._lines):
            heard = tuple(line.hears(event) for event in new)
            if not any(heard):
                continue
            if heard not in frames:
                frames[heard] = Frame([one for one, to in zip(new, heard, strict=True) if to])
            self._hand(line, frames[heard])

    def _hand_all(self, frame: Frame) -> None:
        for line in list(self._lines):
            self._hand(line, frame)

    def _hand(self, line: Line, frame: Frame) -> None:
        try:
            line.queue.put_nowait(frame)
        except asyncio.QueueFull:
            self._lines.discard(line)
            while not line.queue.empty():
                line.queue.get_nowait()
            line.queue.put_nowait(None)

    def _remember(self, events: Iterable[dict[str, Any]]) -> None:
        now = time.monotonic()
        self._heard.update((event["event"], now) for event in events if "event" in event)

    def _forget(self) -> None:
        until = time.monotonic() - REMEMBERS
        self._heard = {number: at for number, at in self._heard.items() if at > until}


hub = Hub()
