from datetime import date

import pytest
import time_machine

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order, Printout, Shipment
from orders.services import fulfilling, invoicing, reducing, returning, shipping
from orders.services.returning import Back
from shop.models import Customer, Movement
from tests.orders.books import AURORA, line_of, packed, paid, stock_of

pytestmark = pytest.mark.django_db
State = Order.State


def test_an_order_is_shipped_in_parts_and_takes_from_stock_what_leaves(company, ben):
    order = packed((AURORA, 200), ("HB-1002", 100))
    first = shipping.send(
        order, {line_of(order).pk: 120}, carrier=" DHL ", tracking="00340434", by=ben
    )
    assert (order.state, stock_of(AURORA)) == (State.PACKED, (59880, 80))
    assert (first.number[:2], first.carrier, first.tracking) == ("L-", "DHL", "00340434")
    assert [(one.line.sku, one.quantity) for one in first.lines.all()] == [(AURORA, 120)]
    event = Event.objects.about(first).get(kind="shipment.sent")
    assert (event.actor, event.data["order"]) == (ben, order.number)
    second = shipping.send(order, by=ben)
    assert (order.state, stock_of(AURORA)) == (State.SHIPPED, (59800, 0))
    assert {one.line.sku: one.quantity for one in second.lines.all()} == {
        AURORA: 80,
        "HB-1002": 100,
    }
    shipped = Movement.objects.filter(kind="shipped", product__sku=AURORA)
    assert sorted(shipped.values_list("quantity", flat=True)) == [80, 120]


def test_each_parcel_wants_its_delivery_note_in_the_customers_language(company):
    order = packed((AURORA, 200))
    Order.objects.filter(pk=order.pk).update(language="en")
    parcel = shipping.send(order, {line_of(order).pk: 10})
    note = Printout.objects.get(cause=f"shipment:{parcel.pk}:delivery_note")
    assert (note.kind, note.order, note.language) == ("delivery_note", order, "en")


def test_an_order_is_delivered_with_its_last_parcel(company, ben):
    order = packed((AURORA, 200))
    line = line_of(order).pk
    first, second = shipping.send(order, {line: 50}), shipping.send(order)
    shipping.deliver(second, by=ben)
    assert Order.objects.get().state == State.SHIPPED
    assert line_of(order).delivered == 150
    shipping.deliver(first, by=ben)
    assert Order.objects.get().state == State.DELIVERED
    assert first.delivered_at is not None
    with pytest.raises(DomainError) as refused:
        shipping.deliver(first, by=ben)
    assert refused.value.code == "shipment.delivered"


def test_a_parcel_is_expected_after_the_days_on_the_way(company):
    with time_machine.travel("2026-04-29T09:00:00+02:00", tick=False):
        # Two working days over the first of May and a weekend.
        assert shipping.send(packed()).expected_on == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("quantities", "code"),
    [
        (lambda line: {line: 201}, "order.too_many_pieces"),
        (lambda line: {line: 0}, "order.no_pieces"),
        (lambda line: {line: -1}, "order.no_pieces"),
        (lambda line: {}, "order.no_pieces"),
        (lambda line: {line + 999: 1}, "order.no_such_line"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_changes_nothing(company, quantities, code):
    order = packed((AURORA, 200))
    with pytest.raises(DomainError) as refused:
        shipping.send(order, quantities(line_of(order).pk))
    assert refused.value.code == code
    assert (Shipment.objects.count(), stock_of(AURORA)) == (0, (60000, 200))
    assert line_of(order).shipped == 0


def test_pieces_that_are_not_reserved_are_not_shipped(company, ben):
    from shop.models import Reservation, Stock

    order = packed((AURORA, 200))
    Reservation.objects.filter(reference=order.number).delete()
    Stock.objects.filter(product__sku=AURORA).update(reserved=100)
    with pytest.raises(DomainError) as refused:
        fulfilling.ship(order, by=ben)
    assert refused.value.code == "stock.not_reserved"
    assert Order.objects.get(pk=order.pk).state == State.PACKED


def test_what_is_paid_in_advance_leaves_the_house_when_it_is_paid(company):
    Customer.objects.filter(number="K-10001").update(payment="prepayment")
    order = packed((AURORA, 200))
    with pytest.raises(DomainError, match="in advance"):
        shipping.send(order)
    invoicing.issue(order)
    with pytest.raises(DomainError, match="in advance"):
        shipping.send(order)
    paid(order)
    shipping.send(order)
    shipping.deliver(Shipment.objects.get())
    assert Order.objects.get().state == State.CLOSED


def test_an_invoice_that_was_cancelled_has_not_paid_for_anything(company):
    Customer.objects.filter(number="K-10001").update(payment="prepayment")
    order = packed((AURORA, 200))
    invoicing.cancel(invoicing.issue(order), reason="wrong address")
    with pytest.raises(DomainError, match="in advance"):
        shipping.send(order)


def test_goods_come_back_to_the_shelf_or_to_the_bin(company, ben):
    order = packed((AURORA, 200), ("HB-1002", 100))
    shipping.send(order)
    goods = returning.take_back(
        order,
        {
            line_of(order).pk: Back(30, restock=True),
            line_of(order, "HB-1002").pk: Back(10, restock=False),
        },
        reason=" scratched ",
        by=ben,
    )
    assert (goods.number[:2], goods.reason) == ("R-", "scratched")
    assert line_of(order).returned == 30
    assert stock_of(AURORA)[0] == 59830
    before = stock_of("HB-1002")[0]
    assert Movement.objects.filter(kind="returned").get().quantity == 30
    assert stock_of("HB-1002")[0] == before
    assert Event.objects.about(goods).get(kind="goods.returned").actor == ben


def test_no_more_comes_back_than_was_shipped(company):
    order = packed((AURORA, 200))
    line = line_of(order).pk
    shipping.send(order, {line: 50})
    returning.take_back(order, {line: Back(30, restock=True)}, reason="x")
    with pytest.raises(DomainError) as refused:
        returning.take_back(order, {line: Back(21, restock=True)}, reason="x")
    assert refused.value.code == "order.too_many_pieces"
    with pytest.raises(DomainError):
        returning.take_back(order, {line: Back(1, restock=True)}, reason=" ")
    assert stock_of(AURORA)[0] == 59980


def test_an_order_with_goods_to_credit_is_not_closed_until_they_are(company):
    order = packed((AURORA, 200))
    shipping.send(order)
    invoice = invoicing.issue(order)
    goods = returning.take_back(order, {line_of(order).pk: Back(20, restock=True)}, reason="x")
    shipping.deliver(Shipment.objects.get())
    order.refresh_from_db()
    paid(order)
    assert Order.objects.get().state == State.INVOICED
    invoicing.credit(invoice, {invoice.lines.get().pk: 20}, reason=goods.reason)
    assert Order.objects.get().state == State.CLOSED


def test_the_rest_of_a_partly_shipped_order_is_cancelled_and_the_order_goes_on(company, ben):
    order = packed((AURORA, 200))
    parcel = shipping.send(order, {line_of(order).pk: 150})
    reducing.cancel_rest(order, reason=" sold out ", by=ben)
    assert (order.state, stock_of(AURORA)) == (State.SHIPPED, (59850, 0))
    assert line_of(order).cancelled == 50
    event = Event.objects.about(order).get(kind="order.reduced")
    assert (event.data["reason"], event.data["lines"]) == ("sold out", [f"1: 50 × {AURORA}"])
    shipping.deliver(parcel)
    invoicing.issue(order)
    assert Order.objects.get().state == State.INVOICED


def test_a_line_of_a_confirmed_order_is_made_smaller(company, ben):
    order = packed((AURORA, 200), ("HB-1002", 100))
    reducing.cancel_rest(order, {line_of(order, "HB-1002").pk: 100}, reason="x", by=ben)
    assert stock_of("HB-1002")[1] == 0
    shipping.send(order)
    assert order.state == State.SHIPPED


def test_an_order_is_not_emptied_piece_by_piece(company, ben):
    order = packed((AURORA, 200))
    with pytest.raises(DomainError) as refused:
        reducing.cancel_rest(order, reason="x", by=ben)
    assert refused.value.code == "order.nothing_left"
    assert (line_of(order).cancelled, stock_of(AURORA)) == (0, (60000, 200))


def test_a_dialog_that_is_out_of_date_changes_nothing(company):
    order = packed((AURORA, 200))
    seen, line = order.version, line_of(order).pk
    shipping.send(order, {line: 10}, seen=seen)
    for again in (
        lambda: shipping.send(order, {line: 10}, seen=seen),
        lambda: returning.take_back(order, {line: Back(1, restock=True)}, reason="x", seen=seen),
        lambda: reducing.cancel_rest(order, {line: 1}, reason="x", seen=seen),
    ):
        with pytest.raises(DomainError) as refused:
            again()
        assert refused.value.code == "order.changed_meanwhile"
    assert line_of(order).shipped == 10
