"""Reminders that were written; one leads to its open item, where the next is decided."""

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter

from hbu.journal.history import history
from hbu.lib.admin import Facts, PageAdmin, Section, column, link, nowrap
from orders.admin import files
from orders.admin.bank_words import day, item_link
from orders.admin.money import amount
from orders.models import Reminder


@admin.register(Reminder)
class ReminderAdmin(PageAdmin):
    empty_words = _("Nobody was reminded yet.")
    list_display = (
        "number",
        "of_invoice",
        "customer",
        "level",
        "open_sum",
        "written_on",
        "pay_until",
    )
    list_filter = ("level", ("written_on", RangeDateFilter))
    list_select_related = ("invoice__customer", "invoice__receivable")
    search_fields = ("number", "invoice__number", "invoice__customer__name")
    date_hierarchy = "written_on"
    export_fields = (
        "number", "invoice__number", "invoice__customer__name", "level", "open_amount", "fee",
        "written_on", "pay_until",
    )  # fmt: skip

    @column(_("invoice"), ordering="invoice__number")
    def of_invoice(self, reminder: Reminder) -> str:
        return item_link(reminder.invoice)

    @column(_("customer"), ordering="invoice__customer__name")
    def customer(self, reminder: Reminder) -> str:
        return reminder.invoice.customer.name

    @column(_("open"), ordering="open_amount")
    def open_sum(self, reminder: Reminder) -> str:
        return nowrap(amount(reminder.open_amount, reminder.invoice.currency))

    def sections(self, request: HttpRequest, reminder: Reminder) -> Sequence[Section]:
        currency = reminder.invoice.currency
        facts = Facts(
            title=reminder.number,
            items=(
                (_("invoice"), item_link(reminder.invoice)),
                (_("customer"), link(reminder.invoice.customer)),
                (_("level"), reminder.level),
                (_("open"), amount(reminder.open_amount, currency)),
                (_("fee"), amount(reminder.fee, currency) if reminder.fee else ""),
                (_("written on"), day(reminder.written_on)),
                (_("please pay until"), day(reminder.pay_until)),
                (_("by"), reminder.by or _("the house")),
            ),
        )
        return [facts]

    def sections_below(self, request: HttpRequest, reminder: Reminder) -> Sequence[Section]:
        return [files.table(reminder.printouts.all()), history(reminder)]
