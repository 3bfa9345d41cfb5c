"""Statements of the bank: brought in at once, with what came of each entry."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminFileFieldWidget

from hbu.journal.history import history
from hbu.lib import downloads
from hbu.lib.admin import (
    Facts,
    PageAdmin,
    Section,
    Table,
    badge,
    column,
    link,
    moment,
    nowrap,
    words_of,
)
from hbu.lib.admin.showing import address
from hbu.lib.errors import DomainError
from orders.admin.bank_words import ENTRY_COLOURS, day, first_why, item_links
from orders.admin.money import amount
from orders.models import Allocation, BankEntry, BankStatement
from orders.services import sampling, statements
from orders.services.statements import Imported

SHOWN = 1_000


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File of the bank"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xml,.zip,.sta,.mta,.940,.txt"}),
    )


@admin.register(BankStatement)
class BankStatementAdmin(PageAdmin):
    empty_words = _("No statement yet. Import a file of the bank with the button above.")
    list_display = (
        "name", "period", "entry_count", "left_to_match", "opening_sum", "closing_sum",
        "imported_at", "imported_by",
    )  # fmt: skip
    list_filter = (("imported_at", RangeDateTimeFilter),)
    list_select_related = ("imported_by",)
    search_fields = ("number", "filename", "account")
    export_fields = (
        "number", "account", "from_date", "to_date", "opening", "closing", "currency", "filename",
        "imported_at",
    )  # fmt: skip
    actions_list = ("bring_in",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[BankStatement]":
        rows: QuerySet[BankStatement] = super().get_queryset(request)
        waiting = Q(entries__state__in=BankEntry.WAITING)
        return rows.annotate(count=Count("entries"), waiting=Count("entries", filter=waiting))

    @column(_("statement"), ordering="number", header=True)
    def name(self, row: BankStatement) -> tuple[str, str]:
        return f"{row.format} {row.number}", row.filename

    @column(_("period"), ordering="from_date")
    def period(self, row: BankStatement) -> str:
        return f"{day(row.from_date)} – {day(row.to_date)}"

    @column(_("entries"))
    def entry_count(self, row: Any) -> int:
        return int(row.count)

    @column(_("to be matched"))
    def left_to_match(self, row: Any) -> str:
        return badge(row.waiting, "warning") if row.waiting else ""

    @column(_("opening balance"))
    def opening_sum(self, row: BankStatement) -> str:
        return amount(row.opening, row.currency)

    @column(_("closing balance"))
    def closing_sum(self, row: BankStatement) -> str:
        return amount(row.closing, row.currency)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("orders.import_bankstatement"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sample_view)
        return [path("sample/", view, name="orders_bankstatement_sample"), *super().get_urls()]

    @action(  # type: ignore[untyped-decorator]
        description=_("Import a statement"),
        url_path="import",
        permissions=["import"],
        icon="upload",
        variant=ActionVariant.PRIMARY,
    )
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                return _done(request, statements.load(file.read(), file.name, by=request.user))  # type: ignore[arg-type] # staff
            except DomainError as error:
                form.add_error("file", gettext(error.message))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import a statement"),
            "form": form,
            "back": _list_url(),
            "sample": reverse("admin:orders_bankstatement_sample") if settings.HBU_SIMULATE else "",
        }
        return TemplateResponse(request, "orders/bank/import.html", context)

    def sample_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request) or not settings.HBU_SIMULATE:
            raise PermissionDenied
        return downloads.download(sampling.sample(), "camt053-sample.xml", "application/xml")

    def sections(self, request: HttpRequest, row: BankStatement) -> Sequence[Section]:
        return [_entries(row)]

    def sections_below(self, request: HttpRequest, row: BankStatement) -> Sequence[Section]:
        return [_facts(row), history(row)]


def _list_url() -> str:
    return reverse("admin:orders_bankstatement_changelist")


def _done(request: HttpRequest, brought: Imported) -> HttpResponse:
    """Tell what the file brought, and show it."""
    if not brought.statements:
        messages.warning(request, gettext("This statement was imported before; nothing is new."))
        return HttpResponseRedirect(_list_url())
    words = ngettext(
        "%(entries)d entry came in, %(matched)d of it was matched by itself.",
        "%(entries)d entries came in, %(matched)d of them were matched by themselves.",
        brought.entries,
    )
    messages.success(request, words % {"entries": brought.entries, "matched": brought.matched})
    if brought.known_entries:
        words = gettext("%(count)d entries were there before, from another statement.")
        messages.info(request, words % {"count": brought.known_entries})
    if brought.known_statements:
        words = gettext("%(count)d statements of the file were imported before.")
        messages.info(request, words % {"count": brought.known_statements})
    alone = len(brought.statements) == 1
    return HttpResponseRedirect(address(brought.statements[0]) if alone else _list_url())


def _facts(row: BankStatement) -> Facts:
    return Facts(
        title=f"{row.format} {row.number}",
        items=(
            (_("account"), row.account),
            (_("period"), f"{day(row.from_date)} – {day(row.to_date)}"),
            (_("opening balance"), amount(row.opening, row.currency)),
            (_("closing balance"), amount(row.closing, row.currency)),
            (_("name"), row.filename),
            (_("imported"), moment(row.imported_at)),
            (_("by"), row.imported_by or _("the house")),
        ),
    )


def _entries(row: BankStatement) -> Table:
    entries = list(row.entries.order_by("-state", "booked_on", "pk")[:SHOWN])
    paid: dict[int, list[Allocation]] = {}
    rows = Allocation.objects.filter(entry__in=entries, taken_back_at=None)
    for one in rows.select_related("invoice__receivable"):
        paid.setdefault(one.entry_id, []).append(one)
    waiting = sum(one.state in BankEntry.WAITING for one in entries)
    lead = ngettext("%(count)d payment waits for you.", "%(count)d payments wait for you.", waiting)
    return Table(
        title=_("Entries"),
        lead=lead % {"count": waiting} if waiting else "",
        headers=(_("booked"), _("from"), _("amount"), _("state"), _("pays"), _("why")),
        rows=[_entry(one, paid.get(one.pk, [])) for one in entries],
        empty=_("All entries of this file were there before."),
    )


def _entry(entry: BankEntry, paid: Sequence[Allocation]) -> Sequence[Any]:
    return (
        link(entry, day(entry.booked_on)),
        f"{entry.party} {entry.purpose}"[:120],
        nowrap(amount(entry.amount, entry.currency)),
        badge(words_of(entry, "state"), ENTRY_COLOURS[entry.state]),
        item_links(one.invoice for one in paid),
        first_why(entry.reasons) or gettext(entry.note),
    )
