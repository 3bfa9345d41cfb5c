"""Customers and terms of trade, from the file into the books."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from hbu.company import vat
from hbu.company.models import Terms
from hbu.company.terms import terms
from hbu.management import loading
from shop.models import Address, Contact, Customer, DiscountTier
from shop.services import merging
from tests.company.test_schema import changed, folder, refusal
from tests.factories import company

__all__ = ["changed", "folder"]
KRUEGER, SONNENSCHEIN, NORDWIND = "K-10013", "K-10011", "K-10002"
CUSTOMERS = "customers.yaml"


@dataclass
class Said:
    vat_id: str
    country: str
    wrong: str


@pytest.mark.parametrize(
    "said",
    [
        Said("DE999625851", "DE", ""),
        Said("DE 999 625 851", "DE", ""),
        Said("DE999625852", "DE", vat.WRONG_DIGITS),
        Said("DE99962585", "DE", vat.WRONG_LENGTH),
        Said("DE99962585A", "DE", vat.WRONG),
        Said("DE999625851", "FR", vat.OTHER_COUNTRY),
        Said("DE999625851", "", ""),
        Said("EL094259216", "GR", ""),
        Said("GB999000123", "GB", ""),
        Said("XI980780684", "GB", ""),
        Said("CHE-123.456.789 MWST", "CH", ""),
        Said("hello", "DE", vat.WRONG),
        Said("", "DE", vat.WRONG),
    ],
)
def test_what_is_wrong_with_a_vat_id_is_told(said):
    assert vat.problem(said.vat_id, said.country) == said.wrong


@pytest.mark.django_db
def test_what_was_agreed_with_a_customer_comes_into_the_books():
    company.load()
    krueger = Customer.objects.get(number=KRUEGER)
    assert (krueger.cash_discount_percent, krueger.cash_discount_days) == (2, 10)
    assert krueger.credit_limit == Decimal(250_000)
    assert krueger.invoice_email == "rechnung@bk-krueger.example"
    usual = krueger.addresses.filter(is_default=True)
    assert sorted(usual.values_list("kind", flat=True)) == ["billing", "delivery"]
    tiers = DiscountTier.objects.filter(customer__number=SONNENSCHEIN)
    assert list(tiers.values_list("from_net", "percent")) == [(500, 5), (1500, 7)]
    oems = Customer.objects.filter(is_oem=True).values_list("desk_address", flat=True)
    assert set(oems) == {"oem1@h-bu.de"}


@pytest.mark.django_db
def test_loading_again_doubles_nothing_and_keeps_what_the_file_does_not_say():
    company.load()
    krueger = Customer.objects.get(number=KRUEGER)
    other = krueger.addresses.get(name__contains="Hagen")
    krueger.addresses.filter(kind="delivery").update(is_default=False)
    Address.objects.filter(pk=other.pk).update(is_default=True)
    Customer.objects.filter(pk=krueger.pk).update(
        desk_address="sales@h-bu.de", payment="prepayment", credit_limit=1
    )
    before = Address.objects.count(), Contact.objects.count(), DiscountTier.objects.count()
    loading.load(company.file())
    krueger.refresh_from_db()
    assert (krueger.desk_address, krueger.payment) == ("sales@h-bu.de", "prepayment")
    assert krueger.credit_limit == Decimal(250_000)
    assert before == (
        Address.objects.count(), Contact.objects.count(), DiscountTier.objects.count(),
    )  # fmt: skip
    assert krueger.addresses.get(kind="delivery", is_default=True) == other


@pytest.mark.django_db
def test_loading_does_not_take_apart_what_was_put_together():
    company.load()
    kept, gone = (Customer.objects.get(number=one) for one in (KRUEGER, NORDWIND))
    merging.merge(kept, gone)
    contacts = set(kept.contacts.values_list("email", flat=True))
    loading.load(company.file())
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert set(kept.contacts.values_list("email", flat=True)) == contacts
    assert not gone.contacts.exists()


@pytest.mark.django_db
def test_terms_follow_the_file_and_without_them_stay_as_typed():
    company.load()
    assert (terms().guest_limit, terms().reminder_days) == (Decimal(500), [7, 17, 27])
    Terms.objects.update(guest_limit=50)
    silent = company.file().model_copy()
    silent.model_fields_set.discard("terms")
    loading.load(silent)
    assert terms().guest_limit == 50
    loading.load(company.file().model_copy(update={"terms": company.file().terms}))
    assert terms().guest_limit == 500


@pytest.mark.django_db
def test_before_any_terms_the_house_is_cautious():
    assert (terms().guest_limit, terms().reminder_days) == (0, [])


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        (CUSTOMERS, "DE999625851", "DE999625852", "check digits"),
        (CUSTOMERS, "DE999625851", "ATU99986756", "another country"),
        (CUSTOMERS, "oem1@h-bu.de", "oem7@h-bu.de", "there is no oem7@h-bu.de"),
        (CUSTOMERS, "cash_discount_days: 10", "cash_discount_days: 99", "longer than the days"),
        (CUSTOMERS, "city: Hagen}", "city: Hagen, usual: true}", "one usual address"),
        (CUSTOMERS, "{500: 5,", "{500: 500,", "less than or equal to 100"),
        (CUSTOMERS, "price_list: automotive", "price_list: automobile", "there is no automobile"),
        ("company.yaml", "[7, 17, 27]", "[7, 27, 17]", "later than the one before"),
        ("company.yaml", "guest_limit: 500", "guest_limit: -5", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changed, file, old, new, what):
    lines = refusal(changed, (old, new), file=file)
    assert any(what in line for line in lines), lines
