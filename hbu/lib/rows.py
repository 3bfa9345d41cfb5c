"""Writing many rows at once."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def save_all(rows: Iterable[Row], fields: Sequence[str]) -> None:
    """Write the fields of rows that exist already, with one statement.

    An upsert costs a fraction of bulk_update's CASE WHEN for every row and column. The rows must be
    whole (not deferred) and locked or otherwise ours: one that was deleted meanwhile would return.
    """
    rows = list(rows)
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )
