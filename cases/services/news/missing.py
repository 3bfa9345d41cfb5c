"""Rows that should have a letter and have none: what the sweep looks for."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import CharField, Exists, Model, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from emails.models import OutgoingEmail

# Over any long weekend.
DAYS = 7
# A bell that rings now needs no help.
SECONDS = 30
Row = TypeVar("Row", bound=Model)


def window(now: datetime, moment: str) -> dict[str, datetime]:
    """The filter on a moment: lately, and not just now."""
    return {
        f"{moment}__gte": now - timedelta(days=DAYS),
        f"{moment}__lt": now - timedelta(seconds=SECONDS),
    }


def keys(rows: "QuerySet[Row]", name: str, what: str) -> list[int]:
    """Return the keys of those without a letter whose cause is "name:key:what"."""
    cause = Concat(Value(f"{name}:"), Cast("pk", CharField()), Value(f":{what}"))
    told = OutgoingEmail.objects.filter(cause=OuterRef("letter_cause"))
    untold = rows.annotate(letter_cause=cause).filter(~Exists(told))
    return list(untold.order_by().values_list("pk", flat=True).distinct())


def causes(printouts: "QuerySet[Row]") -> tuple[str, ...]:
    """The documents that were wanted, as they go with a letter."""
    return tuple(printouts.order_by("pk").values_list("cause", flat=True))
