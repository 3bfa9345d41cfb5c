"""What UBL documents repeat at their heads and their lines: parties, taxes, allowances, periods."""

from datetime import date

from orders.documents.einvoice.terms import (
    Address,
    Adjustment,
    Contact,
    Identifier,
    Period,
    Trader,
    Vat,
)
from orders.documents.einvoice.values import day, flag, number
from orders.documents.einvoice.xml import Element, attribute, every, first, place, said, text

_OTHER_SCHEMES = frozenset({"SEPA"})
_STREET = ("StreetName", "AdditionalStreetName", "AddressLine/Line", "Postbox")


def party(element: Element | None, around: Element | None = None) -> Trader | None:
    """A party; `around` may hold what UBL 2.0 kept beside it: contacts and assigned numbers."""
    if element is None:
        return None
    names = text(element, "PartyName/Name")
    registered = text(element, "PartyLegalEntity/RegistrationName")
    vat_id, tax_number = _registrations(element)
    beside = "AccountingContact|SellerContact|BuyerContact"
    own_contact = first(element, "Contact")
    return Trader(
        name=registered or names or _taxed_name(element) or _person(element),
        trading_name=names if names != registered else "",
        ids=_ids(element, around),
        legal_id=identifier(first(element, "PartyLegalEntity/CompanyID")),
        vat_id=vat_id,
        tax_number=tax_number,
        address=address(first(element, "PostalAddress")),
        contact=_contact(own_contact if own_contact is not None else first(around, beside)),
        endpoint=identifier(first(element, "EndpointID")),
        path=place(element),
    )


def identifier(element: Element | None) -> Identifier:
    return Identifier(said(element), attribute(element, "schemeID"))


def _ids(element: Element, around: Element | None) -> tuple[Identifier, ...]:
    assigned = "CustomerAssignedAccountID|SupplierAssignedAccountID"
    found = (*every(element, "PartyIdentification/ID"), *every(around, assigned))
    ids = (identifier(one) for one in found)
    return tuple(one for one in ids if one.value and one.scheme not in _OTHER_SCHEMES)


def _taxed_name(element: Element) -> str:
    return text(element, "PartyTaxScheme/RegistrationName")


def _person(element: Element) -> str:
    return f"{text(element, 'Person/FirstName')} {text(element, 'Person/FamilyName')}".strip()


def _registrations(element: Element) -> tuple[str, str]:
    """The VAT id and the tax number: UBL tells them apart by the tax scheme (BT-31, BT-32)."""
    schemes = every(element, "PartyTaxScheme")
    vat_ids = [text(one, "CompanyID") for one in schemes if is_vat(one)]
    others = [text(one, "CompanyID") for one in schemes if not is_vat(one)]
    return next(filter(None, vat_ids), ""), next(filter(None, others), "")


def is_vat(category: Element | None) -> bool:
    """Whether the tax scheme is VAT; one that is not named counts as VAT."""
    return text(category, "TaxScheme/ID").upper() in {"", "VAT"}


def address(element: Element | None) -> Address | None:
    if element is None:
        return None
    lines = [said(one) for path in _STREET for one in every(element, path)]
    if house := text(element, "BuildingNumber"):
        lines[:1] = [f"{lines[0]} {house}" if lines else house]
    return Address(
        lines=tuple(filter(None, lines)),
        city=text(element, "CityName"),
        postcode=text(element, "PostalZone"),
        country=text(element, "Country/IdentificationCode").upper(),
    )


def _contact(element: Element | None) -> Contact | None:
    if element is None:
        return None
    return Contact(
        text(element, "Name"), text(element, "Telephone"), text(element, "ElectronicMail")
    )


def place_of_delivery(delivery: Element | None) -> Trader | None:
    if delivery is None:
        return None
    where = first(delivery, "DeliveryLocation/Address|DeliveryAddress")
    return Trader(
        name=text(delivery, "DeliveryParty/PartyName/Name"),
        address=address(where if where is not None else first(delivery, "DeliveryAddress")),
        path=place(delivery),
    )


def wanted(delivery: Element | None) -> date | None:
    """The day a delivery is asked for; of a span its last."""
    span = period(first(delivery, "RequestedDeliveryPeriod"))
    asked = (span.end or span.start) if span else None
    return asked or day(text(delivery, "LatestDeliveryDate"))


def period(element: Element | None) -> Period | None:
    if element is None:
        return None
    return Period(
        day(text(element, "StartDate")),
        day(text(element, "EndDate")),
        text(element, "DescriptionCode"),
    )


def vat(category: Element | None) -> Vat:
    return Vat(text(category, "ID"), number(text(category, "Percent")))


def adjustment(element: Element) -> Adjustment:
    return Adjustment(
        is_charge=flag(text(element, "ChargeIndicator")),
        amount=number(text(element, "Amount")),
        base=number(text(element, "BaseAmount")),
        percent=number(text(element, "MultiplierFactorNumeric")),
        reason=text(element, "AllowanceChargeReason"),
        reason_code=text(element, "AllowanceChargeReasonCode"),
        vat=vat(first(element, "TaxCategory")),
    )
