"""One letter over SMTP (RFC 5321), one connection for many."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from emails.models import OutgoingEmail

PERMANENT = 500


class Refused(Exception):
    """The server said no to this letter. `permanent` when asking again makes no sense."""

    def __init__(self, code: int, reply: str) -> None:
        super().__init__(f"{code} {reply}")
        self.code = code
        self.reply = reply

    @property
    def permanent(self) -> bool:
        return self.code >= PERMANENT


class Unreachable(Exception):
    """The line is down before the letter was handed over; it has certainly not been sent."""


class Broken(Exception):
    """The line broke after the letter was handed over; it may have been sent."""


class Postman:
    """An open connection to the relay."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self._connection = connection

    def deliver(self, letter: OutgoingEmail) -> tuple[int, str]:
        """Hand over one letter; return the server's code and reply.

        Raises Refused, Unreachable (certainly not sent) or Broken (perhaps sent).
        """
        self._envelope(letter)
        return self._data(message(letter).as_bytes(policy=SMTP))

    def _envelope(self, letter: OutgoingEmail) -> None:
        try:
            # Not the null sender of RFC 3834: a bounce has to find its way back to us, and the
            # triage never answers one.
            self._accept(*self._connection.mail(letter.from_address))
            self._accept(*self._connection.rcpt(letter.to_address))
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Unreachable(_words(error)) from None

    def _data(self, raw: bytes) -> tuple[int, str]:
        try:
            code, reply = self._connection.data(raw)
        except smtplib.SMTPDataError as error:
            raise Refused(error.smtp_code, _decoded(error.smtp_error)) from None
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Broken(_words(error)) from None
        self._accept(code, reply)
        return code, _decoded(reply)

    def _accept(self, code: int, reply: bytes) -> None:
        if code not in (250, 251):
            self._connection.rset()
            raise Refused(code, _decoded(reply))


@contextmanager
def connect() -> Iterator[Postman]:
    """Open a connection to the relay of the settings. Raises Unreachable."""
    try:
        connection = _open()
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(_words(error)) from None
    try:
        yield Postman(connection)
    finally:
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()


def _open() -> smtplib.SMTP:
    host, port = settings.HBU_SMTP_HOST, settings.HBU_SMTP_PORT
    timeout = settings.HBU_MAIL_TIMEOUT_SECONDS
    if settings.HBU_SMTP_SECURITY == "ssl":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=_context())
    else:
        connection = smtplib.SMTP(host, port, timeout=timeout)
    if settings.HBU_SMTP_SECURITY == "starttls":
        connection.starttls(context=_context())
    connection.ehlo_or_helo_if_needed()
    if settings.HBU_SMTP_USER:
        connection.login(settings.HBU_SMTP_USER, settings.HBU_SMTP_PASSWORD)
    return connection


def _context() -> ssl.SSLContext:
    # smtplib's starttls() verifies nothing unless it is given a context that does.
    context = ssl.create_default_context()
    if settings.HBU_CA_FILE:
        context.load_verify_locations(settings.HBU_CA_FILE)
    return context


def message(letter: OutgoingEmail) -> EmailMessage:
    """Return the letter as a mail; what a machine wrote says so (RFC 3834, section 5)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(letter.from_name, addr_spec=letter.from_address)
    mail["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(timezone.localtime(letter.created_at))
    mail["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
    if references := _references(letter.references, letter.in_reply_to):
        mail["References"] = references
    mail["Content-Language"] = letter.language
    if letter.weight != OutgoingEmail.Weight.PERSONAL:
        mail["Auto-Submitted"] = "auto-replied"
        mail["Precedence"] = "bulk"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    return mail


def _references(references: Sequence[str], in_reply_to: str) -> str:
    """The chain of the mail we answer, and that mail itself (RFC 5322, section 3.6.4)."""
    chain = [one for one in references if one != in_reply_to]
    # Long chains keep their first and their last links, as many programs do.
    kept = [*chain[:1], *chain[1:][-10:], in_reply_to] if in_reply_to else chain
    return " ".join(one for one in kept if one)


def _decoded(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:200]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {_decoded(str(error))}"[:200]
