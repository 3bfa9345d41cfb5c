"""The mail hub of the demo and the tests: IMAP and SMTP on loopback, in one process.

Takes mail for any address of any domain. An address is an account from its first mail or login
on, and one password opens them all.
"""

import asyncio
import logging
import os
import signal
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakSet

from emails.simulation.certificates import ensure_certificates
from emails.simulation.hub_folders import PostOffice
from emails.simulation.hub_imap import ImapService
from emails.simulation.hub_smtp import Connections, smtp_factory
from emails.simulation.hub_store import MailStore
from hbu.lib.errors import DomainError

HOST = "127.0.0.1"
# A command line of a client may name thousands of UIDs; asyncio's own limit is 64 KiB.
LINE_LIMIT = 2**20


@dataclass(frozen=True, slots=True)
class Hub:
    """Where a running hub listens, and the file that its clients trust."""

    imap_port: int
    smtp_port: int
    ca_file: Path


async def serve(
    folder: Path,
    *,
    password: str,
    imap_port: int,
    smtp_port: int,
    ready: Callable[[Hub], None],
) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _open_hub(folder, password, imap_port, smtp_port) as hub:
        ready(hub)
        await stop.wait()


@contextmanager
def running_hub(
    folder: Path, *, password: str, imap_port: int = 0, smtp_port: int = 0
) -> Iterator[Hub]:
    """Run a hub in a thread of its own; port 0 takes any free one."""
    started: Future[tuple[Hub, Callable[[], object]]] = Future()

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with _open_hub(folder, password, imap_port, smtp_port) as hub:
            started.set_result((hub, partial(loop.call_soon_threadsafe, stop.set)))
            await stop.wait()

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail-hub") as executor:
        serving = executor.submit(lambda: asyncio.run(run()))
        outcomes: list[Future[Any]] = [started, serving]
        wait(outcomes, return_when=FIRST_COMPLETED)
        if serving.done():
            serving.result()
        hub, stop_serving = started.result()
        try:
            yield hub
        finally:
            stop_serving()
            serving.result()


@asynccontextmanager
async def _open_hub(
    folder: Path, password: str, imap_port: int, smtp_port: int
) -> AsyncIterator[Hub]:
    if not password:
        raise DomainError("no_password", "The mail hub needs a password.")
    # aiosmtpd tells of every connection and every command.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    certificates = ensure_certificates(folder / "certificates")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates.server)
    store = MailStore(folder / "hub")
    office = PostOffice(store)
    connections: Connections = WeakSet()
    imap = ImapService(office, tls, password, connections)
    smtp = smtp_factory(office.deliver, tls, password, connections)
    listening: list[asyncio.Server] = []
    try:
        listening.append(await _listen_imap(imap, imap_port))
        listening.append(await _listen_smtp(smtp, smtp_port))
        yield Hub(_port_of(listening[0]), _port_of(listening[1]), certificates.ca)
    finally:
        await _hang_up(listening, connections)
        store.close()


async def _listen_imap(service: ImapService, port: int) -> asyncio.Server:
    with _port_errors(port):
        return await asyncio.start_server(service, HOST, port, limit=LINE_LIMIT)


async def _listen_smtp(factory: Callable[[], asyncio.Protocol], port: int) -> asyncio.Server:
    with _port_errors(port):
        return await asyncio.get_running_loop().create_server(factory, HOST, port)


@contextmanager
def _port_errors(port: int) -> Iterator[None]:
    try:
        yield
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        reason = os.strerror(number) if number else str(error)
        message = f"The mail hub cannot listen on {HOST}:{port}: {reason}"
        raise DomainError("port_unavailable", message) from error


def _port_of(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


async def _hang_up(listening: Iterable[asyncio.Server], connections: Connections) -> None:
    """Close the doors and end the sessions: all other tasks of this loop, which is ours alone."""
    for server in listening:
        server.close()
    sessions = asyncio.all_tasks() - {asyncio.current_task()}
    for session in sessions:
        session.cancel()
    await asyncio.gather(*sessions, return_exceptions=True)
    # A farewell in TLS would wait for the client's.
    for connection in list(connections):
        connection.abort()
