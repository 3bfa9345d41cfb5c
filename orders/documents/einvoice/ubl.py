"""UBL 2: Invoice, CreditNote, Order and OrderChange."""

from datetime import date
from decimal import Decimal

from orders.documents.einvoice import ubl_lines
from orders.documents.einvoice.amounts import in_currency
from orders.documents.einvoice.terms import Attachment, Paper, Payment, Totals, Trader, VatRow
from orders.documents.einvoice.ubl_parts import (
    adjustment,
    identifier,
    is_vat,
    party,
    period,
    place_of_delivery,
    vat,
    wanted,
)
from orders.documents.einvoice.values import day, number
from orders.documents.einvoice.xml import Element, attribute, every, first, place, said, text

_SELLER = "AccountingSupplierParty|SellerSupplierParty"
_BUYER = "AccountingCustomerParty|BuyerCustomerParty"
_SUMS = "LegalMonetaryTotal|AnticipatedMonetaryTotal|RequestedMonetaryTotal"
_TYPE = "InvoiceTypeCode|CreditNoteTypeCode|OrderTypeCode"
_CREDITOR_SCHEME = "SEPA"
_PLACES = {
    "number": "ID",
    "date": "IssueDate",
    "type_code": _TYPE,
    "profile": "CustomizationID",
    "currency": "DocumentCurrencyCode",
    "buyer_reference": "BuyerReference|CustomerReference",
    "order_reference": "OrderReference/ID",
    "seller": _SELLER,
    "buyer": _BUYER,
    "preceding": "BillingReference/InvoiceDocumentReference/ID",
    "due_date": "DueDate",
    "net": f"{_SUMS}/TaxExclusiveAmount",
    "tax": "TaxTotal/TaxAmount",
    "gross": f"{_SUMS}/TaxInclusiveAmount",
    "prepaid": f"{_SUMS}/PrepaidAmount",
    "payable": f"{_SUMS}/PayableAmount",
    "delivery_date": "Delivery/ActualDeliveryDate",
    "requested_date": "Delivery/RequestedDeliveryPeriod",
}


def read(root: Element, most_lines: int) -> Paper:
    items = every(root, "InvoiceLine|CreditNoteLine|OrderLine")
    delivery = first(root, "Delivery")
    currency = text(root, "DocumentCurrencyCode")
    paid_in = currency or attribute(first(root, f"{_SUMS}/PayableAmount"), "currencyID")
    return Paper(
        number=text(root, "ID"),
        date=day(text(root, "IssueDate")),
        type_code=text(root, _TYPE),
        profile=text(root, "CustomizationID"),
        currency=currency,
        paid_in=paid_in,
        tax_currency=text(root, "TaxCurrencyCode"),
        note="\n".join(filter(None, map(said, every(root, "Note"))))[:5000],
        buyer_reference=text(root, "BuyerReference") or text(root, "CustomerReference"),
        order_reference=text(root, "OrderReference/ID"),
        preceding=_preceding(root),
        seller=_side(root, _SELLER),
        buyer=_side(root, _BUYER),
        representative=party(first(root, "TaxRepresentativeParty")),
        payee=party(first(root, "PayeeParty")),
        ship_to=place_of_delivery(delivery),
        delivery_date=day(text(delivery, "ActualDeliveryDate")),
        requested_date=wanted(delivery),
        tax_point=text(root, "TaxPointDate"),
        tax_point_code=text(root, "InvoicePeriod/DescriptionCode"),
        period=period(first(root, "InvoicePeriod")),
        due_date=_due_date(root),
        payment_terms=_terms(root),
        payments=tuple(map(_payment, every(root, "PaymentMeans"))),
        creditor_id=_creditor_id(root),
        attachments=tuple(map(_attachment, every(root, "AdditionalDocumentReference"))),
        adjustments=tuple(map(adjustment, every(root, "AllowanceCharge"))),
        breakdown=_breakdown(root, paid_in),
        totals=_totals(root, paid_in),
        lines=ubl_lines.read(items[:most_lines]),
        cut=len(items) > most_lines,
        places=_places(root),
    )


def _places(root: Element) -> dict[str, tuple[str, str]]:
    found = {name: first(root, path) for name, path in _PLACES.items()}
    return {name: (place(one), said(one)) for name, one in found.items() if one is not None}


def _side(root: Element, name: str) -> Trader:
    side = first(root, name)
    return party(first(side, "Party"), around=side) or Trader()


def _preceding(root: Element) -> tuple[str, ...]:
    kinds = "InvoiceDocumentReference|CreditNoteDocumentReference"
    return tuple(text(one, "ID") for one in every(root, f"BillingReference/{kinds}"))


def _due_date(root: Element) -> date | None:
    """The one of the head; credit notes and older documents have it with the payment."""
    stated = day(text(root, "DueDate"))
    others = every(root, "PaymentMeans|PaymentTerms/PaymentDueDate|InstallmentDueDate")
    return stated or min(filter(None, (day(said(one)) for one in others)), default=None)


def _terms(root: Element) -> str:
    """Line by line: the national discount terms need their own lines (BR-DE-18)."""
    notes = ((one.text or "").strip()[:5000] for one in every(root, "PaymentTerms/Note"))
    return "\n".join(filter(None, notes))


def _payment(means: Element) -> Payment:
    accounts = every(means, "PayeeFinancialAccount")
    mandate = first(means, "PaymentMandate")
    return Payment(
        code=text(means, "PaymentMeansCode"),
        accounts=tuple(text(one, "ID") for one in accounts),
        has_card=first(means, "CardAccount") is not None,
        has_mandate=mandate is not None,
        mandate=text(mandate, "ID"),
        debited=text(mandate, "PayerFinancialAccount/ID"),
    )


def _creditor_id(root: Element) -> str:
    holders = f"{_SELLER}/Party/PartyIdentification/ID"
    found = (*every(root, holders), *every(root, "PayeeParty/PartyIdentification/ID"))
    ids = (identifier(one) for one in found)
    return next((one.value for one in ids if one.scheme == _CREDITOR_SCHEME), "")


def _attachment(reference: Element) -> Attachment:
    embedded = first(reference, "Attachment/EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=text(reference, "ID"),
        filename=attribute(embedded, "filename"),
        mime=attribute(embedded, "mimeCode"),
    )


def _tax_total(root: Element, currency: str) -> Element | None:
    """The one in the currency of the document; its breakdown tells it from that of accounting."""
    totals = every(root, "TaxTotal")
    fits = [
        one for one in totals if attribute(first(one, "TaxAmount"), "currencyID") in {currency, ""}
    ]
    detailed = [one for one in fits if first(one, "TaxSubtotal") is not None]
    return next(iter((*detailed, *fits, *(totals if len(totals) == 1 else ()))), None)


def _breakdown(root: Element, currency: str) -> tuple[VatRow, ...]:
    rows = every(_tax_total(root, currency), "TaxSubtotal")
    return tuple(_row(one) for one in rows if is_vat(first(one, "TaxCategory")))


def _row(subtotal: Element) -> VatRow:
    category = first(subtotal, "TaxCategory")
    return VatRow(
        vat=vat(category),
        basis=number(text(subtotal, "TaxableAmount")),
        amount=number(text(subtotal, "TaxAmount")),
        reason=text(category, "TaxExemptionReason"),
        reason_code=text(category, "TaxExemptionReasonCode"),
    )


def _totals(root: Element, currency: str) -> Totals:
    sums = first(root, _SUMS)
    taxed = text(root, "TaxCurrencyCode")
    elsewhere = [
        one
        for one in every(root, "TaxTotal/TaxAmount")
        if taxed != currency and attribute(one, "currencyID") == taxed
    ]

    def stated(name: str) -> Decimal | None:
        return in_currency(every(sums, name), currency)

    return Totals(
        lines=stated("LineExtensionAmount"),
        allowances=stated("AllowanceTotalAmount"),
        charges=stated("ChargeTotalAmount"),
        net=stated("TaxExclusiveAmount"),
        tax=number(text(_tax_total(root, currency), "TaxAmount")),
        accounting_tax=number(said(elsewhere[0])) if elsewhere else None,
        gross=stated("TaxInclusiveAmount"),
        prepaid=stated("PrepaidAmount"),
        rounding=stated("PayableRoundingAmount"),
        payable=stated("PayableAmount"),
    )
