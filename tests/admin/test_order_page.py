"""What the page and the list of orders tell, and the page on which one is entered."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from orders.models import Milestone, Order
from orders.services import fulfilling, holding, invoicing, returning, shipping
from orders.services.returning import Back
from tests.admin.test_transitions import page, told
from tests.orders.books import AURORA, confirmed, enter, in_state, line_of, packed

pytestmark = pytest.mark.django_db
State = Order.State
LIST = "admin:orders_order_changelist"
ADD = "admin:orders_order_add"


@pytest.fixture
def company(db):
    from tests.factories import company

    return company.load()


def seen(office, order):
    answer = office.get(page(order))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("state", State.values)
def test_the_page_draws_where_an_order_stands_in_every_state(company, office, state):
    order = in_state(enter() if state == State.CREATED else confirmed(), state)
    shown = seen(office, order)
    assert shown.count('<svg class="hb-life') == 2
    assert f"this one is: {State(state).label}" in shown
    here = 'class="hb-state ended"' if state == State.CANCELLED else 'class="hb-state here"'
    assert shown.count(here) == 2


def test_the_picture_speaks_the_readers_language(company, office):
    order = confirmed()
    with override("de"):
        shown = office.get(page(order), HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "bestätigt" in shown
    assert "storniert" in shown


def test_a_whole_life_stands_on_the_page(company, office, ben):
    order = packed((AURORA, 200), ("HB-1002", 100))
    parcel = shipping.send(order, {line_of(order).pk: 50}, carrier="DHL", tracking="0034", by=ben)
    fulfilling.ship(order)
    fulfilling.deliver(order)
    invoice = invoicing.issue(order)
    goods = returning.take_back(order, {line_of(order).pk: Back(5, restock=True)}, reason="bent")
    shown = seen(office, order)
    for told_there in (
        parcel.number, "0034", invoice.number, goods.number, "bent", "How far it is",
        "When it was where", "Parcel sent", "Goods came back", order.customer.number,
        "What is in the way", "Its invoices are not paid",
    ):  # fmt: skip
        assert str(told_there) in shown
    assert "<progress" in shown


def test_the_page_says_what_is_in_the_way(company, office):
    order = confirmed()
    type(order.customer).objects.filter(pk=order.customer_id).update(progression="hand")
    assert "Orders of this customer are moved by hand" in seen(office, order)
    type(order.customer).objects.filter(pk=order.customer_id).update(progression="all")
    assert "By itself, within a minute: it is planned" in seen(office, order)


def test_a_step_that_failed_by_itself_stands_on_the_page(company, office, monkeypatch):
    from hbu.lib.errors import DomainError
    from orders.services import advancing

    def refuse(_order):
        raise DomainError("stock.not_reserved", "These pieces are not reserved any more.")

    order = confirmed()
    monkeypatch.setitem(advancing.ACTS, "plan", refuse)
    advancing.advance(timezone.now())
    shown = seen(office, order)
    assert "It could not move on by itself" in shown
    assert "These pieces are not reserved any more." in shown


def overdue(order, days=10):
    due = timezone.localdate() - timedelta(days=days)
    Milestone.objects.filter(order=order, state=State.PLANNED).update(due_on=due)


def test_an_order_behind_its_plan_is_late_on_its_page_and_in_the_list(company, office):
    with time_machine.travel("2026-04-21T09:00:00+02:00", tick=False):
        late, good = confirmed(), confirmed()
        overdue(late, days=8)
        shown = seen(office, late)
        assert "6 working days" in shown
        listed = office.get(reverse(LIST), {"in_time": "late"}).content.decode()
        assert late.number in listed
        assert good.number not in listed
        in_state(late, State.CANCELLED)
        assert late.number not in office.get(reverse(LIST), {"in_time": "late"}).content.decode()


def test_a_state_reached_in_time_is_not_late(company, office):
    order = confirmed()
    fulfilling.plan(order)
    overdue(order, days=0)
    assert "working day" not in seen(office, order)


def test_orders_on_hold_are_found_in_the_list(company, office):
    held, good = confirmed(), confirmed()
    holding.hold(held, reason="x")
    listed = office.get(reverse(LIST), {"in_time": "held"}).content.decode()
    assert held.number in listed
    assert good.number not in listed


def form(order_of, *lines, **head):
    sent = {"customer": order_of.pk, "reference": "", "requested_date": "", "rows": "6"} | head
    for index, (sku, quantity) in enumerate(lines):
        sent |= {f"line-{index}-sku": sku, f"line-{index}-quantity": quantity}
    return sent


def test_staff_enter_an_order_by_hand(company, office, clara):
    from shop.models import Customer

    berger = Customer.objects.get(number="K-10001")
    assert reverse(ADD) in office.get(reverse(LIST)).content.decode()
    assert AURORA in office.get(reverse(ADD)).content.decode()
    answer = office.post(reverse(ADD), form(berger, (AURORA, "200"), reference="PO-5"))
    order = Order.objects.get()
    assert answer["Location"] == page(order)
    assert (order.source, order.reference, order.created_by) == ("staff", "PO-5", clara)
    assert line_of(order).quantity == 200


@pytest.mark.parametrize(
    "lines", [[], [(AURORA, "")], [("", "5")], [(AURORA, "0")], [(AURORA, "-3")], [(AURORA, "x")],
              [(AURORA, "1e99")], [(AURORA, "NaN")]],
)  # fmt: skip
def test_what_orders_nothing_is_not_entered(company, office, lines):
    from shop.models import Customer

    berger = Customer.objects.get(number="K-10001")
    assert office.post(reverse(ADD), form(berger, *lines)).status_code == 200
    assert not Order.objects.exists()


def test_more_lines_keep_what_was_typed(company, office):
    from shop.models import Customer

    berger = Customer.objects.get(number="K-10001")
    answer = office.post(reverse(ADD), form(berger, (AURORA, "200")) | {"more": "1"})
    shown = answer.content.decode()
    assert 'name="line-11-sku"' in shown
    assert f'value="{AURORA}"' in shown
    assert not Order.objects.exists()


def test_f21_entering_needs_its_right(company, desk):
    from shop.models import Customer

    berger = Customer.objects.get(number="K-10001")
    desk.may("orders.view_order", "orders.change_order")
    assert reverse(ADD) not in desk.get(reverse(LIST)).content.decode()
    assert desk.get(reverse(ADD)).status_code == 403
    assert desk.post(reverse(ADD), form(berger, (AURORA, "200"))).status_code == 403
    assert not Order.objects.exists()


def test_the_list_of_orders_has_no_message_left_over(company, office):
    assert told(office.get(reverse(LIST))) == []
