from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from hbu.lib.errors import DomainError
from shop.models import Movement, Product, Reservation, Stock
from shop.services import counting, stock
from shop.services.stock import Demand, NotReserved, OutOfStock
from tests.orders.books import AURORA, at_once, stock_of

pytestmark = pytest.mark.django_db
OTHER = "HB-1002"
ORDER, CART = "B-2026-000001", "cart:1"
SOON = timedelta(minutes=30)


def product(sku=AURORA) -> int:
    return Product.objects.get(sku=sku).pk


def demand(quantity, sku=AURORA, reference=ORDER) -> Demand:
    return Demand(product(sku), quantity, reference)


def put(on_hand, sku=AURORA):
    Reservation.objects.filter(product__sku=sku).delete()
    Stock.objects.filter(product__sku=sku).update(on_hand=on_hand, reserved=0)


def hold(quantity, *, reference=CART, sku=AURORA, until=None):
    until = until or timezone.now() + SOON
    stock.hold({product(sku): quantity}, until=until, reference=reference)


def take_over(quantity, *, cart=CART, order=ORDER):
    """As the checkout does it."""
    with transaction.atomic():
        stock.let_go(cart)
        stock.reserve([demand(quantity, reference=order)])


def holders(sku=AURORA) -> dict[str, int]:
    rows = Reservation.objects.filter(product__sku=sku)
    return dict(rows.values_list("reference", "quantity"))


def test_all_pieces_are_promised_or_none(company):
    put(10), put(10, OTHER)
    with pytest.raises(OutOfStock):
        stock.reserve([demand(10), demand(11, OTHER)])
    assert (stock_of(AURORA), stock_of(OTHER)) == ((10, 0), (10, 0))
    assert not Movement.objects.exists()
    assert not Reservation.objects.exists()
    stock.reserve([demand(10), demand(10, OTHER)])
    assert (stock_of(AURORA), stock_of(OTHER)) == ((10, 10), (10, 10))
    assert holders() == holders(OTHER) == {ORDER: 10}


def test_lines_of_one_product_are_added_up(company):
    put(10)
    with pytest.raises(OutOfStock):
        stock.reserve([demand(6), demand(6)])
    stock.reserve([demand(6), demand(4)])
    assert stock_of(AURORA) == (10, 10)
    assert holders() == {ORDER: 10}
    assert Movement.objects.count() == 2


def test_a_product_nobody_ever_counted_is_out_of_stock(company):
    Stock.objects.filter(product__sku=AURORA).delete()
    with pytest.raises(OutOfStock):
        stock.reserve([demand(1)])


def test_nothing_is_asked_of_an_empty_list(company):
    for act in (stock.reserve, stock.release, stock.ship, stock.take_back):
        act([])
    assert not Movement.objects.exists()


@pytest.mark.parametrize("act", [stock.release, stock.ship])
def test_only_what_was_promised_goes_back_or_out(company, ben, act):
    put(10)
    stock.reserve([demand(4)])
    with pytest.raises(NotReserved):
        act([demand(5)])
    assert stock_of(AURORA) == (10, 4)
    act([demand(4)], by=ben)
    assert stock_of(AURORA) == ((10, 0) if act is stock.release else (6, 0))
    assert holders() == {}
    last = Movement.objects.first()
    assert (last.by, last.quantity, last.reference) == (ben, 4, ORDER)


@pytest.mark.parametrize("act", [stock.release, stock.ship])
def test_nobody_takes_what_is_promised_to_another_order(company, act):
    put(10)
    stock.reserve([demand(4), demand(3, reference="B-2")])
    with pytest.raises(NotReserved):
        act([demand(4, reference="B-2")])
    with pytest.raises(NotReserved):
        act([demand(1, reference="B-3")])
    assert holders() == {ORDER: 4, "B-2": 3}


def test_an_order_that_ships_in_parts_holds_the_rest(company):
    put(10), put(10, OTHER)
    stock.reserve([demand(6), demand(2, OTHER), demand(1, reference="B-2")])
    stock.ship([demand(4), demand(2, OTHER)])
    assert (stock_of(AURORA), stock_of(OTHER)) == ((6, 3), (8, 0))
    assert (holders(), holders(OTHER)) == ({ORDER: 2, "B-2": 1}, {})


def test_pairs_of_others_between_ours_stay_as_they_are(company):
    put(10), put(10, OTHER)
    stock.reserve([demand(1), demand(2, OTHER), demand(3, reference="B-2")])
    stock.reserve([demand(4, OTHER, "B-2")])
    stock.release([demand(1), demand(4, OTHER, "B-2")])
    assert (holders(), holders(OTHER)) == ({"B-2": 3}, {ORDER: 2})


def test_a_hold_takes_the_place_of_the_one_before(company):
    put(10), put(10, OTHER)
    hold(8)
    stock.hold({product(): 10, product(OTHER): 0}, until=timezone.now() + SOON, reference=CART)
    assert (stock_of(AURORA), stock_of(OTHER)) == ((10, 10), (10, 0))
    hold(1, sku=OTHER)
    assert (stock_of(AURORA), stock_of(OTHER)) == ((10, 0), (10, 1))
    with pytest.raises(OutOfStock):
        hold(11, sku=OTHER)
    assert holders(OTHER) == {CART: 1}


def test_an_order_takes_over_what_its_cart_held(company):
    put(10)
    hold(8)
    hold(2, reference="cart:2")
    with pytest.raises(OutOfStock):
        take_over(9)
    assert holders() == {CART: 8, "cart:2": 2}
    take_over(8)
    assert holders() == {ORDER: 8, "cart:2": 2}
    assert stock_of(AURORA) == (10, 10)


def test_who_lets_go_twice_frees_once(company):
    put(10)
    hold(8)
    stock.let_go(CART)
    stock.let_go(CART)
    assert stock_of(AURORA) == (10, 0)


def test_o8_what_was_held_too_long_is_free_again_and_nothing_else(company):
    put(10), put(10, OTHER)
    now = timezone.now()
    hold(3, until=now)
    hold(4, reference="cart:2", until=now + SOON)
    stock.reserve([demand(2)])
    hold(1, reference="cart:3", sku=OTHER, until=now - SOON)
    assert stock.expire(now) == 2
    assert stock.expire(now) == 0
    assert (stock_of(AURORA), stock_of(OTHER)) == ((10, 6), (10, 0))
    assert holders() == {"cart:2": 4, ORDER: 2}


def test_goods_that_come_in_and_come_back_lie_on_the_shelf(company, ben):
    put(10)
    stock.receive(Product.objects.get(sku=AURORA), 5, reference="L-77", by=ben)
    stock.take_back([demand(2)], by=ben)
    assert stock_of(AURORA) == (17, 0)
    kinds = Movement.objects.values_list("kind", "quantity", "reference", "by")
    assert list(kinds) == [("returned", 2, ORDER, ben.pk), ("produced", 5, "L-77", ben.pk)]


def test_a_product_may_come_in_that_was_never_on_the_shelf(company, ben):
    Stock.objects.filter(product__sku=AURORA).delete()
    stock.receive(Product.objects.get(sku=AURORA), 5, by=ben)
    assert stock_of(AURORA) == (5, 0)
    with pytest.raises(DomainError):
        stock.receive(Product.objects.get(sku=AURORA), 0, by=ben)


def test_whoever_counts_cannot_count_away_what_is_promised(company, ben):
    put(10)
    stock.reserve([demand(4)])
    shelf = Stock.objects.get(product__sku=AURORA)
    with pytest.raises(DomainError, match="promised"):
        counting.count(shelf, on_hand=3, by=ben)
    counting.count(shelf, on_hand=4, by=ben)
    assert stock_of(AURORA) == (4, 4)


def test_questions_do_not_grow_with_the_order(company, django_assert_num_queries):
    everything = list(Product.objects.values_list("pk", flat=True))
    Stock.objects.update(on_hand=100)
    demands = [Demand(pk, 2, f"B-{pk % 5}") for pk in everything]
    with django_assert_num_queries(7):
        stock.reserve(demands)
    with django_assert_num_queries(8):
        stock.release(demands[:-1])
    assert Reservation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_o1_fifty_hands_reach_for_the_last_ten(company):
    put(10)
    refusals = at_once(
        partial(stock.reserve, [demand(1, reference=f"B-{number}")]) for number in range(50)
    )
    assert sum(one is None for one in refusals) == 10
    assert stock_of(AURORA) == (10, 10)
    assert sum(holders().values()) == len(holders()) == 10


@pytest.mark.django_db(transaction=True)
def test_o1_fifty_carts_hold_the_last_ten(company):
    put(10)
    refusals = at_once(partial(hold, 1, reference=f"cart:{number}") for number in range(50))
    assert sum(one is None for one in refusals) == 10
    assert stock_of(AURORA) == (10, 10)


@pytest.mark.django_db(transaction=True)
def test_o1_two_products_in_opposite_order_stop_nobody(company):
    put(20), put(20, OTHER)
    one, two = demand(1), demand(1, OTHER)
    refusals = at_once(
        partial(stock.reserve, [one, two] if number % 2 else [two, one]) for number in range(50)
    )
    assert sum(one is None for one in refusals) == 20
    assert (stock_of(AURORA), stock_of(OTHER)) == ((20, 20), (20, 20))
    assert holders() == holders(OTHER) == {ORDER: 20}


@pytest.mark.django_db(transaction=True)
def test_o1_buying_expiring_and_holding_at_once_leave_the_books_right(company):
    put(40)
    now = timezone.now()
    for number in range(10):
        hold(2, reference=f"cart:{number}", until=now)
    acts = []
    for number in range(10):
        acts.append(partial(take_over, 2, cart=f"cart:{number}", order=f"B-{number}"))
        acts.append(partial(hold, 1, reference=f"cart:{number}", until=now))
        acts.append(partial(stock.expire, now))
    at_once(acts)
    stock.expire(now)
    assert stock_of(AURORA) == (40, 20)
    assert holders() == {f"B-{number}": 2 for number in range(10)}
