from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from emails.data import ParsedMail


@dataclass(frozen=True, slots=True)
class Specimen:
    """A mail and what it says; only the fields that are named count."""

    name: str
    raw: bytes = field(repr=False)
    subject: str | None = None
    sender: str | None = None
    """As `name|address`."""
    to: tuple[str, ...] | None = None
    cc: tuple[str, ...] | None = None
    date: str | None = None
    """As ISO 8601 has it; empty where there is none."""
    message_id: str | None = None
    text: str | None = None
    """Blanks and line ends count as one."""
    html: str | None = None
    files: tuple[tuple[str, str, bytes], ...] | None = None

    def wrong(self, mail: ParsedMail) -> Iterator[tuple[str, object, object]]:
        """Yield field, expected and found wherever a reading differs."""
        for name, expected, found in self.fields(mail):
            if expected != found:
                yield name, expected, found

    def fields(self, mail: ParsedMail) -> Iterator[tuple[str, object, object]]:
        pairs: tuple[tuple[str, object, object], ...] = (
            ("subject", self.subject, mail.subject),
            ("sender", self.sender, _address(mail.sender)),
            ("to", self.to, tuple(map(_address, mail.to))),
            ("cc", self.cc, tuple(map(_address, mail.cc))),
            ("date", _moment(self.date), mail.date or ""),
            ("message_id", self.message_id, mail.message_id),
            ("text", _squeezed(self.text), _squeezed(mail.text)),
            ("html", _squeezed(self.html), _squeezed(mail.html)),
            (
                "files",
                self.files,
                tuple((one.filename, one.content_type, one.payload) for one in mail.attachments),
            ),
        )
        yield from (pair for pair in pairs if pair[1] is not None)


def _address(address) -> str:
    return f"{address.name}|{address.address}"


def _moment(date: str | None):
    return datetime.fromisoformat(date) if date else date


def _squeezed(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split())
