"""The header fields of an entity, as far as bytes can be headers, within bounds."""

import re
from email.message import Message

from emails.headers import HEADER_BYTES
from hbu.lib.reasons import N_

HEAD_BYTES = 256 * 1024
HEADERS = 200
JUNK_LINES = 10

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*+:[ \t]*+([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)")
_BLANK_LINE = re.compile(rb"\r*+(?:\n|\Z)")
# A line that is no header among lines that are, and are known.
_JUNK_LINE = re.compile(
    rb"[^\r\n][^\n]{0,2000}+\n(?=(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]{2,40}|received"
    rb"|return-path|reply-to|sender|references|in-reply-to|delivered-to|importance|x-[\w-]{1,60})[ \t]?:)",
    re.IGNORECASE,
)


class TooComplex(ValueError):
    """A mail beyond the bounds: it is not read at all."""


def read_head(raw: bytes, start: int, end: int) -> tuple[Message, int]:
    """Return the header fields that begin at `start` and where the body begins."""
    head, at, limit = Message(), start, min(end, start + HEAD_BYTES)
    count = junk = 0
    while True:
        if match := _FIELD.match(raw, at, limit):
            count += 1
            value = match[2][:HEADER_BYTES].rstrip(b"\r").decode("ascii", "surrogateescape")
            head.set_raw(match[1].decode("ascii"), value)
        elif count and junk < JUNK_LINES and (match := _JUNK_LINE.match(raw, at, limit)):
            junk += 1
        else:
            break
        if count > HEADERS:
            raise TooComplex(N_("A part of the mail has more than 200 headers."))
        at = match.end()
    if at >= limit < end:
        raise TooComplex(N_("The headers of a part are larger than 256 kB."))
    blank = _BLANK_LINE.match(raw, at, end)
    return head, blank.end() if blank else at
