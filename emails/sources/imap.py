"""A mailbox over IMAP (RFC 9051), read without changing it until we say so."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from emails.encoding import clean
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

# After one of these the session is of no more use; the others are a server's answer.
BROKEN = (OSError, IMAPClientAbortError)
SERVER_ERRORS = (*BROKEN, IMAPClientError, ValueError, LookupError, TypeError, AssertionError)
# The answer to a search is one line, and imaplib reads none of more than a million bytes.
SEARCH_WINDOW = 100_000


class SourceError(DomainError):
    """The mail server said no, or nothing.

    `refused` is true when it refused our login, `broken` when the session is of no more use.
    """

    def __init__(self, message: str, *, refused: bool = False, broken: bool = False) -> None:
        super().__init__("mailbox.unreachable", message[:300], status=502)
        self.refused = refused
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Account:
    """Where to log in. The CA file is trusted in addition to the system's authorities."""

    host: str
    port: int
    security: str
    verify_certificate: bool
    username: str
    password: str
    folder: str
    timeout: float
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    raw: bytes
    received_at: datetime | None


class ImapSource:
    """One session on one folder. Every method raises SourceError when the server fails us."""

    def __init__(self, client: IMAPClient, selected: dict[bytes, Any]) -> None:
        self._client = client
        self.can_idle = bool(client.has_capability("IDLE"))
        self.uidvalidity = int(selected[b"UIDVALIDITY"])
        # A server may leave UIDNEXT out (RFC 3501, section 6.3.1).
        self.uidnext = int(selected.get(b"UIDNEXT", 0))
        if not self.uidnext:
            self.uidnext = max(self.uids_after(0), default=0) + 1

    def uids_after(self, uid: int) -> list[int]:
        with _spoken(N_("While looking for new mail")):
            # A NOOP first: some servers show new mail to a running session only then.
            self._client.noop()
            found = [number for window in self._windows(uid) for number in self._search(window)]
        # "n:*" names the last mail even when its UID is below n (RFC 9051, section 6.4.4).
        return sorted({number for number in found if number > uid})

    def _windows(self, uid: int) -> Iterator[str]:
        start = uid + 1
        while self.uidnext - start > SEARCH_WINDOW:
            yield f"{start}:{start + SEARCH_WINDOW - 1}"
            start += SEARCH_WINDOW
        yield f"{start}:*"

    def _search(self, window: str) -> list[int]:
        return list(self._client.search(["UID", window]))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        with _spoken(N_("While asking for sizes")):
            answers = self._ask(uids, "RFC822.SIZE")
            return {uid: int(answer[b"RFC822.SIZE"]) for uid, answer in answers.items()}

    def fetch(self, uids: Sequence[int]) -> dict[int, Fetched]:
        """Fetch whole mails without setting \\Seen (BODY.PEEK)."""
        return self._fetch(uids, "BODY.PEEK[]", b"BODY[]")

    def fetch_headers(self, uids: Sequence[int]) -> dict[int, Fetched]:
        return self._fetch(uids, "BODY.PEEK[HEADER]", b"BODY[HEADER]")

    def _fetch(self, uids: Sequence[int], item: str, key: bytes) -> dict[int, Fetched]:
        with _spoken(N_("While fetching mail")):
            return {
                uid: Fetched(answer[key] or b"", _in_utc(answer.get(b"INTERNALDATE")))
                for uid, answer in self._ask(uids, item, "INTERNALDATE", key=key).items()
            }

    def _ask(self, uids: Sequence[int], *items: str, key: bytes = b"") -> dict[int, Any]:
        """Return what the server tells of these mails; it may speak of others meanwhile."""
        answers = self._client.fetch(uids, items) if uids else {}
        key = key or items[0].encode()
        return {uid: answers[uid] for uid in uids if key in answers.get(uid, {})}

    def mark_seen(self, uids: Sequence[int]) -> None:
        with _spoken(N_("While marking mail as read")):
            self._client.add_flags(uids, [rb"\Seen"], silent=True)

    def move(self, uids: Sequence[int], folder: str) -> None:
        with _spoken(N_("While moving mail")):
            if not self._client.folder_exists(folder):
                self._client.create_folder(folder)
            if self._client.has_capability("MOVE"):
                self._client.move(uids, folder)
            else:
                self._client.copy(uids, folder)
                self._remove(uids)

    def _remove(self, uids: Sequence[int]) -> None:
        self._client.add_flags(uids, [rb"\Deleted"], silent=True)
        # Without UIDPLUS (RFC 4315) EXPUNGE would remove what others marked as well.
        if self._client.has_capability("UIDPLUS"):
            self._client.expunge(uids)

    def wait_for_mail(self, seconds: float) -> bool:
        """Idle (RFC 2177) until the server speaks; return whether it spoke of new mail."""
        with _spoken(N_("While waiting for mail")):
            self._client.idle()
            answers = self._client.idle_check(timeout=seconds)
            _, rest = self._client.idle_done()
        return any(b"EXISTS" in answer for answer in [*answers, *rest] if isinstance(answer, tuple))


@contextmanager
def connect(account: Account) -> Iterator[ImapSource]:
    """Log in and select the folder. Raises SourceError; `refused` when the password is wrong."""
    client = _client(account)
    try:
        with _spoken(N_("While logging in"), secret=account.password):
            if account.security == "starttls":
                client.starttls(_context(account))
            _log_in(client, account)
            source = ImapSource(client, client.select_folder(account.folder))
        yield source
    except BaseException:
        # A farewell would wait once more for a server that hangs.
        _hang_up(client)
        raise
    _leave(client)


def _client(account: Account) -> IMAPClient:
    with _spoken(f"{N_('While connecting')}: {account.host}:{account.port}"):
        client = IMAPClient(
            account.host,
            account.port,
            ssl=account.security == "ssl",
            ssl_context=_context(account) if account.security == "ssl" else None,
            timeout=account.timeout,
            use_uid=True,
        )
    # Else INTERNALDATE comes in naive local time, and an hour a year is told twice.
    client.normalise_times = False
    return client


def _context(account: Account) -> ssl.SSLContext:
    # imaplib verifies nothing unless it is given a context that does.
    context = ssl.create_default_context()
    if account.ca_file:
        context.load_verify_locations(account.ca_file)
    if not account.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _log_in(client: IMAPClient, account: Account) -> None:
    # LOGIN speaks ASCII only; SASL PLAIN speaks UTF-8 (RFC 4616).
    ascii_only = account.username.isascii() and account.password.isascii()
    login = client.login if ascii_only else client.plain_login
    login(account.username, account.password)


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except SERVER_ERRORS:
        _hang_up(client)


def _hang_up(client: IMAPClient) -> None:
    with suppress(OSError):
        client.shutdown()


@contextmanager
def _spoken(doing: str, *, secret: str = "") -> Iterator[None]:
    """Turn whatever the line throws into words. The password is never among them."""
    try:
        yield
    except SERVER_ERRORS as error:
        words = _words(error, secret)
        # A line that breaks during the login is a LoginError as well, but refuses nobody.
        cause = error.__context__ if isinstance(error, LoginError) else error
        if isinstance(error, LoginError) and not isinstance(cause, BROKEN):
            raise SourceError(
                f"{N_('The server refused the login')}: {words}", refused=True
            ) from None
        words = f"{doing}: {type(error).__name__}: {words}"
        raise SourceError(words, broken=isinstance(cause, BROKEN)) from None


def _words(error: Exception, secret: str) -> str:
    words = " ".join(clean(str(error)).split())
    # Some servers repeat the command that they refuse.
    return (words.replace(secret, "…") if secret else words)[:200]


def _in_utc(moment: datetime | None) -> datetime | None:
    try:
        return moment.astimezone(UTC) if moment else None
    except OverflowError:
        return None
