"""Files kept under the hash of their content. A name given by a sender never becomes a path."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path


def path_of(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest[2:4] / digest


def put(folder: Path, data: bytes) -> str:
    """Keep `data` and return its SHA-256; on disk (fsync) before this returns.

    Putting the same bytes twice keeps one file. Raises OSError when the disk refuses.
    """
    digest = sha256(data).hexdigest()
    path = path_of(folder, digest)
    if path.exists():
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
    return path_of(folder, digest).read_bytes()


def older_than(folder: Path, moment: float) -> list[Path]:
    """Return the files last written before `moment` (seconds since the epoch)."""
    return [
        path for path in folder.glob("*/*/*") if path.is_file() and path.stat().st_mtime < moment
    ]
