"""Somebody orders in the shop whom we do not know yet."""

from dataclasses import dataclass

from django.db import transaction

from hbu.company.numbers import draw
from hbu.company.terms import terms
from hbu.journal.recording import record
from shop.models import Contact, Customer
from shop.services import people


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What a guest typed at the checkout; nothing of it is proven."""

    name: str
    email: str
    company: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DE"
    vat_id: str = ""
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Welcomed:
    customer: Customer
    known: Customer | None
    """A customer of ours behind the same address, if any: the order needs the doubt
    "known_contact", because anybody can type any address."""


def welcome(newcomer: Newcomer) -> Welcomed:
    """Enter a guest as a customer of its own, whoever it says it is.

    It is never put to a customer we know: a person may merge the two, and take it back.
    """
    with transaction.atomic():
        known = people.senders([newcomer.email]).get(newcomer.email)
        limit = terms().guest_limit
        customer = Customer.objects.create(
            number=draw("G")[0],
            name=(newcomer.company or newcomer.name)[:120],
            street=newcomer.street[:120],
            postcode=newcomer.postcode[:12],
            city=newcomer.city[:80],
            country=newcomer.country,
            vat_id=newcomer.vat_id[:20],
            language=newcomer.language,
            is_guest=True,
            auto_confirm_limit=limit,
            credit_limit=limit,
        )
        # Else mail of a colleague at a customer of ours would be taken for the guest's.
        if known is None:
            _introduce(newcomer, customer)
        record("customer.guest_welcomed", customer, number=customer.number, name=customer.name)
    return Welcomed(customer, None if known is None or known.is_guest else known)


def _introduce(newcomer: Newcomer, customer: Customer) -> None:
    """An address belongs to one contact: of two guests at once the first has it."""
    first, _, last = newcomer.name.strip().rpartition(" ")
    contact = Contact(
        customer=customer,
        first_name=first[:60],
        last_name=last[:60],
        email=newcomer.email,
        phone=newcomer.phone[:40],
    )
    Contact.objects.bulk_create([contact], ignore_conflicts=True)
