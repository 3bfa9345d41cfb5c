from decimal import Decimal

import pytest

from shop.taxing import UNION, treatment, union_vat_id

DE, FR, AT = "DE999625851", "FR62999901366", "ATU99986756"


@pytest.mark.parametrize(
    ("seller", "buyer", "vat_id", "category"),
    [
        ("DE", "DE", DE, "S"),
        ("DE", "DE", "", "S"),
        ("DE", "de", FR, "S"),
        ("DE", "FR", FR, "K"),
        ("DE", "FR", "", "S"),
        ("DE", "FR", DE, "S"),
        ("DE", "FR", AT, "K"),
        ("DE", "MC", FR, "K"),
        ("DE", "MC", "", "S"),
        ("DE", "GR", "EL094259216", "K"),
        ("GR", "GR", "EL094259216", "S"),
        ("GR", "DE", DE, "K"),
        ("DE", "GB", "", "G"),
        ("DE", "GB", FR, "G"),
        ("DE", "GB", "XI110305878", "K"),
        ("DE", "XI", "", "S"),
        ("DE", "CH", "", "G"),
        ("DE", "US", "", "G"),
        ("DE", "NO", "", "G"),
    ],
)
def test_the_country_of_the_goods_and_the_vat_id_decide(seller, buyer, vat_id, category):
    result = treatment(seller, buyer, vat_id)
    assert result.category == category
    assert result.reason
    expected = Decimal(19) if category == "S" else 0
    assert result.rate_of(Decimal(19)) == expected


@pytest.mark.parametrize("country", sorted(UNION - {"DE"}))
def test_no_consumer_in_the_union_goes_untaxed(country):
    assert treatment("DE", country).rate_of(Decimal(7)) == 7


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (FR, FR),
        ("fr 62 999 901 366", FR),
        ("ATU 99986756", AT),
        ("EL094259216", "EL094259216"),
        ("XI110305878", "XI110305878"),
        ("FR62999901367", ""),
        ("GB110305878", ""),
        ("CHE123456788", ""),
        ("", ""),
        ("keine", ""),
        ("DE\x00", ""),
    ],
)
def test_only_ids_of_the_union_with_right_check_digits_count(written, known):
    assert union_vat_id(written) == known
