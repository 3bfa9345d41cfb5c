from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from hbu.lib.errors import DomainError
from shop.models import Cart, CartLine, Customer, Product
from shop.quantities import MOST, BadQuantity
from shop.services import baskets, carts
from tests.orders.books import at_once

pytestmark = pytest.mark.django_db
AURORA, SYLT = "HB-1001", "HB-1004"  # packs of 100 from 200 on; packs of 50 from 100 on


@pytest.fixture
def cart(company) -> Cart:
    return carts.new()


def lying(cart):
    return dict(CartLine.objects.filter(cart=cart).values_list("product__sku", "quantity"))


def test_pieces_go_up_to_what_is_sold_and_it_says_why(cart):
    put = carts.add(cart, AURORA, "150")
    assert (put.quantity, put.corrected) == (200, ("min_quantity", "pack_size"))
    assert lying(cart) == {AURORA: 200}


def test_the_same_article_is_one_line(cart):
    carts.add(cart, AURORA, "200")
    carts.add(cart, AURORA, "300")
    assert lying(cart) == {AURORA: 500}


@pytest.mark.parametrize("asked", ["0", "-1", "0.5", "1e9", "NaN", "1000001", ""])
def test_o6_absurd_quantities_are_refused_everywhere(cart, asked):
    carts.add(cart, AURORA, "200")
    for act in (carts.add, carts.change):
        with pytest.raises(BadQuantity):
            act(cart, AURORA, asked)
    assert lying(cart) == {AURORA: 200}


def test_o6_small_steps_do_not_lead_beyond_the_most(cart):
    carts.add(cart, AURORA, MOST)
    with pytest.raises(BadQuantity):
        carts.add(cart, AURORA, 200)
    assert lying(cart) == {AURORA: MOST}


def test_a_second_click_finds_its_pieces_in_the_cart(cart):
    assert carts.add(cart, AURORA, "300", had=0).quantity == 300
    assert carts.add(cart, AURORA, "300", had=0).quantity == 300
    assert carts.add(cart, AURORA, "300", had=300).quantity == 600
    assert lying(cart) == {AURORA: 600}


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_put_it_in_once(cart):
    refusals = at_once([lambda: carts.add(cart, AURORA, "300", had=0)] * 20)
    assert refusals == [None] * 20
    assert lying(cart) == {AURORA: 300}


@pytest.mark.django_db(transaction=True)
def test_two_articles_at_once_both_lie_in_it(cart):
    acts = [lambda: carts.add(cart, AURORA, "300"), lambda: carts.add(cart, SYLT, "100")]
    assert at_once(acts) == [None, None]
    assert lying(cart) == {AURORA: 300, SYLT: 100}


def test_a_change_is_what_is_said_and_not_more(cart):
    carts.add(cart, AURORA, "300")
    carts.change(cart, AURORA, "500")
    assert carts.change(cart, AURORA, "500").quantity == 500
    assert lying(cart) == {AURORA: 500}


def test_what_was_taken_out_meanwhile_is_not_changed(cart):
    carts.add(cart, AURORA, "300")
    assert carts.remove(cart, AURORA)
    assert not carts.remove(cart, AURORA)
    with pytest.raises(DomainError, match="not in your cart"):
        carts.change(cart, AURORA, "500")


def test_what_is_not_sold_cannot_be_put_in(cart):
    Product.objects.filter(sku=AURORA).update(is_active=False)
    for sku in (AURORA, "HB-0000", ""):
        with pytest.raises(DomainError) as refusal:
            carts.add(cart, sku, "200")
        assert refusal.value.code == "product.gone"


def test_a_cart_is_full_some_day(cart, monkeypatch):
    monkeypatch.setattr(carts, "MOST_LINES", 1)
    carts.add(cart, AURORA, "200")
    with pytest.raises(DomainError, match="full"):
        carts.add(cart, SYLT, "100")


# Whose it is


def test_merging_adds_what_a_guest_collected(cart, mallory):
    carts.add(cart, AURORA, "200")
    own = carts.new(mallory)
    carts.add(own, AURORA, "300")
    carts.add(own, SYLT, "100")
    carts.merge(cart.token, mallory)
    assert lying(own) == {AURORA: 500, SYLT: 100}
    assert not Cart.objects.filter(pk=cart.pk).exists()


def test_a_first_login_takes_the_guests_cart_and_its_token_opens_nothing_any_more(cart, mallory):
    carts.add(cart, AURORA, "200")
    carts.merge(cart.token, mallory)
    assert lying(carts.of_user(mallory)) == {AURORA: 200}
    assert carts.of_guest(cart.token) is None


def test_merging_stays_within_bounds(cart, mallory):
    carts.add(cart, AURORA, MOST)
    carts.add(carts.new(mallory), AURORA, MOST)
    carts.merge(cart.token, mallory)
    assert lying(carts.of_user(mallory)) == {AURORA: MOST}


def test_merging_twice_adds_once(cart, mallory):
    carts.add(cart, AURORA, "200")
    carts.merge(cart.token, mallory)
    carts.merge(cart.token, mallory)
    assert lying(carts.of_user(mallory)) == {AURORA: 200}


def test_o7_the_cart_of_a_login_opens_by_login_alone(company, mallory):
    own = carts.new(mallory)
    assert carts.of_guest(own.token) is None
    carts.merge(own.token, mallory)
    assert carts.of_user(mallory) == own


def test_carts_of_half_a_year_are_swept(cart):
    carts.add(cart, AURORA, "200")
    now = timezone.now()
    assert carts.sweep(now + timedelta(days=179)) == 0
    assert carts.sweep(now + timedelta(days=181)) == 1
    assert not CartLine.objects.exists()


# What it comes to


def berger() -> Customer:
    return Customer.objects.get(number="K-10001")


def test_the_sums_are_those_of_an_order(cart):
    carts.add(cart, AURORA, "200", customer=berger())
    basket = baskets.read(cart, berger())
    assert basket.items[0].unit == Decimal("0.3610")
    assert basket.totals.net == Decimal("72.20")
    assert basket.totals.gross == Decimal("85.92")


def test_a_price_that_changed_since_is_shown_until_it_is_accepted(cart):
    carts.add(cart, AURORA, "200")
    Product.objects.filter(sku=AURORA).update(price=Decimal("0.40"))
    basket = baskets.read(cart)
    assert basket.changed
    assert (basket.items[0].was, basket.items[0].unit) == (Decimal("0.38"), Decimal("0.40"))
    carts.accept_prices(cart)
    assert not baskets.read(cart).changed


def test_the_prices_of_a_login_are_no_news(cart, mallory):
    carts.add(cart, AURORA, "200")
    carts.merge(cart.token, mallory, customer=berger())
    assert not baskets.read(carts.of_user(mallory), berger()).changed


def test_what_is_not_sold_any_more_counts_for_nothing_and_stops_the_order(cart):
    carts.add(cart, AURORA, "200")
    carts.add(cart, SYLT, "100")
    Product.objects.filter(sku=AURORA).update(is_active=False)
    basket = baskets.read(cart)
    assert [one.sku for one in basket.gone] == [AURORA]
    assert basket.totals.net == Decimal("74.00")
    assert not basket.orderable


def test_a_pack_that_grew_since_stops_the_order(cart):
    carts.add(cart, AURORA, "300")
    Product.objects.filter(sku=AURORA).update(pack_size=200)
    assert baskets.read(cart).items[0].problems == ("pack_size",)
    assert not baskets.read(cart).orderable


def test_too_many_for_our_stock_is_named(cart):
    carts.add(cart, AURORA, "900000")
    assert baskets.read(cart).items[0].problems == ("stock",)


def test_a_few_pieces_more_may_cost_less_each(company):
    from shop.data import Offer

    offer = Offer(Decimal("0.38"), Decimal("0.38"), ((1000, Decimal("0.30")),), 9999)
    near = baskets.advice(offer, 900)
    assert (near.more, near.percent, near.cheaper) == (100, Decimal("21.1"), True)
    assert not baskets.advice(offer, 500).cheaper
    assert baskets.advice(offer, 400) is None
    assert baskets.advice(offer, 1000) is None


def test_an_empty_cart_comes_to_nothing(company):
    basket = baskets.read(None)
    assert basket.totals.gross == 0
    assert not basket.orderable


def test_the_queries_do_not_grow_with_the_cart(cart, django_assert_max_num_queries):
    for sku in Product.objects.values_list("sku", flat=True)[:20]:
        carts.add(cart, sku, "5000")
    with django_assert_max_num_queries(8):
        assert len(baskets.read(cart, berger()).items) == 20
