"""The inside of the jail: read a request, run the function, answer; end with the parent."""

import ctypes
import importlib
import json
import math
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from hbu.lib.errors import DomainError
from hbu.lib.jail import ANSWER, MAX_ANSWER, REQUEST, Why

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10
_PR_SET_PDEATHSIG = 1
_LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NPROC: 0,  # no processes or threads of its own (root is exempt)
}


def main(allowed: frozenset[str]) -> None:
    channel = _take_channel()
    _die_with_parent()
    for limit, value in _LIMITS.items():
        resource.setrlimit(limit, (value, value))
    while request := _next_request(channel):
        _grant_cpu()
        answer = _encoded(_answer(*request, allowed))
        channel.sendall(ANSWER.pack(len(answer)) + answer)


def _take_channel() -> socket.socket:
    """Move the channel away from stdin and stdout, where a library's print would garble it."""
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return channel


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _grant_cpu() -> None:
    """RLIMIT_CPU counts the whole life of a process, so each call moves it on."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime) + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or soft <= hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _next_request(channel: socket.socket) -> tuple[str, dict[str, Any], bytes] | None:
    head = _receive(channel, REQUEST.size)
    if not head:
        return None
    name, keywords, payload = (_receive(channel, size) for size in REQUEST.unpack(head))
    return name.decode(), json.loads(keywords), payload


def _receive(channel: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = channel.recv(min(size - len(data), 1 << 20))
        if not piece:
            return b""
        data += piece
    return bytes(data)


def _answer(
    name: str, keywords: dict[str, Any], payload: bytes, allowed: frozenset[str]
) -> dict[str, Any]:
    try:
        return {"result": _function(name, allowed)(payload, **keywords)}
    except MemoryError:
        return _failure(Why.MEMORY)
    except DomainError as verdict:
        return _failure(Why.ERROR, message=verdict.message, detail=verdict.code)
    except Exception as error:
        return _failure(Why.ERROR, detail=type(error).__name__)


def _function(name: str, allowed: frozenset[str]) -> Callable[..., Any]:
    if name not in allowed:
        raise LookupError(name)
    module, _, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return function


def _failure(reason: Why, *, message: str = "", detail: str = "") -> dict[str, Any]:
    return {"reason": reason, "message": message, "detail": detail}


def _encoded(answer: dict[str, Any]) -> bytes:
    try:
        data = json.dumps(answer).encode()
    except (TypeError, ValueError, MemoryError) as error:
        return json.dumps(_failure(Why.ERROR, detail=type(error).__name__)).encode()
    return data if len(data) <= MAX_ANSWER else json.dumps(_failure(Why.MEMORY)).encode()


if __name__ == "__main__":
    main(frozenset(sys.argv[1:]))
