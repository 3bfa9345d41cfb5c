"""The one way in for a file of the bank: what it is by its bytes. Runs in the jail."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any

from hbu.lib.reasons import N_
from orders.banking import camt, swift
from orders.banking.data import (
    DAMAGED,
    MAX_ENTRIES,
    NO_STATEMENT,
    TOO_LARGE,
    File,
    Statement,
    unreadable,
)
from orders.documents.einvoice.dialects import looks_like_xml

MAX_BYTES = 10_000_000
MAX_UNPACKED = 40_000_000
MAX_MEMBERS = 400
"""A year of daily statements."""
_PACKED = b"PK\x03\x04"
_ALPHABETS = ("cp1252", "cp850")
_UMLAUTS = "äöüÄÖÜß"
_LOCKED = N_("The archive is protected by a password.")


def read(data: bytes) -> list[dict[str, Any]]:
    """The statements of a file or of an archive of files, as plain JSON; raises DomainError."""
    if len(data) > MAX_BYTES:
        raise unreadable(TOO_LARGE)
    files = _unpacked(data) if data.startswith(_PACKED) else [data]
    # By its hash: a file that lies twice in an archive is one.
    found = {one.sha256: one for file in files for one in _files(file)}.values()
    if sum(len(one.statement.entries) for one in found) > MAX_ENTRIES:
        raise unreadable(TOO_LARGE)
    in_order = sorted(found, key=lambda one: (one.statement.from_date, one.statement.to_date))
    return [{"sha256": one.sha256, "statement": one.statement.as_json()} for one in in_order]


def _files(data: bytes) -> Iterator[File]:
    digest = sha256(data).hexdigest()
    for number, statement in enumerate(_joined(_statements(data))):
        own = sha256(f"{digest}:{number}".encode()).hexdigest() if number else digest
        yield File(own, statement)


def _statements(data: bytes) -> list[Statement]:
    if looks_like_xml(data):
        return camt.read(data)
    text = _text(data)
    if not swift.looks_like(text):
        raise unreadable(NO_STATEMENT)
    return swift.read(text)


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    # Neither says what it is; the one that makes more German of it is it.
    return max((data.decode(one, "replace") for one in _ALPHABETS), key=_german)


def _german(text: str) -> int:
    return sum(map(text.count, _UMLAUTS))


def _joined(statements: list[Statement]) -> list[Statement]:
    """Pages of one statement, each with balances of its own, as the one that they are."""
    joined: list[Statement] = []
    for one in statements:
        if joined and _goes_on(joined[-1], one):
            joined[-1] = _together(joined[-1], one)
        else:
            joined.append(one)
    return joined


def _goes_on(page: Statement, other: Statement) -> bool:
    same = page.account == other.account and page.number == other.number != ""
    return same and page.closing == other.opening


def _together(page: Statement, other: Statement) -> Statement:
    return Statement(
        format=page.format,
        account=page.account,
        number=page.number,
        currency=page.currency,
        opening=page.opening,
        closing=other.closing,
        from_date=min(page.from_date, other.from_date),
        to_date=max(page.to_date, other.to_date),
        entries=(*page.entries, *other.entries),
    )


def _unpacked(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MAX_MEMBERS:
                raise unreadable(TOO_LARGE)
            left = MAX_UNPACKED
            for member in members:
                if member.flag_bits & 1:
                    raise unreadable(_LOCKED)
                # What the archive says of a size is a stranger's word; what comes out is counted.
                with archive.open(member) as file:
                    content = file.read(min(left, MAX_BYTES) + 1)
                left -= len(content)
                if left < 0 or len(content) > MAX_BYTES:
                    raise unreadable(TOO_LARGE)
                yield content
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as broken:
        raise unreadable(DAMAGED) from broken
