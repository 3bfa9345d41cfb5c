from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.pricing import line_total, price, totals

CENTS = st.decimals(0, 100_000, places=2)


def test_without_discount_the_list_price_holds():
    assert price(Decimal("0.85")).unit == Decimal("0.8500")


def test_a_discount_keeps_fractions_of_a_cent():
    assert price(Decimal("0.85"), discount_percent=Decimal("7.5")).unit == Decimal("0.7863")


def test_the_highest_tier_that_is_reached_counts():
    tiers = ((500, Decimal("0.80")), (1000, Decimal("0.75")), (5000, Decimal("0.70")))
    assert price(Decimal("0.85"), quantity=499, tiers=tiers).unit == Decimal("0.85")
    assert price(Decimal("0.85"), quantity=1000, tiers=tiers).unit == Decimal("0.75")


def test_a_discount_comes_off_the_tier_and_both_are_told():
    result = price(
        Decimal("0.85"), discount_percent=Decimal(10), quantity=500, tiers=((500, Decimal("0.80")),)
    )
    assert result.unit == Decimal("0.72")
    assert [reason.evidence for reason in result.reasons] == ["0.85", "500: 0.80", "10 %"]


@pytest.mark.parametrize("discount", ["-1", "101"])
def test_a_discount_that_is_none_is_refused(discount):
    with pytest.raises(ValueError, match="discount"):
        price(Decimal(1), discount_percent=Decimal(discount))


def test_a_line_is_rounded_half_up_to_cents():
    assert line_total(Decimal("0.0456"), 1250) == Decimal("57.00")
    assert line_total(Decimal("0.0333"), 50) == Decimal("1.67")
    assert line_total(Decimal("0.005"), 1) == Decimal("0.01")


def test_tax_is_rounded_once_per_rate():
    line = (Decimal("0.13"), Decimal(19))
    sums = totals([line] * 3)
    assert (sums.net, sums.tax, sums.gross) == (Decimal("0.39"), Decimal("0.07"), Decimal("0.46"))


def test_each_rate_is_told():
    sums = totals([(Decimal(100), Decimal(19)), (Decimal(50), Decimal(7))])
    assert sums.tax_by_rate == ((Decimal(7), Decimal("3.50")), (Decimal(19), Decimal("19.00")))
    assert sums.gross == Decimal("172.50")


def test_nothing_comes_to_nothing():
    assert totals([]).gross == Decimal("0.00")


@given(st.lists(st.tuples(CENTS, st.sampled_from([Decimal(0), Decimal(7), Decimal(19)]))))
def test_net_and_tax_are_always_the_gross_sum(lines):
    sums = totals(lines)
    assert sums.net + sums.tax == sums.gross
    assert sums.tax == sum(tax for _, tax in sums.tax_by_rate)
    assert sums.gross.as_tuple().exponent == -2
