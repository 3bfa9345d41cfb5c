"""The draft desk as a clerk uses it: what it shows, what each button does, who may press it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from emails.models import OutgoingEmail
from orders.models import Order
from tests.orders import books


@pytest.fixture
def order(company):
    return books.enter((books.AURORA, 150), doubts=["no_number"])


def page_of(order):
    return reverse("admin:orders_order_desk", args=[order.pk])


def press(client, order, do, **typed):
    return client.post(page_of(order), {"do": do, **typed}, follow=True)


def codes(order):
    return {one["code"] for one in Order.objects.get(pk=order.pk).doubts}


def test_it_shows_lines_doubts_and_a_remedy_for_each(office, order):
    page = office.get(page_of(order)).content.decode()
    line = order.lines.get()
    assert {"no_number", "min_quantity", "pack_size"} <= codes(order)
    assert f'value="quantity {line.pk} 200"' in page
    assert 'value="accept no_number 0"' in page
    assert 'value="confirm-as-shown"' in page


def test_one_button_after_another_settles_it_and_one_click_confirms(office, order):
    line = order.lines.get()
    press(office, order, f"quantity {line.pk} 200")
    assert codes(order) == {"no_number"}
    press(office, order, "accept no_number 0")
    assert codes(order) == set()
    answer = press(office, order, "confirm")
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.lines.get().quantity) == ("CONFIRMED", 200)
    assert "is confirmed" in answer.content.decode()


def test_after_the_last_click_the_next_order_is_shown(office, order):
    other = books.enter((books.AURORA, 30))
    answer = press(office, order, "confirm-as-shown")
    assert answer.redirect_chain[-1][0] == page_of(other)


def test_what_was_typed_counts_where_the_button_says_nothing(office, order):
    line = order.lines.get()
    press(office, order, f"quantity {line.pk}", **{f"quantity-{line.pk}": "400"})
    press(office, order, f"product {line.pk}", **{f"product-{line.pk}": "hb-1002"})
    line.refresh_from_db()
    assert (line.quantity, line.sku) == (Decimal(400), "HB-1002")


@pytest.mark.parametrize(
    "do",
    [
        "", "nonsense", "quantity", "quantity x 3", "quantity 999999 3", "accept", "accept x y",
        "product", "customer", "split", "put-off", "price", "price 0", "confirm confirm",
    ],
)  # fmt: skip
def test_o6_a_tampered_button_changes_nothing_and_says_so(office, order, do):
    before = list(order.lines.values())
    answer = press(office, order, do)
    assert answer.status_code == 200
    assert list(order.lines.values()) == before
    assert Order.objects.get(pk=order.pk).state == "CREATED"


@pytest.mark.parametrize("quantity", ["-1", "0", "0.5", "1e9999", "NaN", "Infinity", "", "'"])
def test_o6_an_absurd_quantity_is_refused(office, order, quantity):
    line = order.lines.get()
    press(office, order, f"quantity {line.pk}", **{f"quantity-{line.pk}": quantity})
    press(office, order, f"split {line.pk}", **{f"keep-{line.pk}": quantity})
    assert order.lines.get().quantity == 150


def test_f21_who_may_only_look_sees_no_remedy_and_is_refused(desk, order):
    desk.may("orders.view_order")
    page = desk.get(page_of(order)).content.decode()
    assert "hb-remedy" not in page
    assert "confirm-as-shown" not in page
    for do in ("confirm-as-shown", f"quantity {order.lines.get().pk} 200"):
        assert desk.post(page_of(order), {"do": do}).status_code == 403
    assert Order.objects.get(pk=order.pk).state == "CREATED"


def test_the_page_of_a_waiting_order_leads_to_its_desk(office, order):
    page = reverse("admin:orders_order_change", args=[order.pk])
    assert page_of(order) in office.get(page).content.decode()
    press(office, order, "confirm-as-shown")
    assert page_of(order) not in office.get(page).content.decode()


def test_a_confirmed_order_has_its_own_page_instead(office, order):
    press(office, order, "confirm-as-shown")
    assert office.get(page_of(order)).status_code == 302


def test_nothing_is_asked_of_a_customer_without_a_conversation(office, order):
    step = reverse("admin:orders_order_transition", args=[order.pk, "ask-the-customer"])
    answer = office.get(step, follow=True)
    assert "ask the customer another way" in answer.content.decode()
    assert not OutgoingEmail.objects.exists()
