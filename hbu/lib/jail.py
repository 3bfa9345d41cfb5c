"""Run a function on hostile bytes in a child process with limits.

Native code stops neither for a soft time limit nor for an exception, so whatever opens a stranger's
file does it here. Each thread keeps one child: no lock is needed, and PR_SET_PDEATHSIG, which acts
on the death of the *thread* that started the child, means the right thing.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

ALLOWED = frozenset(
    {
        "orders.banking.door:read",
        "orders.documents.door:read",
        "orders.documents.inside:xml_inside",
        "orders.documents.picture:page_picture",
        "shop.importing.table:read",
    }
)
"""The only functions a child runs, as "module:function": bytes and keywords in, something JSON can
hold out."""

REQUEST = struct.Struct("!HHI")
"""How many bytes the function's name, its keywords as JSON and the payload take."""
MAX_KEYWORDS = (1 << 16) - 1
ANSWER = struct.Struct("!I")
MAX_ANSWER = 8 * 1024 * 1024
CALLS_PER_CHILD = 200
_ROOT = Path(__file__).resolve().parents[2]


class Why(StrEnum):
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    ERROR = "error"


_MESSAGES = {
    Why.TIMEOUT: N_("Reading took too long."),
    Why.MEMORY: N_("Reading took too much memory."),
    Why.CRASHED: N_("Reading crashed."),
    Why.ERROR: N_("It could not be read."),
}


class Jailed(DomainError):
    """The function did not come back with a result. `detail` is for the log, not for people."""

    def __init__(self, reason: Why, message: str = "", *, detail: str = "") -> None:
        super().__init__(f"jailed_{reason}", message or _MESSAGES[reason], status=422)
        self.reason = reason
        self.detail = detail


class _Child:
    def __init__(self) -> None:
        self.channel, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-B", "-m", "hbu.lib.jail_child", *sorted(ALLOWED)],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env={"LANG": "C.UTF-8", "PATH": os.defpath},  # our secrets stay out
            )
        self.owner = os.getpid()
        self.calls = 0

    def ask(
        self, function: str, payload: bytes, keywords: bytes, deadline: float
    ) -> dict[str, Any]:
        self.calls += 1
        name = function.encode()
        head = REQUEST.pack(len(name), len(keywords), len(payload))
        self._wait_until(deadline)
        # one piece, one wake-up; sendall counts its timeout over the whole of it
        self.channel.sendall(head + name + keywords + payload)
        (size,) = ANSWER.unpack(self._receive(ANSWER.size, deadline))
        if size > MAX_ANSWER:
            raise Jailed(Why.MEMORY, detail=f"an answer of {size} bytes")
        answer: dict[str, Any] = json.loads(self._receive(size, deadline))
        return answer

    def _receive(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait_until(deadline)
            piece = self.channel.recv(min(size - len(data), 1 << 20))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def _wait_until(self, deadline: float) -> None:
        self.channel.settimeout(max(deadline - time.monotonic(), 0.001))

    def cause_of_death(self) -> Why:
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return Why.CRASHED
        # SIGKILL that we did not send is the kernel's, out of memory
        return {-signal.SIGXCPU: Why.TIMEOUT, -signal.SIGKILL: Why.MEMORY}.get(code, Why.CRASHED)

    def stop(self) -> None:
        self.channel.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        else:
            self.process.returncode = 0  # a fork holds a copy of us; the child is not its to reap

    __del__ = stop


_local = threading.local()
# Without this a fork would answer into its parent's conversation and keep the channel open.
os.register_at_fork(after_in_child=_local.__dict__.clear)


def call(function: str, payload: bytes, *, seconds: float = 15, **keywords: str | int) -> Any:
    """What `function` made of `payload` and the keywords; raises Jailed."""
    if function not in ALLOWED:
        raise ValueError(f"{function} may not be run in the jail")
    told = json.dumps(keywords).encode()
    if len(told) > MAX_KEYWORDS:
        raise ValueError("The keywords are too long")
    child = _own_child()
    try:
        answer = child.ask(function, payload, told, time.monotonic() + seconds)
    except TimeoutError as late:
        raise _ended(Why.TIMEOUT, detail=f"over {seconds} s") from late
    except (OSError, EOFError) as gone:
        raise _ended(child.cause_of_death()) from gone
    except BaseException:
        # Also when we were interrupted ourselves: a child that was asked and not heard would give
        # this answer to the next question.
        forget()
        raise
    return _result(answer)


def _result(answer: dict[str, Any]) -> Any:
    if "result" in answer:
        return answer["result"]
    if answer["message"]:  # a verdict in words for people leaves the child healthy
        raise Jailed(Why.ERROR, answer["message"], detail=answer["detail"])
    raise _ended(Why(answer["reason"]), detail=answer["detail"])


def _own_child() -> _Child:
    child: _Child | None = getattr(_local, "child", None)
    if child is None or child.calls >= CALLS_PER_CHILD or child.process.poll() is not None:
        child = _local.child = _Child()
    return child


def _ended(reason: Why, *, detail: str = "") -> Jailed:
    forget()
    return Jailed(reason, detail=detail)


def forget() -> None:
    """End this thread's child; the next call begins a new one."""
    child: _Child | None = _local.__dict__.pop("child", None)
    if child:
        child.stop()
