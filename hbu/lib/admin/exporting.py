"""Lists as CSV files whose cells no spreadsheet takes for formulas (promise F12)."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import tablib
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language
from import_export.admin import ExportMixin
from import_export.fields import Field as Column
from import_export.formats.base_formats import CSV
from import_export.resources import ModelResource
from unfold.contrib.import_export.forms import SelectableFieldsExportForm

from hbu.lib.auditing import Export, tell

# Said by name: the floor knows no model.
PERMISSION = "journal.export_lists"
LONGEST_FILTER = 300
TRIGGERS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# XML 1.0 has no place for these, so neither has a spreadsheet.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(cell: Any) -> Any:
    """Return the cell as text that is not calculated; numbers and dates stay what they are."""
    if not isinstance(cell, str):
        return cell
    text = UNWRITABLE.sub("\ufffd", cell)
    risky = text.startswith(("\t", "\r", "\n")) or text.lstrip(" \t\r\n\xa0'\"").startswith(
        TRIGGERS
    )
    return f"'{text}" if risky else text


class SafeCSV(CSV):
    """As German spreadsheets open it by double click: UTF-8 with mark, semicolons."""

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> str:
        rows = [[_as_text(guarded(cell)) for cell in row] for row in dataset]
        safe = tablib.Dataset(*rows, headers=dataset.headers)
        text: str = safe.export("csv", delimiter=";")
        return f"\ufeff{text}"


def _as_text(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, Decimal | float) and (get_language() or "").startswith("de"):
        # "12.50" would become the twelfth of May.
        return str(cell).replace(".", ",")
    return cell


class ExportForm(SelectableFieldsExportForm):
    """Asks for columns by the words that stand above them."""

    def _get_field_label(self, resource: ModelResource, field_name: str) -> str:
        return str(capfirst(resource.fields[field_name].column_name))


class ExportAdminMixin(ExportMixin):
    """A list that can be taken along, as it is filtered. `export_fields` says what of it."""

    export_fields: tuple[str, ...] = ()
    export_form_class = ExportForm
    export_formats = [SafeCSV]
    model: type[Model]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who takes a list along needs a right of its own, beside seeing it (promise F21)."""
        may = request.user.has_perm(PERMISSION)
        return bool(self.export_fields) and may and bool(super().has_export_permission(request))

    def get_export_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        return [resource(self.model, self.export_fields)]

    def get_export_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_export_queryset(request)
        around = {path.rpartition("__")[0] for path in self.export_fields if "__" in path}
        return rows.select_related(*around) if around else rows

    def get_data_for_export(
        self, request: HttpRequest, queryset: "QuerySet[Any]", **kwargs: Any
    ) -> tablib.Dataset:
        if not self.has_export_permission(request):
            raise PermissionDenied
        kwargs["force_native_type"] = True
        data = super().get_data_for_export(request, queryset, **kwargs)
        narrowed = request.GET.urlencode()[:LONGEST_FILTER]
        tell(Export(self.model, request.user, len(data), narrowed))
        return data


def resource(model: type[Model], paths: tuple[str, ...]) -> type[ModelResource]:
    """Return what import-export needs to know: the columns, named in the reader's language."""
    columns = {path: _column(model, path) for path in paths}
    meta = type("Meta", (), {"model": model, "fields": paths, "export_order": paths})
    made: type[ModelResource] = type(
        f"{model.__name__}Resource", (ModelResource,), {**columns, "Meta": meta}
    )
    return made


def _column(model: type[Model], path: str) -> Column:
    *steps, last = path.split("__")
    names: list[str] = []
    for step in steps:
        relation = model._meta.get_field(step)
        model = relation.related_model  # type: ignore[assignment]
        # Where the other row points here, the relation has no name of its own.
        names.append(str(getattr(relation, "verbose_name", model._meta.verbose_name)))
    field: Field[Any, Any] = model._meta.get_field(last)  # type: ignore[assignment]
    names.append(str(field.verbose_name))
    attribute = "__".join([*steps, f"get_{last}_display" if field.choices else last])
    widget = ModelResource.widget_from_django_field(field)()
    return Column(attribute=attribute, column_name=": ".join(names), widget=widget)
