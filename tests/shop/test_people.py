import pytest

from shop.models import Contact, Customer
from shop.services import people

pytestmark = pytest.mark.django_db
BERGER, GROESSL = "einkauf@modehaus-berger.example", "j.groessl@modehaus-berger.example"


def test_a_contact_is_known_however_the_address_is_written(company):
    found = people.senders([BERGER, GROESSL.upper(), "anna@elsewhere.example", ""])
    assert {address: customer.number for address, customer in found.items()} == {
        BERGER: "K-10001",
        GROESSL.upper(): "K-10001",
    }


def test_colleagues_are_known_by_the_companys_own_domain(company):
    found = people.senders(["neu@modehaus-berger.example", "neu@sub.modehaus-berger.example"])
    assert [customer.number for customer in found.values()] == ["K-10001"]


def test_a_domain_that_two_customers_claim_belongs_to_none(company):
    Customer.objects.filter(number="K-10002").update(domains=["Modehaus-Berger.example"])
    assert people.senders(["neu@modehaus-berger.example"]) == {}
    assert people.senders([BERGER])[BERGER].number == "K-10001"


def test_nobody_is_asked_about_nobody(company, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert people.senders([]) == {}


@pytest.mark.parametrize(
    ("address", "language", "expected"),
    [
        (BERGER, "de", "Sehr geehrte Frau Berger"),
        (BERGER, "en", "Dear Ms Berger"),
        (GROESSL, "de", "Sehr geehrter Herr Größl"),
        (GROESSL, "en", "Dear Mr Größl"),
        (GROESSL, "fr", "Dear Mr Größl"),
        ("anna@elsewhere.example", "de", "Sehr geehrte Damen und Herren"),
        ("anna@elsewhere.example", "en", "Dear Sir or Madam"),
    ],
)
def test_letters_begin_as_business_letters_do(company, address, language, expected):
    contact = people.contacts([address]).get(address)
    assert people.salutation(contact, language) == expected


@pytest.mark.parametrize("values", [{"last_name": ""}, {"title": ""}])
def test_without_a_title_or_a_name_nobody_is_addressed_wrongly(company, values):
    Contact.objects.filter(email=BERGER).update(**values)
    contact = people.contacts([BERGER])[BERGER]
    assert people.salutation(contact, "de") == "Sehr geehrte Damen und Herren"
