"""Our invoices, and what corrects them. They are read and corrected, never edited."""

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.enums import ActionVariant

from hbu.lib.admin import PageAdmin, Section, Transition, column, nowrap
from orders.admin import crediting_dialog, invoice_page
from orders.admin.money import money
from orders.models import Invoice, Printout
from orders.services import invoicing


def _stands(invoice: Invoice) -> bool:
    cancelled = Invoice.Kind.CANCELLATION
    found = {one.kind for one in invoice_page.corrections(invoice)}
    return invoice.kind == Invoice.Kind.INVOICE and cancelled not in found


CANCEL = Transition(
    name="cancel",
    label=_("Cancel the invoice"),
    act=lambda invoice, by, reason: invoicing.cancel(invoice, reason=reason, by=by),
    possible=lambda invoice: _stands(invoice) and not invoice_page.corrections(invoice),
    question=_(
        "A cancellation over the whole invoice is written and sent to the customer. What stood on "
        "it can be billed anew. The invoice itself stays as it is."
    ),
    permission="cancel",
    asks_reason=True,
    icon="receipt_long_off",
    variant=ActionVariant.DANGER,
)
CREDIT = Transition(
    name="credit",
    label=_("Write a credit note"),
    act=lambda invoice, by, said: invoicing.credit(
        invoice, crediting_dialog.credited(said), reason=said["reason"], by=by
    ),
    possible=_stands,
    question=_(
        "Pieces that came back, or an amount off the price. What is open of the invoice becomes "
        "less; what is paid already is owed to the customer."
    ),
    permission="credit",
    form_of=crediting_dialog.crediting_form,
    icon="assignment_return",
)


@admin.register(Invoice)
class InvoiceAdmin(PageAdmin):
    empty_words = _("No invoice has been issued yet.")
    list_display = (
        "numbers", "kind_label", "customer", "issued", "gross_amount", "due", "claim", "checked",
    )  # fmt: skip
    list_select_related = ("customer", "order", "receivable")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("receivable__state", ChoicesDropdownFilter),
        ("customer", RelatedDropdownFilter),
        ("issued_on", RangeDateFilter),
        ("due_on", RangeDateFilter),
    )
    search_fields = (
        "number", "order__number", "order_reference", "customer__name", "customer__number",
    )  # fmt: skip
    search_help_text = _("Number, order, customer or the customer's order number")
    date_hierarchy = "issued_on"
    export_fields = (
        "number", "kind", "issued_on", "due_on", "customer__number", "customer__name",
        "order__number", "refers_to__number", "currency", "tax_category", "net", "tax", "gross",
        "receivable__state", "receivable__open_amount",
    )  # fmt: skip
    transitions = (CREDIT, CANCEL)

    @column(_("number"), ordering="number", header=True)
    def numbers(self, invoice: Invoice) -> tuple[str, str]:
        return nowrap(invoice.number), invoice.order.number

    @column(_("kind"), ordering="kind", label=invoice_page.KINDS)
    def kind_label(self, invoice: Invoice) -> tuple[str, str]:
        return invoice.kind, str(invoice_page.KIND_WORDS[invoice.kind])

    @column(_("issued on"), ordering="issued_on")
    def issued(self, invoice: Invoice) -> str:
        return nowrap(date_format(invoice.issued_on, "SHORT_DATE_FORMAT"))

    @column(_("gross"), ordering="gross")
    def gross_amount(self, invoice: Invoice) -> str:
        return nowrap(money(invoice.gross, invoice))

    @column(_("due on"), ordering="due_on")
    def due(self, invoice: Invoice) -> str:
        return nowrap(date_format(invoice.due_on, "SHORT_DATE_FORMAT")) if invoice.due_on else ""

    @column(_("open item"), label=invoice_page.CLAIMS)
    def claim(self, invoice: Invoice) -> tuple[str, str] | None:
        return invoice_page.claim_of(invoice)

    @column(_("e-invoice"), label=invoice_page.CHECKED)
    def checked(self, invoice: Invoice) -> tuple[str, str] | None:
        return invoice_page.checked(invoice.printouts.all())

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Invoice]":
        rows: QuerySet[Invoice] = super().get_queryset(request)
        files = Prefetch("printouts", Printout.objects.order_by("pk"))
        return rows.prefetch_related(files, "corrections")

    def sections(self, request: HttpRequest, invoice: Invoice) -> Sequence[Section]:
        return invoice_page.above(invoice)

    def sections_below(self, request: HttpRequest, invoice: Invoice) -> Sequence[Section]:
        return invoice_page.below(invoice)
