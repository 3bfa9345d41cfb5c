"""What runs in the embedded set-up, and in which order it starts and stops."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_connection

from django.conf import settings

from hbu import broker
from hbu.lib.errors import DomainError
from hbu.supervisor import ports
from hbu.supervisor.banner import banner
from hbu.supervisor.children import Child, Program, Say, Surroundings
from hbu.supervisor.rundir import RunFolder
from hbu.supervisor.staff import colleagues, ensure_staff

HOST = "127.0.0.1"
READY_WITHIN = 120.0
# No frame that is larger than any word of ours is put together (docs/live.md).
SMALL = ("--websocket-max-message-size", "65536", "--websocket-max-frame-size", "65536")
# Seconds to end in; together below the ten that a Ctrl-C may take.
DEMO, WORK, GROUND = 1.5, 5.0, 2.5


def supervise(say: Say) -> None:
    """Run the house until Ctrl-C or SIGTERM."""
    # Mail, database and keys are nobody else's business on this machine.
    os.umask(0o077)
    folder = RunFolder(settings.HBU_DATA_DIR / "run")
    with folder.locked():
        for name in folder.reap():
            say("run", f"ended {name}, which the last run had left behind.")
        asyncio.run(House(folder, choose_ports(), say).run())


def choose_ports() -> dict[str, int]:
    """Return the ports by the variables that carry them to the children."""
    wanted = {"PORT": settings.PORT}
    if settings.HBU_MAIL_HUB:
        wanted |= {"HBU_IMAP_PORT": settings.HBU_IMAP_PORT, "HBU_SMTP_PORT": settings.HBU_SMTP_PORT}
    chosen: dict[str, int] = {}
    # Named ones first, so that no other takes the port that somebody counts on.
    for variable in sorted(wanted, key=lambda name: not os.environ.get(name)):
        chosen[variable] = ports.choose(
            variable, wanted[variable], environment=os.environ, taken=chosen.values()
        )
    return chosen


class House:
    def __init__(self, folder: RunFolder, chosen: dict[str, int], say: Say) -> None:
        self._ports = chosen
        self._say = say
        numbers = {variable: str(port) for variable, port in chosen.items()}
        quiet = {"LOG_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1"}
        self._around = Surroundings(
            quiet | dict(os.environ) | numbers, settings.BASE_DIR, folder, say
        )
        self._groups: list[tuple[list[Child], float]] = []
        self._keepers: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        living = asyncio.create_task(self._live())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup asks to ignore SIGHUP; a shell's background jobs ignore SIGINT unasked.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(number, living.cancel)
        try:
            await living
        except asyncio.CancelledError:
            self._say("run", "stopping.")
        finally:
            await self._stop()

    async def _live(self) -> None:
        await self._lay_ground()
        password = await self._furnish()
        self._start(WORK, *self._work())
        await self._ready("The web server", self._pages_answer)
        self._say("", banner(self._ports, password))
        if others := await asyncio.to_thread(colleagues):
            self._say("", f"  {others}\n")
        if settings.HBU_SIMULATE and settings.HBU_MAIL_HUB:
            rate = f"{settings.HBU_SIMULATE_PER_MINUTE:g}"
            self._start(DEMO, _manage("simulation", "simulate", "--forever", "--rate", rate))
        done, _ = await asyncio.wait(self._keepers, return_when=asyncio.FIRST_EXCEPTION)
        for keeper in done:
            keeper.result()

    async def _lay_ground(self) -> None:
        self._start(GROUND, *_ground())
        await self._step("migrate", "migrate", "--verbosity", "0")
        if settings.EMBEDDED_BROKER:
            await self._ready("The broker", lambda: broker.answers(settings.BROKER_SOCKET))
        if settings.HBU_MAIL_HUB:
            await self._ready("The mail hub", self._hub_answers)

    async def _furnish(self) -> str:
        """Load the company and return the password of the staff's login."""
        # Whitenoise warns of a missing folder, though it finds the files where they are written.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        company = str(settings.HBU_COMPANY_FILE)
        await self._step("company", "load_company", company, "--if-empty")
        return await asyncio.to_thread(ensure_staff)

    async def _step(self, name: str, *words: str) -> None:
        await Child(_manage(name, *words), self._around).once()

    def _work(self) -> Sequence[Program]:
        port = str(self._ports["PORT"])
        web = ["-m", "daphne", "-v", "0", "-b", HOST, "-p", port, *SMALL, "hbu.asgi:application"]
        # Root is warned of pickled messages; ours are JSON.
        calm = ["-W", "ignore:You're running the worker with superuser privileges"]
        celery = [*calm, "-m", "celery", "--quiet", "-A", "hbu"]
        alone = ["--without-gossip", "--without-mingle"]
        worker = ["worker", "-Q", "default", "-P", "prefork", "-c", "2", "-l", "WARNING", *alone]
        return (
            Program("web", [sys.executable, *web]),
            Program("worker", [sys.executable, *celery, *worker]),
            Program("beat", [sys.executable, *celery, "beat", "-l", "WARNING"]),
            _manage("watcher", "watch_mail"),
        )

    def _start(self, patience: float, *programs: Program) -> None:
        children = [Child(program, self._around) for program in programs]
        self._groups.append((children, patience))
        self._keepers += [asyncio.create_task(child.keep()) for child in children]

    async def _stop(self) -> None:
        """End the last group first: whoever works loses neither the broker nor the mail hub."""
        for children, patience in reversed(self._groups):
            await asyncio.gather(*(child.end(patience) for child in children))
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _ready(self, who: str, answers: Callable[[], bool]) -> None:
        deadline = asyncio.get_running_loop().time() + READY_WITHIN
        while not await asyncio.to_thread(answers):
            if asyncio.get_running_loop().time() > deadline:
                raise DomainError("not_ready", f"{who} is not ready after {READY_WITHIN:.0f} s.")
            await asyncio.sleep(0.1)

    def _hub_answers(self) -> bool:
        try:
            for variable in ("HBU_IMAP_PORT", "HBU_SMTP_PORT"):
                create_connection((HOST, self._ports[variable]), timeout=2).close()
        except OSError:
            return False
        return True

    def _pages_answer(self) -> bool:
        """Any answer is one: /health may well report that the clock has not ticked yet."""
        try:
            with closing(HTTPConnection(HOST, self._ports["PORT"], timeout=10)) as connection:
                connection.request("GET", "/health")
                connection.getresponse()
        except (OSError, HTTPException):
            return False
        return True


def _ground() -> Iterator[Program]:
    if settings.EMBEDDED_BROKER:
        folder = settings.HBU_DATA_DIR / "broker"
        broker.prepare(settings.BROKER_SOCKET, folder)
        yield Program("broker", broker.command(settings.BROKER_SOCKET, folder))
    if settings.HBU_MAIL_HUB:
        yield _manage("hub", "mail_hub")


def _manage(name: str, *words: str) -> Program:
    return Program(name, [sys.executable, str(settings.BASE_DIR / "manage.py"), *words])
