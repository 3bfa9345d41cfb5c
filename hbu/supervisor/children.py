"""One child process: started on a leash, heard, started again when it dies, ended in time."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hbu.lib.errors import DomainError
from hbu.supervisor.rundir import Mark, RunFolder, signal_group

LEASH = Path(__file__).with_name("leash.py")
PAUSES = (1, 2, 5, 10)
# Who lived that long did not die of how it was started.
STEADY = 60.0
STEP_PATIENCE = 2.0
LONGEST_LINE = 2**20

Say = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all children share."""

    environment: Mapping[str, str]
    directory: Path
    folder: RunFolder
    say: Say


class Child:
    def __init__(self, program: Program, around: Surroundings) -> None:
        self.name = program.name
        self._command = program.command
        self._around = around
        self._process: Process | None = None
        self._ending = asyncio.Event()
        self._starting = asyncio.Lock()

    async def once(self) -> None:
        """Run to the end, which must be a good one."""
        async with _Ear(self.name, self._around.say) as ear:
            try:
                code = await self._live(ear)
            except asyncio.CancelledError:
                await self.end(STEP_PATIENCE)
                raise
            finally:
                self._clear_away()
        if code:
            raise DomainError("step_failed", f"{self.name} failed ({_why(code)}).")

    async def keep(self) -> None:
        """Run until `end`, and start again whenever it dies before."""
        async with _Ear(self.name, self._around.say) as ear:
            deaths = 0
            while not self._ending.is_set():
                began = asyncio.get_running_loop().time()
                code = await self._live(ear)
                self._clear_away()
                if self._ending.is_set():
                    return
                lived = asyncio.get_running_loop().time() - began
                deaths = 1 if lived > STEADY else deaths + 1
                await self._pause(code, PAUSES[min(deaths, len(PAUSES)) - 1])

    async def end(self, patience: float) -> None:
        """Ask it to end, and insist when patience runs out."""
        self._ending.set()
        # Whoever is just being started is waited for, else nobody would ever end it.
        async with self._starting:
            process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), patience)
        except TimeoutError:
            self._around.say(self.name, "did not end in time and is killed.")
            signal_group(process.pid, signal.SIGKILL)
            await process.wait()

    async def _live(self, ear: "_Ear") -> int:
        async with self._starting:
            if self._ending.is_set():
                return 0
            self._process = process = await self._start(ear.mouth)
        self._around.folder.remember(self.name, Mark.of(process.pid, self._command))
        return await process.wait()

    async def _start(self, mouth: int) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *self._command),
            stdin=DEVNULL,
            stdout=mouth,
            stderr=mouth,
            cwd=self._around.directory,
            env=self._around.environment,
            # Ctrl-C in the terminal is for the supervisor alone, which then keeps the order.
            start_new_session=True,
        )

    def _clear_away(self) -> None:
        """A child that died may have left children of its own, such as a worker's pool."""
        if self._process is not None:
            signal_group(self._process.pid, signal.SIGKILL)
            self._around.folder.forget(self.name)
            self._process = None

    async def _pause(self, code: int, seconds: int) -> None:
        self._around.say(self.name, f"ended ({_why(code)}); starting it again in {seconds} s.")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)


class _Ear:
    """Says each line that comes out of `mouth`: one pipe for all lives of a child.

    A pipe of ours, because asyncio's own would make `wait` last until grandchildren close it too.
    """

    def __init__(self, name: str, say: Say) -> None:
        self._name = name
        self._say = say

    async def __aenter__(self) -> "_Ear":
        end, self.mouth = os.pipe()
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(end, "rb")
        )
        self._listening = asyncio.create_task(self._listen(reader))
        return self

    async def __aexit__(self, *_error: object) -> None:
        os.close(self.mouth)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._listening, 1)
        self._transport.close()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await reader.readline()
            except ValueError:  # longer than the limit, and thrown away by the reader
                continue
            if not line:
                return
            if text := line.decode("utf-8", "replace").rstrip():
                self._say(self._name, text)


def _why(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
