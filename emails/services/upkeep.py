"""Keeping house: files without a row."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from emails.models import Attachment, Email
from hbu.lib import blobs

# A file is written before its row commits; nothing younger than this is an orphan.
AGE = timedelta(hours=24)
PORTION = 500


def clear_orphans(now: datetime) -> int:
    """Remove files that no row names and that are older than a day; return how many."""
    old = blobs.older_than(settings.BLOBS_DIR, (now - AGE).timestamp())
    count = 0
    for path in _unnamed(old):
        path.unlink(missing_ok=True)
        count += 1
    return count


def _unnamed(paths: Iterable[Path]) -> Iterator[Path]:
    paths = list(paths)
    for start in range(0, len(paths), PORTION):
        some = paths[start : start + PORTION]
        digests = {path.name for path in some}
        named = set(
            Email.objects.filter(raw_sha256__in=digests).values_list("raw_sha256", flat=True)
        ) | set(Attachment.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        yield from (path for path in some if path.name not in named)
