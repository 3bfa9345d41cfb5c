"""Mails that lie on disk: .eml files, mbox files, Maildirs, and folders of any of them."""

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hbu.lib.reasons import N_

SUFFIXES = {".eml", ".mbox", ".msg", ".txt", ""}
# What Outlook saves is no mail but a container of its own (MS-CFB, 2.2).
OUTLOOK = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True, slots=True)
class Found:
    """A mail and where it lies, or why it cannot be read; those of an mbox are numbered with #."""

    path: str
    raw: bytes
    error: str = ""


def find(path: Path) -> Iterator[Found]:
    """Yield the mails below a path in a steady order; one that cannot be read hides no other."""
    try:
        yield from _find(path)
    except OSError as error:
        yield Found(str(path), b"", f"{type(error).__name__}: {error.strerror}")


def _find(path: Path) -> Iterator[Found]:
    if _is_maildir(path):
        for name in ("new", "cur"):
            for one in sorted((path / name).iterdir()):
                yield from _file(one)
    elif path.is_dir():
        for one in sorted(path.iterdir()):
            if one.is_dir() or one.suffix.lower() in SUFFIXES:
                yield from find(one)
    elif _is_mbox(path):
        yield from _mbox(path)
    else:
        yield from _file(path)


def _is_maildir(path: Path) -> bool:
    return all((path / name).is_dir() for name in ("cur", "new"))


def _file(path: Path) -> Iterator[Found]:
    if path.is_dir():
        return
    try:
        raw = path.read_bytes()
    except OSError as error:
        yield Found(str(path), b"", f"{type(error).__name__}: {error.strerror}")
        return
    if raw.startswith(OUTLOOK):
        yield Found(str(path), b"", N_("Outlook's own format is no mail; save it as .eml."))
    else:
        yield Found(str(path), raw)


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
