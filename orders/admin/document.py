"""What was read from purchase orders and invoices: the list, and the page where it is put right."""

from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AllValuesCheckboxFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.enums import ActionVariant

from hbu.lib import blobs, jail
from hbu.lib.admin import PageAdmin, Section, Transition, column, labelled, nowrap
from hbu.lib.admin.showing import address
from hbu.lib.downloads import download
from hbu.lib.errors import DomainError
from orders.admin import document_facts, document_page
from orders.admin.document_form import DocumentForm
from orders.admin.order_page import amount
from orders.admin.page_picture import page_picture
from orders.models import Document, Order
from orders.services import correcting, filing
from orders.suppliers import PAY_NOTHING


def _is_open(document: Document) -> bool:
    """What a purchase order comes to is decided on its order."""
    return document.state == Document.State.READ and document.kind != Document.Kind.ORDER


CHECK = Transition(
    name="check",
    label=_("Found right"),
    act=lambda document, by, _reason: correcting.check(document, by=by),
    possible=_is_open,
    question=_("You have looked at the document: what stands here is right. Its check is done."),
    icon="task_alt",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
REJECT = Transition(
    name="reject",
    label=_("Reject"),
    act=lambda document, by, reason: correcting.reject(document, reason=reason, by=by),
    possible=_is_open,
    question=_("The document is not to be paid or entered. It is kept, with the reason."),
    asks_reason=True,
    icon="block",
    variant=ActionVariant.DANGER,
)


CUSTOMERS = Prefetch(
    "orders",
    Order.objects.select_related("customer").only("document", "customer__name", "customer__number"),
)


class ConcernFilter(admin.SimpleListFilter):
    title = _("what is wrong")
    parameter_name = "wrong"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("any", _("anything")),
            ("twice", _("came twice")),
            ("unknown", _("unknown supplier")),
            ("nothing", _("nothing")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: "QuerySet[Document]"
    ) -> "QuerySet[Document]":
        match self.value():
            case "any":
                return queryset.exclude(concerns=[])
            case "nothing":
                return queryset.filter(concerns=[])
            case "twice":
                return queryset.exclude(duplicate_of=None)
            case "unknown":
                return queryset.filter(kind=Document.Kind.INVOICE, supplier=None)
        return queryset


@admin.register(Document)
class DocumentAdmin(PageAdmin):
    empty_words = _("No document has been read yet.")
    list_display = (
        "numbers", "kind_label", "who", "dated", "gross_amount", "state_label", "wrong", "read_at",
    )  # fmt: skip
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ConcernFilter,
        ("supplier", RelatedDropdownFilter),
        ("format", AllValuesCheckboxFilter),
        ("date", RangeDateFilter),
        ("read_at", RangeDateTimeFilter),
    )
    search_fields = ("number", "filename", "party", "supplier__name", "supplier__number")
    search_help_text = _("Number, file, or who wrote it")
    date_hierarchy = "read_at"
    export_fields = (
        "kind", "state", "format", "filename", "number", "date", "party", "supplier__number", "net",
        "gross", "currency", "error", "read_at",
    )  # fmt: skip
    transitions: tuple[Transition, ...] = (CHECK, REJECT)
    kind_label = labelled("kind", _("kind"), {"order": "primary", "invoice": "info"})
    state_label = labelled("state", _("state"), document_facts.STATES)

    @property
    def media(self) -> forms.Media:
        ours = forms.Media(
            css={"all": ["orders/document.css"]},
            js=[
                Script("orders/bench.js", defer=True),  # type: ignore[list-item] # stubs are older
                Script("orders/document.js", defer=True),  # type: ignore[list-item]
            ],
        )
        media: forms.Media = super().media + ours
        return media

    @column(_("document"), ordering="number", header=True)
    def numbers(self, document: Document) -> tuple[str, str]:
        return document.number or document.filename or "–", document.number and document.filename

    @column(_("from"), ordering="party")
    def who(self, document: Document) -> str:
        """Who is named in it, else the customer whose order it became."""
        customers = (str(one.customer) for one in document.orders.all() if one.customer)
        return document.party or next(customers, "")

    @column(_("date"), ordering="date")
    def dated(self, document: Document) -> str:
        return nowrap(date_format(document.date, "SHORT_DATE_FORMAT")) if document.date else ""

    @column(_("gross"), ordering="gross")
    def gross_amount(self, document: Document) -> str:
        return nowrap(amount(document.gross, document.currency))

    @column(_("what is wrong"), label={"stop": "danger", "look": "warning"})
    def wrong(self, document: Document) -> tuple[str, str] | None:
        if not document.concerns or document.state != Document.State.READ:
            return None
        stops = [one for one in document.concerns if one["code"] in PAY_NOTHING]
        first = (stops or document.concerns)[0]
        more = len(document.concerns) - 1
        words = gettext(first["what"]).partition(":")[0]
        if more:
            words += f" +{more}"
        return "stop" if stops else "look", words

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Document]":
        """Leave the long texts in the database while a list is shown."""
        rows: QuerySet[Document] = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and match.url_name == "orders_document_changelist":
            return rows.defer("text", "fields", "checks").prefetch_related(CUSTOMERS)
        return rows.select_related("supplier", "duplicate_of")

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/file/", wrap(self.file_view), name="orders_document_file"),
            path("<int:pk>/data/", wrap(self.data_view), name="orders_document_data"),
            path("<int:pk>/pages/<int:number>/", wrap(self.page_view), name="orders_document_page"),
            path("<int:pk>/correct/", wrap(self.correct_view), name="orders_document_correct"),
            path("<int:pk>/supplier/", wrap(self.supplier_view), name="orders_document_supplier"),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self._seen(request, pk)
        return download(_bytes(document), document.filename, "application/pdf")

    def data_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The invoice or order inside a PDF that carries one."""
        document = self._seen(request, pk)
        try:
            found = jail.call("orders.documents.inside:xml_inside", _bytes(document))
        except DomainError as error:
            raise Http404(gettext(error.message)) from None
        return download(b64decode(found["data"]), found["name"])

    def page_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        return page_picture(self._seen(request, pk), number)

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self._held(request, pk)
        form = DocumentForm(document, filing.read_of(document), request.POST)
        if not form.is_valid():
            # Shown again as it was typed.
            request.method, request.shown_form = "GET", form  # type: ignore[attr-defined]
            return self.changeform_view(request, str(pk))
        try:
            rows = correcting.correct(document, form.wanted(), by=request.user)  # type: ignore[arg-type] # staff
        except DomainError as error:
            messages.error(request, gettext(error.message))
        else:
            self._tell(request, len(rows))
        return HttpResponseRedirect(address(document))

    def _tell(self, request: HttpRequest, count: int) -> None:
        if count:
            words = ngettext("%(count)d field corrected.", "%(count)d fields corrected.", count)
            messages.success(request, words % {"count": count})
        else:
            messages.info(request, gettext("Nothing was changed."))

    def supplier_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self._held(request, pk)
        if not request.user.has_perm("shop.add_supplier"):
            raise PermissionDenied
        try:
            supplier = correcting.add_supplier(document, by=request.user)  # type: ignore[arg-type] # staff
        except DomainError as error:
            messages.error(request, gettext(error.message))
            return HttpResponseRedirect(address(document))
        words = gettext("%(name)s is a supplier of ours from now on. Complete what we know.")
        messages.success(request, words % {"name": supplier.name})
        return HttpResponseRedirect(address(supplier))

    def _seen(self, request: HttpRequest, pk: int) -> Document:
        document: Document | None = self.get_object(request, str(pk))
        if document is None or not self.has_view_permission(request):
            raise Http404
        return document

    def _held(self, request: HttpRequest, pk: int) -> Document:
        if request.method != "POST" or not _may_change(request):
            raise PermissionDenied
        return self._seen(request, pk)

    def sections(self, request: HttpRequest, document: Document) -> Sequence[Section]:
        read, may_change = filing.read_of(document), _may_change(request)
        may_change = may_change and document.state != Document.State.REJECTED
        form = getattr(request, "shown_form", None) or DocumentForm(document, read)
        return document_page.above(document, read, form, may_change=may_change)

    def sections_below(self, request: HttpRequest, document: Document) -> Sequence[Section]:
        return document_page.below(document, filing.read_of(document), request.user)


def _bytes(document: Document) -> bytes:
    try:
        return blobs.get(settings.BLOBS_DIR, document.sha256)
    except OSError:
        raise Http404(gettext("The file is not in our store.")) from None


def _may_change(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("orders.change_document"))
