"""Mails that lie on disk: .eml files, mbox files, Maildirs, and folders of any of them."""

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """A mail and where it lies; the mails of an mbox are numbered behind a #."""

    path: str
    raw: bytes


def find(path: Path) -> Iterator[Found]:
    """Yield the mails below a path in a steady order. Raises OSError for what cannot be read."""
    if _is_maildir(path):
        yield from _maildir(path)
    elif path.is_dir():
        for one in sorted(path.iterdir()):
            if one.is_dir() or one.suffix.lower() in {".eml", ".mbox", ".msg", ".txt", ""}:
                yield from find(one)
    elif _is_mbox(path):
        yield from _mbox(path)
    else:
        yield Found(str(path), path.read_bytes())


def _is_maildir(path: Path) -> bool:
    return all((path / name).is_dir() for name in ("cur", "new"))


def _maildir(path: Path) -> Iterator[Found]:
    for name in ("new", "cur"):
        for one in sorted((path / name).iterdir()):
            if one.is_file():
                yield Found(str(one), one.read_bytes())


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _mbox(path: Path) -> Iterator[Found]:
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            yield Found(f"{path}#{number}", box.get_bytes(key))
    finally:
        box.close()
