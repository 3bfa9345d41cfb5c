"""Taking a mail apart into its leaves, within bounds, without recursion (RFC 2045, RFC 2046).

The standard parser recurses and keeps every line as an object; a mail of 35 MB made for that takes
it gigabytes. Here delimiters are searched in the bytes, and the bounds hold while searching.
"""

import mimetypes
import re
import unicodedata
from dataclasses import dataclass, field
from email.message import Message
from pathlib import PurePosixPath

from emails.encoding import from_base64, from_quoted_printable, from_uuencode
from emails.headers import HEADER_BYTES, first_word, media_type, parameter, safe_header
from hbu.lib.reasons import N_

RAW_BYTES = 35 * 1024 * 1024
HEAD_BYTES = 256 * 1024
HEADERS = 200
PARTS = 1000
DEPTH = 50
BOUNDARY_LENGTH = 200
FILENAME_LENGTH = 150
CONTENT_ID_LENGTH = 255

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)")
_BLANK_LINE = re.compile(rb"\r?(?:\n|\Z)")
_ENVELOPE_LINE = re.compile(rb">?From [^\n]*\n")
_LIKELY_BOUNDARY = re.compile(rb"\n--([^\s-][^\r\n]{0,199})\r?\n(?=Content-)", re.IGNORECASE)
_DECODERS = {
    "base64": from_base64,
    "quoted-printable": from_quoted_printable,
    "uuencode": from_uuencode,
    "x-uuencode": from_uuencode,
    "x-uue": from_uuencode,
}
_EXTENSIONS = {"message/rfc822": ".eml", "text/plain": ".txt", "image/jpeg": ".jpg"}


class TooComplex(ValueError):
    """A mail beyond the bounds: it is not read at all."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds no other parts."""

    head: Message = field(repr=False)
    octets: bytes = field(repr=False)
    number: int
    alternative: int
    """Which multipart/alternative it is one version of; 0 where it stands for itself."""
    content_type: str

    @property
    def payload(self) -> bytes:
        decoder = _DECODERS.get(first_word(self.head, "Content-Transfer-Encoding"))
        return decoder(self.octets) if decoder else self.octets

    @property
    def charset(self) -> str:
        return parameter(self.head, "Content-Type", "charset")

    @property
    def disposition(self) -> str:
        return first_word(self.head, "Content-Disposition")

    @property
    def content_id(self) -> str:
        return safe_header(self.head, "Content-ID").strip("<> ")[:CONTENT_ID_LENGTH]

    @property
    def given_name(self) -> str:
        """The file name its sender gave, fit for display; often empty."""
        return display_name(
            parameter(self.head, "Content-Disposition", "filename")
            or parameter(self.head, "Content-Type", "name")
        )

    @property
    def filename(self) -> str:
        if name := self.given_name:
            return name
        extension = _EXTENSIONS.get(self.content_type) or mimetypes.guess_extension(
            self.content_type
        )
        return f"part-{self.number}{extension or '.bin'}"


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    depth: int
    alternative: int


@dataclass(slots=True)
class Anatomy:
    """A mail taken apart."""

    head: Message = field(default_factory=Message)
    leaves: list[Leaf] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    parts: int = 1


def take_apart(raw: bytes) -> Anatomy:
    """Return the leaves of a mail in their order; raise TooComplex beyond the bounds."""
    if len(raw) > RAW_BYTES:
        raise TooComplex(N_("The mail is larger than 35 MB."))
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    anatomy = Anatomy()
    spans = [_Span(_beginning(raw), len(raw), depth=0, alternative=0)]
    while spans:
        spans += reversed(_examine(raw, spans.pop(), anatomy))
    return anatomy


def read_head(raw: bytes, start: int, end: int) -> tuple[Message, int]:
    """Return the header fields that begin at `start` and where the body begins."""
    head, at, limit = Message(), start, min(end, start + HEAD_BYTES)
    count = 0
    while match := _FIELD.match(raw, at, limit):
        at, count = match.end(), count + 1
        if count > HEADERS:
            raise TooComplex(N_("A part of the mail has more than 200 headers."))
        value = match[2][:HEADER_BYTES].rstrip(b"\r").decode("ascii", "surrogateescape")
        head.set_raw(match[1].decode("ascii"), value)
    if at >= limit < end:
        raise TooComplex(N_("The headers of a part are larger than 256 kB."))
    blank = _BLANK_LINE.match(raw, at, end)
    return head, blank.end() if blank else at


def display_name(name: str) -> str:
    """Return a file name for people to read: no path, nothing invisible, not too long."""
    name = re.split(r"[/\\]", name)[-1]
    # Format characters (Cf) turn the direction of writing or hide: "inv\u202efdp.exe".
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    if len(name) <= FILENAME_LENGTH:
        return name
    suffix = PurePosixPath(name).suffix[-20:]
    return name[: FILENAME_LENGTH - len(suffix)] + suffix


def _beginning(raw: bytes) -> int:
    start = len(raw) - len(raw.lstrip(b"\r\n"))
    envelope = _ENVELOPE_LINE.match(raw, start)
    return envelope.end() if envelope else start


def _examine(raw: bytes, span: _Span, anatomy: Anatomy) -> list[_Span]:
    """Return the spans inside a multipart; add anything else to the leaves."""
    head, start = read_head(raw, span.start, span.end)
    if span.depth == 0:
        anatomy.head = head
    content_type = media_type(head)
    if content_type.startswith("multipart/"):
        if span.depth >= DEPTH:
            raise TooComplex(N_("The parts of the mail are nested more than 50 deep."))
        if sections := _sections(raw, start, span.end, head, anatomy):
            alternative = span.alternative or anatomy.parts * (
                content_type == "multipart/alternative"
            )
            return [_Span(*section, span.depth + 1, alternative) for section in sections]
        anatomy.defects.append(N_("A boundary between parts is missing."))
        content_type = "text/plain"
    octets = raw[start : span.end]
    number = len(anatomy.leaves) + 1
    anatomy.leaves.append(Leaf(head, octets, number, span.alternative, content_type))
    return []


def _sections(
    raw: bytes, start: int, end: int, head: Message, anatomy: Anatomy
) -> list[tuple[int, int]]:
    """Return where the parts of a multipart begin and end (RFC 2046, 5.1.1)."""
    sections: list[tuple[int, int]] = []
    begin = 0
    for match in _delimiter(raw, start, end, head).finditer(raw, max(start - 1, 0), end):
        if begin:
            sections.append((begin, _without_return(raw, begin, match.start())))
        if match[1]:
            return sections
        anatomy.parts += 1
        if anatomy.parts > PARTS:
            raise TooComplex(N_("The mail has more than 1000 parts."))
        begin = min(match.end() + 1, end)
    if begin:
        anatomy.defects.append(N_("The mail breaks off: its last part has no end."))
        sections.append((begin, end))
    return sections


def _delimiter(raw: bytes, start: int, end: int, head: Message) -> re.Pattern[bytes]:
    boundary = parameter(head, "Content-Type", "boundary").rstrip().encode()
    if not 0 < len(boundary) <= BOUNDARY_LENGTH:
        likely = _LIKELY_BOUNDARY.search(raw, max(start - 1, 0), end)
        boundary = likely[1].rstrip() if likely else b"\0"
    # A line feed first: the search then runs at the speed of a literal.
    return re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?=\n|\Z)")


def _without_return(raw: bytes, begin: int, end: int) -> int:
    """Return the end of a part: the line end before a delimiter belongs to the delimiter."""
    if end <= begin:
        return begin
    return end - 1 if raw[end - 1] == ord("\r") else end
