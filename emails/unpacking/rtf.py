"""The text of a letter in RTF: compressed (MS-OXRTFCP), and HTML in its disguise (MS-OXRTFEX)."""

import re
import struct
from dataclasses import dataclass, field

from emails.encoding import decode

RTF_BYTES = 512 * 1024
GROUPS = 200
"""How deep groups are told apart."""

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
# What every window begins with (MS-OXRTFCP, 2.1.2.1).
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS = {
    b"par": b"\n", b"line": b"\n", b"row": b"\n", b"tab": b"\t", b"cell": b"\t", b"emdash": b"\x97",
    b"endash": b"\x96", b"bullet": b"\x95", b"lquote": b"\x91", b"rquote": b"\x92",
    b"ldblquote": b"\x93", b"rdblquote": b"\x94",
}  # fmt: skip
_SILENT = {
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer",
    b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"themedata", b"datastore",
}  # fmt: skip


@dataclass(slots=True)
class _Group:
    silent: bool = False
    in_tag: bool = False
    """Whether this is a piece of the HTML that the RTF was made from."""
    disguise: bool = False
    """Whether this is RTF that the HTML did not say."""
    fallback: int = 1


@dataclass(slots=True)
class _Reader:
    is_html: bool
    charset: str
    pieces: list[str] = field(default_factory=list)
    octets: list[bytes] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    passed_over: int = 0
    """How many groups are open beyond the depth that is told apart."""
    skip: int = 0
    """How many characters still repeat the last one for old readers."""
    starred: bool = False


def decompressed(octets: bytes) -> bytes:
    """Return RTF as it was before Outlook compressed it; as much of it as can be read."""
    if len(octets) < _HEADER.size:
        return b""
    _, size, kind, _ = _HEADER.unpack_from(octets)
    if kind == _PLAIN:
        return octets[_HEADER.size : _HEADER.size + min(size, RTF_BYTES)]
    return _inflated(octets, min(size, RTF_BYTES)) if kind == _COMPRESSED else b""


def _inflated(octets: bytes, size: int) -> bytes:
    out = bytearray(_DICTIONARY)
    first, at = len(out), _HEADER.size
    while at < len(octets) and len(out) - first < size:
        control, at = octets[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                out += octets[at : at + 1]
                at += 1
                continue
            token, at = int.from_bytes(octets[at : at + 2], "big"), at + 2
            distance = (len(out) - (token >> 4)) % _WINDOW
            if not distance or distance > len(out):
                return bytes(out[first : first + size])
            for _ in range((token & 15) + 2):
                out.append(out[-distance])
    return bytes(out[first : first + size])


def text_of(rtf: bytes) -> tuple[str, bool]:
    """Return what RTF says, and whether that is HTML."""
    rtf = rtf[:RTF_BYTES]
    page = re.search(rb"\\ansicpg(\d{3,5})", rtf[:500])
    charset = f"cp{page[1].decode()}" if page else "cp1252"
    reader = _Reader(is_html=b"\\fromhtml" in rtf[:500], charset=charset)
    for token in _TOKEN.finditer(rtf):
        _read(reader, token)
    _settle(reader)
    return "".join(reader.pieces), reader.is_html


def _read(reader: _Reader, token: re.Match[bytes]) -> None:
    word, number, code, sign, brace, text = token.groups()
    if brace:
        _open_or_close(reader, brace)
    elif word:
        _obey(reader, word.lower(), number)
    elif code:
        _say(reader, bytes.fromhex(code.decode()))
    elif sign == b"*":
        reader.starred = True
    elif sign:
        _say(reader, b"\xa0" if sign == b"~" else sign if sign in b"\\{}" else b"")
    elif text:
        _say(reader, text)


def _open_or_close(reader: _Reader, brace: bytes) -> None:
    reader.starred = False
    if brace == b"{":
        top = reader.groups[-1]
        if len(reader.groups) >= GROUPS:
            reader.passed_over += 1
        else:
            reader.groups.append(_Group(top.silent, top.in_tag, top.disguise, top.fallback))
    elif reader.passed_over:
        reader.passed_over -= 1
    elif len(reader.groups) > 1:
        reader.groups.pop()


def _obey(reader: _Reader, word: bytes, number: bytes | None) -> None:
    group, starred = reader.groups[-1], reader.starred
    reader.starred = False
    if word == b"htmltag" and reader.is_html:
        group.in_tag, group.silent = True, False
    elif starred or word in _SILENT:
        group.silent = True
    elif word == b"htmlrtf":
        group.disguise = number != b"0"
    elif word == b"uc":
        group.fallback = min(int(number or 1), 8)
    elif word == b"u" and number:
        _say_unicode(reader, int(number))
    elif word in _SIGNS:
        _say(reader, _SIGNS[word])


def _say_unicode(reader: _Reader, number: int) -> None:
    group = reader.groups[-1]
    if not group.silent and not group.disguise:
        _settle(reader)
        reader.pieces.append(chr(number % 0x10000))
    reader.skip = group.fallback


def _say(reader: _Reader, octets: bytes) -> None:
    skipped = min(reader.skip, len(octets))
    reader.skip -= skipped
    group = reader.groups[-1]
    if not group.silent and not (group.disguise and not group.in_tag):
        reader.octets.append(octets[skipped:])


def _settle(reader: _Reader) -> None:
    """Decode what was said since: characters of several bytes come one by one."""
    if reader.octets:
        reader.pieces.append(decode(b"".join(reader.octets), reader.charset))
        reader.octets.clear()
