"""An invoice in the terms of EN 16931 as CII D16B, as Factur-X and XRechnung have it.

It writes what our own invoices state; `cii` reads every term back.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from orders.documents.einvoice.terms import (
    Address,
    Contact,
    Identifier,
    Line,
    Paper,
    Payment,
    Trader,
    VatRow,
)

_SPACE = "urn:un:unece:uncefact:data:standard:"
_SPACES = {
    "rsm": f"{_SPACE}CrossIndustryInvoice:100",
    "ram": f"{_SPACE}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_SPACE}UnqualifiedDataType:100",
}
Node = Any
Child = Any | None


def written(paper: Paper, process: str = "") -> bytes:
    """`process` names the business process (BT-23), which XRechnung asks for."""
    root = etree.Element(etree.QName(_SPACES["rsm"], "CrossIndustryInvoice"), nsmap=_SPACES)
    context = _group(
        "rsm:ExchangedDocumentContext",
        _id("BusinessProcessSpecifiedDocumentContextParameter", process),
        _id("GuidelineSpecifiedDocumentContextParameter", paper.profile),
    )
    trade = _group(
        "rsm:SupplyChainTradeTransaction",
        *map(_line, paper.lines),
        _agreement(paper),
        _delivery(paper),
        _settlement(paper),
        kept=True,
    )
    root.extend(one for one in (context, _document(paper), trade) if one is not None)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def _text(name: str, value: object, **attributes: str) -> Child:
    """None where nothing is stated."""
    if value is None or value == "":
        return None
    node: Node = etree.Element(_tag(name), {key: one for key, one in attributes.items() if one})
    node.text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return node


def _group(name: str, *parts: Child, kept: bool = False) -> Child:
    """None without anything in it, unless the syntax wants it `kept`."""
    inside = [part for part in parts if part is not None]
    if not inside and not kept:
        return None
    node: Node = etree.Element(_tag(name))
    node.extend(inside)
    return node


def _id(name: str, value: str) -> Child:
    return _group(f"ram:{name}", _text("ram:ID", value))


def _day(name: str, when: date | None) -> Child:
    stated = f"{when:%Y%m%d}" if when else ""
    return _group(f"ram:{name}", _text("udt:DateTimeString", stated, format="102"))


def _document(paper: Paper) -> Child:
    notes = (
        _group("ram:IncludedNote", _text("ram:Content", one)) for one in paper.note.split("\n")
    )
    return _group(
        "rsm:ExchangedDocument",
        _text("ram:ID", paper.number),
        _text("ram:TypeCode", paper.type_code),
        _day("IssueDateTime", paper.date),
        *notes,
    )


def _line(line: Line) -> Child:
    return _group(
        "ram:IncludedSupplyChainTradeLineItem",
        _group("ram:AssociatedDocumentLineDocument", _text("ram:LineID", line.id)),
        _group(
            "ram:SpecifiedTradeProduct",
            _text("ram:SellerAssignedID", line.seller_sku),
            _text("ram:BuyerAssignedID", line.buyer_sku),
            _text("ram:Name", line.name),
        ),
        _group(
            "ram:SpecifiedLineTradeAgreement",
            _group("ram:NetPriceProductTradePrice", _text("ram:ChargeAmount", line.price.net)),
        ),
        _group(
            "ram:SpecifiedLineTradeDelivery",
            _text("ram:BilledQuantity", line.quantity, unitCode=line.unit),
        ),
        _group(
            "ram:SpecifiedLineTradeSettlement",
            _group(
                "ram:ApplicableTradeTax",
                _text("ram:TypeCode", "VAT"),
                _text("ram:CategoryCode", line.vat.category),
                _text("ram:RateApplicablePercent", line.vat.rate),
            ),
            _group(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                _text("ram:LineTotalAmount", line.total),
            ),
        ),
    )


def _agreement(paper: Paper) -> Child:
    return _group(
        "ram:ApplicableHeaderTradeAgreement",
        _text("ram:BuyerReference", paper.buyer_reference),
        _party("SellerTradeParty", paper.seller),
        _party("BuyerTradeParty", paper.buyer),
        _group(
            "ram:BuyerOrderReferencedDocument",
            _text("ram:IssuerAssignedID", paper.order_reference),
        ),
    )


def _delivery(paper: Paper) -> Child:
    return _group(
        "ram:ApplicableHeaderTradeDelivery",
        _party("ShipToTradeParty", paper.ship_to) if paper.ship_to else None,
        _group(
            "ram:ActualDeliverySupplyChainEvent", _day("OccurrenceDateTime", paper.delivery_date)
        ),
        kept=True,
    )


def _settlement(paper: Paper) -> Child:
    return _group(
        "ram:ApplicableHeaderTradeSettlement",
        _text("ram:PaymentReference", paper.number),
        _text("ram:InvoiceCurrencyCode", paper.currency),
        *map(_payment, paper.payments),
        *map(_tax, paper.breakdown),
        _terms(paper),
        _sums(paper),
        *_preceding(paper.preceding),
    )


def _preceding(numbers: Iterable[str]) -> Iterable[Child]:
    return (
        _group("ram:InvoiceReferencedDocument", _text("ram:IssuerAssignedID", one))
        for one in numbers
    )


def _party(name: str, party: Trader) -> Child:
    scheme = "ram:SpecifiedTaxRegistration"
    return _group(
        f"ram:{name}",
        *(_text("ram:ID", one.value) for one in party.ids),
        _text("ram:Name", party.name),
        _group("ram:SpecifiedLegalOrganization", _text("ram:ID", party.legal_id.value)),
        _contact(party.contact),
        _address(party.address),
        _endpoint(party.endpoint),
        _group(scheme, _text("ram:ID", party.vat_id, schemeID="VA")),
    )


def _contact(contact: Contact | None) -> Child:
    if contact is None:
        return None
    return _group(
        "ram:DefinedTradeContact",
        _text("ram:PersonName", contact.name),
        _group("ram:TelephoneUniversalCommunication", _text("ram:CompleteNumber", contact.phone)),
        _group("ram:EmailURIUniversalCommunication", _text("ram:URIID", contact.email)),
    )


def _address(address: Address | None) -> Child:
    if address is None:
        return None
    places = zip(("LineOne", "LineTwo", "LineThree"), address.lines, strict=False)
    return _group(
        "ram:PostalTradeAddress",
        _text("ram:PostcodeCode", address.postcode),
        *(_text(f"ram:{name}", line) for name, line in places),
        _text("ram:CityName", address.city),
        _text("ram:CountryID", address.country),
    )


def _endpoint(endpoint: Identifier) -> Child:
    return _group(
        "ram:URIUniversalCommunication",
        _text("ram:URIID", endpoint.value, schemeID=endpoint.scheme),
    )


def _payment(payment: Payment) -> Child:
    return _group(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        _text("ram:TypeCode", payment.code),
        *(
            _group("ram:PayeePartyCreditorFinancialAccount", _text("ram:IBANID", one))
            for one in payment.accounts
        ),
    )


def _tax(row: VatRow) -> Child:
    return _group(
        "ram:ApplicableTradeTax",
        _text("ram:CalculatedAmount", row.amount),
        _text("ram:TypeCode", "VAT"),
        _text("ram:ExemptionReason", row.reason),
        _text("ram:BasisAmount", row.basis),
        _text("ram:CategoryCode", row.vat.category),
        _text("ram:ExemptionReasonCode", row.reason_code),
        _text("ram:RateApplicablePercent", row.vat.rate),
    )


def _terms(paper: Paper) -> Child:
    # Terms that programs read end with their line (XRechnung, BT-20).
    ending = "\n" if paper.payment_terms.endswith("#") else ""
    return _group(
        "ram:SpecifiedTradePaymentTerms",
        _text("ram:Description", f"{paper.payment_terms}{ending}"),
        _day("DueDateDateTime", paper.due_date),
    )


def _sums(paper: Paper) -> Child:
    totals = paper.totals
    return _group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        _text("ram:LineTotalAmount", totals.lines),
        _text("ram:TaxBasisTotalAmount", totals.net),
        _text("ram:TaxTotalAmount", totals.tax, currencyID=paper.currency),
        _text("ram:GrandTotalAmount", totals.gross),
        _text("ram:DuePayableAmount", totals.payable),
    )
