"""Printed documents: what was made, what could not be, and another try."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.enums import ActionVariant

from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Notice,
    PageAdmin,
    Section,
    Transition,
    anchor,
    badge,
    column,
    labelled,
    link,
    moment,
    nowrap,
    words_of,
)
from hbu.lib.downloads import download
from hbu.lib.errors import DomainError
from orders.admin.files import COLOURS
from orders.admin.invoice_page import checks_of
from orders.admin.page_picture import page_picture
from orders.models import Printout
from orders.services import pictures, printing

MAKE_AGAIN = Transition(
    name="make-again",
    label=_("Make it again"),
    act=lambda printout, by, _reason: printing.make_again(printout, by=by),
    possible=lambda printout: printout.state == Printout.State.FAILED,
    question=_("The document is made once more, for what kept it from being made is put right."),
    icon="autorenew",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
_PICTURED = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Pages(Section):
    """The document as its reader sees it."""

    addresses: Sequence[str]
    template = "orders/printout/pages.html"


@admin.register(Printout)
class PrintoutAdmin(PageAdmin):
    empty_words = _(
        "Nothing was printed yet. Confirmations, delivery notes and invoices come here."
    )
    list_display = (
        "name",
        "kind",
        "of_what",
        "state_label",
        "error_words",
        "created_at",
        "made_at",
    )
    list_select_related = ("order", "invoice", "quotation", "reminder", "shipment")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("filename", "order__number", "invoice__number", "quotation__number")
    search_help_text = _("File, order, invoice or quotation")
    date_hierarchy = "created_at"
    export_fields = ("kind", "filename", "state", "order__number", "error", "created_at", "made_at")
    transitions = (MAKE_AGAIN,)
    state_label = labelled("state", _("state"), COLOURS)

    @column(_("document"), ordering="filename")
    def name(self, printout: Printout) -> str:
        return str(printout)

    @column(_("belongs to"))
    def of_what(self, printout: Printout) -> str:
        cause = cause_of(printout)
        return link(cause, nowrap(cause))

    @column(_("error"))
    def error_words(self, printout: Printout) -> str:
        return gettext(printout.error) if printout.error else ""

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Printout]":
        rows: QuerySet[Printout] = super().get_queryset(request)
        match = request.resolver_match
        in_list = match is not None and match.url_name == "orders_printout_changelist"
        return rows.defer("checks") if in_list else rows

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/file/", wrap(self.download_view), name="orders_printout_download"),
            path("<int:pk>/pages/<int:number>/", wrap(self.page_view), name="orders_printout_page"),
            *super().get_urls(),
        ]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        printout = self._seen(request, pk)
        try:
            data = printing.content(printout)
        except (DomainError, OSError):
            raise Http404(gettext("The file is not in our store.")) from None
        return download(data, printout.filename, printout.media_type)

    def page_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        return page_picture(self._seen(request, pk), number)

    def _seen(self, request: HttpRequest, pk: int) -> Printout:
        printout: Printout | None = self.get_object(request, str(pk))
        if printout is None or not self.has_view_permission(request):
            raise Http404
        return printout

    def sections(self, request: HttpRequest, printout: Printout) -> Sequence[Section]:
        failed = (
            [Notice(title=_("This document could not be made."), text=gettext(printout.error), colour="danger")]
            if printout.state == Printout.State.FAILED
            else []
        )  # fmt: skip
        return [*failed, _facts(printout), *_pages(printout)]

    def sections_below(self, request: HttpRequest, printout: Printout) -> Sequence[Section]:
        checks = [checks_of(printout)] if printout.checks else []
        return [*checks, history(printout)]


def cause_of(printout: Printout) -> Any:
    """What it belongs to, the nearest first."""
    causes = (
        printout.reminder, printout.invoice, printout.shipment, printout.quotation, printout.order,
    )  # fmt: skip
    return next((one for one in causes if one is not None), None)


def _facts(printout: Printout) -> Facts:
    made = printout.state == Printout.State.MADE
    file = reverse("admin:orders_printout_download", args=[printout.pk])
    return Facts(
        title=str(printout),
        items=(
            (_("kind"), words_of(printout, "kind")),
            (_("state"), badge(words_of(printout, "state"), COLOURS.get(printout.state, ""))),
            (_("file"), anchor(file, printout.filename) if made else ""),
            (_("bytes"), printout.size or ""),
            (_("belongs to"), link(cause_of(printout))),
            (_("order"), link(printout.order)),
            (_("language"), printout.language),
            (_("wanted since"), moment(printout.created_at)),
            (_("made"), moment(printout.made_at)),
            (_("attempts"), printout.attempts or ""),
        ),
    )


def _pages(printout: Printout) -> list[Section]:
    if printout.state != Printout.State.MADE or printout.media_type != _PICTURED:
        return []
    addresses = [
        reverse("admin:orders_printout_page", args=[printout.pk, number])
        for number in range(1, pictures.pages(printout) + 1)
    ]
    return [Pages(title=_("Pages"), addresses=addresses)] if addresses else []
