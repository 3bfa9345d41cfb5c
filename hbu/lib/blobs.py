"""Files kept under the hash of their content. A name given by a sender never becomes a path."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path


class Missing(FileNotFoundError):
    """A file that a row names is not on disk."""


def path_of(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest[2:4] / digest


def put(folder: Path, data: bytes) -> str:
    """Keep `data` and return its SHA-256; on disk (fsync) before this returns.

    Putting the same bytes twice keeps one file. Raises OSError when the disk refuses.
    """
    digest = sha256(data).hexdigest()
    path = path_of(folder, digest)
    with suppress(FileNotFoundError):
        # Fresh again, so that the janitor does not take it before its new row commits.
        os.utime(path)
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="new-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return digest


def get(folder: Path, digest: str) -> bytes:
    """Return the bytes; raise Missing when they are not there."""
    try:
        return path_of(folder, digest).read_bytes()
    except FileNotFoundError:
        raise Missing(f"The file {digest} is missing on disk.") from None


def older_than(folder: Path, moment: float) -> Iterator[Path]:
    """Yield the files last written before `moment` (seconds since the epoch)."""
    for path in folder.glob("*/*/*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < moment:
                yield path


def discard(path: Path, moment: float) -> bool:
    """Remove a file unless it was put again since `moment`; return whether it is gone."""
    aside = path.with_name(f"new-{path.name}")
    with suppress(FileNotFoundError):
        # Whoever puts the file in this instant misses it and writes it anew.
        path.replace(aside)
        if aside.stat().st_mtime >= moment:
            aside.replace(path)
            return False
        aside.unlink()
        return True
    return False
