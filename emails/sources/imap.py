"""A mailbox over IMAP (RFC 9051), read without changing it until we say so."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from hbu.lib.errors import DomainError

NETWORK_ERRORS = (OSError, IMAPClientError, ssl.SSLError, ValueError, AssertionError)


class SourceError(DomainError):
    """The mail server said no, or nothing. `refused` is true when it refused our login."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__("mailbox.unreachable", message[:300], status=502)
        self.refused = refused


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
        self.uidvalidity = int(selected[b"UIDVALIDITY"])
        self.uidnext = int(selected.get(b"UIDNEXT", 0))

    def uids_after(self, uid: int) -> list[int]:
        with _spoken("looking for new mail"):
            # A NOOP first: some servers show new mail to a running session only then.
            self._client.noop()
            found = self._client.search(["UID", f"{uid + 1}:*"])
        # "n:*" names the last mail even when its UID is below n (RFC 9051, section 6.4.4).
        return sorted(number for number in found if number > uid)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        with _spoken("asking for sizes"):
            answers = self._client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        return {uid: int(data[b"RFC822.SIZE"]) for uid, data in answers.items()}

    def fetch(self, uids: Sequence[int]) -> dict[int, Fetched]:
        """Fetch whole mails without setting \\Seen (BODY.PEEK)."""
        return self._fetch(uids, "BODY.PEEK[]", b"BODY[]")

    def fetch_headers(self, uids: Sequence[int]) -> dict[int, Fetched]:
        return self._fetch(uids, "BODY.PEEK[HEADER]", b"BODY[HEADER]")

    def _fetch(self, uids: Sequence[int], item: str, key: bytes) -> dict[int, Fetched]:
        with _spoken("fetching mail"):
            answers = self._client.fetch(uids, [item, "INTERNALDATE"]) if uids else {}
            return {
                uid: Fetched(data[key] or b"", _aware(data.get(b"INTERNALDATE")))
                for uid, data in answers.items()
                if key in data
            }

    def mark_seen(self, uids: Sequence[int]) -> None:
        with _spoken("marking mail as read"):
            self._client.add_flags(uids, [rb"\Seen"], silent=True)

    def move(self, uids: Sequence[int], folder: str) -> None:
        with _spoken(f"moving mail to {folder}"):
            if not self._client.folder_exists(folder):
                self._client.create_folder(folder)
            if self._client.has_capability("MOVE"):
                self._client.move(uids, folder)
            else:
                self._client.copy(uids, folder)
                self._client.add_flags(uids, [rb"\Deleted"], silent=True)
                self._client.expunge(uids)

    def wait_for_mail(self, seconds: float) -> bool:
        """Idle (RFC 2177) until the server speaks; return whether it spoke of new mail."""
        with _spoken("waiting for mail"):
            self._client.idle()
            answers = self._client.idle_check(timeout=seconds)
            _, rest = self._client.idle_done()
        return any(b"EXISTS" in answer for answer in [*answers, *rest] if isinstance(answer, tuple))


@contextmanager
def connect(account: Account) -> Iterator[ImapSource]:
    """Log in and select the folder. Raises SourceError; `refused` when the password is wrong."""
    client = _client(account)
    try:
        with _spoken("logging in"):
            if account.security == "starttls":
                client.starttls(_context(account))
            client.login(account.username, account.password)
            selected = client.select_folder(account.folder)
        yield ImapSource(client, selected)
    finally:
        _leave(client)


def _client(account: Account) -> IMAPClient:
    with _spoken(f"connecting to {account.host}:{account.port}"):
        return IMAPClient(
            account.host,
            account.port,
            ssl=account.security == "ssl",
            ssl_context=_context(account) if account.security == "ssl" else None,
            timeout=account.timeout,
            use_uid=True,
        )


def _context(account: Account) -> ssl.SSLContext:
    # imaplib verifies nothing unless it is given a context that does.
    context = ssl.create_default_context()
    if account.ca_file:
        context.load_verify_locations(account.ca_file)
    if not account.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except NETWORK_ERRORS:
        client.shutdown()


@contextmanager
def _spoken(doing: str) -> Iterator[None]:
    """Turn whatever the line throws into words. The password is never among them."""
    try:
        yield
    except LoginError as error:
        raise SourceError(f"The server refused the login: {_words(error)}", refused=True) from None
    except NETWORK_ERRORS as error:
        raise SourceError(f"While {doing}: {type(error).__name__}: {_words(error)}") from None


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _aware(moment: datetime | None) -> datetime | None:
    # IMAPClient turns INTERNALDATE into naive local time.
    return moment.astimezone(UTC) if moment else None
