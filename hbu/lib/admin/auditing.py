"""Every change made on a page of the admin is told with what was there before (promises J4, J5)."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms.models import _get_foreign_key
from django.http import HttpRequest

from hbu.lib.auditing import Change, Picture, difference, picture, tell

NOTHING = Picture({})


class AuditedMixin:
    """Stands before ModelAdmin. Pictures are read from the database, before and after."""

    model: Any

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:  # noqa: FBT001 - Django calls it so
        if change:
            self.remember(request, form.instance.pk)
        return super().save_form(request, form, change)  # type: ignore[misc]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _tell("added", obj, request, NOTHING, self._picture(request, obj.pk))
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        before = _pictures(request).pop(_key(obj), None)
        if before is not None:
            _tell("changed", obj, request, before, self._picture(request, obj.pk))
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            _tell("removed", obj, request, self._picture(request, obj.pk), NOTHING)
            super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        with transaction.atomic():
            for obj in queryset:
                _tell("removed", obj, request, self._picture(request, obj.pk), NOTHING)
            super().delete_queryset(request, queryset)  # type: ignore[misc]

    def remember(self, request: HttpRequest, pk: Any) -> None:
        """Take a picture of what is there before it is changed."""
        before = self._picture(request, pk)
        _pictures(request).setdefault((self.model._meta.label_lower, pk), before)

    def _picture(self, request: HttpRequest, pk: Any) -> Picture:
        obj = self.model._base_manager.filter(pk=pk).first()
        return picture(obj, self._parts(request, obj)) if obj else NOTHING

    def _parts(self, request: HttpRequest, obj: Any) -> Iterator[Any]:
        inlines = self.get_inline_instances(request, obj)  # type: ignore[attr-defined]
        return chain.from_iterable(_rows(one, obj) for one in inlines)


def _rows(inline: Any, obj: Any) -> "QuerySet[Any] | list[Any]":
    """Return what the inline edits; those of a generic relation or a view have no key to find."""
    key = _get_foreign_key(inline.parent_model, inline.model, inline.fk_name, can_fail=True)
    if key is None:
        return []
    rows: QuerySet[Any] = inline.model._base_manager.filter(**{key.name: obj}).order_by("pk")
    return rows


def _key(obj: Model) -> tuple[str, Any]:
    return obj._meta.label_lower, obj.pk


def _pictures(request: HttpRequest) -> dict[tuple[str, Any], Picture]:
    if not hasattr(request, "_pictures"):
        request._pictures = {}  # type: ignore[attr-defined] # as long as the request
    kept: dict[tuple[str, Any], Picture] = request._pictures  # type: ignore[attr-defined]
    return kept


def _tell(what: str, obj: Model, request: HttpRequest, before: Picture, after: Picture) -> None:
    was, now = difference(before, after)
    if was or now or what == "removed":
        tell(Change(what, obj, request.user, was, now))
