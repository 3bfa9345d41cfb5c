"""SMTP servers on loopback that answer as they are told."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult

DROP = "drop"


@dataclass
class Sink:
    """What a server answers to each command (nothing: what is usual), and what it took."""

    answers: dict[str, str] = field(default_factory=dict)
    by_recipient: dict[str, str] = field(default_factory=dict)
    on_letter: Callable[["Sink"], None] = lambda _sink: None
    slow_by: float = 0
    port: int = 0
    taken: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for _, _, raw in self.taken]

    @property
    def message_ids(self) -> list[str]:
        return [letter["Message-ID"] for letter in self.letters]

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        envelope.rcpt_tos.append(address)
        return self.by_recipient.get(address, "250 OK")

    async def handle_DATA(self, server, _session, envelope):
        said = self.answers.get("END", "250 taken")
        if said.startswith("2") or said == DROP:
            self.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
            self.on_letter(self)
        if said == DROP:
            server.transport.abort()
        return said


class Scripted(SMTP):
    """Answers from the script where there is one."""

    async def push(self, status):
        # The last word on a line that was cut is for nobody.
        if self.transport is not None and not self.transport.is_closing():
            await super().push(status)

    def connection_made(self, transport):
        if self.event_handler.answers.get("HELLO") == DROP:
            transport.abort()
            return
        super().connection_made(transport)

    async def _told(self, command, arg):
        sink = self.event_handler
        sink.commands.append(command)
        await asyncio.sleep(sink.slow_by)
        said = sink.answers.get(command)
        if said == DROP:
            self.transport.abort()
        elif said:
            await self.push(said)
            if said.startswith("421"):
                self.transport.close()
        else:
            await getattr(super(), f"smtp_{command}")(arg)

    async def smtp_MAIL(self, arg):
        await self._told("MAIL", arg)

    async def smtp_DATA(self, arg):
        await self._told("DATA", arg)

    async def smtp_RSET(self, arg):
        await self._told("RSET", arg)

    async def smtp_STARTTLS(self, arg):
        await self._told("STARTTLS", arg)

    async def smtp_AUTH(self, arg):
        await self._told("AUTH", arg)


@contextmanager
def running(sink: Sink, *, tls=None, passwords: bool = False) -> Iterator[Sink]:
    """Run the sink in a thread of its own until the block ends."""
    # What the far end writes down is its own affair.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    def refuse(_server, _session, _envelope, _mechanism, login):
        secret = login.password.decode()
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 {secret} is wrong")

    def make() -> SMTP:
        return Scripted(
            sink,
            hostname="sink",
            loop=loop,
            tls_context=tls,
            auth_require_tls=False,
            authenticator=refuse if passwords else None,
            timeout=20,
        )

    async def serve() -> None:
        server = await loop.create_server(make, "127.0.0.1", sink.port)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)
        loop.close()
