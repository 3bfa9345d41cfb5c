"""Products as a file: taken along, changed elsewhere, and looked at before anything is written."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field as ExportColumn
from import_export.resources import ModelResource
from tablib import Dataset
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from hbu.lib.admin import Table
from hbu.lib.admin.exporting import ExportAdminMixin
from hbu.lib.admin.exporting import resource as exported
from hbu.lib.errors import DomainError
from shop.services import importing
from shop.services.import_columns import COLUMNS
from shop.services.import_plan import Change, Plan, Row

SHOWN = 200
AMOUNTS = {"price", "tax_rate", "size_mm", "tier_prices"}
VERDICTS: dict[str, Promise] = {"wrong": _("wrong"), "new": _("new"), "changed": _("changed")}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file or workbook"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


class ImportMixin(ExportAdminMixin):
    """A list of products that goes out with its tier prices and comes back changed."""

    actions_list = ("bring_in",)
    admin_site: Any
    opts: Any

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(
            request.user.has_perms(["shop.add_product", "shop.change_product", "shop.change_stock"])
        )

    def get_export_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        name = "tier_prices"
        extra = ExportColumn(attribute=name, column_name=COLUMNS[name].label)
        plain = exported(self.model, self.export_fields)
        order = (*self.export_fields, name)
        meta = type("Meta", (), {"model": self.model, "fields": order, "export_order": order})
        return [type("ProductResource", (plain,), {name: extra, "Meta": meta})]

    def get_data_for_export(
        self, request: HttpRequest, queryset: "QuerySet[Any]", **kwargs: Any
    ) -> Dataset:
        return super().get_data_for_export(request, queryset.prefetch_related("tiers"), **kwargs)

    @action(  # type: ignore[untyped-decorator]
        description=_("Import products"),
        url_path="import",
        permissions=["import"],
        icon="upload",
    )
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        if "token" in request.POST:
            return self._apply(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                content = file.read(importing.MOST_BYTES + 1)
                plan, token = importing.look(content, file.name)
                return self._page(request, form, plan=plan, token=token, name=file.name)
            except DomainError as error:
                form.add_error("file", gettext(error.message))
        return self._page(request, form)

    def _apply(self, request: HttpRequest) -> HttpResponse:
        try:
            counts = importing.apply(request.POST["token"], by=request.user)  # type: ignore[arg-type] # staff
        except DomainError as error:
            messages.error(request, gettext(error.message))
            return HttpResponseRedirect(request.path)
        done = counts["new"] + counts["changed"]
        words = ngettext("%(count)d product was written.", "%(count)d products were written.", done)
        messages.success(request, words % {"count": done})
        return HttpResponseRedirect(reverse("admin:shop_product_changelist"))

    def _page(self, request: HttpRequest, form: forms.Form, **shown: Any) -> HttpResponse:
        plan: Plan | None = shown.get("plan")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import products"),
            "form": form,
            "back": reverse("admin:shop_product_changelist"),
            "columns": [one.label for one in COLUMNS.values()],
            "tables": _tables(plan) if plan else [],
            "counts": plan.counts() if plan else {},
            **shown,
        }
        return TemplateResponse(request, "admin/shop/import.html", context)


def _tables(plan: Plan) -> list[Table]:
    return [_table(plan, verdict) for verdict in VERDICTS if plan.counts()[verdict]]


def _table(plan: Plan, verdict: str) -> Table:
    rows = [row for row in plan.rows if row.verdict == verdict]
    cells = [
        (row.number, row.sku, *each)
        for row in rows[:SHOWN]
        for each in (_problems(row) if verdict == "wrong" else _changes(row))
    ]
    left = len(rows) - SHOWN
    more = ngettext("and %(count)d more row", "and %(count)d more rows", left) % {"count": left}
    return Table(
        title=f"{capfirst(str(VERDICTS[verdict]))} ({len(rows)})",
        lead=more if left > 0 else "",
        headers=(_("row"), _("article number"), _("column"), *_headers(verdict)),
        rows=cells,
    )


def _headers(verdict: str) -> tuple[Any, ...]:
    return (_("what is wrong"),) if verdict == "wrong" else (_("before"), _("after"))


def _problems(row: Row) -> list[tuple[str, str]]:
    return [(one.label, gettext(one.message)) for one in row.problems]


def _shown(change: Change) -> tuple[str, str, str]:
    """Amounts with the reader's decimal sign."""
    before, after = change.before, change.after
    if change.column in AMOUNTS:
        sign = get_format("DECIMAL_SEPARATOR")
        before, after = before.replace(".", sign), after.replace(".", sign)
    return change.label, before, after


def _changes(row: Row) -> list[tuple[str, str, str]]:
    return [_shown(one) for one in row.changes]
