"""Undoing what mail does to bytes on the way (RFC 2045, 6). Nothing in here raises.

Broken encodings are read as far as they go, in linear time.
"""

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu
from dataclasses import dataclass, field
from itertools import islice

UUENCODED_FILES = 50
_BASE64_BLOCKS = 1000

_BLANKS = b" \t\r\n\v\f\0"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_MORE_AFTER_PADDING = re.compile(rb"=[\s=]*+[^\s=]")
_BLOCK = re.compile(rb"([A-Za-z0-9+/]++)(={0,2})")
_SOFT_BREAK = re.compile(rb"=[ \t]++(?=\r?\n|\Z)")

_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200}?)[ \t]*\r?\n", re.MULTILINE)
_UU_LINE = re.compile(rb"([ -`])([ -~]*+)\r?(?:\n|\Z)|(?:\r?\n)++")
_SHORTEST_UU_LINE = 20
_UU_END = re.compile(rb"end[ \t]*\r?(?:\n|\Z)")


def from_base64(text: bytes) -> bytes:
    """Return what can be read of base64: padding may lack, foreign characters are passed over."""
    first = text.find(b"=")
    if first >= 0 and _MORE_AFTER_PADDING.match(text, first):
        return _from_blocks(text)
    try:
        return a2b_base64(text)
    except Error:
        digits = _NOT_BASE64.sub(b"", text)
        return a2b_base64(digits[: len(digits) - (len(digits) % 4 == 1)] + b"==")


def _from_blocks(text: bytes) -> bytes:
    """Return what several padded blocks hold, one behind the other; a footer behind them is none."""
    head, _, rest = text.partition(b"=")
    blocks = [from_base64(head)]
    rest = rest.translate(None, _BLANKS).lstrip(b"=")
    at = 0
    while (block := _BLOCK.match(rest, at)) and len(block[0]) % 4 == 0:
        blocks.append(a2b_base64(block[0]))
        at = block.end()
        if len(blocks) > _BASE64_BLOCKS:
            break
    return b"".join(blocks)


def from_quoted_printable(text: bytes, *, header: bool = False) -> bytes:
    if header:
        return a2b_qp(text, header=True)
    # Blanks at the end of a line were put there on the way (RFC 2045, 6.7, rule 3).
    return a2b_qp(_SOFT_BREAK.sub(b"=", text))


@dataclass(slots=True)
class Uuencoded:
    """A text and the files that stood in it, each with its name."""

    text: bytes
    files: list[tuple[bytes, bytes]] = field(default_factory=list)


def split_uuencoded(text: bytes) -> Uuencoded:
    """Return a text without the files between `begin` and `end` lines, and these files."""
    found = Uuencoded(b"")
    kept: list[bytes] = []
    at = 0
    for begin in islice(_UU_BEGIN.finditer(text), UUENCODED_FILES):
        if begin.start() < at:
            continue
        octets, end = _uu_body(text, begin.end())
        if octets and (end == len(text) or text[end - 6 : end].rstrip().endswith(b"end")):
            kept.append(text[at : begin.start()])
            found.files.append((begin[1], octets))
            at = end
    found.text = b"".join([*kept, text[at:]])
    return found


def from_uuencode(text: bytes) -> bytes:
    """Return what stands between `begin` and `end`; lines that cannot be read are left out."""
    begin = _UU_BEGIN.search(text)
    return _uu_body(text, begin.end() if begin else 0)[0]


def _uu_body(text: bytes, start: int) -> tuple[bytes, int]:
    """Return the octets of uuencoded lines and where they end."""
    octets: list[bytes] = []
    at, last = start, False
    while not (end := _UU_END.match(text, at)):
        line = _UU_LINE.match(text, at)
        if not line or line.end() == at or not _is_uu_line(line, last=last):
            return b"".join(octets), at
        if line[1]:
            octets.append(_from_uu_line(line))
            last = last or _count(line) < _SHORTEST_UU_LINE
        at = line.end()
    return b"".join(octets), end.end()


def _count(line: re.Match[bytes]) -> int:
    return (line[1][0] - 32) & 63


def _is_uu_line(line: re.Match[bytes], *, last: bool) -> bool:
    """Return whether a line is one of a file; behind a short one there is no more."""
    if line[1] is None:
        return True
    count = _count(line)
    # Some writers leave out the blanks at the end, others add a checksum.
    fits = (count * 4 + 2) // 3 - 4 <= len(line[2]) <= (count + 2) // 3 * 4 + 2
    return fits and not (last and count)


def _from_uu_line(line: re.Match[bytes]) -> bytes:
    try:
        return a2b_uu(line[1] + line[2][: (_count(line) + 2) // 3 * 4])
    except Error:
        return b""
