"""What an invitation says, in the order people ask: what, when, where, who (RFC 5545)."""

import re
from collections.abc import Iterator

CALENDAR_LENGTH = 256 * 1024
LINES = 5000
VALUE_LENGTH = 2000

_FOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(
    r'([A-Z-]{1,40})((?:;[A-Z-]{1,40}=(?:"[^"]{0,300}"|[^";:]{0,300})){0,20}+):(.*)', re.IGNORECASE
)
_NAME = re.compile(r';CN="?([^";:]{1,300})', re.IGNORECASE)
_ZONE = re.compile(r';TZID="?([^";:]{1,100})', re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d{0,2}(Z?))?", re.ASCII)
_ESCAPED = re.compile(r"\\(.)")
_WANTED = {"METHOD", "SUMMARY", "DTSTART", "DTEND", "LOCATION", "ORGANIZER", "DESCRIPTION"}
_ORDINARY_METHODS = {"", "REQUEST", "PUBLISH"}


def summary_of(calendar: str) -> str:
    """Return what the first event or task of a calendar says; "" where there is none."""
    found: dict[str, tuple[str, str]] = {}
    for name, parameters, value in _fields(calendar[:CALENDAR_LENGTH]):
        found.setdefault(name, (parameters, _ESCAPED.sub(_plain, value[:VALUE_LENGTH]).strip()))
    if not found.keys() & {"SUMMARY", "DTSTART"}:
        return ""
    values = {name: found.get(name, ("", ""))[1] for name in _WANTED}
    method = values["METHOD"].upper()
    lines = [
        f"[{method}] {values['SUMMARY']}" if method not in _ORDINARY_METHODS else values["SUMMARY"],
        _when(found),
        values["LOCATION"],
        _who(*found.get("ORGANIZER", ("", ""))),
    ]
    told = "\n".join(filter(None, lines))
    return f"{told}\n\n{values['DESCRIPTION']}" if values["DESCRIPTION"] else told


def _fields(calendar: str) -> Iterator[tuple[str, str, str]]:
    """Yield the wanted lines of the calendar itself and of its first event, not of its alarms."""
    inside: list[str] = []
    for line in _FOLD.sub("", calendar).split("\n", LINES)[:LINES]:
        match = _LINE.match(line)
        if not match:
            continue
        name, value = match[1].upper(), match[3].strip()
        if name == "BEGIN":
            inside.append(value.upper())
        elif name == "END":
            if value.upper() in ("VEVENT", "VTODO"):
                return
            inside = inside[:-1]
        elif name in _WANTED and inside[-1:] in ([], ["VCALENDAR"], ["VEVENT"], ["VTODO"]):
            yield name, match[2], value


def _when(found: dict[str, tuple[str, str]]) -> str:
    parameters, value = found.get("DTSTART", ("", ""))
    start = _MOMENT.fullmatch(value)
    if not start:
        return ""
    end = _MOMENT.fullmatch(found.get("DTEND", ("", ""))[1])
    day = f"{start[1]}-{start[2]}-{start[3]}"
    if not start[4]:
        return day
    last_day = (
        f"{end[1]}-{end[2]}-{end[3]} " if end and end.group(1, 2, 3) != start.group(1, 2, 3) else ""
    )
    until = f" – {last_day}{end[4]}:{end[5]}" if end and end[4] else ""
    zone = _ZONE.search(parameters)
    return f"{day} {start[4]}:{start[5]}{until} {'UTC' if start[6] else zone[1] if zone else ''}".rstrip()


def _who(parameters: str, value: str) -> str:
    address = value.partition(":")[2] if value.lower().startswith("mailto:") else value
    name = _NAME.search(parameters)
    return f"{name[1]} <{address}>" if name and name[1] != address else address


def _plain(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]
