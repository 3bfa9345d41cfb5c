"""The buttons of an order: each with its own right, each with the dialog that it needs."""

import pytest
from django.urls import reverse

from hbu.journal.models import Event
from orders.admin.steps import STEPS
from orders.models import Order, Return, Shipment
from orders.services import fulfilling, holding, placing, shipping
from tests.admin.test_transitions import page, step, told
from tests.orders.books import AURORA, confirmed, enter, in_state, line_of, packed, stock_of

pytestmark = pytest.mark.django_db
State = Order.State


@pytest.fixture
def company(db):
    from tests.factories import company

    return company.load()


def shipped():
    order = packed()
    fulfilling.ship(order)
    return order


def delivered():
    order = shipped()
    fulfilling.deliver(order)
    return order


def held():
    order = confirmed()
    holding.hold(order, reason="wrong colour?")
    return order


CASES = {
    "confirm": (enter, "confirm_order", {}),
    "confirm-as-shown": (lambda: enter(doubts=["price_differs"]), "confirm_order", {}),
    "release": (held, "hold_order", {}),
    "plan": (confirmed, "plan_order", {}),
    "start-production": (lambda: in_state(confirmed(), State.PLANNED), "produce_order", {}),
    "finish-production": (lambda: in_state(confirmed(), State.IN_PRODUCTION), "produce_order", {}),
    "pack": (lambda: in_state(confirmed(), State.PRODUCED), "pack_order", {}),
    "ship": (packed, "ship_order", {"pieces": 10}),
    "deliver": (shipped, "deliver_order", {}),
    "invoice": (delivered, "invoice_order", {"pieces": 200}),
    "close": (lambda: in_state(packed(), State.INVOICED), "close_order", {}),
    "propose-again": (enter, "change_order", {}),
    "take-back": (shipped, "return_order", {"pieces": 10, "reason": "x"}),
    "hold": (confirmed, "hold_order", {"reason": "x"}),
    "cancel-rest": (confirmed, "cancel_order", {"pieces": 10, "reason": "x"}),
    "cancel": (confirmed, "cancel_order", {"reason": "x"}),
}


def answers(order, said):
    sent = {key: value for key, value in said.items() if key != "pieces"}
    if "pieces" in said:
        sent |= {f"line_{line_of(order).pk}": said["pieces"], "seen": order.version}
    return sent


def snapshot(order):
    fields = ("state", "version", "on_hold")
    row = Order.objects.values(*fields).get(pk=order.pk)
    return row, Event.objects.count(), stock_of(AURORA)


def test_every_button_of_an_order_is_in_the_table_below():
    assert {one.name for one in STEPS} == set(CASES)


def test_every_right_of_a_button_exists(company):
    from django.contrib.auth.models import Permission

    known = set(Permission.objects.values_list("codename", flat=True))
    assert {right for _, right, _ in CASES.values()} <= known


@pytest.mark.parametrize("name", CASES)
def test_f21_a_step_without_its_right_is_not_offered_and_refused(company, desk, name):
    make, right, said = CASES[name]
    order = make()
    others = {one for _, one, _ in CASES.values()} - {right}
    desk.may("orders.view_order", *(f"orders.{one}" for one in others))
    before = snapshot(order)
    shown = desk.get(page(order))
    assert shown.status_code == 200
    assert f'"{step(order, name)}"' not in shown.content.decode()
    assert desk.get(step(order, name)).status_code == 403
    assert desk.post(step(order, name), answers(order, said)).status_code == 403
    assert snapshot(order) == before


@pytest.mark.parametrize("name", [one.name for one in STEPS if one.bulk])
def test_f21_a_step_on_many_without_its_right_is_not_offered_and_refused(company, desk, name):
    make, right, said = CASES[name]
    order = make()
    others = {one for _, one, _ in CASES.values()} - {right}
    desk.may("orders.view_order", *(f"orders.{one}" for one in others))
    before = snapshot(order)
    url = reverse("admin:orders_order_changelist")
    assert f'"do_{name}"' not in desk.get(url).content.decode()
    wanted = {"action": f"do_{name}", "_selected_action": [order.pk], "confirmed": "1"}
    desk.post(url, wanted | {"reason": said.get("reason", "")})
    assert snapshot(order) == before


@pytest.mark.parametrize("name", CASES)
def test_a_step_with_its_right_is_offered_and_done(company, desk, name):
    make, right, said = CASES[name]
    order = make()
    desk.may("orders.view_order", f"orders.{right}")
    before = snapshot(order)
    assert f'"{step(order, name)}"' in desk.get(page(order)).content.decode()
    assert desk.get(step(order, name)).status_code == 200
    answer = desk.post(step(order, name), answers(order, said))
    assert answer.status_code == 302, answer.content.decode()
    if name == "close":
        assert "not paid" in told(answer)[-1]
    else:
        assert snapshot(order) != before


def test_the_dialog_asks_for_pieces_carrier_and_number(company, office):
    order = packed((AURORA, 200), ("HB-1002", 100))
    asked = office.get(step(order, "ship")).content.decode()
    assert 'name="carrier"' in asked
    assert 'value="200"' in asked
    sent = {
        f"line_{line_of(order).pk}": "50",
        f"line_{line_of(order, 'HB-1002').pk}": "0",
        "carrier": "DHL",
        "tracking": "00340434",
        "seen": order.version,
    }
    office.post(step(order, "ship"), sent)
    parcel = Shipment.objects.get()
    assert (parcel.carrier, parcel.tracking) == ("DHL", "00340434")
    assert [one.quantity for one in parcel.lines.all()] == [50]
    again = office.post(step(order, "ship"), sent)
    assert "changed meanwhile" in told(again)[-1]
    assert Shipment.objects.count() == 1


def test_more_than_is_left_is_refused_in_the_dialog_itself(company, office):
    order = packed((AURORA, 200))
    sent = {f"line_{line_of(order).pk}": "201", "seen": order.version}
    answer = office.post(step(order, "ship"), sent)
    assert answer.status_code == 200
    assert not Shipment.objects.exists()


def test_many_packed_orders_are_shipped_whole(company, office):
    orders = [packed((AURORA, 200)), packed((AURORA, 300))]
    chosen = {"action": "do_ship", "_selected_action": [one.pk for one in orders]}
    office.post(reverse("admin:orders_order_changelist"), chosen | {"confirmed": "1"})
    assert set(Order.objects.values_list("state", flat=True)) == {State.SHIPPED}


def test_goods_come_back_with_a_word_on_each_line(company, office):
    order = shipped()
    line = line_of(order).pk
    sent = {f"line_{line}": "20", "reason": "scratched", "seen": order.version}
    office.post(step(order, "take-back"), sent)
    goods = Return.objects.get()
    assert [(one.quantity, one.restocked) for one in goods.lines.all()] == [(20, False)]
    order.refresh_from_db()
    sent |= {f"restock_{line}": "on", "seen": order.version}
    office.post(step(order, "take-back"), sent)
    assert Return.objects.first().lines.get().restocked


def test_the_next_step_stands_first_and_a_held_order_is_released_first(company, office):
    order = confirmed()
    shown = office.get(page(order)).content.decode()
    places = [shown.index(f'"{step(order, name)}"') for name in ("plan", "hold", "cancel")]
    assert places == sorted(places)
    holding.hold(order, reason="wrong colour?")
    shown = office.get(page(order)).content.decode()
    assert f'"{step(order, "plan")}"' not in shown
    assert step(order, "release") in shown
    assert "wrong colour?" in shown


def test_a_parcel_is_delivered_on_its_own_page(company, desk):
    order = packed((AURORA, 200))
    parcel = shipping.send(order, {line_of(order).pk: 50})
    desk.may("orders.view_shipment")
    url = reverse("admin:orders_shipment_transition", args=[parcel.pk, "deliver"])
    assert url not in desk.get(page(parcel)).content.decode()
    assert desk.post(url).status_code == 403
    desk.may("orders.deliver_order")
    # Rights are kept on the user that the session holds.
    assert desk.post(url).status_code == 302
    assert line_of(order).delivered == 50


def test_above_the_credit_limit_the_button_says_so_and_the_next_one_accepts(company, office):
    from shop.models import Customer

    order = enter()
    Customer.objects.filter(pk=order.customer_id).update(credit_limit=1)
    assert "credit limit" in told(office.post(step(order, "confirm")))[-1]
    assert step(order, "confirm-as-shown") in office.get(page(order)).content.decode()
    office.post(step(order, "confirm-as-shown"))
    assert Order.objects.get().state == State.CONFIRMED


def test_who_comes_second_on_the_page_is_told_so(company, office, ben):
    order = enter()
    placing.confirm([order], by=ben)
    assert "is confirmed (ben" in told(office.post(step(order, "confirm")))[-1]
