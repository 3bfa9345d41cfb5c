"""The log: one line an event, as JSON or for people, with its ids and without anybody's secrets.

Every library writes through the same formatter. Mail is named by numbers and never quoted; addresses
are shortened, secrets masked, and control characters cannot begin a line of their own (promises
F17, C6).
"""

import fcntl
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import Processor

NAME = "house.jsonl"
MOST_BYTES, FILES = 5_000_000, 5
LONGEST = 2000
LONGEST_OF_AN_ERROR = 300
MASK = "•••"

# What callers may add to a line; all else that libraries attach stays out of it.
ADDED = ("stage", "count", "failed", "seconds", "ids", "mailbox", "letter", "status_code")
ADDRESS = re.compile(r"([\w+])[\w.!#$%&'*+/=?^`{|}~-]*@([\w-]+(?:\.[\w-]+)+)")
SECRET = re.compile(
    r"(?i)([\w-]*(?:password|passwd|secret|token|authorization|cookie|sessionid|api[_-]?key)"
    r"[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|(?:(?:bearer|basic|token)\s+)?[^\s,;&\"'}]+)"
)
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
IN_ADDRESS = re.compile(r"(\w+://[^\s:/@]*:)[^\s/@]+@")
# How pydantic shows what did not fit.
QUOTED = re.compile(r"(?<=input_value=).*(?=, input_type=)")
# Beside them what turns the direction of writing, and halves of letters, which no console can encode.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Line = MutableMapping[str, Any]


class Discreet:
    """Takes out of a line what is nobody's business; the last to touch it before it is written."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({one for one in secrets if len(one) >= 6}, key=len, reverse=True)

    def __call__(self, _logger: object, _method: str, line: Line) -> Line:
        for name, value in line.items():
            if isinstance(value, str):
                limit = LONGEST * 10 if name == "exception" else LONGEST
                line[name] = self.discreet(value, limit)
        return line

    def discreet(self, text: str, limit: int = LONGEST) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        text = IN_ADDRESS.sub(rf"\1{MASK}@", text)
        text = SECRET.sub(rf"\1{MASK}", text)
        text = BEARER.sub(rf"\1 {MASK}", text)
        text = ADDRESS.sub(r"\1…@\2", text)
        return text if len(text) <= limit else f"{text[:limit]}…"


def short_errors(_logger: object, _method: str, line: Line) -> Line:
    """An error may quote the mail over which it stumbled, and PostgreSQL the whole row."""
    if isinstance(line.get("exception"), str):
        lines = [one for one in line["exception"].splitlines() if not one.startswith("DETAIL:")]
        said = "\n".join(one[:LONGEST_OF_AN_ERROR] for one in lines)
        line["exception"] = QUOTED.sub(MASK, said)
    return line


def whose(_logger: object, _method: str, line: Line) -> Line:
    line["process"] = f"{PROCESS}:{os.getpid()}"
    return line


def _process(words: list[str]) -> str:
    program = Path(words[0]).name if words else ""
    if "celery" in words[0:1] or program in ("celery", "__main__.py"):
        return next((one for one in words[1:] if one in ("worker", "beat")), "web")
    return words[1] if program == "manage.py" and len(words) > 1 else program or "python"


PROCESS = _process(sys.argv)


def for_people(_logger: object, _method: str, line: Line) -> str:
    """Return the line as a person reads it; nothing in it can begin a line of its own."""
    at = str(line.pop("at", ""))[11:19]
    level, name = str(line.pop("level", "")).upper(), line.pop("logger", "")
    event, error = line.pop("event", ""), line.pop("exception", "")
    line.pop("process", None)
    facts = "".join(f" {key}={value}" for key, value in line.items())
    said = CONTROL.sub(_escaped, f"{at} {level} {name}: {event}{facts}")
    indented = "".join(f"\n    {CONTROL.sub(_escaped, one)}" for one in str(error).splitlines())
    return f"{said}{indented}"


def _escaped(found: "re.Match[str]") -> str:
    return json.dumps(found[0])[1:-1]


class SharedFile(WatchedFileHandler):
    """One file for all processes of this machine: a line is one append, and a full file makes room.

    Who finds it full moves it on under a lock; the others notice that it is another file by now.
    """

    def __init__(self, path: str, most_bytes: int = MOST_BYTES, files: int = FILES) -> None:
        self._most, self._files = most_bytes, files
        super().__init__(path, encoding="utf-8", delay=True)

    def _open(self) -> Any:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(line, "a", encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self._is_full():
                self._move_on()
            super().emit(record)
        except OSError:
            # A disk that is full or read-only costs lines, never work; the console has them.
            return

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """The disk again, most likely."""

    def _is_full(self) -> bool:
        try:
            return Path(self.baseFilename).stat().st_size >= self._most
        except FileNotFoundError:
            # Another process has just moved it on.
            return False

    def _move_on(self) -> None:
        path = Path(self.baseFilename)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._is_full():
                return
            for number in range(self._files - 1, 0, -1):
                older = Path(f"{path}.{number}")
                younger = Path(f"{path}.{number - 1}") if number > 1 else path
                if younger.exists():
                    younger.replace(older)


def config(folder: Path, *, form: str, level: str, secrets: Iterable[str]) -> dict[str, Any]:
    """Return Django's LOGGING: the console in the wanted form, and the file of the log page."""
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=ADDED),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        whose,
    ]
    ends: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        # The plain trace: values of variables would tell what functions were given (promise C6).
        structlog.processors.format_exc_info,
        short_errors,
        Discreet(secrets),
    ]
    as_json = structlog.processors.JSONRenderer(sort_keys=False)

    def formatter(render: Callable[..., Any]) -> dict[str, Any]:
        return {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": chain,
            "processors": [*ends, render],
        }

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter(as_json), "lines": formatter(for_people)},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "level": level},
            "file": {
                "()": SharedFile,
                "path": str(folder / NAME),
                "formatter": "json",
                "level": "INFO",
            },
        },
        "root": {
            "handlers": ["console", "file"],
            "level": "DEBUG" if level == "DEBUG" else "INFO",
        },
        # What others say of their daily work is noise beside ours.
        "loggers": {name: {"level": "WARNING"} for name in QUIET}
        # But not that a worker is ready.
        | {"celery.apps.worker": {"level": "INFO"}},
    }


QUIET = (
    "asyncio", "celery", "channels", "daphne", "django", "fontTools", "httpx",
    "imapclient", "kombu", "mail.log", "PIL", "pikepdf", "redis", "twisted", "urllib3", "weasyprint",
    "websockets",
)  # fmt: skip
