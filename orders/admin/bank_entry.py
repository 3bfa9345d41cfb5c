"""Payments to match: what came in, which invoices it may pay and why, one click for each."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateFilter
from unfold.enums import ActionVariant

from hbu.journal.history import history
from hbu.lib.admin import (
    PageAdmin,
    Section,
    Transition,
    column,
    labelled,
    nowrap,
)
from hbu.lib.admin.showing import address
from hbu.lib.errors import DomainError
from orders.admin import allocating
from orders.admin import bank_entry_page as page
from orders.admin.bank_words import (
    ENTRY_COLOURS,
    day,
    first_why,
)
from orders.admin.money import amount
from orders.models import BankEntry, Invoice
from orders.services import paying

WAITING = "open"
IGNORE = Transition(
    name="ignore",
    label=_("Not for an invoice"),
    act=lambda entry, by, reason: paying.ignore(entry, reason=reason, by=by),
    possible=lambda entry: entry.state in BankEntry.WAITING,
    question=_("It leaves the list. It can be taken up again at any time."),
    asks_reason=True,
    icon="visibility_off",
    bulk=True,
)
RECONSIDER = Transition(
    name="reconsider",
    label=_("Take up again"),
    act=lambda entry, by, _reason: paying.reconsider(entry, by=by),
    possible=lambda entry: entry.state == BankEntry.State.IGNORED,
    question=_("It is put back on the list of payments to match."),
    icon="undo",
)
TAKE_BACK = Transition(
    name="take-back",
    label=_("Take back"),
    act=lambda entry, by, _reason: paying.take_back_all(entry, by=by),
    possible=lambda entry: entry.state in (BankEntry.State.MATCHED, BankEntry.State.PARTLY),
    question=_("What it paid is open again, and it waits on the list of payments to match."),
    icon="undo",
    variant=ActionVariant.DANGER,
    bulk=True,
)


class ToMatchFilter(DropdownFilter):
    title = _("to be matched")
    parameter_name = "match"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(WAITING, _("to be matched"))]

    def queryset(self, request: HttpRequest, rows: "QuerySet[BankEntry]") -> "QuerySet[BankEntry]":
        if self.value() != WAITING:
            return rows
        return rows.filter(state__in=BankEntry.WAITING)


@admin.register(BankEntry)
class BankEntryAdmin(PageAdmin):
    empty_words = _("Nothing here. Payments come in with the statements of the bank.")
    list_display = ("booked", "from_whom", "sum", "words", "state_label", "reason")
    list_filter = (
        ToMatchFilter,
        ("state", ChoicesDropdownFilter),
        ("booked_on", RangeDateFilter),
    )
    search_fields = ("purpose", "party", "iban", "end_to_end", "amount")
    search_help_text = _("Purpose, sender, IBAN or amount")
    date_hierarchy = "booked_on"
    export_fields = (
        "booked_on", "amount", "currency", "party", "iban", "purpose", "end_to_end", "reference",
        "state", "note",
    )  # fmt: skip
    transitions = (IGNORE, TAKE_BACK, RECONSIDER)

    state_label = labelled("state", _("state"), ENTRY_COLOURS)

    @column(_("booked"), ordering="booked_on")
    def booked(self, entry: BankEntry) -> str:
        return nowrap(day(entry.booked_on))

    @column(_("from"), ordering="party", header=True)
    def from_whom(self, entry: BankEntry) -> tuple[str, str]:
        return entry.party or "?", entry.iban

    @column(_("amount"), ordering="amount")
    def sum(self, entry: BankEntry) -> str:
        return nowrap(amount(entry.amount, entry.currency))

    @column(_("purpose"))
    def words(self, entry: BankEntry) -> str:
        return entry.purpose[:160]

    @column(_("why"))
    def reason(self, entry: BankEntry) -> str:
        return first_why(entry.reasons) or gettext(entry.note)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.allocate_view)
        return [path("<path:object_id>/allocate/", view, name=page.ALLOCATE), *super().get_urls()]

    def sections(self, request: HttpRequest, entry: BankEntry) -> Sequence[Section]:
        waits = entry.state in BankEntry.WAITING
        may = request.user.has_perm("orders.change_bankentry")
        work = (
            [page.proposals(entry, may=may), page.search(entry, request.GET.get("q", ""), may=may)]
            if waits
            else []
        )
        return [page.facts(entry), page.booking(entry), *work]

    def sections_below(self, request: HttpRequest, entry: BankEntry) -> Sequence[Section]:
        return [page.allocations(entry), history(entry)]

    def allocate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            raise Http404
        if not request.user.has_perm("orders.change_bankentry"):
            raise PermissionDenied
        invoices = allocating.chosen(request.GET.get("to", ""))
        if not invoices or entry.state not in BankEntry.WAITING:
            messages.error(request, gettext(paying.FASTER))
            return HttpResponseRedirect(address(entry))
        kind = allocating.form_for(entry, invoices)
        form = kind(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self._allocated(request, entry, invoices, form.cleaned_data)
        return self._ask(request, _ALLOCATION, form, [entry], back=address(entry))

    def _allocated(
        self,
        request: HttpRequest,
        entry: BankEntry,
        invoices: Sequence[Invoice],
        said: dict[str, Any],
    ) -> HttpResponse:
        shares = allocating.shares(invoices, said)
        try:
            paying.allocate_all(entry, shares, by=request.user)  # type: ignore[arg-type] # staff
        except DomainError as error:
            messages.error(request, gettext(error.message))
            return HttpResponseRedirect(request.get_full_path())
        numbers = ", ".join(one.number for one in invoices)
        messages.success(request, gettext("Matched with %(numbers)s.") % {"numbers": numbers})
        if entry.state == BankEntry.State.PARTLY:
            return HttpResponseRedirect(address(entry))
        return HttpResponseRedirect(_next_url())


_ALLOCATION = Transition(
    name="allocate",
    label=_("Match"),
    act=lambda _entry, _by, _said: None,
    possible=lambda entry: entry.state in BankEntry.WAITING,
    question=_("The payment pays these invoices. It can be taken back at any time."),
    variant=ActionVariant.PRIMARY,
)


def _next_url() -> str:
    """The list, where the next one waits."""
    return f"{reverse('admin:orders_bankentry_changelist')}?match={WAITING}"
