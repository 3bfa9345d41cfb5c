"""Where a Unix socket may lie."""

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from hbu.lib.errors import DomainError

# The address of a socket holds 108 bytes on Linux, 104 on macOS.
LONGEST = 100


def socket_path(folder: Path, name: str) -> Path:
    """Return where the socket `name` of `folder` lies: in there, or else in a short private folder.

    The path becomes part of URLs, and not every client unquotes those.
    """
    path = folder / name
    if len(os.fsencode(path)) <= LONGEST and quote(str(path)) == str(path):
        return path
    digest = sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"hbu-{os.getuid()}-{digest}", name)


def make_private(folder: Path) -> None:
    """Make a folder that is for us alone; refuse one that somebody else laid out for us."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise DomainError("not_private", f"Somebody else owns {folder}.")
    folder.chmod(0o700)
