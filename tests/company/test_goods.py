"""Families, features, tiers and price lists of a company file: what is refused, and what is kept."""

from decimal import Decimal
from pathlib import Path

import pytest

from hbu.company import schema
from hbu.management import loading
from shop.models import Customer, PriceList, Product, TierPrice
from tests.factories import company

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture
def refusal(tmp_path):
    """Change the demo company in one place and return what is said about it."""
    for path in DEMO.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / "templates").mkdir()

    def problems(file, old, new):
        path = tmp_path / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(schema.CompanyFileError) as refused:
            schema.read(tmp_path / "company.yaml")
        return [str(one) for one in refused.value.problems]

    return problems


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("products.yaml", "{2000: 0.361, 10000: 0.342}", "{2000: 0.361, 10000: 0.37}", "products[0].tiers: more pieces must cost less a piece"),
        ("products.yaml", "{2000: 0.361, 10000: 0.342}", "{2000: 0.38}", "products[0]: a tier price is not below the list price"),
        ("products.yaml", "{2000: 0.361, 10000: 0.342}", "{0: 0.361}", "products[0].tiers.0: input should be greater than or equal to 1"),
        ("products.yaml", 'de: ["vier Loch", ', "de: [", "products[0].features: not the same number of features in both languages"),
        ("products.yaml", "family: aurora", "family: borealis", "products[0].family: there is no borealis among the families"),
        ("company.yaml", "HB-1035: {1:", "HB-9999: {1:", "price_lists[0].prices.HB-9999: there is no HB-9999 among the products"),
        ("company.yaml", "code: shirtmakers", "code: automotive", "price_lists[1].code: automotive is taken by price_lists[0].code"),
        ("customers.yaml", "price_list: shirtmakers", "price_list: tailors", "there is no tailors among the price_lists"),
    ],
)  # fmt: skip
def test_a12_what_is_wrong_with_goods_is_named(refusal, file, old, new, expected):
    problems = refusal(file, old, new)
    assert any(one.startswith(file) and expected in one for one in problems), problems


@pytest.mark.django_db
def test_goods_come_into_the_books_with_all_they_have():
    company.load()
    aurora = Product.objects.get(sku="HB-1001")
    assert aurora.family.code == "aurora"
    assert aurora.features_de[0] == "vier Loch"
    assert aurora.category.description_en
    assert not Product.objects.get(sku="HB-1046").from_stock
    agreed = PriceList.objects.get(code="automotive").prices.filter(product__sku="HB-1036")
    assert list(agreed.values_list("from_quantity", "price")) == [
        (1, Decimal("0.435")), (10_000, Decimal("0.405")),
    ]  # fmt: skip
    assert Customer.objects.get(number="K-10004").price_list.code == "automotive"


@pytest.mark.django_db
def test_loading_again_brings_tier_prices_to_what_the_file_says_and_writes_no_others():
    company.load()
    aurora = Product.objects.get(sku="HB-1001")
    own = PriceList.objects.create(code="own", name="Typed by a person")
    kept = TierPrice.objects.create(product=aurora, price_list=own, price=Decimal("0.30"))
    before = set(TierPrice.objects.exclude(product=aurora).values_list("pk", flat=True))
    aurora.tiers.filter(price_list=None).update(price=Decimal("0.01"))
    loading.load(company.file())
    public = aurora.tiers.filter(price_list=None)
    assert set(public.values_list("from_quantity", "price")) == {
        (2000, Decimal("0.361")), (10_000, Decimal("0.342")),
    }  # fmt: skip
    assert TierPrice.objects.filter(pk=kept.pk).exists()
    assert set(TierPrice.objects.exclude(product=aurora).values_list("pk", flat=True)) == before
