"""What CII documents repeat at their heads and their lines: dates, parties, taxes, allowances."""

import re
from datetime import date

from orders.documents.einvoice.terms import (
    Address,
    Adjustment,
    Contact,
    Identifier,
    Period,
    Trader,
    Vat,
    VatRow,
)
from orders.documents.einvoice.values import day, flag, number
from orders.documents.einvoice.xml import Element, attribute, every, first, place, said, text

AMOUNT = "ActualAmount"
AMOUNT_CHARGED = "AppliedAmount"
_MOMENT = "DateTimeString|DateString|DateTime|Date"
_RATE = "RateApplicablePercent|ApplicablePercent"
_VAT, _TAX_NUMBER = frozenset({"VA", "VAT"}), "FC"
_LIKE_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z]{2,13}")


def date_of(element: Element | None) -> date | None:
    """The day of an element that wraps DateTimeString, DateTime or Date, or states it itself."""
    wrapped = first(element, _MOMENT)
    moment = element if wrapped is None else wrapped
    return day(said(moment), attribute(moment, "format"))


def period(element: Element | None) -> Period | None:
    if element is None:
        return None
    return Period(date_of(first(element, "StartDateTime")), date_of(first(element, "EndDateTime")))


def party(element: Element | None) -> Trader | None:
    if element is None:
        return None
    vat_id, tax_number = _registrations(every(element, "SpecifiedTaxRegistration/ID"))
    legal = "SpecifiedLegalOrganization"
    return Trader(
        name=text(element, "Name"),
        trading_name=text(element, f"{legal}/TradingBusinessName"),
        ids=tuple(filter(_stated, map(identifier, every(element, "ID|GlobalID")))),
        legal_id=identifier(first(element, f"{legal}/ID")),
        vat_id=vat_id,
        tax_number=tax_number,
        address=_address(first(element, "PostalTradeAddress")),
        contact=_contact(first(element, "DefinedTradeContact")),
        endpoint=identifier(first(element, "URIUniversalCommunication/URIID")),
        path=place(element),
    )


def identifier(element: Element | None) -> Identifier:
    return Identifier(said(element), attribute(element, "schemeID"))


def _stated(one: Identifier) -> bool:
    return bool(one.value)


def _registrations(found: list[Element]) -> tuple[str, str]:
    """The VAT id and the tax number; where the scheme is not told, the shape tells."""
    vat_id = tax_number = ""
    for one in found:
        scheme, value = attribute(one, "schemeID").upper(), said(one)
        unclear = scheme not in _VAT and scheme != _TAX_NUMBER
        if scheme in _VAT or (unclear and _LIKE_VAT_ID.fullmatch(value)):
            vat_id = vat_id or value
        else:
            tax_number = tax_number or value
    return vat_id, tax_number


def _address(element: Element | None) -> Address | None:
    if element is None:
        return None
    lines = (text(element, name) for name in ("LineOne", "LineTwo", "LineThree"))
    streets = (*lines, text(element, "StreetName"))
    return Address(
        lines=tuple(filter(None, streets)),
        city=text(element, "CityName"),
        postcode=text(element, "PostcodeCode"),
        country=text(element, "CountryID").upper(),
    )


def _contact(element: Element | None) -> Contact | None:
    if element is None:
        return None
    said_in = "CompleteNumber|URIID"
    return Contact(
        name=text(element, "PersonName") or text(element, "DepartmentName"),
        phone=text(element, f"TelephoneUniversalCommunication/{said_in}"),
        email=text(element, f"EmailURIUniversalCommunication/{said_in}"),
    )


def vat(element: Element | None) -> Vat:
    return Vat(text(element, "CategoryCode"), number(text(element, _RATE)))


def vat_row(element: Element) -> VatRow:
    return VatRow(
        vat=vat(element),
        basis=number(text(element, "BasisAmount")),
        amount=number(text(element, "CalculatedAmount")),
        reason=text(element, "ExemptionReason"),
        reason_code=text(element, "ExemptionReasonCode"),
    )


def adjustment(
    element: Element, *, is_charge: bool | None = None, amount: str = AMOUNT
) -> Adjustment:
    """An allowance or a charge; `is_charge` where the element's own name says it."""
    stated = flag(text(element, "ChargeIndicator/Indicator"))
    return Adjustment(
        is_charge=stated if is_charge is None else is_charge,
        amount=number(text(element, amount)),
        base=number(text(element, "BasisAmount")),
        percent=number(text(element, "CalculationPercent")),
        reason=text(element, "Reason|Description"),
        reason_code=text(element, "ReasonCode"),
        vat=vat(first(element, "CategoryTradeTax|AppliedTradeTax")),
    )
