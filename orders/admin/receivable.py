"""Open items: what is owed, for how long, and what we said about it."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateFilter,
)
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    PageAdmin,
    Section,
    Table,
    Transition,
    badge,
    column,
    labelled,
    link,
    moment,
    nowrap,
    words_of,
)
from orders.admin.bank_words import ITEM_COLOURS, day, open_amount, overdue_days, paused, said
from orders.admin.money import amount
from orders.models import Invoice, Receivable
from orders.services import reminding

ROWS = "QuerySet[Receivable]"


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("No reminder until"),
        required=False,
        help_text=_("Empty: until somebody lets them go on."),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


def _is_owed(item: Receivable) -> bool:
    return item.state in Receivable.UNPAID and item.invoice.kind == Invoice.Kind.INVOICE


def _may_remind(item: Receivable) -> bool:
    late = overdue_days(item, timezone.localdate()) > 0
    return late and item.level < reminding.levels()


REMIND = Transition(
    name="remind",
    label=_("Remind now"),
    act=lambda item, by, _reason: reminding.remind_now(item, by=by),
    possible=_may_remind,
    question=_(
        "The next reminder is written and sent to the customer. The third one names the fee of "
        "your terms of trade."
    ),
    icon="notifications",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
PAUSE = Transition(
    name="pause",
    label=_("Do not remind"),
    act=lambda item, by, answers: reminding.pause(
        item, until=answers["until"], reason=answers["reason"], by=by
    ),
    possible=lambda item: _is_owed(item) and not paused(item, timezone.localdate()),
    question=_("The customer hears nothing about this invoice meanwhile."),
    form=PauseForm,
    icon="notifications_paused",
)
RESUME = Transition(
    name="resume",
    label=_("Let reminders go on"),
    act=lambda item, by, _reason: reminding.resume(item, by=by),
    possible=lambda item: _is_owed(item) and bool(paused(item, timezone.localdate())),
    question=_("Reminders are written again as they are due."),
    icon="notifications_active",
)
FILTERS: dict[str, tuple[Any, Callable[[Any, date], Any]]] = {
    "open": (_("open"), lambda rows, _today: rows.unpaid()),
    "overdue": (_("overdue"), lambda rows, today: rows.overdue(today)),
    "confirm": (_("third reminder to confirm"), lambda rows, today: rows.to_confirm(today)),
    "paused": (_("paused"), lambda rows, today: rows.unpaid().filter(paused_until__gte=today)),
}


class StandFilter(DropdownFilter):
    title = _("how it stands")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _rows) in FILTERS.items()]

    def queryset(self, request: HttpRequest, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        wanted = FILTERS.get(self.value() or "")
        found: QuerySet[Any] = wanted[1](rows, timezone.localdate()) if wanted else rows
        return found


@admin.register(Receivable)
class ReceivableAdmin(PageAdmin):
    empty_words = _("Nothing here. Each invoice that is issued becomes an open item.")
    list_display = (
        "number", "customer", "open_sum", "due", "overdue", "level_label", "pause_label",
        "state_label",
    )  # fmt: skip
    list_filter = (
        StandFilter,
        ("state", ChoicesDropdownFilter),
        ("invoice__customer", AutocompleteSelectFilter),
        ("due_on", RangeDateFilter),
    )
    list_select_related = ("invoice__customer",)
    list_before_template = "orders/bank/sums.html"
    search_fields = ("invoice__number", "invoice__customer__name", "invoice__order__number")
    search_help_text = _("Invoice, customer or order")
    export_fields = (
        "invoice__number", "invoice__customer__number", "invoice__customer__name", "invoice__gross",
        "open_amount", "due_on", "state", "level", "paid_on",
    )  # fmt: skip
    transitions = (REMIND, PAUSE, RESUME)

    state_label = labelled("state", _("state"), ITEM_COLOURS)

    @column(_("invoice"), ordering="invoice__number", header=True)
    def number(self, item: Receivable) -> tuple[str, str]:
        kind = item.invoice.kind
        told = "" if kind == Invoice.Kind.INVOICE else words_of(item.invoice, "kind")
        return nowrap(item.invoice.number), told

    @column(_("customer"), ordering="invoice__customer__name")
    def customer(self, item: Receivable) -> str:
        return item.invoice.customer.name

    @column(_("open"), ordering="open_amount")
    def open_sum(self, item: Receivable) -> str:
        return nowrap(open_amount(item))

    @column(_("due on"), ordering="due_on")
    def due(self, item: Receivable) -> str:
        return day(item.due_on)

    @column(_("days overdue"), ordering="-due_on")
    def overdue(self, item: Receivable) -> str:
        days = overdue_days(item, timezone.localdate())
        return badge(days, "danger" if days > 30 else "warning") if days else ""

    @column(_("reminders"), ordering="level")
    def level_label(self, item: Receivable) -> str:
        return str(item.level or "")

    @column(_("no reminder"))
    def pause_label(self, item: Receivable) -> str:
        return paused(item, timezone.localdate())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "sums": _sums()}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def sections(self, request: HttpRequest, item: Receivable) -> Sequence[Section]:
        return [_payments(item), _reminders(item), _facts(item)]

    def sections_below(self, request: HttpRequest, item: Receivable) -> Sequence[Section]:
        return [history(item.invoice, *item.invoice.reminders.all())]


def _sums() -> list[tuple[Any, str]]:
    """What all of it comes to, by currency; the list below may be filtered."""
    today = timezone.localdate()
    late = Q(due_on__lt=today)
    rows = Receivable.objects.owed_to_us().order_by().values_list("invoice__currency")
    sums = rows.annotate(all=Sum("open_amount"), late=Sum("open_amount", filter=late))
    told: list[tuple[Any, str]] = []
    for currency, whole, overdue in sums.order_by("invoice__currency"):
        told.append((_("open"), amount(whole, currency)))
        told.append((_("of that overdue"), amount(overdue or Decimal(0), currency)))
    return told


def _facts(item: Receivable) -> Facts:
    invoice = item.invoice
    days = overdue_days(item, timezone.localdate())
    return Facts(
        title=invoice.number,
        beside=True,
        items=said(
            (
                (_("state"), badge(words_of(item, "state"), ITEM_COLOURS[item.state])),
                (_("customer"), link(invoice.customer)),
                (_("order"), link(invoice.order)),
                (_("gross"), amount(invoice.gross, invoice.currency)),
                (_("open"), open_amount(item)),
                (_("issued on"), day(invoice.issued_on)),
                (_("due on"), day(item.due_on)),
                (_("days overdue"), days or ""),
                (_("paid on"), day(item.paid_on) if item.paid_on else ""),
                (_("reminders sent"), item.level),
                (_("next reminder"), day(item.next_reminder_on) if _is_owed(item) else ""),
                (_("no reminder"), paused(item, timezone.localdate())),
                (_("why no reminder"), item.pause_reason),
            )
        ),
    )


def _payments(item: Receivable) -> Table:
    rows = item.invoice.allocations.select_related("entry", "by").order_by("pk")
    currency = item.invoice.currency
    return Table(
        title=_("Payments"),
        headers=(_("booked"), _("from"), _("amount"), _("cash discount"), _("by"), _("taken back")),
        rows=[
            (
                link(one.entry, day(one.entry.booked_on)), one.entry.party,
                amount(one.amount, currency),
                amount(one.cash_discount, currency) if one.cash_discount else "",
                one.by or _("the house"), moment(one.taken_back_at) if one.taken_back_at else "",
            )
            for one in rows
        ],
        empty=_("Nothing was paid yet."),
    )  # fmt: skip


def _reminders(item: Receivable) -> Table:
    currency = item.invoice.currency
    return Table(
        title=_("Reminders"),
        headers=(_("number"), _("level"), _("written on"), _("open"), _("fee"), _("by")),
        rows=[
            (
                link(one), one.level, day(one.written_on), amount(one.open_amount, currency),
                amount(one.fee, currency) if one.fee else "", one.by or _("the house"),
            )
            for one in item.invoice.reminders.select_related("by").order_by("level")
        ],
        empty=_("Nobody was reminded yet."),
    )  # fmt: skip
