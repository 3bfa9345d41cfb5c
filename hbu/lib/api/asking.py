"""How lists are asked: what a list does not know is refused, never passed over (promise F13)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as Unfit
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView

OF_EVERY_LIST = frozenset({"page", "page_size", "ordering", "format"})
MOST = 50
# Beyond these a moment in another zone has no name any more.
YEARS = range(1900, 2200)


def known(request: Request, names: Iterable[str]) -> None:
    """Raise ValidationError where the address asks for what is not among the names, or twice."""
    allowed = OF_EVERY_LIST | set(names)
    wrong = {}
    for name, values in request.query_params.lists():
        if name not in allowed:
            wrong[_shown(name)] = _error(gettext("There is no such filter."), "unknown")
        elif len(values) > 1:
            wrong[name] = _error(gettext("Say it once; several values with commas."), "repeated")
    if wrong:
        raise ValidationError(wrong)


def _error(said: str, code: str) -> Any:
    return ValidationError(said, code).detail


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name[:60])


class StrictFilters(filters.DjangoFilterBackend):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> Any:
        known(request, view.filterset_class.base_filters)  # type: ignore[attr-defined] # each list names one
        return super().filter_queryset(request, queryset, view)


class StrictOrdering(OrderingFilter):
    """By declared columns; the key decides where they are equal, so that no page repeats a row.

    `ordering_columns` of a list: by which column of its rows a name sorts that is no column itself.
    """

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> Sequence[str]:
        asked = request.query_params.get(self.ordering_param, "")
        wanted = [name.strip() for name in asked.split(",") if name.strip()]
        allowed = set(view.ordering_fields)  # type: ignore[attr-defined] # each list names them
        if any(name.removeprefix("-") not in allowed for name in wanted):
            said = gettext("Lists of this kind are sorted by: %s.") % ", ".join(sorted(allowed))
            raise ValidationError({self.ordering_param: _error(said, "unknown")})
        columns = getattr(view, "ordering_columns", {})
        return [*(_by(name, columns) for name in wanted or view.ordering), "-pk"]  # type: ignore[attr-defined]


def _by(name: str, columns: Mapping[str, str]) -> str:
    column = name.removeprefix("-")
    return name.replace(column, columns.get(column, column))


class _OneOfField(forms.CharField):
    def __init__(self, *, words: Iterable[str], **options: Any) -> None:
        self.allowed = frozenset(words)
        super().__init__(**options)

    def clean(self, value: Any) -> list[str]:
        words = [word.strip() for word in super().clean(value).split(",") if word.strip()]
        if len(words) > MOST or (self.allowed and not self.allowed.issuperset(words)):
            raise Unfit(_("One of these, or several with commas: %(words)s."), "invalid_choice",
                        {"words": ", ".join(sorted(self.allowed))})  # fmt: skip
        return words


@extend_schema_field(OpenApiTypes.STR)
class Several(filters.Filter):
    """One value or several with commas: `status=new,in_progress`."""

    field_class = _OneOfField

    def __init__(self, *args: Any, words: Iterable[str] = (), **options: Any) -> None:
        options.setdefault("max_length", 300)
        super().__init__(*args, lookup_expr="in", words=words, **options)
        shown = list(words)
        self.extra["help_text"] = (
            "One or several, with commas: " + ", ".join(shown)
            if shown
            else "One or several, with commas."
        )

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return super().filter(qs, value) if value else qs


class _KeysField(_OneOfField):
    def clean(self, value: Any) -> list[int]:  # type: ignore[override]
        words = super().clean(value)
        if not all(word.isascii() and word.isdigit() and len(word) < 19 for word in words):
            raise Unfit(_("Whole numbers, with commas."), "invalid")
        return [int(word) for word in words]


class Keys(Several):
    """One key or several with commas: `assignee=3,4`."""

    field_class = _KeysField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, max_length=options.pop("max_length", 1000), **options)


class YesNo(filters.ChoiceFilter):
    """true or false. Django's own would take anything else for silence."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options["choices"] = [("true", "true"), ("false", "false")]
        super().__init__(*args, empty_label=None, **options)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return (
            qs.filter(**{f"{self.field_name}__{self.lookup_expr}": value == "true"})
            if value
            else qs
        )


class _MomentField(forms.CharField):
    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            # A plus sign in an address is a blank to whoever reads it.
            found = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            found = None
        if found is None or found.year not in YEARS:
            raise Unfit(_("A moment such as 2026-01-31T08:00Z, or a day."), "invalid")
        return make_aware(found) if is_naive(found) else found


@extend_schema_field(OpenApiTypes.STR)
class Moment(filters.Filter):
    """A moment (ISO 8601); a day means its midnight, without a zone our own is meant."""

    field_class = _MomentField

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("help_text", "A day, or a moment such as 2026-01-31T08:00Z.")
        super().__init__(*args, max_length=40, **options)


def parameters(filterset: type[filters.FilterSet]) -> list[OpenApiParameter]:
    """Return the filters of a list for the documents of an address that is no list itself."""
    return [
        OpenApiParameter(name, str, description=str(one.extra.get("help_text", "")))
        for name, one in filterset.base_filters.items()
    ]
