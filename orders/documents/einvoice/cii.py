"""CII in all its spellings: D16B to D22B, Factur-X, ZUGFeRD 1 and 2, XRechnung, Order-X."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from orders.documents.einvoice import cii_lines
from orders.documents.einvoice.amounts import in_currency
from orders.documents.einvoice.cii_parts import (
    AMOUNT_CHARGED,
    adjustment,
    date_of,
    party,
    period,
    vat_row,
)
from orders.documents.einvoice.terms import (
    Adjustment,
    Attachment,
    Paper,
    Payment,
    Totals,
    Trader,
)
from orders.documents.einvoice.values import number
from orders.documents.einvoice.xml import (
    Element,
    attribute,
    every,
    first,
    local,
    place,
    said,
    text,
)

_CONTEXT = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
_DOCUMENT = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_DELIVERY = "ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
_SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMMATION = (
    "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
)
_ID = "IssuerAssignedID|ID"
_TERMS = "SpecifiedTradePaymentTerms"
_ATTACHED = "916"
_FIRST_EDITION = "CrossIndustryDocument"
# The section and the path under it of what stands in the head.
_PLACES = {
    "number": ("document", "ID"),
    "date": ("document", "IssueDateTime/DateTimeString|DateTime"),
    "type_code": ("document", "TypeCode"),
    "profile": ("context", "GuidelineSpecifiedDocumentContextParameter/ID"),
    "currency": ("settlement", "InvoiceCurrencyCode|OrderCurrencyCode"),
    "buyer_reference": ("agreement", "BuyerReference"),
    "order_reference": ("agreement", f"BuyerOrderReferencedDocument/{_ID}"),
    "seller": ("agreement", "SellerTradeParty/Name"),
    "buyer": ("agreement", "BuyerTradeParty/Name"),
    "preceding": ("settlement", f"InvoiceReferencedDocument/{_ID}"),
    "due_date": ("settlement", f"{_TERMS}/DueDateDateTime/DateTimeString"),
    "net": ("settlement", f"{_SUMMATION}/TaxBasisTotalAmount"),
    "tax": ("settlement", f"{_SUMMATION}/TaxTotalAmount"),
    "gross": ("settlement", f"{_SUMMATION}/GrandTotalAmount"),
    "prepaid": ("settlement", f"{_SUMMATION}/TotalPrepaidAmount"),
    "payable": ("settlement", f"{_SUMMATION}/DuePayableAmount"),
    "delivery_date": (
        "delivery",
        "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",
    ),
    "requested_date": ("delivery", "RequestedDeliverySupplyChainEvent"),
}


@dataclass(frozen=True, slots=True)
class _Sections:
    context: Element | None
    document: Element | None
    agreement: Element | None
    delivery: Element | None
    settlement: Element | None


def read(root: Element, most_lines: int) -> Paper:
    trade = first(root, _TRADE)
    parts = _Sections(
        first(root, _CONTEXT),
        first(root, _DOCUMENT),
        first(trade, _AGREEMENT),
        first(trade, _DELIVERY),
        first(trade, _SETTLEMENT),
    )
    items = every(trade, "IncludedSupplyChainTradeLineItem")
    agreement, delivery, settlement = parts.agreement, parts.delivery, parts.settlement
    event = first(delivery, "RequestedDeliverySupplyChainEvent")
    totals, adjustments = _totals(settlement), _adjustments(settlement)
    if local(root) == _FIRST_EDITION:
        adjustments = _taken_off(adjustments, totals)
    return Paper(
        number=text(parts.document, "ID"),
        date=date_of(first(parts.document, "IssueDateTime")),
        type_code=text(parts.document, "TypeCode"),
        profile=text(parts.context, "GuidelineSpecifiedDocumentContextParameter/ID"),
        currency=_currency(settlement),
        paid_in=_currency(settlement),
        tax_currency=text(settlement, "TaxCurrencyCode"),
        note=_notes(parts.document),
        buyer_reference=text(agreement, "BuyerReference"),
        order_reference=text(agreement, f"BuyerOrderReferencedDocument/{_ID}"),
        preceding=_preceding(settlement),
        seller=party(first(agreement, "SellerTradeParty")) or Trader(),
        buyer=party(first(agreement, "BuyerTradeParty")) or Trader(),
        representative=party(first(agreement, "SellerTaxRepresentativeTradeParty")),
        payee=party(first(settlement, "PayeeTradeParty")),
        ship_to=party(first(delivery, "ShipToTradeParty")),
        delivery_date=date_of(first(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime")),
        requested_date=cii_lines.wanted(event),
        tax_point=text(settlement, "ApplicableTradeTax/TaxPointDate/DateString"),
        tax_point_code=text(settlement, "ApplicableTradeTax/DueDateTypeCode"),
        period=period(first(settlement, "BillingSpecifiedPeriod")),
        due_date=_due_date(settlement),
        payment_terms=_terms(settlement),
        payments=_payments(settlement),
        creditor_id=text(settlement, "CreditorReferenceID"),
        attachments=_attachments(agreement),
        adjustments=adjustments,
        breakdown=tuple(map(vat_row, _vat_only(every(settlement, "ApplicableTradeTax")))),
        totals=totals,
        lines=cii_lines.read(items[:most_lines]),
        cut=len(items) > most_lines,
        places=_places(parts),
    )


def _places(parts: _Sections) -> dict[str, tuple[str, str]]:
    found = {name: first(getattr(parts, part), path) for name, (part, path) in _PLACES.items()}
    return {name: (place(one), said(one)) for name, one in found.items() if one is not None}


def _currency(settlement: Element | None) -> str:
    return text(settlement, "InvoiceCurrencyCode|OrderCurrencyCode")


def _notes(document: Element | None) -> str:
    return "\n".join(filter(None, map(said, every(document, "IncludedNote/Content"))))[:5000]


def _preceding(settlement: Element | None) -> tuple[str, ...]:
    return tuple(text(one, _ID) for one in every(settlement, "InvoiceReferencedDocument"))


def _due_date(settlement: Element | None) -> date | None:
    """The day without a discount; of several, the first that asks for money."""
    terms = every(settlement, _TERMS)
    plain = [one for one in terms if first(one, "ApplicableTradePaymentDiscountTerms") is None]
    for some, chosen in ((plain, min), (terms, max)):
        days = [when for one in some if (when := date_of(first(one, "DueDateDateTime")))]
        if days:
            return chosen(days)
    return None


def _terms(settlement: Element | None) -> str:
    """Line by line: the national discount terms need their own lines (BR-DE-18)."""
    notes = ((one.text or "").strip()[:5000] for one in every(settlement, f"{_TERMS}/Description"))
    return "\n".join(filter(None, notes))


def _payments(settlement: Element | None) -> tuple[Payment, ...]:
    mandate = text(settlement, f"{_TERMS}/DirectDebitMandateID")
    return tuple(
        _payment(one, mandate) for one in every(settlement, "SpecifiedTradeSettlementPaymentMeans")
    )


def _payment(means: Element, mandate: str) -> Payment:
    accounts = every(means, "PayeePartyCreditorFinancialAccount")
    debited = first(means, "PayerPartyDebtorFinancialAccount")
    return Payment(
        code=text(means, "TypeCode"),
        accounts=tuple(text(one, "IBANID") or text(one, "ProprietaryID") for one in accounts),
        has_card=first(means, "ApplicableTradeSettlementFinancialCard") is not None,
        has_mandate=bool(mandate) or debited is not None,
        mandate=mandate,
        debited=text(debited, "IBANID|ProprietaryID"),
    )


def _attachments(agreement: Element | None) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            reference=text(one, _ID),
            filename=attribute(first(one, "AttachmentBinaryObject"), "filename"),
            mime=attribute(first(one, "AttachmentBinaryObject"), "mimeCode"),
        )
        for one in every(agreement, "AdditionalReferencedDocument")
        if text(one, "TypeCode") == _ATTACHED or first(one, "AttachmentBinaryObject") is not None
    )


def _adjustments(settlement: Element | None) -> tuple[Adjustment, ...]:
    freight = every(settlement, "SpecifiedLogisticsServiceCharge")
    return (
        *map(adjustment, every(settlement, "SpecifiedTradeAllowanceCharge")),
        *(adjustment(one, is_charge=True, amount=AMOUNT_CHARGED) for one in freight),
    )


def _taken_off(found: tuple[Adjustment, ...], totals: Totals) -> tuple[Adjustment, ...]:
    """Examples of ZUGFeRD 1 write allowances with a minus as well; their sum, without, shows it."""
    stated = sum((one.amount or 0 for one in found if not one.is_charge), Decimal(0))
    if not stated or totals.allowances != -stated:
        return found
    return tuple(
        replace(one, amount=-one.amount) if one.amount and not one.is_charge else one
        for one in found
    )


def _vat_only(taxes: list[Element]) -> list[Element]:
    return [one for one in taxes if text(one, "TypeCode") in {"", "VAT"}]


def _totals(settlement: Element | None) -> Totals:
    sums = first(settlement, _SUMMATION)
    currency, taxed = _currency(settlement), text(settlement, "TaxCurrencyCode")

    def stated(name: str) -> Decimal | None:
        return in_currency(every(sums, name), currency)

    other = [one for one in every(sums, "TaxTotalAmount") if attribute(one, "currencyID") == taxed]
    return Totals(
        lines=stated("LineTotalAmount"),
        allowances=stated("AllowanceTotalAmount"),
        charges=stated("ChargeTotalAmount"),
        net=stated("TaxBasisTotalAmount"),
        tax=stated("TaxTotalAmount"),
        accounting_tax=number(said(other[0])) if other and taxed != currency else None,
        gross=stated("GrandTotalAmount"),
        prepaid=stated("TotalPrepaidAmount"),
        rounding=stated("RoundingAmount"),
        payable=stated("DuePayableAmount"),
    )


def is_cii(root: Element) -> bool:
    return first(root, _TRADE) is not None or local(root).startswith("CrossIndustry")
