from functools import partial

import pytest
from django_fsm import TransitionNotAllowed

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order
from orders.models.order import BEFORE_SHIPPING
from orders.services import fulfilling, invoicing, placing, shipping
from shop.models import Movement
from tests.orders.books import AURORA, confirmed, enter, in_state, packed, paid, stock_of

pytestmark = pytest.mark.django_db
State = Order.State

LIFE = [
    ("confirm", State.CREATED, State.CONFIRMED),
    ("plan", State.CONFIRMED, State.PLANNED),
    ("start_production", State.PLANNED, State.IN_PRODUCTION),
    ("finish_production", State.IN_PRODUCTION, State.PRODUCED),
    ("pack", State.PRODUCED, State.PACKED),
    ("ship", State.PACKED, State.SHIPPED),
    ("deliver", State.SHIPPED, State.DELIVERED),
    ("invoice", State.DELIVERED, State.INVOICED),
    ("close", State.INVOICED, State.CLOSED),
    *(("cancel", state, State.CANCELLED) for state in BEFORE_SHIPPING),
]
LEGAL = {(name, source): target for name, source, target in LIFE}
SERVICES = {
    name: partial(fulfilling.cancel, reason="customer asked")
    if name == "cancel"
    else getattr(fulfilling, name, None)
    for name in {name for name, _, _ in LIFE}
} | {"confirm": lambda order, by=None: placing.confirm([order], by=by)}


def transitions_of_the_model():
    field = Order._meta.get_field("state")
    return {(one.name, one.source): one.target for one in field.get_all_transitions(Order)}


def test_the_life_of_an_order_is_the_one_we_know():
    assert transitions_of_the_model() == LEGAL


def test_every_transition_has_its_one_service():
    names = {name for name, _ in transitions_of_the_model()}
    assert {name for name, service in SERVICES.items() if callable(service)} == names
    public = {
        name
        for name, value in vars(fulfilling).items()
        if callable(value)
        and getattr(value, "__module__", "") == fulfilling.__name__
        and not name.startswith("_")
    }
    assert public == names - {"confirm"}


@pytest.mark.parametrize("state", State.values)
def test_every_step_that_does_not_fit_is_refused_and_changes_nothing(company, ben, state):
    order = in_state(confirmed() if state != State.CREATED else enter(), state)
    events, stock = Event.objects.count(), stock_of(AURORA)
    for name, service in SERVICES.items():
        if (name, state) in LEGAL:
            continue
        with pytest.raises(DomainError) as refused:
            service(order, by=ben)
        assert refused.value.code == "order.wrong_state"
        assert refused.value.status == 409
        with pytest.raises(TransitionNotAllowed):
            getattr(Order.objects.get(pk=order.pk), name)()
    assert Order.objects.get(pk=order.pk).state == state
    assert Event.objects.count() == events
    assert stock_of(AURORA) == stock


def test_an_order_goes_through_its_life_step_by_step(company, ben):
    order = enter((AURORA, 200))
    for name, _, target in LIFE[:7]:
        SERVICES[name](order, by=ben)
        assert order.state == target == Order.objects.get(pk=order.pk).state
    invoicing.issue(order, by=ben)
    assert order.state == State.INVOICED
    paid(order)
    assert order.state == State.CLOSED == Order.objects.get(pk=order.pk).state
    moves = Event.objects.about(order).filter(kind="order.moved").order_by("id")
    assert [event.data["to"] for event in moves] == [target for _, _, target in LIFE[1:9]]
    assert {event.actor for event in moves[:7]} == {ben}
    assert stock_of(AURORA) == (59800, 0)
    kinds = Movement.objects.order_by("id").values_list("kind", "quantity")
    assert list(kinds) == [("reserved", 200), ("shipped", 200)]


def test_every_change_counts_the_version(company, ben):
    order = enter((AURORA, 200))
    seen = [order.version]
    for name, _, _ in LIFE[:7]:
        SERVICES[name](order, by=ben)
        seen.append(Order.objects.get(pk=order.pk).version)
    assert seen == sorted(set(seen))


def test_every_step_notes_when_its_state_was_reached(company, ben):
    order = enter((AURORA, 200))
    for name, _, target in LIFE[:7]:
        SERVICES[name](order, by=ben)
        milestone = order.milestones.get(state=target)
        assert milestone.reached_at is not None
        assert milestone.due_on is not None
    assert order.milestones.get(state=State.INVOICED).reached_at is None


def test_nothing_is_invoiced_before_it_is_billed_nor_closed_before_it_is_paid(company, ben):
    order = packed((AURORA, 200))
    fulfilling.ship(order)
    fulfilling.deliver(order)
    with pytest.raises(DomainError, match="billed"):
        fulfilling.invoice(order, by=ben)
    invoicing.issue(order)
    with pytest.raises(DomainError, match="not paid"):
        fulfilling.close(order, by=ben)
    assert Order.objects.get(pk=order.pk).state == State.INVOICED


@pytest.mark.parametrize("state", BEFORE_SHIPPING)
def test_a_cancelled_order_gives_back_exactly_what_it_held(company, ben, state):
    other, order = confirmed((AURORA, 300)), enter((AURORA, 200), ("HB-1002", 100))
    if state != State.CREATED:
        placing.confirm([order])
        order = in_state(order, state)
    fulfilling.cancel(order, reason=" too late ", by=ben)
    assert (order.state, stock_of(AURORA), stock_of("HB-1002")[1]) == (
        State.CANCELLED,
        (60000, 300),
        0,
    )
    event = Event.objects.about(order).get(kind="order.moved")
    assert (event.data["reason"], event.data["from"]) == ("too late", state)
    assert other.state == State.CONFIRMED


def test_cancelling_asks_for_a_reason(company, ben):
    with pytest.raises(DomainError) as refused:
        fulfilling.cancel(enter(), reason="  ", by=ben)
    assert refused.value.status == 400


def test_an_order_of_which_a_part_was_shipped_is_not_cancelled(company, ben):
    order = packed((AURORA, 200))
    shipping.send(order, {order.lines.get().pk: 50})
    with pytest.raises(DomainError) as refused:
        fulfilling.cancel(order, reason="too late", by=ben)
    assert refused.value.code == "order.partly_shipped"
    assert stock_of(AURORA) == (59950, 150)


def test_an_order_that_is_billed_in_advance_is_not_cancelled_before_its_invoice(company, ben):
    order = confirmed((AURORA, 200))
    Order.objects.filter(pk=order.pk).update(payment="prepayment")
    invoicing.issue(Order.objects.get(pk=order.pk))
    with pytest.raises(DomainError) as refused:
        fulfilling.cancel(order, reason="too late", by=ben)
    assert refused.value.code == "order.billed"


def test_a_reference_is_free_again_after_its_order_was_cancelled(company):
    first = confirmed(reference="PO-1")
    fulfilling.cancel(first, reason="wrong article")
    assert confirmed(reference="PO-1").state == State.CONFIRMED


def test_nobody_sets_the_state_by_hand(company):
    with pytest.raises(AttributeError):
        enter().state = State.SHIPPED


def test_o3_the_hour_is_the_readers_own(company, ben):
    import time_machine

    order = enter()
    with time_machine.travel("2026-07-01T08:42:00Z", tick=False):
        placing.confirm([order], by=ben)
    with pytest.raises(DomainError, match=r"\(ben, 10:42\)"):
        placing.confirm([order], by=ben)
