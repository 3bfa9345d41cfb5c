"""The sockets of open staff pages. What is said on them: docs/live.md."""

import asyncio
import json
import logging
import random
import time
from collections import deque
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.http import HttpRequest

from hbu.journal import audiences, resuming
from hbu.journal.audiences import Listener
from hbu.journal.hub import Frame, Line, hub

logger = logging.getLogger(__name__)

NOT_ALLOWED = 4401
CHANGED = 4403
"""The person may do other things than before: the page connects anew and reads all of it again."""
TOO_SLOW = 4408
TOO_MUCH = 4429
TOO_LARGE = 1009
NONSENSE = 4400

# What each address tells; /live tells everything.
TOLD = {
    "ws/notifications": frozenset({"notification", "system_status"}),
    "ws/agents": frozenset({"agent", "case", "task"}),
    "ws/kpis": frozenset({"kpi_update", "alert"}),
}
# The hub asks for all sockets twice a minute whether their sessions stand (hub.py); what it does not
# see, such as the permissions of a group that were changed past Django, is found out by then.
ASKED_EVERY = 300.0
SETTLING = 1.0
LONGEST_WORD = 4096
WORDS_A_SECOND = 10
UNKNOWN_WORDS = 3
LONGEST_NUMBER = 19
# So long a socket waits for the broker before it says what the journal knows.
PATIENCE = 3.0


class LiveConsumer(AsyncWebsocketConsumer):
    """It only listens; a "ping" is answered, all else refused."""

    types: frozenset[str] | None = None
    line: Line | None = None
    tasks: "tuple[asyncio.Task[None], ...]" = ()
    unknown = 0
    closed = False

    def __init__(self, types: frozenset[str] | None = None) -> None:
        super().__init__()
        self.types = types

    async def connect(self) -> None:
        self.heard: deque[float] = deque(maxlen=WORDS_A_SECOND)
        listener = await self._asked()
        if listener is None:
            # Accepted, so that the page learns why.
            await self.accept()
            await self.close(NOT_ALLOWED)
            return
        self.line = hub.join(listener, self.types, self.scope["session"].session_key)
        if self.line is None:
            await self.close(TOO_MUCH)
            return
        await self.accept()
        self.tasks = (
            asyncio.create_task(self._send_on(self.line)),
            asyncio.create_task(self._ask_again(self.line)),
        )

    async def close(self, code: Any = None, reason: str | None = None) -> None:
        self.closed = True
        await super().close(code, reason)

    async def disconnect(self, code: int) -> None:
        if self.line is not None:
            hub.leave(self.line)
        for task in self.tasks:
            task.cancel()

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **_: Any
    ) -> None:
        if self.closed:
            # What was on its way when it was hung up on.
            return
        if len(text_data or bytes_data or "") > LONGEST_WORD:
            await self.close(TOO_LARGE)
        elif self._too_often():
            await self.close(TOO_MUCH)
        elif text_data == "ping":
            await self.send(json.dumps({"pong": True}))
        else:
            self.unknown += 1
            await self.send(json.dumps({"error": "unknown"}))
            if self.unknown >= UNKNOWN_WORDS:
                await self.close(NONSENSE)

    def _too_often(self) -> bool:
        now = time.monotonic()
        often = len(self.heard) == WORDS_A_SECOND and now - self.heard[0] < 1
        self.heard.append(now)
        return often

    async def _send_on(self, line: Line) -> None:
        first = await self._missed(line)
        await self.send(first.text)
        known = {one["event"] for one in first.events}
        while True:
            frame = await line.queue.get()
            if frame is None:
                await self.close(TOO_SLOW)
                return
            new = frame.without(known) if known else frame
            if new.events or new.reload:
                await self.send(new.text)

    async def _missed(self, line: Line) -> Frame:
        """Return what came since the event that the page heard last.

        It is read when the hub listens: what comes from then on stands in the line's queue.
        """
        await hub.listens(PATIENCE)
        number = _since(self.scope["query_string"])
        try:
            at = await database_sync_to_async(resuming.newest)()
            missed = (
                await database_sync_to_async(resuming.since)(number) if number is not None else []
            )
        except DatabaseError:
            logger.exception("The journal could not be asked what a page missed.")
            return Frame(reload=True)
        if missed is None:
            return Frame(at=at, reload=True)
        return Frame([one for one in missed if line.hears(one)], at=at)

    async def _ask_again(self, line: Line) -> None:
        """Ask whether the person may stay: when told to, and once in a while all the same."""
        while True:
            with suppress(TimeoutError):
                # Sockets that opened together do not ask together.
                async with asyncio.timeout(ASKED_EVERY * random.uniform(0.8, 1)):  # noqa: S311
                    await line.doubted.wait()
            if line.doubted.is_set():
                # A logout is announced before the session ends.
                await asyncio.sleep(SETTLING)
                line.doubted.clear()
            try:
                listener = await self._asked()
            except DatabaseError:
                logger.warning("Whether somebody may stay could not be asked; it is asked again.")
                line.doubted.set()
                continue
            if listener != line.listener:
                hub.leave(line)
                await self.close(NOT_ALLOWED if listener is None else CHANGED)
                return

    async def _asked(self) -> Listener | None:
        session = self.scope.get("session")
        key = session.session_key if session else None
        listener: Listener | None = await database_sync_to_async(admitted)(key)
        return listener


def _since(query: bytes) -> int | None:
    said = parse_qs(query.decode("ascii", "replace")).get("since", [""])[0]
    return int(said) if said.isascii() and said.isdigit() and len(said) < LONGEST_NUMBER else None


def admitted(session_key: str | None) -> Listener | None:
    """Return what the owner of the session may hear; None for one that is over, or is not staff's."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    # Also refuses a session from before the password was changed.
    user = get_user(request)
    if not (user.is_active and user.is_staff):
        return None
    return audiences.listener(user)
