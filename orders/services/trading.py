"""The parties of an invoice, copied as they are on the day it is issued, and what they have to state.

§ 14 (4), § 14a UStG; Article 226 of Directive 2006/112/EC.
"""

from collections.abc import Mapping

from django.utils.translation import gettext

from hbu.company.models import Company
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Party
from orders.models import Order
from orders.models.position import Sums
from orders.services.composing import parts
from shop.models import Customer

BY_MAIL = "EM"
"""The scheme of electronic addresses that are mail addresses (CEF EAS)."""


def seller() -> Party:
    company = parts.us()
    desk = parts.desk(company, "finance")
    return Party(
        name=company.name,
        vat_id=company.vat_id,
        street=company.street,
        postcode=company.postcode,
        city=company.city,
        country=company.country,
        contact=desk.name,
        email=desk.email,
        phone=desk.phone,
        iban=company.iban.replace(" ", ""),
        legal_id=company.register_number,
        endpoint=f"{BY_MAIL}:{desk.email}" if desk.email else "",
    )


def buyer(order: Order, customer: Customer) -> Party:
    email = customer.invoice_email or order.contact_email
    place = parts.billing(order)
    return Party(
        identifier=customer.number,
        vat_id=customer.vat_id,
        contact=place.get("addition", ""),
        email=email,
        phone=order.contact_phone,
        endpoint=f"{BY_MAIL}:{email}" if email else "",
        **_placed(place),
    )


def ship_to(order: Order) -> Party:
    place = parts.delivery(order)
    return Party(contact=place.get("addition", ""), **_placed(place))


def _placed(place: Mapping[str, str]) -> dict[str, str]:
    known = ("name", "street", "postcode", "city", "country")
    return {part: place.get(part, "") for part in known}


def guard(order: Order, customer: Customer, us: Party, them: Party, there: Party) -> None:
    """Raise DomainError where the invoice would lack what the law or the customer wants on it."""
    missing = [
        words
        for words, said in (
            (gettext("the name"), them.name),
            (gettext("the street"), them.street),
            (gettext("the city"), them.city),
            (gettext("the country"), them.country),
        )
        if not said
    ]
    if missing:
        said = gettext("The billing address lacks %(parts)s.")
        raise DomainError("invoice.no_address", said % {"parts": ", ".join(missing)})
    _guard_tax(order.tax_category, us, them, there)
    if customer.invoice_format == Customer.InvoiceFormat.XRECHNUNG:
        _guard_xrechnung(customer, them)


def _guard_tax(category: str, us: Party, them: Party, there: Party) -> None:
    if not us.vat_id:
        raise DomainError(
            "invoice.no_own_vat_id", N_("Our own VAT id is missing in the company's details.")
        )
    abroad = there.country != us.country
    if category in {Sums.Tax.INTRA_COMMUNITY, Sums.Tax.REVERSE_CHARGE} and not them.vat_id:
        raise DomainError(
            "invoice.no_vat_id",
            N_("This sale is free of VAT only with the customer's VAT id, which is missing."),
        )
    if category in {Sums.Tax.INTRA_COMMUNITY, Sums.Tax.EXPORT} and not abroad:
        raise DomainError(
            "invoice.not_abroad",
            N_("This sale is taxed as a delivery abroad, but the goods stay in our country."),
        )


def _guard_xrechnung(customer: Customer, them: Party) -> None:
    if not customer.buyer_reference:
        raise DomainError(
            "invoice.no_buyer_reference",
            N_("An XRechnung needs the buyer reference (Leitweg-ID) of the customer."),
        )
    if not them.endpoint or not them.postcode:
        raise DomainError(
            "invoice.no_electronic_address",
            N_("An XRechnung needs the customer's postcode and the address invoices go to."),
        )


def home() -> str:
    return Company.objects.values_list("country", flat=True).get(pk=1)
