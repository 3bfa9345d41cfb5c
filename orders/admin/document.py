"""What was read from purchase orders and invoices."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from hbu.lib import blobs
from hbu.lib.admin import Facts, Notice, PageAdmin, Section, Table, anchor, labelled, links, moment
from hbu.lib.downloads import download
from orders.admin.order_page import checks_table
from orders.models import Document

LINE = ("position", "sku", "name", "quantity", "unit", "price", "total", "source")


@admin.register(Document)
class DocumentAdmin(PageAdmin):
    empty_words = _("No document has been read yet.")
    list_display = ("number", "filename", "kind_label", "format", "read_at", "error")
    list_display_links = ("number", "filename")
    list_filter = (("kind", ChoicesDropdownFilter), ("read_at", RangeDateTimeFilter))
    search_fields = ("number", "filename")
    date_hierarchy = "read_at"
    export_fields = ("kind", "format", "filename", "number", "error", "read_at")
    kind_label = labelled("kind", _("kind"), {"order": "primary", "invoice": "info"})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/", view, name="orders_document_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.get_object(request, str(pk))
        if document is None or not self.has_view_permission(request):
            raise Http404
        try:
            data = blobs.get(settings.BLOBS_DIR, document.sha256)
        except OSError:
            raise Http404(gettext("The file is not in our store.")) from None
        return download(data, document.filename, "application/pdf")

    def sections(self, request: HttpRequest, document: Document) -> Sequence[Section]:
        read: dict[str, Any] = document.fields
        return [
            *([Notice(title=_("Could not be read"), text=gettext(document.error))] if document.error else []),
            Table(
                title=_("Lines as they stand in the document"),
                headers=(
                    _("position"), _("article number"), _("name"), _("quantity"), _("unit"),
                    _("price"), _("total"), _("as written"),
                ),
                rows=[[_shown(line.get(name)) for name in LINE] for line in read.get("lines", ())],
                empty=_("No line was found."),
            ),
            checks_table(document.checks),
            _head(document, read),
        ]  # fmt: skip


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _head(document: Document, read: dict[str, Any]) -> Facts:
    file = reverse("admin:orders_document_file", args=[document.pk])
    return Facts(
        title=document.number or document.filename,
        beside=True,
        items=(
            (_("kind"), document.get_kind_display()),
            (_("file"), anchor(file, document.filename) if document.sha256 else document.filename),
            (_("read"), moment(document.read_at)),
            (_("number"), document.number),
            (_("date"), _shown(read.get("date"))),
            (_("wanted by"), _shown(read.get("requested_date"))),
            (_("buyer"), _shown(read.get("buyer"))),
            (_("seller"), _shown(read.get("seller"))),
            (_("net"), _shown(read.get("net"))),
            (_("VAT"), _shown(read.get("tax"))),
            (_("gross"), _shown(read.get("gross"))),
            (_("currency"), _shown(read.get("currency"))),
            (_("orders"), links(document.orders.all())),
        ),
    )
