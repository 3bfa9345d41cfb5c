"""One letter over SMTP (RFC 5321), one connection for many."""

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from emails.models import OutgoingEmail
from emails.threading import LETTER_HEADER
from hbu.lib import blobs
from hbu.lib.reasons import N_

PERMANENT = 500
GO_AHEAD = 354
TAKEN = (250, 251)
# "Closing the channel" and "authentication required" speak of the session, not of the letter.
OF_THE_SESSION = (421, 530)
LAST_REFERENCES = 10
SECONDS_AFTER_DATA = 60


class Refused(Exception):
    """The server said no to this letter. `permanent` when asking again makes no sense."""

    def __init__(self, code: int, reply: str, receipts: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{code} {reply}")
        self.code = code
        self.reply = reply
        self.receipts = receipts or {}
        """What it said to each reader, where it said no to all of them."""

    @property
    def permanent(self) -> bool:
        return self.code >= PERMANENT


class Unreachable(Exception):
    """The line is down before the letter was handed over; it has certainly not been sent."""

    def __init__(self, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.code = code


class Broken(Exception):
    """The line broke after the letter was handed over; it may have been sent."""


class NotEnclosed(Exception):
    """A file cannot go with its letter; the message is marked for translation."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A letter in its envelope, ready for the line."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's last word, and its word on each reader."""

    code: int
    reply: str
    receipts: Mapping[str, str]


class Postman:
    """An open connection to the relay."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._connection = connection

    def deliver(self, letter: Packed) -> Receipt:
        """Hand over one letter to those of its readers whom the server takes.

        Raises Refused where it takes none, Unreachable (certainly not sent) or Broken (perhaps
        sent).
        """
        try:
            # Not the null sender of RFC 3834: a bounce has to find its way back to us, and the
            # triage never answers one.
            self._expect(TAKEN, *self._connection.mail(letter.sender))
            receipts = self._address(letter.recipients)
            self._expect((GO_AHEAD,), *self._connection.docmd("DATA"))
        except OSError as error:
            raise Unreachable(_words(error)) from None
        code, reply = self._hand_over(letter.raw)
        return Receipt(code, reply, receipts)

    def _address(self, recipients: Sequence[str]) -> dict[str, str]:
        """Name the readers; one who is refused costs the others nothing (promise C5)."""
        said: dict[str, tuple[int, bytes]] = {}
        for one in recipients:
            said[one] = self._connection.rcpt(one)
            if said[one][0] in OF_THE_SESSION:
                self._expect(TAKEN, *said[one])
        receipts = {one: f"{code} {_decoded(reply)}" for one, (code, reply) in said.items()}
        if not any(code in TAKEN for code, _ in said.values()):
            # While one of them may still be taken, the letter waits.
            code, reply = min(said.values(), key=lambda answer: answer[0])
            self._reset()
            raise Refused(code, _decoded(reply), receipts)
        return receipts

    def _hand_over(self, raw: bytes) -> tuple[int, str]:
        try:
            self._connection.send(re.sub(rb"(?m)^\.", b"..", raw) + b".\r\n")
            if self._connection.sock is not None:
                # Servers that look through a mail first take their time (RFC 5321, 4.5.3.2.6).
                self._connection.sock.settimeout(SECONDS_AFTER_DATA)
            code, reply = self._connection.getreply()
        except OSError as error:
            raise Broken(_words(error)) from None
        self._expect(TAKEN, code, reply)
        return code, _decoded(reply)

    def _expect(self, codes: Sequence[int], code: int, reply: bytes) -> None:
        if code in codes:
            return
        if code in OF_THE_SESSION:
            self._connection.close()
            raise Unreachable(f"{code} {_decoded(reply)}", code)
        self._reset()
        raise Refused(code, _decoded(reply))

    def _reset(self) -> None:
        try:
            # The next letter begins afresh; a server that hangs up now has answered all the same.
            self._connection.rset()
        except OSError:
            self._connection.close()


@contextmanager
def connect() -> Iterator[Postman]:
    """Open a connection to the relay of the settings. Raises Unreachable."""
    try:
        connection = _dial()
    except OSError as error:
        raise Unreachable(_words(error)) from None
    try:
        yield Postman(connection)
    finally:
        try:
            connection.quit()
        except OSError:
            connection.close()


def _dial() -> smtplib.SMTP:
    host, port = settings.HBU_SMTP_HOST, settings.HBU_SMTP_PORT
    timeout = settings.HBU_MAIL_TIMEOUT_SECONDS
    if settings.HBU_SMTP_SECURITY == "ssl":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=_context())
    else:
        connection = smtplib.SMTP(host, port, timeout=timeout)
    try:
        _introduce(connection)
    except OSError:
        connection.close()
        raise
    return connection


def _introduce(connection: smtplib.SMTP) -> None:
    # Whatever is not "none" is encrypted: a word mistyped in the settings never bares a password.
    if settings.HBU_SMTP_SECURITY not in ("ssl", "none"):
        connection.starttls(context=_context())
    connection.ehlo_or_helo_if_needed()
    if settings.HBU_SMTP_USER:
        _log_in(connection)


def _log_in(connection: smtplib.SMTP) -> None:
    try:
        connection.login(settings.HBU_SMTP_USER, settings.HBU_SMTP_PASSWORD)
    except smtplib.SMTPResponseException as error:
        # The server's words are dropped: they may repeat what we sent (promise C6).
        raise smtplib.SMTPAuthenticationError(error.smtp_code, "login refused") from None
    except UnicodeError:
        raise smtplib.SMTPException("name or password hold more than ASCII") from None


def _context() -> ssl.SSLContext:
    # smtplib's starttls() verifies nothing unless it is given a context that does.
    context = ssl.create_default_context()
    if settings.HBU_CA_FILE:
        context.load_verify_locations(settings.HBU_CA_FILE)
    return context


def pack(letter: OutgoingEmail) -> Packed:
    """Put the letter into its envelope. Raises an error of the email package when it cannot be."""
    return Packed(
        sender=_ascii(letter.from_address),
        recipients=tuple(_ascii(one) for one in _waiting(letter)),
        raw=message(letter).as_bytes(),
    )


def _waiting(letter: OutgoingEmail) -> list[str]:
    """Readers who neither have the letter nor were refused it for good."""
    settled = {one for one, said in letter.receipts.items() if not said.startswith("4")}
    return [one for one in letter.readers if _ascii(one) not in settled]


class Identifiers(UnstructuredHeader, BaseHeader):
    """Message-IDs, one a line: the standard fold turns long ones into encoded words, and the
    reader's mail program would not find its conversation."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(self.split())}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("in-reply-to", Identifiers)
_headers.map_to_type("references", Identifiers)
_headers.map_to_type(LETTER_HEADER.lower(), Identifiers)
_POLICY = SMTP.clone(header_factory=_headers)


def message(letter: OutgoingEmail) -> EmailMessage:
    """Return the letter as a mail; what a machine wrote says so (RFC 3834, section 5)."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(letter.from_name, addr_spec=_ascii(letter.from_address))
    mail["To"] = Address(letter.to_name, addr_spec=_ascii(letter.to_address))
    if letter.cc:
        # Blind copies are named to the server alone.
        mail["Cc"] = [Address(addr_spec=_ascii(one)) for one in letter.cc]
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(timezone.localtime(letter.created_at))
    mail["Message-ID"] = letter.message_id
    mail[LETTER_HEADER] = letter.message_id
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
    if references := _references(letter.references, letter.in_reply_to):
        mail["References"] = references
    if letter.weight != OutgoingEmail.Weight.PERSONAL:
        # RFC 3834, section 5: an answer, or told by itself.
        answers = letter.in_reply_to and letter.weight != OutgoingEmail.Weight.NOTICE
        mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
        mail["Precedence"] = "bulk"
        mail["X-Auto-Response-Suppress"] = "All"
    below = f"\n{letter.quoted}" if letter.quoted else ""
    mail.set_content(f"{letter.text}{below}", charset="utf-8", cte="quoted-printable")
    # After the content, which clears every Content- header; before the files, so that it stays
    # with the text.
    mail["Content-Language"] = letter.language
    _enclose(mail, letter)
    return mail


def _enclose(mail: EmailMessage, letter: OutgoingEmail) -> None:
    """Add the files in the order they were named; the text stays the first part, as it is."""
    files = list(letter.enclosures.all())
    if sum(one.size for one in files) > settings.HBU_MAX_ENCLOSED_BYTES:
        raise NotEnclosed(N_("The enclosed files are too big for one mail."))
    for one in files:
        try:
            data = blobs.get(settings.BLOBS_DIR, one.sha256)
        except OSError:
            raise NotEnclosed(N_("An enclosed file is not in our store.")) from None
        maintype, _, subtype = one.media_type.partition("/")
        mail.add_attachment(data, maintype=maintype, subtype=subtype, filename=one.filename)


def _references(references: Sequence[str], in_reply_to: str) -> str:
    """The chain of the mail we answer, and that mail itself (RFC 5322, section 3.6.4)."""
    chain = [one for one in references if one and one != in_reply_to]
    # Long chains keep their first and their last links, as many programs do.
    kept = [*chain[:1], *chain[1:][-LAST_REFERENCES:], in_reply_to]
    return " ".join(one for one in kept if one)


def _ascii(address: str) -> str:
    """Return the address with its domain as the DNS knows it (RFC 5891)."""
    local, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}@{domain.encode('idna').decode('ascii')}"


def _decoded(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.replace("\x00", "").split())[:200]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {_decoded(str(error))}"[:200]
