"""O1 with the number we publish: twenty rounds of fifty buyers for the last ten."""

from functools import partial

import pytest

from orders.models import Order
from orders.services import placing
from shop.models import Stock
from tests.orders.books import AURORA, at_once, enter, stock_of

pytestmark = [pytest.mark.load, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("round_", range(20))
def test_o1_fifty_buyers_of_the_last_ten_twenty_times(company, round_):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=2000)
    orders = [enter((AURORA, 200)) for _ in range(50)]
    refusals = at_once(partial(placing.confirm, [order]) for order in orders)
    assert [one.code for one in refusals if one] == ["stock.too_low"] * 40
    assert Order.objects.filter(state=Order.State.CONFIRMED).count() == 10
    assert stock_of(AURORA) == (2000, 2000)
