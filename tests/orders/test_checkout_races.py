"""Buyers who are faster than each other, through the pages of the shop (promises O1, O2, P11)."""

from collections import Counter

import pytest
from django.core.cache import cache

from hbu.company.models import Terms
from orders.models import IdempotencyKey, Order
from shop.models import Reservation, Stock
from shop.services import stock
from tests.orders.books import AURORA, at_once, stock_of
from tests.orders.buyers import Buyer

pytestmark = pytest.mark.django_db(transaction=True)
PLENTY = 1_000_000
LAST_TEN = 2000


@pytest.fixture(autouse=True)
def terms(company):
    cache.clear()
    Terms.objects.update_or_create(pk=1, defaults={"guest_limit": 10_000})


def at_the_checkout(count):
    """Guests who have said everything and have only to look and to order."""
    Stock.objects.filter(product__sku=AURORA).update(on_hand=PLENTY)
    buyers = [Buyer() for _ in range(count)]
    for buyer in buyers:
        buyer.put(AURORA, 200)
        buyer.walk()
    return buyers


def told(answer):
    """How it ended: with an order, or with a page that says what is left."""
    if answer.status_code == 303:
        return "ordered"
    return "sold out" if b"Not enough in stock" in answer.content else answer.status_code


def buyers_of_the_last_ten(count, *, looked):
    buyers = at_the_checkout(count)
    forms = [buyer.form() if looked else None for buyer in buyers]
    for row in Reservation.objects.all():
        stock.let_go(row.reference)
    Stock.objects.filter(product__sku=AURORA).update(on_hand=LAST_TEN, reserved=0)
    ends = []

    def buy(buyer, form):
        answer = buyer.review() if form is None else None
        if answer is None or answer.status_code == 200:
            answer = buyer.client.post("/shop/checkout/review/", form or buyer.form())
        ends.append(told(answer))

    at_once(
        lambda buyer=buyer, form=form: buy(buyer, form)
        for buyer, form in zip(buyers, forms, strict=True)
    )
    assert Counter(ends) == {"ordered": 10, "sold out": count - 10}
    assert Order.objects.filter(state=Order.State.CONFIRMED).count() == Order.objects.count() == 10
    assert stock_of(AURORA) == (LAST_TEN, LAST_TEN)
    assert Stock.objects.get(product__sku=AURORA).available == 0


@pytest.mark.parametrize("count", [16, pytest.param(50, marks=pytest.mark.load)])
def test_o1_buyers_of_the_last_ten_make_ten_orders(count):
    buyers_of_the_last_ten(count, looked=True)


@pytest.mark.load
def test_o1_fifty_buyers_who_have_not_looked_yet_make_ten_orders():
    buyers_of_the_last_ten(50, looked=False)


def test_o1_buyers_of_two_articles_in_opposite_order_never_wait_in_a_circle():
    Stock.objects.filter(product__sku__in=[AURORA, "HB-1002"]).update(on_hand=PLENTY)
    buyers = [Buyer() for _ in range(20)]
    for number, buyer in enumerate(buyers):
        for sku in (AURORA, "HB-1002")[:: 1 if number % 2 else -1]:
            buyer.put(sku, 200)
        buyer.walk()
    forms = [buyer.form() for buyer in buyers]
    ends = []
    at_once(
        lambda buyer=buyer, form=form: ends.append(
            told(buyer.client.post("/shop/checkout/review/", form))
        )
        for buyer, form in zip(buyers, forms, strict=True)
    )
    assert Counter(ends) == {"ordered": 20}


def test_o2_twenty_parallel_posts_of_one_form_are_one_order():
    (buyer,) = at_the_checkout(1)
    form = buyer.form()
    places = []

    def post():
        browser = Buyer()
        browser.client.cookies = buyer.client.cookies
        answer = browser.client.post("/shop/checkout/review/", form)
        places.append((answer.status_code, answer["Location"]))

    at_once(post for _ in range(20))
    assert len(set(places)) == 1
    assert places[0][0] == 303
    assert Order.objects.count() == IdempotencyKey.objects.count() == 1
    assert stock_of(AURORA)[1] == 200
