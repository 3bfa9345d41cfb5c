"""Documents that lie in files and folders."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from hbu.lib.reasons import N_
from orders.data import ReadDocument
from orders.documents.reading import read_order, read_pdf

MAX_BYTES = 25_000_000


def find(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named; a path that is neither stays itself."""
    for path in paths:
        if _is_folder(path):
            yield from sorted(one for one in path.rglob("*") if not _is_folder(one))
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # in a folder that we may not enter
        return False


def read_file(path: Path) -> ReadDocument:
    """What the file says; a document with an error where nothing can be read."""
    try:
        if path.exists() and not path.is_file():  # a pipe or a device has no end
            return _unread("", N_("This is no file."))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return _unread("", N_("There is no such file."))
    except (OSError, ValueError):  # a NUL in the name is a ValueError
        return _unread("", N_("The file cannot be opened."))
    if len(data) > MAX_BYTES:
        return _unread("", N_("The file is too large."))
    return _read(path.suffix.lower(), data)


def _read(suffix: str, data: bytes) -> ReadDocument:
    if suffix == ".pdf" or data.startswith(b"%PDF-"):
        return read_pdf(data)[1]
    if suffix != ".txt":
        return _unread(suffix.lstrip("."), N_("Only PDF and text files are read."))
    if b"\0" in data:
        return _unread("text", N_("The file holds no text."))
    return read_order(_text_of(data), format="text")


def _text_of(data: bytes) -> str:
    """Old Windows programs still write their own alphabet, which has a sign for most bytes."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _unread(format: str, error: str) -> ReadDocument:
    return ReadDocument(kind="other", format=format, error=error)
