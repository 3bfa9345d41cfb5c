from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.data import Discounts, PriceTable
from shop.pricing import discounted, line_total, price, price_lines, steps_of, totals

CENTS = st.decimals(0, 100_000, places=2)
UNITS = st.decimals(0, 100, places=4)
STEPS = st.lists(st.tuples(st.integers(0, 10_000), UNITS), max_size=5).map(tuple)
TABLES = st.builds(PriceTable, UNITS, STEPS, STEPS)
PERCENTS = st.decimals(0, 100, places=1)
DISCOUNTS = st.builds(
    Discounts, PERCENTS, st.lists(st.tuples(CENTS, PERCENTS), max_size=4).map(tuple)
)
QUANTITIES = st.integers(1, 20_000)

LIST = Decimal("0.85")
TIERS = ((500, Decimal("0.80")), (1000, Decimal("0.75")), (5000, Decimal("0.70")))


def told(result):
    return [(reason.what, reason.evidence) for reason in result.reasons]


def test_without_tiers_the_list_price_holds():
    result = price(PriceTable(Decimal("0.8500")))
    assert result.unit == LIST
    assert told(result) == [("List price", "0.85")]


def test_the_highest_tier_that_is_reached_counts():
    assert price(PriceTable(LIST, TIERS), 499).unit == LIST
    assert price(PriceTable(LIST, TIERS), 1000).unit == Decimal("0.75")


def test_a_price_on_the_customers_list_takes_the_list_prices_place():
    dearer = PriceTable(LIST, agreed=((1, Decimal("0.90")),))
    result = price(dearer, 10)
    assert result.unit == Decimal("0.90")
    assert told(result)[-1] == ("Price on the customer's list", "0.9")


def test_an_agreement_from_a_quantity_on_leaves_the_list_price_below_it():
    table = PriceTable(LIST, agreed=((200, Decimal("0.60")),))
    assert (price(table, 199).unit, price(table, 200).unit) == (LIST, Decimal("0.60"))


def test_nobody_pays_more_than_the_public_for_an_agreement():
    table = PriceTable(LIST, TIERS, agreed=((1, Decimal("0.78")),))
    assert price(table, 1).unit == Decimal("0.78")
    assert price(table, 1000).unit == Decimal("0.75")


def test_a_discount_comes_off_the_tier_and_both_are_told():
    line = price_lines([(PriceTable(LIST, TIERS), 500)], Discounts(Decimal(10)))[0]
    assert (line.unit, line.total) == (Decimal("0.72"), Decimal("360.00"))
    assert told(line) == [
        ("List price", "0.85"),
        ("Price from this quantity on", "500: 0.8"),
        ("Discount of the customer", "10 %"),
    ]


def test_a_discount_keeps_fractions_of_a_cent():
    assert discounted(LIST, Decimal("7.5")) == Decimal("0.7863")


def test_the_value_of_the_whole_order_reaches_a_better_discount():
    discounts = Discounts(Decimal(5), ((Decimal(500), Decimal(8)), (Decimal(900), Decimal(4))))
    one = price_lines([(PriceTable(LIST), 500)], discounts)[0]
    assert told(one)[-1] == ("Discount of the customer", "5 %")
    for line in price_lines([(PriceTable(LIST), 500)] * 2, discounts):
        assert told(line)[-1] == ("Discount for the value of the order", "500: 8 %")
        assert line.unit == Decimal("0.7820")


def test_the_value_is_counted_after_tiers_and_before_discounts():
    at_value = Discounts(Decimal(50), ((Decimal(400), Decimal(60)),))
    assert price_lines([(PriceTable(LIST, TIERS), 500)], at_value)[0].unit == Decimal("0.32")
    below = Discounts(Decimal(50), ((Decimal("400.01"), Decimal(60)),))
    assert price_lines([(PriceTable(LIST, TIERS), 500)], below)[0].unit == Decimal("0.40")


@pytest.mark.parametrize("percent", ["-1", "101"])
def test_a_discount_that_is_none_is_refused(percent):
    with pytest.raises(ValueError, match="discount"):
        discounted(Decimal(1), Decimal(percent))


def test_steps_begin_where_the_customer_may_and_name_only_what_is_cheaper():
    table = PriceTable(LIST, (*TIERS, (2000, Decimal("0.76"))))
    assert steps_of(table, start=100) == [(100, LIST), *TIERS]
    assert steps_of(table, percent=Decimal(10), start=800) == [
        (800, Decimal("0.72")),
        (1000, Decimal("0.675")),
        (5000, Decimal("0.63")),
    ]


@given(TABLES, QUANTITIES, QUANTITIES)
def test_more_pieces_never_cost_more_a_piece(table, one, other):
    fewer, more = sorted((one, other))
    assert price(table, more).unit <= price(table, fewer).unit


@given(TABLES, PERCENTS, QUANTITIES, QUANTITIES)
def test_the_steps_that_are_shown_are_the_prices_that_are_charged(table, percent, start, more):
    steps = steps_of(table, percent=percent, start=start)
    quantity = start + more
    shown = [unit for since, unit in steps if since <= quantity][-1]
    assert shown == price_lines([(table, quantity)], Discounts(percent))[0].unit


@given(st.lists(st.tuples(TABLES, QUANTITIES), max_size=6), DISCOUNTS)
def test_a_discount_makes_nothing_dearer_and_nothing_negative(lines, discounts):
    for before, after in zip(price_lines(lines), price_lines(lines, discounts), strict=True):
        assert 0 <= after.unit <= before.unit
        assert 0 <= after.total <= before.total


@given(st.lists(st.tuples(TABLES, QUANTITIES), min_size=1, max_size=6), DISCOUNTS)
def test_all_lines_of_a_document_get_the_same_discount_whatever_their_order(lines, discounts):
    forwards = price_lines(lines, discounts)
    assert list(reversed(price_lines(list(reversed(lines)), discounts))) == forwards


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
