"""Promise O3: however many want the same step of an order at once, one takes it."""

from functools import partial

import pytest
from django.db.models import F

from hbu.journal.models import Event
from orders.models import Order, Printout, Receivable, Shipment
from orders.services import (
    fulfilling,
    holding,
    invoicing,
    placing,
    reducing,
    returning,
    shipping,
)
from orders.services.returning import Back
from shop.models import Stock
from tests.orders.books import (
    AURORA,
    at_once,
    confirmed,
    enter,
    in_state,
    line_of,
    packed,
    stock_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
State = Order.State


def staff(django_user_model, count):
    return [django_user_model.objects.create_user(f"staff{index}") for index in range(count)]


def shown_to(order, people):
    """Everybody looks at the order before anybody acts."""
    return [(Order.objects.get(pk=order.pk), one) for one in people]


def delivered():
    order = packed()
    fulfilling.ship(order)
    fulfilling.deliver(order)
    return order


def billed():
    order = delivered()
    order.lines.update(invoiced=F("quantity"))
    return order


def shipped():
    order = packed()
    fulfilling.ship(order)
    return order


def closable():
    order = delivered()
    invoicing.issue(order)
    Receivable.objects.update(state=Receivable.State.PAID, open_amount=0)
    return order


STEPS = {
    "confirm": (enter, lambda order, by: placing.confirm([order], by=by), State.CONFIRMED),
    "plan": (confirmed, fulfilling.plan, State.PLANNED),
    "start": (
        lambda: in_state(confirmed(), State.PLANNED),
        fulfilling.start_production,
        State.IN_PRODUCTION,
    ),
    "finish": (
        lambda: in_state(confirmed(), State.IN_PRODUCTION),
        fulfilling.finish_production,
        State.PRODUCED,
    ),
    "pack": (lambda: in_state(confirmed(), State.PRODUCED), fulfilling.pack, State.PACKED),
    "ship": (packed, fulfilling.ship, State.SHIPPED),
    "deliver": (shipped, fulfilling.deliver, State.DELIVERED),
    "invoice": (billed, fulfilling.invoice, State.INVOICED),
    "close": (closable, fulfilling.close, State.CLOSED),
    **{
        f"cancel {before}": (
            partial(
                lambda state: in_state(enter() if state == State.CREATED else confirmed(), state),
                before,
            ),
            lambda order, by: fulfilling.cancel(order, reason="too late", by=by),
            State.CANCELLED,
        )
        for before in (State.CREATED, State.CONFIRMED, State.PACKED)
    },
}


@pytest.mark.parametrize("threads", [2, 5, 10])
@pytest.mark.parametrize("step", STEPS)
def test_o3_of_many_on_one_step_exactly_one_takes_it(company, django_user_model, step, threads):
    make, service, target = STEPS[step]
    order = make()
    before = Event.objects.about(order).filter(kind__in=placing.MOVES).count()
    people = staff(django_user_model, threads)
    refusals = at_once(partial(service, one, by=by) for one, by in shown_to(order, people))
    losers = [one for one in refusals if one]
    winner = people[refusals.index(None)]
    assert len(losers) == threads - 1
    assert {one.code for one in losers} == {"order.wrong_state"}
    assert all(winner.username in one.message for one in losers)
    assert all(str(State(target).label) in one.message for one in losers)
    assert Order.objects.get(pk=order.pk).state == target
    moves = Event.objects.about(order).filter(kind__in=placing.MOVES)
    assert moves.count() == before + 1
    assert moves.first().actor == winner
    assert order.milestones.exclude(reached_at=None).filter(state=target).count() == 1


@pytest.mark.parametrize("threads", [2, 10])
def test_o3_a_confirmation_is_wanted_once_and_pieces_are_reserved_once(company, threads):
    order = enter((AURORA, 200))
    at_once(partial(placing.confirm, [Order.objects.get(pk=order.pk)]) for _ in range(threads))
    assert Printout.objects.filter(order=order, kind="confirmation").count() == 1
    assert stock_of(AURORA) == (60000, 200)


@pytest.mark.parametrize("threads", [2, 10])
def test_o3_one_shown_dialog_sends_one_parcel(company, threads):
    order = packed((AURORA, 200))
    part = {line_of(order).pk: 20}
    refusals = at_once(
        partial(shipping.send, Order.objects.get(pk=order.pk), part, seen=order.version)
        for _ in range(threads)
    )
    assert [one.code for one in refusals if one] == ["order.changed_meanwhile"] * (threads - 1)
    assert Shipment.objects.count() == 1
    assert stock_of(AURORA) == (59980, 180)


def test_o1_parcels_sent_at_once_never_take_more_than_is_left(company):
    order = packed((AURORA, 200))
    part = {line_of(order).pk: 60}
    refusals = at_once(
        partial(shipping.send, Order.objects.get(pk=order.pk), part) for _ in range(6)
    )
    assert [one.code for one in refusals if one] == ["order.too_many_pieces"] * 3
    assert line_of(order).shipped == 180
    assert stock_of(AURORA) == (59820, 20)


def test_o3_shipping_returning_and_cancelling_the_rest_at_once_lose_no_piece(company):
    order = packed((AURORA, 200))
    line = line_of(order).pk
    shipping.send(order, {line: 50})
    acts = [
        *[partial(shipping.send, Order.objects.get(pk=order.pk), {line: 40}) for _ in range(3)],
        *[
            partial(reducing.cancel_rest, Order.objects.get(pk=order.pk), {line: 40}, reason="x")
            for _ in range(3)
        ],
        *[
            partial(
                returning.take_back,
                Order.objects.get(pk=order.pk),
                {line: Back(30, restock=True)},
                reason="x",
            )
            for _ in range(3)
        ],
    ]
    at_once(acts)
    row, stock = line_of(order), Stock.objects.get(product__sku=AURORA)
    assert row.shipped + row.cancelled <= 200
    assert stock.on_hand == 60000 - row.shipped + row.returned
    assert stock.reserved == 200 - row.shipped - row.cancelled


@pytest.mark.parametrize("threads", [2, 10])
def test_o3_an_order_is_held_once_and_released_once(company, threads):
    order = confirmed()
    held = at_once(
        partial(holding.hold, Order.objects.get(pk=order.pk), reason="x") for _ in range(threads)
    )
    assert held.count(None) == 1
    released = at_once(
        partial(holding.release, Order.objects.get(pk=order.pk)) for _ in range(threads)
    )
    assert released.count(None) == 1
