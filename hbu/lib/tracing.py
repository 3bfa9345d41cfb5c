"""Under which ids a line of the log is found: the request, the task and the mail it is about."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

from structlog import contextvars

TRACE = 16
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def trace_of(fingerprint: str) -> str:
    """Return the id under which all lines about a mail are found, from fetching to its answer."""
    return fingerprint[:TRACE]


def about(fingerprints: Sequence[str]) -> AbstractContextManager[None]:
    """Let every line that is logged inside name the mails it may be about."""
    traces = [trace_of(one) for one in fingerprints if one]
    if not traces:
        return contextvars.bound_contextvars()
    named: dict[str, Any] = {"trace": traces[0]} if len(traces) == 1 else {"traces": traces}
    return contextvars.bound_contextvars(**named)


def begin(**ids: str) -> None:
    """Forget whatever the thread did before; what follows carries these ids."""
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(**{name: value for name, value in ids.items() if value})


def current(name: str) -> str:
    return str(contextvars.get_contextvars().get(name, ""))


def request_id(said: str) -> str:
    """Return the id that a proxy gave the request, or a new one for what is no id."""
    return said if SANE.fullmatch(said) else uuid4().hex
