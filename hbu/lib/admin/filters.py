"""Questions about the rows of a list that no column answers, by name; figures ask them, too."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from unfold.contrib.filters.admin import DropdownFilter

from hbu.lib.words import whole_number

Narrow = Callable[["QuerySet[Any]"], "QuerySet[Any]"]


class NamedFilter(DropdownFilter):
    questions: ClassVar[Mapping[str, tuple[Promise, Narrow]]]
    """By the name that stands in the address: what it is called, and how it narrows rows."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _narrow) in self.questions.items()]

    def queryset(self, request: HttpRequest, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return self.narrowed(rows, self.value() or "")

    @classmethod
    def narrowed(cls, rows: "QuerySet[Any]", name: str) -> "QuerySet[Any]":
        """Return the rows that the question finds; all of them under a name that there is not."""
        return cls.questions[name][1](rows) if name in cls.questions else rows


class BoundedMixin:
    """Lists asked for a number that no row can have answer as to any wrong filter, not with an error."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        keys = (str(value) for name, value in request.GET.items() if name.endswith("__id__exact"))
        if any(key and whole_number(key) is None for key in keys):
            # The page of the list would look for it once more.
            raise IncorrectLookupParameters
        try:
            return super().get_changelist_instance(request)  # type: ignore[misc]
        except (OverflowError, DataError):
            raise IncorrectLookupParameters from None
