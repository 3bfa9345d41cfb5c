"""Keeping house: files without a row."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import JSONField

from hbu.lib import blobs

# A file is written before its row commits; nothing younger than this is an orphan.
AGE = timedelta(hours=24)
PORTION = 500
COLUMNS = {"sha256", "raw_sha256"}
# Lists of files in one column: what goes with a letter that somebody is still writing.
LISTS = {"files"}


def clear_orphans(now: datetime) -> int:
    """Remove files that no row names and that are older than a day; return how many."""
    moment = (now - AGE).timestamp()
    old = blobs.older_than(settings.BLOBS_DIR, moment)
    return sum(blobs.discard(path, moment) for path in _unnamed(old))


def _unnamed(paths: Iterable[Path]) -> Iterator[Path]:
    paths = iter(paths)
    while some := list(islice(paths, PORTION)):
        named = _named({path.name for path in some})
        yield from (path for path in some if path.name not in named)


def _named(digests: set[str]) -> set[str]:
    """Return those that a row names, in whatever app: all call the column one of these names."""
    columns = (
        column
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.name in COLUMNS
    )
    named = {
        digest
        for column in columns
        for digest in column.model._default_manager.filter(
            **{f"{column.name}__in": digests}
        ).values_list(column.name, flat=True)
    }
    return named | (digests & _listed())


def _listed() -> set[str]:
    return {
        str(file["sha256"])
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.name in LISTS and isinstance(column, JSONField)
        for files in model._default_manager.exclude(**{column.name: []}).values_list(
            column.name, flat=True
        )
        for file in files
        if isinstance(file, dict) and "sha256" in file
    }
