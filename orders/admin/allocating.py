"""Which amounts of a payment go to which invoices: asked on a page, done by the service."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from unfold.widgets import UnfoldAdminTextInputWidget

from hbu.lib.words import whole_number
from orders.admin.money import amount
from orders.models import BankEntry, Invoice, Receivable
from orders.paying.data import Part
from orders.services import open_items, paying, reconciling
from orders.services.paying import Share

AMOUNT, DISCOUNT = "amount_", "discount_"
MOST = 12
FOUND = 20


def chosen(keys: str) -> list[Invoice]:
    """The invoices that the address of the page names, as far as something is open of them."""
    wanted = [key for one in keys.split(",")[:MOST] if (key := whole_number(one))]
    rows = Receivable.objects.unpaid().filter(invoice__in=wanted)
    known = {row.invoice_id: row.invoice for row in rows.select_related("invoice")}
    return [known[key] for key in wanted if key in known]


def form_for(entry: BankEntry, invoices: Sequence[Invoice]) -> type[forms.Form]:
    parts = {part.item: part for part in _parts(entry, invoices)}
    fields: dict[str, forms.Field] = {}
    for invoice in invoices:
        part = parts.get(invoice.pk, Part(invoice.pk, Decimal(0)))
        told = {"number": invoice.number, "open": amount(_open(invoice), invoice.currency)}
        label = gettext("%(number)s, open %(open)s: pay") % told
        fields[f"{AMOUNT}{invoice.pk}"] = _decimal(label, part.amount, required=True)
        if invoice.kind == Invoice.Kind.INVOICE:
            label = gettext("%(number)s: and cash discount") % told
            fields[f"{DISCOUNT}{invoice.pk}"] = _decimal(
                label, part.discount or None, required=False
            )
    return type("AllocationForm", (forms.Form,), fields)


def shares(invoices: Sequence[Invoice], said: Mapping[str, Any]) -> list[Share]:
    return [
        Share(
            one,
            said[f"{AMOUNT}{one.pk}"],
            said.get(f"{DISCOUNT}{one.pk}") or Decimal(0),
        )
        for one in invoices
    ]


def found(words: str) -> list[Receivable]:
    """Open items by a number, a customer or an exact amount."""
    known = Q(invoice__number__icontains=words) | Q(invoice__customer__name__icontains=words)
    known |= Q(invoice__customer__number__iexact=words) | Q(invoice__order__number__iexact=words)
    known |= Q(invoice__order_reference__iexact=words)
    with suppress(forms.ValidationError):
        known |= Q(open_amount=forms.DecimalField(localize=True).clean(words))
    rows = Receivable.objects.unpaid().filter(known)
    return list(rows.select_related("invoice__customer", "invoice__order")[:FOUND])


def _parts(entry: BankEntry, invoices: Sequence[Invoice]) -> Sequence[Part]:
    """As it was proposed; else what is left of the payment, the longest due first."""
    keys = {one.pk for one in invoices}
    for proposal in reconciling.propose(entry):
        if {part.item for part in proposal.parts} == keys:
            return proposal.parts
    return open_items.spread(paying.rest_of(entry), invoices)


def _open(invoice: Invoice) -> Decimal:
    item: Receivable = invoice.receivable
    return item.open_amount if invoice.kind == Invoice.Kind.INVOICE else -item.open_amount


def _decimal(label: str, initial: Decimal | None, *, required: bool) -> forms.Field:
    return forms.DecimalField(
        label=label,
        initial=initial,
        required=required,
        max_digits=14,
        decimal_places=2,
        localize=True,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
