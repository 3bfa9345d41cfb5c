from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hbu.journal.models import Event
from orders import tasks
from orders.models import Order, Shipment
from orders.services import advancing, fulfilling, holding, placing, shipping
from shop.models import Customer, Product, Stock
from tests.orders.books import (
    AURORA,
    at_once,
    confirmed,
    enter,
    in_state,
    line_of,
    packed,
    paid,
)

pytestmark = pytest.mark.django_db
State = Order.State
MONDAY = "2026-04-20T09:00:00+02:00"


def progression(kind, **fields):
    Customer.objects.filter(number="K-10001").update(progression=kind, **fields)


def made(sku=AURORA):
    Product.objects.filter(sku=sku).update(from_stock=False)


def advance(**later):
    return advancing.advance(timezone.now() + timedelta(**later))


def state():
    return Order.objects.get().state


def test_goods_on_the_shelf_are_produced_at_once_and_then_wait_for_a_person(company):
    confirmed()
    assert advance() == 3
    assert state() == State.PRODUCED
    assert advance() == 0
    moves = Event.objects.filter(kind="order.moved")
    assert {event.actor for event in moves} == {None}


def test_made_goods_wait_for_the_days_that_are_planned_for_them(company):
    made()
    with time_machine.travel(MONDAY, tick=False):
        order = confirmed()
        due = dict(order.milestones.values_list("state", "due_on"))
        advance()
        assert state() == State.PLANNED
    with time_machine.travel(due[State.IN_PRODUCTION], tick=False):
        advance()
        assert state() == State.IN_PRODUCTION
    with time_machine.travel(due[State.PRODUCED], tick=False):
        advance()
        assert state() == State.PRODUCED


def test_by_hand_means_by_hand(company):
    progression("hand")
    confirmed()
    assert advance(days=100) == 0
    assert state() == State.CONFIRMED


def test_all_the_way_ends_with_the_invoice_and_with_its_payment(company):
    progression("all")
    with time_machine.travel(MONDAY, tick=False):
        order = confirmed()
        due = dict(order.milestones.values_list("state", "due_on"))
        advance()
        assert state() == State.PACKED
    with time_machine.travel(due[State.SHIPPED], tick=False):
        advance()
        assert state() == State.SHIPPED
        assert order.invoices.count() == 1
        expected = Shipment.objects.get().expected_on
    with time_machine.travel(expected, tick=False):
        advance()
        assert state() == State.INVOICED
        paid(order)
    assert state() == State.CLOSED


def test_what_is_to_be_paid_in_advance_is_billed_and_waits(company):
    progression("all", payment="prepayment")
    order = confirmed()
    advance()
    assert (state(), order.invoices.count()) == (State.CONFIRMED, 1)
    advance(days=30)
    assert state() == State.CONFIRMED
    paid(order)
    advance(days=30)
    assert state() == State.CLOSED


def test_on_hold_nothing_moves_by_itself(company, ben):
    order = confirmed()
    holding.hold(order, reason="x", by=ben)
    assert advance() == 0
    assert advancing.advance(timezone.now(), [order.pk]) == 0
    holding.release(order, by=ben)
    assert advance() == 3


def test_only_the_named_orders_move(company):
    first, second = confirmed(), confirmed()
    advancing.advance(timezone.now(), [second.pk])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.CONFIRMED, State.PRODUCED)


def test_the_search_finds_what_the_decision_would_move_and_nothing_that_waits(company):
    """The filter is a short cut; the decision is the truth. They must not drift apart."""
    made("HB-1002")
    makers = [
        enter,
        confirmed,
        lambda: confirmed(("HB-1002", 100)),
        lambda: in_state(confirmed(), State.PLANNED),
        lambda: in_state(confirmed(("HB-1002", 100)), State.PLANNED),
        lambda: in_state(confirmed(("HB-1002", 100)), State.IN_PRODUCTION),
        lambda: in_state(confirmed(), State.PRODUCED),
        packed,
        part_shipped,
        shipped,
        delivered,
        lambda: in_state(delivered(), State.INVOICED),
    ]
    today = timezone.localdate()
    for kind in ("hand", "production", "all"):
        for payment in ("invoice", "prepayment"):
            progression(kind, payment="invoice")
            orders = [make() for make in makers]
            Order.objects.filter(pk__in=[one.pk for one in orders]).update(payment=payment)
            for days in (0, 3, 60):
                moment = timezone.now() + timedelta(days=days)
                keys = [one.pk for one in orders]
                found = set(advancing.due(moment, keys).values_list("pk", flat=True))
                steps = {
                    pk
                    for pk in keys
                    if advancing.decision_of(
                        Order.objects.get(pk=pk), today + timedelta(days=days)
                    ).step
                }
                assert found == steps, (kind, payment, days, [
                    (pk, Order.objects.get(pk=pk).state) for pk in found ^ steps
                ])  # fmt: skip


def part_shipped():
    order = packed()
    shipping.send(order, {line_of(order).pk: 10})
    return order


def shipped():
    order = packed()
    fulfilling.ship(order)
    return order


def delivered():
    order = shipped()
    fulfilling.deliver(order)
    return order


def test_finding_costs_as_many_queries_for_many_as_for_few(company):
    def cost(count):
        made()
        orders = [confirmed() for _ in range(count)]
        for order in orders:
            in_state(order, State.PLANNED)
        with CaptureQueriesContext(connection) as queries:
            advance()
            list(advancing.due(timezone.now()))
        return len(queries)

    with time_machine.travel(MONDAY, tick=False):
        few = cost(1)
        assert cost(8) == few


def test_an_order_that_fails_stops_no_other_and_says_so(company, caplog):
    progression("all")
    broken, good = packed((AURORA, 200)), packed((AURORA, 300))
    Order.objects.filter(pk=good.pk).update(payment="invoice")
    from shop.models import Reservation

    Reservation.objects.filter(reference=broken.number).delete()
    Stock.objects.filter(product__sku=AURORA).update(reserved=300)
    advance(days=30)
    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.state, good.state) == (State.PACKED, State.INVOICED)
    event = Event.objects.about(broken).get(kind="order.stuck")
    assert "not reserved" in event.data["why"]
    assert advancing.stuck(broken) == event
    assert advancing.stuck(good) is None


def test_an_order_that_failed_is_tried_again_later_and_not_every_minute(company, monkeypatch):
    order = confirmed()

    def fail(*_args, **_kwargs):
        raise RuntimeError("the printer is on fire")

    monkeypatch.setitem(advancing.ACTS, "plan", fail)
    for _ in range(3):
        advance()
    assert Event.objects.about(order).filter(kind="order.stuck").count() == 1
    monkeypatch.undo()
    assert advance() == 0
    assert advance(hours=2) == 3
    assert advancing.stuck(order) is None


@pytest.mark.django_db(transaction=True)
def test_o3_many_sweeps_at_once_take_each_step_once(company):
    orders = [confirmed() for _ in range(4)]
    at_once(partial(advancing.advance, timezone.now()) for _ in range(4))
    for order in orders:
        moves = Event.objects.about(order).filter(kind="order.moved")
        assert moves.count() == 3
        assert Order.objects.get(pk=order.pk).state == State.PRODUCED
    assert not Event.objects.filter(kind="order.stuck").exists()


def test_a_confirmed_order_rings_the_bell(company, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(tasks.advance, "delay", rung.append)
    order = enter()
    with django_capture_on_commit_callbacks(execute=True):
        placing.confirm([order])
    assert rung == [[order.pk]]
    tasks.advance(rung[0])
    assert state() == State.PRODUCED
    tasks.advance_due()
