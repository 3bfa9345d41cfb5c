"""The recent lines of the log, of all processes of this machine: read, filtered, never written here."""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from hbu.lib import logs
from hbu.lib.words import whole_number

SHOWN = 200
LEVELS = ("debug", "info", "warning", "error", "critical")
IDS = ("trace", "request_id", "task_id")
# What a poll reads at most; whoever was away for longer sees the newest of it.
AT_ONCE = 1_000_000
LONGEST_LINE = 100_000

Files = list[tuple[Path, int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    level: str = ""
    """This one and all that are worse."""
    logger: str = ""
    text: str = ""
    trace: str = ""
    """An id: of a mail, a request or a task."""

    @classmethod
    def of(cls, data: Mapping[str, str]) -> "Wanted":
        asked = {name: data.get(name, "").strip()[:100] for name in cls.__slots__}
        return cls(**{**asked, "level": asked["level"] if asked["level"] in LEVELS else ""})

    def fits(self, line: Mapping[str, Any]) -> bool:
        levels = LEVELS[LEVELS.index(self.level) :] if self.level else ()
        return (
            (not levels or line.get("level") in levels)
            and self.logger.lower() in str(line.get("logger", "")).lower()
            and (not self.text or self.text.lower() in _all_of(line))
            and (not self.trace or self.trace in _ids(line))
        )

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime | None
    level: str
    logger: str
    process: str
    event: str
    traces: list[str]
    ids: dict[str, str]
    facts: dict[str, str] = field(default_factory=dict)
    exception: str = ""


def newest(wanted: Wanted) -> tuple[list[Entry], str]:
    """Return the newest lines that are wanted, newest first, and where the log ends by now."""
    files = _files()
    found: list[Entry] = []
    for path, size in files:
        lines = (one for one in _lines(path, 0, size) if wanted.fits(one))
        found += [_entry(one) for one in reversed(deque(lines, maxlen=SHOWN - len(found)))]
        if len(found) >= SHOWN:
            break
    return found, _end(files)


def since(cursor: str, wanted: Wanted) -> tuple[list[Entry], str]:
    """Return what was written since, newest first, and where the log ends by now."""
    files = _files()
    end = _end(files)
    if cursor == end:
        return [], end
    lines = (one for one in _written_since(cursor, files) if wanted.fits(one))
    return [_entry(one) for one in reversed(deque(lines, maxlen=SHOWN))], end


def _written_since(cursor: str, files: Files) -> Iterator[Mapping[str, Any]]:
    """Oldest first; the file that was read may have made room for another by now."""
    inode, _, offset = cursor.partition(":")
    read = next((place for place, (path, _) in enumerate(files) if _inode(path) == inode), None)
    if read is None:
        for path, size in files[:1]:
            yield from _lines(path, size - AT_ONCE, size)
        return
    (path, size), known = files[read], whole_number(offset) or 0
    yield from _lines(path, max(known, size - AT_ONCE), size)
    for path, size in reversed(files[:read]):
        yield from _lines(path, 0, size)


def _files() -> Files:
    """Youngest first, each with its size by now: what is written while one reads is for the next time."""
    first = settings.LOGS_DIR / logs.NAME
    paths = [first, *(Path(f"{first}.{number}") for number in range(1, logs.FILES))]
    return [(one, one.stat().st_size) for one in paths if one.exists()]


def _end(files: Files) -> str:
    return f"{_inode(files[0][0])}:{files[0][1]}" if files else ""


def _inode(path: Path) -> str:
    try:
        return str(path.stat().st_ino)
    except OSError:
        return ""


def _lines(path: Path, start: int, end: int) -> Iterator[dict[str, Any]]:
    """Yield the whole lines between two places; a half one at either end is nobody's."""
    try:
        with path.open("rb") as file:
            place = file.seek(max(0, start))
            for raw in file:
                place += len(raw)
                if place > end:
                    return
                if line := _parsed(raw):
                    yield line
    except OSError:
        return


def _parsed(raw: bytes) -> dict[str, Any] | None:
    if not raw.endswith(b"\n") or len(raw) > LONGEST_LINE:
        return None
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _all_of(line: Mapping[str, Any]) -> str:
    return " ".join(str(value) for value in line.values()).lower()


def _ids(line: Mapping[str, Any]) -> set[str]:
    return {*(str(line.get(name, "")) for name in IDS), *map(str, line.get("traces") or ())}


def _entry(line: dict[str, Any]) -> Entry:
    own = {"at", "level", "logger", "process", "event", "exception", "traces", *IDS}
    return Entry(
        at=_moment(line.get("at")),
        level=str(line.get("level", "")),
        logger=str(line.get("logger", "")),
        process=str(line.get("process", "")),
        event=str(line.get("event", "")),
        traces=[str(one) for one in [line.get("trace"), *(line.get("traces") or ())] if one],
        ids={name: str(line[name]) for name in IDS[1:] if line.get(name)},
        facts={name: str(value) for name, value in line.items() if name not in own},
        exception=str(line.get("exception", "")),
    )


def _moment(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        return None
