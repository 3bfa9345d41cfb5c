"""Rows that belong to a department are seen by whoever sees its work, on every page alike.

A model says whose it is by `visible_to(user)` of its query set; what is not visible is not there:
neither in lists, searches, counts, exports and choices, nor under its own address.
"""

from collections.abc import Iterable
from typing import Any, NoReturn, TypeVar

from django.db.models import Field, Model, QuerySet
from django.http import Http404, HttpRequest

M = TypeVar("M", bound=Model)


def seen(rows: "QuerySet[Any]", user: Any) -> "QuerySet[Any]":
    """Return those of the rows that the person sees; all, where rows belong to nobody."""
    visible = getattr(rows, "visible_to", None)
    narrowed: QuerySet[Any] = visible(user) if visible else rows
    return narrowed


def seen_of(objects: "Iterable[M | None]", user: Any) -> list[M]:
    """Return those of the objects, all of one model, that the person sees; one query."""
    there = [one for one in objects if one is not None]
    if not there:
        return []
    rows = type(there[0])._default_manager.filter(pk__in=[one.pk for one in there])
    keys = set(seen(rows, user).values_list("pk", flat=True))
    return [one for one in there if one.pk in keys]


class ScopedMixin:
    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return seen(super().get_queryset(request), request.user)  # type: ignore[misc]

    def get_field_queryset(
        self, db: str | None, db_field: "Field[Any, Any]", request: HttpRequest
    ) -> "QuerySet[Any] | None":
        """Offer and accept only what the person sees; Django asks this of every relation."""
        rows = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        related: type[Model] = db_field.remote_field.model  # type: ignore[union-attr]
        if rows is None and hasattr(related._default_manager.all(), "visible_to"):
            rows = related._default_manager.using(db).all()
        return None if rows is None else seen(rows, request.user)

    def _get_obj_does_not_exist_redirect(self, *_args: Any) -> NoReturn:
        """Not there and not visible are one answer; Django would lead to the start with a message."""
        raise Http404
