"""Documents that lie in files and folders."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from hbu.lib import jail
from hbu.lib.reasons import N_
from orders.data import ReadDocument

MAX_BYTES = 25_000_000
MAX_NAME = 255
_FORMATS = {"txt": "text", "eml": "text", "xlsm": "xlsx", "tsv": "csv"}
_READ = frozenset({"pdf", "xlsx", "xls", "csv", "xml"})


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
    return read_bytes(data, name=path.name)[1]


def read_bytes(
    data: bytes,
    *,
    name: str = "",
    language: str = "",
    today: date | None = None,
    seconds: float = 15,
) -> tuple[str, ReadDocument]:
    """The text of a file and what was read in it; a document with an error if that failed.

    `name` tells text from text where the bytes do not. It is read in the jail.
    """
    asked = {"name": _shortened(name), "language": language}
    asked |= {"today": today.isoformat()} if today else {}
    try:
        answer = jail.call("orders.documents.door:read", data, seconds=seconds, **asked)
    except jail.Jailed as failure:
        return "", _unread(_format(name), failure.message)
    return answer["text"], ReadDocument.from_json(answer["document"])


def _shortened(name: str) -> str:
    """Names of files may hold bytes that are no text."""
    return name[-MAX_NAME:].encode("utf-8", "replace").decode()


def _format(name: str) -> str:
    suffix = name.lower().rpartition(".")[2]
    return _FORMATS.get(suffix, suffix if suffix in _READ else "")


def _unread(format: str, error: str) -> ReadDocument:
    return ReadDocument(kind="other", format=format, error=error)
