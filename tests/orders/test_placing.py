from datetime import date
from decimal import Decimal
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order, OrderLine
from orders.services import placing
from shop.models import Customer, Movement, Product, Stock
from tests.orders.books import AURORA, at_once, confirmed, enter, proposal, stock_of

pytestmark = pytest.mark.django_db
State = Order.State


def test_an_order_keeps_its_own_copy_of_what_was_agreed(company):
    order = enter((AURORA, 200), ("HB-1002", 100), reference="PO-1")
    Product.objects.filter(sku=AURORA).update(price=9, name_de="Anders")
    line = order.lines.first()
    assert (line.sku, line.quantity, line.unit_price) == (AURORA, 200, Decimal("0.3610"))
    assert line.name == "Perlmuttknopf Aurora 11,5 mm"
    assert (order.state, order.reference, order.document.number) == (State.CREATED, "PO-1", "PO-1")
    assert order.gross == order.net + order.tax > 0
    assert Event.objects.about(order).filter(kind="order.created").count() == 1


def test_placing_nothing_does_nothing(company):
    assert placing.place([]) == []
    placing.confirm([])


def test_confirming_reserves_promises_a_working_day_and_tells_the_journal(company, ben):
    order = enter((AURORA, 200))
    with time_machine.travel("2026-12-21T09:00:00+01:00", tick=False):
        placing.confirm([order], by=ben)
    assert (order.state, stock_of(AURORA)[1]) == (State.CONFIRMED, 200)
    # Five working days from the Monday before Christmas; the 25th is a holiday.
    assert order.promised_date == date(2026, 12, 29)
    event = Event.objects.about(order).get(kind="order.confirmed")
    assert event.actor == ben
    assert Movement.objects.get().reference == order.number


def test_the_customers_date_is_promised_where_it_leaves_enough_time(company):
    order = enter()
    order.requested_date = date(2027, 1, 30)
    order.save(update_fields=["requested_date"])
    with time_machine.travel("2026-12-01T09:00:00+01:00", tick=False):
        placing.confirm([order])
    # The 30th is a Saturday.
    assert order.promised_date == date(2027, 2, 1)


def without_customer(order):
    Order.objects.filter(pk=order.pk).update(customer=None)


def without_product(order):
    OrderLine.objects.filter(order=order).update(product=None)


def without_lines(order):
    order.lines.all().delete()


def in_doubt(order):
    Order.objects.filter(pk=order.pk).update(doubts=[{"code": "x", "what": "x", "position": 0}])


def with_half_a_piece(order):
    OrderLine.objects.filter(order=order).update(quantity=Decimal("1.5"))


def with_too_little_stock(order):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=199)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (without_customer, "order.no_customer"),
        (without_product, "order.unknown_product"),
        (without_lines, "order.unknown_product"),
        (in_doubt, "order.in_doubt"),
        (with_half_a_piece, "order.broken_pieces"),
        (with_too_little_stock, "stock.too_low"),
    ],
)
def test_an_order_that_is_not_certain_is_not_confirmed(company, spoil, code):
    order, good = enter((AURORA, 200)), enter((AURORA, 200))
    spoil(order)
    with pytest.raises(DomainError) as refused:
        placing.confirm([good, order])
    assert refused.value.code == code
    assert set(Order.objects.values_list("state", flat=True)) == {State.CREATED}
    assert stock_of(AURORA)[1] == 0
    assert good.state == State.CREATED


def test_one_click_accepts_the_doubts_and_confirms(company, ben):
    order = enter(doubts=["price_differs"])
    placing.accept_doubts(order, by=ben)
    assert (order.state, order.doubts) == (State.CONFIRMED, [])
    event = Event.objects.about(order).get(kind="order.doubts_accepted")
    assert event.data["doubts"][0]["code"] == "price_differs"
    with pytest.raises(DomainError, match="ben"):
        placing.accept_doubts(order, by=ben)


def test_a_click_that_cannot_confirm_leaves_the_doubts_where_they_were(company, ben):
    order = enter(customer="nobody")
    with pytest.raises(DomainError):
        placing.accept_doubts(order, by=ben)
    assert [doubt["code"] for doubt in Order.objects.get().doubts] == ["unknown_customer"]
    assert not Event.objects.filter(kind="order.doubts_accepted").exists()


def test_the_same_reference_of_a_customer_is_confirmed_once(company, ben):
    first = enter((AURORA, 200), reference="PO-7")
    second = enter((AURORA, 300), reference="PO-7")
    assert [doubt["code"] for doubt in second.doubts] == ["duplicate"]
    placing.confirm([first])
    with pytest.raises(DomainError) as refused:
        placing.accept_doubts(second, by=ben)
    assert refused.value.code == "order.reference_taken"
    assert stock_of(AURORA)[1] == 200
    assert Order.objects.get(pk=second.pk).state == State.CREATED
    other = enter((AURORA, 200), reference="PO-7", customer="K-10002")
    placing.confirm([other])


def test_what_the_books_refuse_at_the_last_moment_waits_in_doubt(company):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=500)
    orders = [enter((AURORA, 200)) for _ in range(3)]
    placing.confirm_or_doubt(orders)
    assert [order.state for order in orders] == [State.CONFIRMED, State.CONFIRMED, State.CREATED]
    assert [doubt["code"] for doubt in orders[2].doubts] == ["stock.too_low"]
    assert stock_of(AURORA) == (500, 400)


def test_two_orders_of_one_reference_in_one_chunk_end_as_one_and_a_doubt(company):
    twice = [proposal(reference="PO-9"), proposal(reference="PO-9")]
    entries = [placing.Entry(one, Order.Source.MAIL, "de") for one in twice]
    orders = placing.place(entries)
    placing.confirm_or_doubt(orders)
    assert [order.state for order in orders] == [State.CONFIRMED, State.CREATED]
    assert orders[1].doubts[0]["code"] == "order.reference_taken"


@pytest.mark.django_db(transaction=True)
def test_o1_fifty_buyers_of_the_last_ten_get_ten(company):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=2000)
    orders = [enter((AURORA, 200)) for _ in range(50)]
    refusals = at_once(partial(placing.confirm, [order]) for order in orders)
    assert [one.code for one in refusals if one] == ["stock.too_low"] * 40
    assert Order.objects.filter(state=State.CONFIRMED).count() == 10
    assert stock_of(AURORA) == (2000, 2000)
    assert Movement.objects.count() == 10


def test_o1_the_database_itself_refuses_more_promises_than_pieces(company):
    confirmed((AURORA, 200))
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(product__sku=AURORA).update(on_hand=199)


def test_the_database_knows_no_other_state(company):
    order = enter()
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="PAID")


def test_a_customer_with_orders_cannot_be_lost(company):
    from django.db.models import ProtectedError

    enter()
    with pytest.raises(ProtectedError):
        Customer.objects.get(number="K-10001").delete()
