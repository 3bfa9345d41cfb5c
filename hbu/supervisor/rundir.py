"""The run folder: who supervises this data folder, and which children a killed one left behind."""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from hbu.lib.errors import DomainError
from hbu.lib.sockets import make_private

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a process from a stranger that was given its number later."""

    pid: int
    began: str
    command: str

    @classmethod
    def of(cls, pid: int, command: Sequence[str]) -> "Mark":
        return cls(pid, _began(pid), " ".join(command))

    def is_alive(self) -> bool:
        """Compare the end of the command line: a child on its leash has not become it yet."""
        return _began(self.pid) == self.began and _command_line(self.pid).endswith(self.command)


class RunFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._list = folder / "children.json"
        self._children: dict[str, Mark] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only supervisor of this data folder. The kernel frees the lock of a dead one."""
        make_private(self.folder)
        with (self.folder / "lock").open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                message = f"It is running on this data folder already (process {lock.read()})."
                raise DomainError("running_already", message) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def remember(self, name: str, mark: Mark) -> None:
        self._children[name] = mark
        self._write()

    def forget(self, name: str) -> None:
        self._children.pop(name, None)
        self._write()

    def reap(self) -> list[str]:
        """End the children of a killed supervisor, return their names, and spare every stranger."""
        left = {name: mark for name, mark in self._read().items() if mark.is_alive()}
        for mark in left.values():
            signal_group(mark.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and any(mark.is_alive() for mark in left.values()):
            time.sleep(0.05)
        for mark in left.values():
            if mark.is_alive():
                signal_group(mark.pid, signal.SIGKILL)
        return list(left)

    def _read(self) -> dict[str, Mark]:
        try:
            entries = json.loads(self._list.read_bytes())
            return {name: Mark(**entry) for name, entry in entries.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError):
            # Half a list, after a power cut: then none of those processes lives any more.
            return {}

    def _write(self) -> None:
        draft = self._list.with_suffix(".new")
        entries = {name: asdict(mark) for name, mark in self._children.items()}
        draft.write_text(json.dumps(entries, indent=1), encoding="utf-8")
        draft.replace(self._list)


def signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _began(pid: int) -> str:
    """Return when a process began, in its system's own words; "" where there is none."""
    try:
        # The name, in brackets, may hold anything; the 22nd field is the start (proc(5)).
        return (
            Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
        )
    except OSError:
        return _ps(pid, "lstart=")


def _command_line(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        return _ps(pid, "command=")
    return " ".join(os.fsdecode(word) for word in words)


def _ps(pid: int, column: str) -> str:
    """Ask `ps`, where no /proc tells."""
    if Path("/proc/self").exists():
        return ""
    query = ["ps", "-o", column, "-p", str(pid)]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
