"""The lines of CII invoices and orders, sub-lines and lines of mere text among them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from orders.documents.einvoice.cii_parts import adjustment, date_of, identifier, period, vat
from orders.documents.einvoice.terms import Line, Price
from orders.documents.einvoice.values import flag, number
from orders.documents.einvoice.xml import Element, attribute, every, first, place, said, text

_AGREEMENT = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement"
_DELIVERY = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery"
_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_SUMMATION = (
    "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
)
# Billed on invoices, requested on orders, agreed on their confirmations.
_QUANTITIES = ("BilledQuantity", "AgreedQuantity", "RequestedQuantity")
_DETAIL = frozenset({"", "DETAIL"})
"""Lines that count; GROUP and INFORMATION of the extended profiles do not."""


def read(items: Sequence[Element]) -> tuple[Line, ...]:
    return tuple(map(_line, items))


def wanted(event: Element | None) -> date | None:
    """The day a delivery is asked for; of a span its last."""
    span = period(first(event, "OccurrenceSpecifiedPeriod"))
    days = (date_of(first(event, "OccurrenceDateTime")), span and span.end, span and span.start)
    return next((one for one in days if one), None)


def _line(item: Element) -> Line:
    head = first(item, "AssociatedDocumentLineDocument")
    product = first(item, "SpecifiedTradeProduct")
    agreement, delivery = first(item, _AGREEMENT), first(item, _DELIVERY)
    settlement = first(item, _SETTLEMENT)
    quantity = _quantity(delivery)
    total = number(text(settlement, f"{_SUMMATION}/LineTotalAmount"))
    is_text = product is None and quantity is None and total is None
    return Line(
        id=text(head, "LineID"),
        name=text(product, "Name"),
        description=text(product, "Description"),
        note="\n".join(filter(None, map(said, every(head, "IncludedNote/Content"))))[:5000],
        seller_sku=text(product, "SellerAssignedID"),
        buyer_sku=text(product, "BuyerAssignedID"),
        standard_id=identifier(first(product, "GlobalID")),
        quantity=number(said(quantity)),
        unit=attribute(quantity, "unitCode"),
        price=_price(agreement),
        total=total,
        vats=tuple(map(vat, every(settlement, "ApplicableTradeTax"))),
        adjustments=tuple(map(adjustment, every(settlement, "SpecifiedTradeAllowanceCharge"))),
        period=period(first(settlement, "BillingSpecifiedPeriod")),
        order_line=text(agreement, "BuyerOrderReferencedDocument/LineID"),
        requested_date=wanted(first(delivery, "RequestedDeliverySupplyChainEvent")),
        sums_up=text(head, "LineStatusReasonCode") in _DETAIL and not is_text,
        path=place(item),
    )


def _quantity(delivery: Element | None) -> Element | None:
    found = (first(delivery, name) for name in _QUANTITIES)
    return next((one for one in found if one is not None), None)


def _price(agreement: Element | None) -> Price:
    net = first(agreement, "NetPriceProductTradePrice")
    gross = first(agreement, "GrossPriceProductTradePrice")
    basis = first(net, "BasisQuantity")
    if basis is None:
        basis = first(gross, "BasisQuantity")
    return Price(
        net=number(text(net, "ChargeAmount")),
        basis=number(said(basis)),
        basis_unit=attribute(basis, "unitCode"),
        gross=number(text(gross, "ChargeAmount")),
        discount=_discount(gross),
    )


def _discount(gross: Element | None) -> Decimal | None:
    """What is taken off the gross price; surcharges on a price count against it."""
    found = [
        (flag(text(one, "ChargeIndicator/Indicator")), number(text(one, "ActualAmount")))
        for one in every(gross, "AppliedTradeAllowanceCharge")
    ]
    amounts = [-amount if charge else amount for charge, amount in found if amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None
