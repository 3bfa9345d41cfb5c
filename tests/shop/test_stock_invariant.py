"""Whatever is done in whatever order, what is reserved is the sum of what each holds."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hbu.lib.errors import DomainError
from shop.models import Product, Reservation, Stock
from shop.services import counting, stock
from shop.services.stock import Demand

pytestmark = pytest.mark.django_db
SKUS = ("HB-1001", "HB-1002")
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)

pieces = st.integers(1, 12)
orders = st.sampled_from(["B-1", "B-2"])
carts = st.sampled_from(["cart:1", "cart:2"])
wanted = st.lists(st.tuples(st.sampled_from([0, 1]), pieces), min_size=1, max_size=3)
steps = st.one_of(
    st.tuples(st.sampled_from(["reserve", "release", "ship", "take_back"]), wanted, orders),
    st.tuples(st.just("buy"), wanted, orders, carts),
    st.tuples(st.just("hold"), wanted, carts, st.integers(0, 5)),
    st.tuples(st.just("let_go"), carts),
    st.tuples(st.just("expire"), st.integers(0, 5)),
    st.tuples(st.sampled_from(["receive", "count"]), st.sampled_from([0, 1]), pieces),
)


class House:
    def __init__(self, by):
        self.by = by
        self.products = [Product.objects.get(sku=sku) for sku in SKUS]
        Stock.objects.filter(product__in=self.products).update(on_hand=20, reserved=0)

    def demands(self, wanted, reference):
        return [Demand(self.products[which].pk, count, reference) for which, count in wanted]

    def reserve(self, wanted, order):
        stock.reserve(self.demands(wanted, order))

    def buy(self, wanted, order, cart):
        with transaction.atomic():
            stock.let_go(cart)
            stock.reserve(self.demands(wanted, order))

    def release(self, wanted, order):
        stock.release(self.demands(wanted, order))

    def ship(self, wanted, order):
        stock.ship(self.demands(wanted, order))

    def take_back(self, wanted, order):
        stock.take_back(self.demands(wanted, order))

    def hold(self, wanted, cart, minutes):
        basket = {self.products[which].pk: count for which, count in wanted}
        stock.hold(basket, until=NOW + timedelta(minutes=minutes), reference=cart)

    def let_go(self, cart):
        stock.let_go(cart)

    def expire(self, minutes):
        stock.expire(NOW + timedelta(minutes=minutes))

    def receive(self, which, count):
        stock.receive(self.products[which], count, by=self.by)

    def count(self, which, count):
        shelf = Stock.objects.get(product=self.products[which])
        counting.count(shelf, on_hand=count, by=self.by)

    def check(self):
        for product in self.products:
            shelf = Stock.objects.get(product=product)
            held = Reservation.objects.filter(product=product).aggregate(Sum("quantity"))
            assert shelf.reserved == (held["quantity__sum"] or 0)
            assert 0 <= shelf.reserved <= shelf.on_hand


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(steps, max_size=15))
def test_what_is_reserved_is_the_sum_of_the_reservations(company, ben, doings):
    with transaction.atomic():
        house = House(ben)
        for name, *details in doings:
            with suppress(DomainError):
                getattr(house, name)(*details)
            house.check()
        transaction.set_rollback(True)
