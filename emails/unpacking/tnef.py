"""Outlook's own wrapping of a mail, `winmail.dat` (MS-OXTNEF)."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from emails.encoding import clean, decode
from emails.unpacking import rtf

ATTACHMENTS = 200
PROPERTIES = 2000
DEPTH, LETTERS = 3, 10
"""How deep letters attached to letters are opened, and how many of them: their RTF takes time."""

_SIGNATURE = 0x223E9F78
_ATTRIBUTE = struct.Struct("<BHHI")
_BODY, _ATTACH_DATA, _ATTACH_TITLE = 0x800C, 0x800F, 0x8010
_ATTACH_BEGINS, _MESSAGE_PROPERTIES = 0x9002, 0x9003
_ATTACH_PROPERTIES, _CODE_PAGE = 0x9005, 0x9007

_PLAIN_BODY, _HTML_BODY, _RTF_BODY = 0x1000, 0x1013, 0x1009
_CONTENT, _FILENAME, _LONG_FILENAME, _DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_MEDIA_TYPE, _CONTENT_ID, _INTERNET_CODE_PAGE = 0x370E, 0x3712, 0x3FDE

_MANY, _STRING, _UNICODE, _OBJECT, _BINARY = 0x1000, 0x1E, 0x1F, 0x0D, 0x102
_SIZES = {
    0x01: 4, 0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8,
    0x40: 8, 0x48: 16,
}  # fmt: skip
_NAMED = 0x8000
_IMESSAGE = bytes.fromhex("0703020000000000c000000000000046")
_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,80}", re.ASCII)


@dataclass(slots=True)
class Enclosed:
    """A file in a wrapping."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    payload: bytes = b""


@dataclass(slots=True)
class Wrapping:
    text: str = ""
    html: str = ""
    files: list[Enclosed] = field(default_factory=list)


def unwrap(octets: bytes) -> Wrapping | None:
    """Return what a TNEF stream holds, as far as it can be read; None where it is none."""
    if len(octets) < 6 or int.from_bytes(octets[:4], "little") != _SIGNATURE:
        return None
    return _Reader().read(octets)


@dataclass(slots=True)
class _Reader:
    depth: int = 0
    charset: str = "cp1252"
    letters_left: int = LETTERS
    is_read: bool = False
    """Whether the properties of the message were seen; it has them once."""
    found: Wrapping = field(default_factory=Wrapping)

    def read(self, octets: bytes) -> Wrapping:
        for attribute, data in _attributes(octets):
            if attribute == _CODE_PAGE:
                self.charset = f"cp{int.from_bytes(data[:4], 'little')}"
            elif attribute == _BODY:
                self.found.text = self.found.text or self._string(data)
            elif attribute == _MESSAGE_PROPERTIES:
                self._read_message(data)
            elif attribute == _ATTACH_BEGINS:
                self.found.files.append(Enclosed())
            elif self.found.files:
                self._read_attachment(self.found.files[-1], attribute, data)
            if len(self.found.files) > ATTACHMENTS:
                break
        return self.found

    def _read_message(self, data: bytes) -> None:
        if self.is_read:
            return
        self.is_read = True
        properties = {number: (kind, value) for number, kind, value in _properties(data)}
        _, page = properties.get(_INTERNET_CODE_PAGE, (0, b""))
        _, html = properties.get(_HTML_BODY, (0, b""))
        kind, text = properties.get(_PLAIN_BODY, (0, b""))
        _, compressed = properties.get(_RTF_BODY, (0, b""))
        self.found.text = self._string(text, unicode=kind == _UNICODE) or self.found.text
        self.found.html = clean(
            decode(html, f"cp{int.from_bytes(page[:4], 'little')}").rstrip("\0")
        )
        if compressed and not self.found.text and not self.found.html:
            said, is_html = rtf.text_of(rtf.decompressed(compressed))
            self.found.html, self.found.text = (clean(said), "") if is_html else ("", clean(said))

    def _read_attachment(self, file: Enclosed, attribute: int, data: bytes) -> None:
        if attribute == _ATTACH_TITLE:
            file.name = file.name or self._string(data)
        elif attribute == _ATTACH_DATA:
            file.payload = data
        elif attribute == _ATTACH_PROPERTIES:
            self._read_properties(file, data)

    def _read_properties(self, file: Enclosed, data: bytes) -> None:
        names: dict[int, str] = {}
        for number, kind, value in _properties(data):
            text = self._string(value, unicode=kind == _UNICODE) if len(value) <= 2000 else ""
            if number == _CONTENT:
                self._read_content(file, value)
            elif number == _MEDIA_TYPE and _TYPE.fullmatch(text):
                file.content_type = text.lower()
            elif number == _CONTENT_ID:
                file.content_id = text
            else:
                names[number] = text
        for number in (_DISPLAY_NAME, _FILENAME, _LONG_FILENAME):
            # The title is of eight letters and three; a display name is one for want of others.
            if names.get(number) and (number != _DISPLAY_NAME or not file.name):
                file.name = names[number]

    def _read_content(self, file: Enclosed, value: bytes) -> None:
        if not value.startswith(_IMESSAGE):
            file.payload = file.payload or value
            return
        inner = value[len(_IMESSAGE) :]
        is_letter = int.from_bytes(inner[:4], "little") == _SIGNATURE
        if not is_letter or self.depth >= DEPTH or not self.letters_left:
            return
        reader = _Reader(self.depth + 1, self.charset, self.letters_left - 1)
        letter = reader.read(inner)
        self.letters_left = reader.letters_left
        # The letter takes the place of the file it was; what it brought comes behind.
        file.payload = (letter.html or letter.text).encode()
        file.content_type = "text/html" if letter.html else "text/plain"
        self.found.files[-1:] = [*letter.files, file]

    def _string(self, value: bytes, *, unicode: bool = False) -> str:
        text = value.decode("utf-16-le", "replace") if unicode else decode(value, self.charset)
        return clean(text.partition("\0")[0])


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + _ATTRIBUTE.size <= len(octets):
        level, attribute, _, length = _ATTRIBUTE.unpack_from(octets, at)
        if level not in (1, 2):
            return
        at += _ATTRIBUTE.size
        yield attribute, octets[at : at + length]
        at += length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, type and first value of each property."""
    count, at = int.from_bytes(data[:4], "little"), 4
    for _ in range(min(count, PROPERTIES)):
        if at + 4 > len(data):
            return
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= _NAMED:
            at = _after_name(data, at)
        kind, many = kind & ~_MANY, bool(kind & _MANY)
        if kind in _SIZES:
            values = _word(data, at) if many else 1
            at += 4 * many
            yield number, kind, data[at : at + _SIZES[kind]]
            at += values * _SIZES[kind]
        elif kind in (_STRING, _UNICODE, _OBJECT, _BINARY):
            values, at = _word(data, at), at + 4
            for value in range(min(values, PROPERTIES)):
                length = _word(data, at)
                if not value:
                    yield number, kind, data[at + 4 : at + 4 + length]
                at += 4 + _padded(length)
        else:
            return


def _after_name(data: bytes, at: int) -> int:
    at += 16
    by_text = _word(data, at)
    return at + 8 + (_padded(_word(data, at + 4)) if by_text else 0)


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4
