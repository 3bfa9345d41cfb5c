from functools import partial

import pytest

from hbu.lib.errors import DomainError
from shop.models import Movement, Product, Stock
from shop.services import counting, stock
from shop.services.stock import Demand, NotReserved, OutOfStock
from tests.orders.books import AURORA, at_once, stock_of

pytestmark = pytest.mark.django_db


def demand(quantity, sku=AURORA) -> Demand:
    return Demand(Product.objects.get(sku=sku).pk, quantity, "B-2026-000001")


def put(on_hand, sku=AURORA):
    Stock.objects.filter(product__sku=sku).update(on_hand=on_hand, reserved=0)


def test_all_pieces_are_promised_or_none(company):
    put(10), put(10, "HB-1002")
    with pytest.raises(OutOfStock):
        stock.reserve([demand(10), demand(11, "HB-1002")])
    assert (stock_of(AURORA), stock_of("HB-1002")) == ((10, 0), (10, 0))
    assert not Movement.objects.exists()
    stock.reserve([demand(10), demand(10, "HB-1002")])
    assert (stock_of(AURORA), stock_of("HB-1002")) == ((10, 10), (10, 10))


def test_lines_of_one_product_are_added_up(company):
    put(10)
    with pytest.raises(OutOfStock):
        stock.reserve([demand(6), demand(6)])
    stock.reserve([demand(6), demand(4)])
    assert stock_of(AURORA) == (10, 10)
    assert Movement.objects.count() == 2


def test_a_product_nobody_ever_counted_is_out_of_stock(company):
    Stock.objects.filter(product__sku=AURORA).delete()
    with pytest.raises(OutOfStock):
        stock.reserve([demand(1)])


def test_nothing_is_asked_of_an_empty_list(company):
    for act in (stock.reserve, stock.release, stock.ship):
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
    last = Movement.objects.first()
    assert (last.by, last.quantity, last.reference) == (ben, 4, "B-2026-000001")


def test_whoever_counts_cannot_count_away_what_is_promised(company, ben):
    put(10)
    stock.reserve([demand(4)])
    shelf = Stock.objects.get(product__sku=AURORA)
    with pytest.raises(DomainError, match="promised"):
        counting.count(shelf, on_hand=3, by=ben)
    counting.count(shelf, on_hand=4, by=ben)
    assert stock_of(AURORA) == (4, 4)


@pytest.mark.django_db(transaction=True)
def test_o1_fifty_hands_reach_for_the_last_ten(company):
    put(10)
    wanted = demand(1)
    refusals = at_once(partial(stock.reserve, [wanted]) for _ in range(50))
    assert sum(one is None for one in refusals) == 10
    assert stock_of(AURORA) == (10, 10)


@pytest.mark.django_db(transaction=True)
def test_o1_two_products_in_opposite_order_stop_nobody(company):
    put(20), put(20, "HB-1002")
    one, two = demand(1), demand(1, "HB-1002")
    refusals = at_once(
        partial(stock.reserve, [one, two] if number % 2 else [two, one]) for number in range(30)
    )
    assert sum(one is None for one in refusals) == 20
    assert (stock_of(AURORA), stock_of("HB-1002")) == ((20, 20), (20, 20))
