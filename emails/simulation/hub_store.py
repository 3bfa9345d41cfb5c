"""Where the hub keeps its mail: one SQLite file, so that no address ever becomes a path."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

INBOX = "INBOX"
SIZE_LIMIT = 60 * 2**20

# UIDVALIDITY is created + id: AUTOINCREMENT never gives an id again, so a folder that is deleted
# and made anew gets a greater one, as RFC 9051 2.3.1.1 asks. The covering index lists a folder
# without reading past the blobs.
SCHEMA = """
CREATE TABLE IF NOT EXISTS folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    next_uid INTEGER NOT NULL DEFAULT 1,
    UNIQUE (account, name)
);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY,
    folder INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
    uid INTEGER NOT NULL,
    flags TEXT NOT NULL,
    received REAL NOT NULL,
    raw BLOB NOT NULL,
    UNIQUE (folder, uid)
);
CREATE INDEX IF NOT EXISTS message_listing ON message (folder, uid, flags, received);
"""


class Entry(NamedTuple):
    """A message without its content."""

    uid: int
    flags: str
    received: float


def account_of(address: str) -> str:
    """Fold an address to its account; bytes that are no UTF-8 become plain text."""
    octets = address.encode("utf-8", "surrogateescape")
    return octets.decode("utf-8", "backslashreplace").strip().lower()


class MailStore:
    """Accounts, folders and messages. Every method is a transaction of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "hub.sqlite3", isolation_level=None)
        # NORMAL outlives a killed process; only a power cut may cost the last second of the demo.
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;" + SCHEMA
        )

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def folders(self, account: str) -> list[str]:
        rows = self._db.execute(
            "SELECT name FROM folder WHERE account = ? ORDER BY name", (account,)
        )
        return [name for (name,) in rows]

    def find_folder(self, account: str, name: str) -> int | None:
        row = self._db.execute(
            "SELECT id FROM folder WHERE account = ? AND name = ?", (account, name)
        ).fetchone()
        return row and int(row[0])

    def make_folder(self, account: str, name: str) -> int:
        """Make the folder if need be and return its id."""
        self._db.execute(
            "INSERT INTO folder (account, name, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (account, name, int(time.time())),
        )
        folder = self.find_folder(account, name)
        assert folder is not None  # noqa: S101 - the line above made it
        return folder

    def delete_folder(self, folder: int) -> None:
        self._db.execute("DELETE FROM folder WHERE id = ?", (folder,))

    def rename_folders(self, account: str, renames: Iterable[tuple[str, str]]) -> None:
        with self._transaction():
            self._db.executemany(
                "UPDATE folder SET name = ? WHERE account = ? AND name = ?",
                [(after, account, before) for before, after in renames],
            )

    def uids_of(self, folder: int) -> tuple[int, int]:
        """UIDVALIDITY and the next UID."""
        row: tuple[int, int] = self._db.execute(
            "SELECT created + id, next_uid FROM folder WHERE id = ?", (folder,)
        ).fetchone()
        return row

    def deliver(self, accounts: Iterable[str], raw: bytes) -> list[tuple[int, int]]:
        """Put a copy into each account's inbox: all of them or none. Returns folders and UIDs."""
        with self._transaction():
            folders = [self.make_folder(account, INBOX) for account in accounts]
            return [(folder, self._insert(folder, raw, "", time.time())) for folder in folders]

    def append(self, folder: int, raw: bytes, flags: str, received: float) -> int:
        with self._transaction():
            return self._insert(folder, raw, flags, received)

    def _insert(self, folder: int, raw: bytes, flags: str, received: float) -> int:
        uid = self._next_uid(folder)
        self._db.execute(
            "INSERT INTO message (folder, uid, flags, received, raw) VALUES (?, ?, ?, ?, ?)",
            (folder, uid, flags, received, raw),
        )
        return uid

    def _next_uid(self, folder: int) -> int:
        (uid,) = self._db.execute(
            "UPDATE folder SET next_uid = next_uid + 1 WHERE id = ? RETURNING next_uid - 1",
            (folder,),
        ).fetchone()
        return int(uid)

    def copy(self, folder: int, uid: int, destination: int) -> int | None:
        return self._transfer(
            "INSERT INTO message (folder, uid, flags, received, raw)"
            " SELECT ?, ?, flags, received, raw FROM message WHERE folder = ? AND uid = ?",
            (folder, uid, destination),
        )

    def move(self, folder: int, uid: int, destination: int) -> int | None:
        return self._transfer(
            "UPDATE message SET folder = ?, uid = ? WHERE folder = ? AND uid = ?",
            (folder, uid, destination),
        )

    def _transfer(self, statement: str, route: tuple[int, int, int]) -> int | None:
        folder, uid, destination = route
        with self._transaction():
            if self.entry(folder, uid) is None:
                return None
            new_uid = self._next_uid(destination)
            self._db.execute(statement, (destination, new_uid, folder, uid))
            return new_uid

    def set_flags(self, folder: int, uid: int, flags: str) -> None:
        self._db.execute(
            "UPDATE message SET flags = ? WHERE folder = ? AND uid = ?", (flags, folder, uid)
        )

    def delete(self, folder: int, uids: Sequence[int]) -> None:
        with self._transaction():
            self._db.executemany(
                "DELETE FROM message WHERE folder = ? AND uid = ?", [(folder, u) for u in uids]
            )

    def entries(self, folder: int) -> list[Entry]:
        rows = self._db.execute(
            "SELECT uid, flags, received FROM message WHERE folder = ? ORDER BY uid", (folder,)
        )
        return [Entry(*row) for row in rows]

    def entry(self, folder: int, uid: int) -> Entry | None:
        row = self._db.execute(
            "SELECT uid, flags, received FROM message WHERE folder = ? AND uid = ?", (folder, uid)
        ).fetchone()
        return row and Entry(*row)

    def raw(self, folder: int, uid: int) -> bytes | None:
        row = self._db.execute(
            "SELECT raw FROM message WHERE folder = ? AND uid = ?", (folder, uid)
        ).fetchone()
        return row and bytes(row[0])
