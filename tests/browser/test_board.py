"""The orders board: taken on by drag, by keyboard and by button; live on a second page."""

import pytest

pytestmark = pytest.mark.browser

ENTER = """
from orders.models import Order
from hbu.journal.recording import record
from django.db import transaction
with transaction.atomic():
    order = Order.objects.create(number={number!r}, source="mail")
    for state in {states!r}:
        Order.objects.filter(pk=order.pk).update(state=state)
    record("order.created", order, number=order.number, doubts=0)
print(order.pk)
"""
STATES = ["CONFIRMED", "PLANNED", "IN_PRODUCTION", "PRODUCED", "PACKED"]


def enter(house, number, state):
    states = STATES[: STATES.index(state) + 1]
    return house.do(ENTER.format(number=number, states=states))


def card(page, number):
    return page.locator("[data-card]", has_text=number)


def in_column(page, number, column):
    return page.locator(f"[data-column={column}] [data-card]", has_text=number)


@pytest.fixture
def board(house, page):
    page.set_viewport_size({"width": 2600, "height": 900})
    page.goto(f"{house.address}/orders/")
    page.wait_for_selector("[data-connection=on]", timeout=15000)
    return page


def test_an_order_appears_by_itself_and_is_dragged_on(house, board):
    enter(house, "B-1", "CONFIRMED")
    card(board, "B-1").wait_for(timeout=10000)
    card(board, "B-1").drag_to(board.locator("[data-column=PLANNED]"))
    in_column(board, "B-1", "PLANNED").wait_for(timeout=10000)
    assert "B-1" in board.locator("[data-toast]").inner_text()
    assert board.complaints == []


def test_a_card_cannot_be_dragged_where_it_does_not_belong(house, board):
    enter(house, "B-2", "CONFIRMED")
    card(board, "B-2").wait_for(timeout=10000)
    card(board, "B-2").drag_to(board.locator("[data-column=PACKED]"))
    board.wait_for_timeout(500)
    assert in_column(board, "B-2", "CONFIRMED").is_visible()
    assert not board.locator(".hb-dragging").count()


def test_dragging_onto_hold_asks_why(house, board):
    enter(house, "B-3", "CONFIRMED")
    card(board, "B-3").wait_for(timeout=10000)
    card(board, "B-3").drag_to(board.locator("[data-column=held]"))
    board.fill("[data-ask] textarea", "Wrong colour?")
    board.press("[data-ask] textarea", "Tab")
    board.keyboard.press("Enter")
    held = in_column(board, "B-3", "held")
    held.wait_for(timeout=10000)
    assert "Wrong colour?" in held.inner_text()
    held.drag_to(board.locator("[data-column=CONFIRMED]"))
    in_column(board, "B-3", "CONFIRMED").wait_for(timeout=10000)


def test_the_keyboard_walks_the_board_takes_steps_and_opens(house, board):
    first = enter(house, "B-4", "IN_PRODUCTION")
    second = enter(house, "B-5", "PRODUCED")
    card(board, "B-5").wait_for(timeout=10000)
    card(board, "B-4").wait_for(timeout=10000)
    board.locator(f"#card-{first}").focus()
    board.keyboard.press("ArrowRight")
    assert board.evaluate("document.activeElement.id") == f"card-{second}"
    board.keyboard.press("m")
    assert board.evaluate("document.activeElement.dataset.step") == "pack"
    board.keyboard.press("Enter")
    in_column(board, "B-5", "PACKED").wait_for(timeout=10000)
    board.locator(f"#card-{first}").focus()
    board.keyboard.press("n")
    in_column(board, "B-4", "PRODUCED").wait_for(timeout=10000)
    board.locator(f"#card-{first}").focus()
    board.keyboard.press("Enter")
    board.wait_for_url(f"**/admin/orders/order/{first}/change/")


def test_a_refusal_is_told_in_words_and_the_card_stays(house, board):
    enter(house, "B-6", "PACKED")
    card(board, "B-6").wait_for(timeout=10000)
    card(board, "B-6").locator("[data-step=ship]").click()
    toast = board.locator("[data-toast].hb-refused")
    toast.wait_for(timeout=10000)
    assert toast.inner_text()
    assert in_column(board, "B-6", "PACKED").is_visible()


def test_on_a_phone_one_column_is_shown_and_another_one_can_be_chosen(house, board):
    enter(house, "B-7", "PLANNED")
    board.set_viewport_size({"width": 400, "height": 800})
    board.reload()
    board.select_option("[data-switch]", "PLANNED")
    assert card(board, "B-7").is_visible()
    assert board.locator("[data-column]:visible").count() == 1
    assert board.evaluate("document.documentElement.scrollWidth") <= 400
