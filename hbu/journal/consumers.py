import asyncio
import json
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from hbu.journal.live import hub

NOT_ALLOWED = 4401
TOO_SLOW = 4408


class LiveConsumer(AsyncWebsocketConsumer):
    """The socket of an open staff page. It only listens; a "ping" is answered, all else refused."""

    queue: "asyncio.Queue[str | None] | None" = None
    sender: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        user = self.scope.get("user")
        await self.accept()
        if not (user and user.is_active and user.is_staff):
            await self.close(NOT_ALLOWED)
            return
        self.queue = hub.join()
        self.sender = asyncio.create_task(self._send_on(self.queue))

    async def disconnect(self, code: int) -> None:
        if self.queue is not None:
            hub.leave(self.queue)
        if self.sender is not None:
            self.sender.cancel()

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **_: Any
    ) -> None:
        known = text_data == "ping"
        await self.send(json.dumps({"pong": True} if known else {"error": "unknown"}))

    async def _send_on(self, queue: "asyncio.Queue[str | None]") -> None:
        while True:
            frame = await queue.get()
            if frame is None:
                await self.close(TOO_SLOW)
                return
            await self.send(frame)
