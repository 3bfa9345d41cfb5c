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


ONE_READER = [
    "einkauf@modehaus-berger.example",
    "Einkauf@modehaus-berger.example",
    "EINKAUF@MODEHAUS-BERGER.EXAMPLE",
    "einkauf@Modehaus-Berger.Example",
    " einkauf@modehaus-berger.example ",
    "einkauf@modehaus-berger.example.",
    "einkauf+shop@modehaus-berger.example",
    "einkauf+@modehaus-berger.example",
    "Einkauf+Shop@MODEHAUS-berger.example",
    "einkauf@ｍodehaus-berger.example",
    "einkauf@modehaus-berger。example",
    "sabine.neu@modehaus-berger.example",
]


def test_d8_twelve_ways_to_write_an_address_are_one_customer(company):
    found = people.senders(ONE_READER)
    assert {found[address].number for address in ONE_READER} == {"K-10001"}
    assert len(found) == 12


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a@x.de", "a@X.DE", True),
        ("a@x.de", "A@x.de", True),
        ("a@x.de", "a+tag@x.de", True),
        ("a@knöpfe.de", "a@xn--knpfe-kua.de", True),
        ("a@knöpfe.de", "a@KNÖPFE.de", True),
        # IDNA 2008: two domains, which may belong to two companies.
        ("a@groß.de", "a@gross.de", False),
        ("a@x.de", "b@x.de", False),
        ("a@x.de", "a@sub.x.de", False),
        ("a.b@x.de", "ab@x.de", False),
        ("a@x.de", "a@х.de", False),  # a Cyrillic х
    ],
)
def test_d8_policy_of_addresses(db, one, other, same):
    anna = Customer.objects.create(number="K-1", name="Anna")
    Contact.objects.create(customer=anna, email=one)
    assert (people.senders([other]) == {other: anna}) is same


def test_d8_an_exact_address_goes_before_one_without_its_tag(db):
    anna, berta = (Customer.objects.create(number=name, name=name) for name in "AB")
    Contact.objects.create(customer=anna, email="shared@x.de")
    Contact.objects.create(customer=berta, email="shared+berta@x.de")
    found = people.senders(["shared@x.de", "shared+Berta@x.de", "shared+carl@x.de"])
    assert [one.number for one in found.values()] == ["A", "B", "A"]


def test_d8_one_address_spelled_twice_for_two_customers_belongs_to_none(db):
    for name, email in (("A", "a@knöpfe.de"), ("B", "a@xn--knpfe-kua.de")):
        customer = Customer.objects.create(number=name, name=name)
        Contact.objects.create(customer=customer, email=email)
    assert people.senders(["a@knöpfe.de"]) == {}
