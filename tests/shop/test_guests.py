from decimal import Decimal

import pytest

from hbu.company.models import Terms
from shop.models import Contact, Customer
from shop.services import guests, people
from shop.services.guests import Newcomer

pytestmark = pytest.mark.django_db
ANNA = Newcomer(
    name="Anna Sommer", email="Anna@sommer.example", street="Am Hang 1", postcode="50667",
    city="Köln", phone="0221 1",
)  # fmt: skip


def test_a_guest_becomes_a_customer_trusted_as_far_as_the_terms_say(company):
    welcomed = guests.welcome(ANNA)
    customer = Customer.objects.get(pk=welcomed.customer.pk)
    assert customer.number.startswith("G-")
    assert (customer.name, customer.is_guest) == ("Anna Sommer", True)
    assert customer.auto_confirm_limit == customer.credit_limit == Decimal(500)
    assert customer.discount_percent == 0
    assert welcomed.known is None
    contact = customer.contacts.get()
    assert (contact.first_name, contact.last_name) == ("Anna", "Sommer")


def test_without_terms_a_guest_is_not_trusted_with_a_cent(db):
    assert guests.welcome(ANNA).customer.auto_confirm_limit == 0
    assert not Terms.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "einkauf@modehaus-berger.example",
        "Einkauf@MODEHAUS-BERGER.example",
        "einkauf+knoepfe@modehaus-berger.example",
        "new-colleague@modehaus-berger.example",
    ],
)
def test_who_types_the_address_of_a_customer_is_not_taken_for_that_customer(company, address):
    berger = Customer.objects.get(number="K-10001")
    contacts = Contact.objects.count()
    welcomed = guests.welcome(Newcomer(name="Mallory", email=address))
    assert welcomed.customer != berger
    assert welcomed.known == berger
    assert Contact.objects.count() == contacts
    assert people.senders([address])[address] == berger


def test_a_guest_who_comes_again_is_no_known_customer_and_keeps_the_address(company):
    first, again = guests.welcome(ANNA), guests.welcome(ANNA)
    assert again.customer != first.customer
    assert again.known is None
    assert people.senders([ANNA.email])[ANNA.email] == first.customer
