import pytest

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order
from orders.services import (
    fulfilling,
    holding,
    invoicing,
    placing,
    progressing,
    reducing,
    returning,
    shipping,
)
from orders.services.returning import Back
from tests.orders.books import confirmed, enter, in_state, line_of, packed, paid

pytestmark = pytest.mark.django_db
State = Order.State


def test_holding_and_releasing_are_recorded_with_the_reason(company, ben):
    order = confirmed()
    version = order.version
    holding.hold(order, reason=" wrong colour? ", by=ben)
    assert (order.on_hold, order.hold_reason, order.version) == (True, "wrong colour?", version + 1)
    holding.release(order, by=ben)
    assert (order.on_hold, order.hold_reason) == (False, "")
    kinds = Event.objects.about(order).filter(actor=ben).values_list("kind", flat=True)
    assert list(kinds) == ["order.released", "order.held"]


def test_holding_asks_for_a_reason_and_for_an_order_that_is_not_over(company, ben):
    with pytest.raises(DomainError) as refused:
        holding.hold(confirmed(), reason=" ", by=ben)
    assert refused.value.status == 400
    for state in (State.CLOSED, State.CANCELLED):
        with pytest.raises(DomainError):
            holding.hold(in_state(enter(), state), reason="x", by=ben)
    with pytest.raises(DomainError, match="not on hold"):
        holding.release(confirmed(), by=ben)


def waiting_for_the_door():
    order = packed()
    shipping.send(order, {line_of(order).pk: 10})
    return order


MOVES = {
    "confirm": (enter, lambda order: placing.confirm([order])),
    "plan": (confirmed, fulfilling.plan),
    "start": (lambda: in_state(confirmed(), State.PLANNED), fulfilling.start_production),
    "finish": (lambda: in_state(confirmed(), State.IN_PRODUCTION), fulfilling.finish_production),
    "pack": (lambda: in_state(confirmed(), State.PRODUCED), fulfilling.pack),
    "ship": (packed, fulfilling.ship),
    "send a part": (packed, lambda order: shipping.send(order, {line_of(order).pk: 1})),
    "deliver": (waiting_for_the_door, lambda order: shipping.deliver(order.shipments.get())),
    "deliver all": (lambda: in_state(packed(), State.SHIPPED), fulfilling.deliver),
    "take back": (
        waiting_for_the_door,
        lambda order: returning.take_back(
            order, {line_of(order).pk: Back(1, restock=True)}, reason="x"
        ),
    ),
    "cancel the rest": (
        waiting_for_the_door,
        lambda order: reducing.cancel_rest(order, {line_of(order).pk: 1}, reason="x"),
    ),
    "bill": (lambda: in_state(packed(), State.DELIVERED), invoicing.issue),
    "invoice": (lambda: in_state(packed(), State.DELIVERED), fulfilling.invoice),
    "close": (lambda: in_state(packed(), State.INVOICED), fulfilling.close),
    "hold": (confirmed, lambda order: holding.hold(order, reason="again")),
}


@pytest.mark.parametrize("move", MOVES)
def test_on_hold_nothing_moves(company, ben, move):
    make, act = MOVES[move]
    order = make()
    holding.hold(order, reason="wrong colour?", by=ben)
    before = Order.objects.values("state", "version").get(pk=order.pk)
    with pytest.raises(DomainError) as refused:
        act(order)
    assert refused.value.code == "order.on_hold"
    assert "wrong colour?" in refused.value.message
    assert Order.objects.values("state", "version").get(pk=order.pk) == before


def test_on_hold_an_order_can_be_cancelled(company, ben):
    order = confirmed()
    holding.hold(order, reason="wrong colour?", by=ben)
    fulfilling.cancel(order, reason="it was", by=ben)
    assert (order.state, order.on_hold) == (State.CANCELLED, False)


def test_a_released_order_follows_what_was_billed_and_paid_meanwhile(company, ben):
    order = packed()
    fulfilling.ship(order)
    fulfilling.deliver(order)
    invoicing.issue(order)
    holding.hold(order, reason="complaint", by=ben)
    paid(order)
    progressing.follow(order)
    assert Order.objects.get().state == State.INVOICED
    holding.release(order, by=ben)
    assert Order.objects.get().state == State.CLOSED
