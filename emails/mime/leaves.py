"""A part of a mail that holds no other parts, and what its headers say of it."""

import mimetypes
import re
import unicodedata
from dataclasses import dataclass, field
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from emails.headers import first_word, parameter, safe_header
from emails.mime.heads import HEAD_BYTES, TooComplex, read_head
from emails.transfer import from_base64, from_quoted_printable, from_uuencode

FILENAME_LENGTH = 150
CONTENT_ID_LENGTH = 255

_DECODERS = {
    "base64": from_base64,
    "quotedprintable": from_quoted_printable,
    "uuencode": from_uuencode,
    "uue": from_uuencode,
}
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/calendar": ".ics",
    "image/jpeg": ".jpg",
}
_LOCATED_FILE = re.compile(r"(?:.*/)?([^/?#]{1,150}\.\w{1,8})", re.ASCII)
# Words with blanks between them: a line of base64 has none.
_WORDS = re.compile(rb"\s{0,100}[^\s]{1,60}[ \t][^\s]{1,60}[ \t][^\s]")
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Leaf:
    head: Message = field(repr=False)
    octets: bytes = field(repr=False)
    number: int
    alternative: int
    """Which multipart/alternative it is one version of; 0 where it stands for itself."""
    content_type: str
    version: bool = False
    """Whether it is a version of the letter itself and not of something in one."""

    @property
    def payload(self) -> bytes:
        return decoded(self.head, self.octets, is_text=self.is_text)

    @property
    def is_text(self) -> bool:
        return self.content_type in ("text/plain", "text/html")

    @property
    def charset(self) -> str:
        return parameter(self.head, "Content-Type", "charset")

    @property
    def is_attached(self) -> bool:
        return first_word(self.head, "Content-Disposition").startswith("attach")

    @property
    def content_id(self) -> str:
        return safe_header(self.head, "Content-ID").strip("<> ")[:CONTENT_ID_LENGTH]

    @property
    def location(self) -> str:
        """Where HTML that names no id says it found this (RFC 2557)."""
        return "".join(safe_header(self.head, "Content-Location").split())[:CONTENT_ID_LENGTH]

    @property
    def given_name(self) -> str:
        """The file name its sender gave, fit for display; often empty."""
        return display_name(
            parameter(self.head, "Content-Disposition", "filename")
            or parameter(self.head, "Content-Type", "name")
            or parameter(self.head, "Content-Disposition", "name")
        )

    @property
    def filename(self) -> str:
        return self.given_name or self._other_name or f"part-{self.number}{self._extension}"

    @property
    def _other_name(self) -> str:
        if self.content_type == "message/rfc822":
            subject = display_name(_subject_of(self.payload))
            return f"{subject}.eml" if subject else ""
        if self.content_type == "text/calendar":
            return "invite.ics"
        located = _LOCATED_FILE.fullmatch(self.location)
        return display_name(unquote(located[1])) if located else ""

    @property
    def _extension(self) -> str:
        known = _EXTENSIONS.get(self.content_type)
        return known or mimetypes.guess_extension(self.content_type) or ".bin"


def decoded(head: Message, octets: bytes, *, is_text: bool = False) -> bytes:
    """Return octets as they were before their transfer (RFC 2045, 6); unknown ways change nothing."""
    way = _NOT_A_LETTER.sub("", first_word(head, "Content-Transfer-Encoding")).removeprefix("x")
    decoder = _DECODERS.get(way)
    if not decoder or (way == "base64" and is_text and _WORDS.match(octets)):
        return octets
    return decoder(octets)


def display_name(name: str) -> str:
    """Return a file name for people to read: no path, nothing invisible, not too long."""
    name = re.split(r"[/\\]", name)[-1]
    # Format characters (Cf) turn the direction of writing or hide: "inv\u202efdp.exe".
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    if len(name) <= FILENAME_LENGTH:
        return name
    suffix = PurePosixPath(name).suffix[-20:]
    return name[: FILENAME_LENGTH - len(suffix)] + suffix


def synthetic_head(content_type: str, name: str = "", content_id: str = "") -> Message:
    """Return the headers that a file would have had in MIME."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    head = Message()
    head.set_raw("Content-Type", f"{content_type or guessed}; charset=utf-8")
    if name:
        value = f"attachment; filename*=utf-8''{quote(name[:500])}"
        head.set_raw("Content-Disposition", value)
    if content_id:
        head.set_raw("Content-ID", content_id)
    return head


def _subject_of(mail: bytes) -> str:
    try:
        head, _ = read_head(mail, 0, min(len(mail), HEAD_BYTES))
    except TooComplex:
        return ""
    return safe_header(head, "Subject")
