"""The lines of UBL invoices, credit notes and orders."""

from collections.abc import Sequence

from orders.documents.einvoice.terms import Line, Price, Vat
from orders.documents.einvoice.ubl_parts import adjustment, identifier, is_vat, period, vat, wanted
from orders.documents.einvoice.values import flag, number
from orders.documents.einvoice.xml import Element, attribute, every, first, place, said, text

_QUANTITY = "InvoicedQuantity|CreditedQuantity|Quantity"
_CATEGORIES = ("Item/ClassifiedTaxCategory", "TaxTotal/TaxSubtotal/TaxCategory")
_CANCELLED = "3"
"""UNCL 1229, the line status of an order change."""


def read(items: Sequence[Element]) -> tuple[Line, ...]:
    return tuple(map(_line, items))


def _line(outer: Element) -> Line:
    inner = first(outer, "LineItem")
    line = outer if inner is None else inner
    item = first(line, "Item")
    quantity = first(line, _QUANTITY)
    notes = [*every(outer, "Note"), *(() if inner is None else every(inner, "Note"))]
    return Line(
        id=text(line, "ID"),
        name=text(item, "Name") or text(item, "Description"),
        description=text(item, "Description") if text(item, "Name") else "",
        note="\n".join(filter(None, [*map(said, notes), *_parts(line)]))[:5000],
        seller_sku=text(item, "SellersItemIdentification/ID"),
        buyer_sku=text(item, "BuyersItemIdentification/ID"),
        standard_id=identifier(first(item, "StandardItemIdentification/ID")),
        quantity=number(said(quantity)),
        unit=attribute(quantity, "unitCode"),
        price=_price(first(line, "Price")),
        total=number(text(line, "LineExtensionAmount")),
        vats=_vats(line),
        adjustments=tuple(map(adjustment, every(line, "AllowanceCharge"))),
        period=period(first(line, "InvoicePeriod")),
        order_line=text(line, "OrderLineReference/LineID"),
        requested_date=wanted(first(line, "Delivery")),
        sums_up=text(line, "LineStatusCode") != _CANCELLED,
        path=place(outer),
    )


def _parts(line: Element) -> list[str]:
    """What a line of the extended XRechnung consists of; its own total holds them already."""
    return [
        f"{text(one, 'InvoicedQuantity|CreditedQuantity')} × {text(one, 'Item/Name')}"
        for one in every(line, "SubInvoiceLine|SubCreditNoteLine")
    ]


def _vats(line: Element) -> tuple[Vat, ...]:
    found = (every(line, path) for path in _CATEGORIES)
    return tuple(vat(one) for one in next(filter(None, found), []) if is_vat(one))


def _price(price: Element | None) -> Price:
    basis = first(price, "BaseQuantity")
    allowance = first(price, "AllowanceCharge")
    amount = number(text(allowance, "Amount"))
    charged = flag(text(allowance, "ChargeIndicator"))
    return Price(
        net=number(text(price, "PriceAmount")),
        basis=number(said(basis)),
        basis_unit=attribute(basis, "unitCode"),
        gross=number(text(allowance, "BaseAmount")),
        discount=-amount if charged and amount is not None else amount,
    )
