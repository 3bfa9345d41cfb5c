from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.admin.steps import STEPS as BUTTONS
from orders.models import Milestone, Order
from orders.services import advancing, board, fulfilling, holding, stepping
from tests.orders.books import confirmed, enter, in_state

pytestmark = pytest.mark.django_db
State = Order.State


@pytest.fixture
def clerk(company, client, ben):
    def may(*codenames):
        ben.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(ben)
        return client

    return may


@pytest.fixture
def office(company, client, clara):
    client.force_login(clara)
    return client


def shown(**said):
    return {one.code: one for one in board.columns(board.Wanted.read(said), [])}


def numbers(column):
    return [card.order.number for card in column.cards]


def step(client, order, name, **said):
    order = Order.objects.get(pk=order.pk)
    return client.post(f"/orders/{order.pk}/do/", {"step": name, "seen": order.version} | said)


def test_every_step_has_the_right_and_the_words_of_its_button():
    buttons = {one.name: one for one in BUTTONS}
    for name, one in stepping.STEPS.items():
        button = buttons[name]
        assert (one.permission, str(one.label)) == (button.permission, str(button.label))
        assert one.asks_reason == button.asks_reason


def test_every_order_stands_in_its_column_and_one_on_hold_in_its_own(company):
    orders = {state: in_state(confirmed(), state) for state in (State.PACKED, State.CLOSED)}
    waiting, held, gone = enter(), confirmed(), in_state(confirmed(), State.CANCELLED)
    holding.hold(held, reason="wrong colour?")
    columns = shown()
    assert len(columns) == 11
    assert numbers(columns["CREATED"]) == [waiting.number]
    assert numbers(columns["held"]) == [held.number]
    assert columns["CONFIRMED"].count == 0
    for state, order in orders.items():
        assert numbers(columns[state]) == [order.number]
    assert gone.number not in [number for one in columns.values() for number in numbers(one)]


def test_each_count_of_the_board_opens_as_many_rows(office):
    for _each in range(3):
        enter()
    late = confirmed()
    Milestone.objects.filter(order=late, state=State.PLANNED).update(
        due_on=timezone.localdate() - timedelta(days=2)
    )
    holding.hold(confirmed(), reason="wrong colour?")
    for said in ({}, {"late": "1"}, {"q": late.number}, {"customer": "K-10001"}, {"q": "HB-1001"}):
        for column, url in office.get("/orders/parts/", said).context["columns"]:
            assert office.get(url).context["cl"].result_count == column.count, (said, column.code)


def test_the_most_urgent_cards_are_shown_and_the_rest_is_counted(office, monkeypatch):
    monkeypatch.setattr(board, "CARDS", 2)
    orders = [confirmed() for _each in range(3)]
    for days, order in zip((5, 1, 3), orders, strict=True):
        Order.objects.filter(pk=order.pk).update(
            promised_date=timezone.localdate() + timedelta(days=days)
        )
    column = shown()["CONFIRMED"]
    assert (numbers(column), column.count) == ([orders[1].number, orders[2].number], 3)
    assert "all 3" in office.get("/orders/").content.decode()


def test_the_board_asks_as_often_for_many_orders_as_for_few(office):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            office.get("/orders/parts/")
        return len(queries)

    def fill():
        enter(doubts=["price_differs"]), confirmed()
        for state in (State.PLANNED, State.PACKED, State.SHIPPED, State.INVOICED):
            in_state(confirmed(), state)

    fill()
    few = asked()
    for _each in range(4):
        fill()
    assert asked() == few


def why(order):
    cards = [card for column in shown().values() for card in column.cards]
    return next(card.why for card in cards if card.order.pk == order.pk)


def test_each_card_says_why_its_order_waits(company):
    assert why(enter()) == "A person has to confirm it"
    assert why(enter(doubts=["stock is short", "price_differs"])) == "stock is short; price_differs"
    held = confirmed()
    holding.hold(held, reason="wrong colour?")
    assert why(held) == "wrong colour?"
    assert "until they are produced" in why(in_state(confirmed(), State.PRODUCED))
    in_advance = confirmed()
    Order.objects.filter(pk=in_advance.pk).update(payment="prepayment")
    advancing.advance(timezone.now())
    assert why(in_advance) == "Its payment in advance has not come in"
    assert why(in_state(confirmed(), State.INVOICED)) == "Its invoices are not paid"
    assert why(in_state(confirmed(), State.CLOSED)) == ""


def test_a_card_says_what_an_order_failed_at_until_it_moves(company, monkeypatch):
    order = confirmed()

    def refuse(order):
        raise DomainError("stock.short", "Not enough of HB-1001")

    monkeypatch.setitem(advancing.ACTS, "plan", refuse)
    advancing.advance(timezone.now())
    assert why(order) == "It could not move on by itself: Not enough of HB-1001"
    fulfilling.plan(order)
    assert why(order) == ""


def test_the_reason_is_told_in_the_readers_language(office, clara):
    Order.objects.filter(pk=confirmed().pk).update(payment="prepayment")
    advancing.advance(timezone.now())
    page = office.get("/orders/parts/", headers={"Accept-Language": "de"}).content.decode()
    assert "Vorauszahlung" in page or "Vorkasse" in page


def test_late_orders_are_red_and_can_be_shown_alone(office):
    late, fine = confirmed(), confirmed()
    Milestone.objects.filter(order=late, state=State.PLANNED).update(
        due_on=timezone.localdate() - timedelta(days=2)
    )
    page = office.get("/orders/?late=1").content.decode()
    assert "late since" in page
    assert late.number in page
    assert fine.number not in page


def test_nonsense_in_the_address_shows_the_whole_board(office):
    order = enter()
    for query in ("customer=K-0", "late=yes", "q=%00", "q=" + "%20" * 300):
        assert order.number in office.get(f"/orders/?{query}").content.decode()


def test_a_step_goes_through_its_service(office, clara):
    order = confirmed()
    answer = step(office, order, "plan")
    assert answer.json() == {"said": f"Plan: {order.number}", "state": "PLANNED"}
    moved = Event.objects.about(order).get(kind="order.moved", data__to="PLANNED")
    assert moved.actor == clara


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("pack", {}, "this step does not fit"),
        ("hold", {"reason": " "}, "Say why the order is put on hold."),
        ("release", {}, "The order is not on hold any more."),
        ("plan", {"seen": "99"}, "was changed meanwhile"),
        ("fly", {}, "There is no such step."),
    ],
)
def test_what_is_refused_is_told_in_words_and_changes_nothing(office, name, said, words):
    order = confirmed()
    answer = step(office, order, name, **said)
    assert answer.status_code in (400, 409)
    assert words in answer.json()["detail"]
    assert Order.objects.get(pk=order.pk).state == State.CONFIRMED


def test_a_doubtful_order_is_not_confirmed_unseen(office):
    order = enter(doubts=["price_differs"])
    assert "look at the order" in step(office, order, "confirm").json()["detail"]
    page = office.get("/orders/").content.decode()
    assert reverse("admin:orders_order_desk", args=[order.pk]) in page
    assert "1 doubt" in page


@pytest.mark.parametrize("name", stepping.STEPS)
def test_f21_nobody_takes_a_step_without_its_right(clerk, name):
    order, one = confirmed(), stepping.STEPS[name]
    right = f"{one.permission}_order"
    others = {f"{other.permission}_order" for other in stepping.STEPS.values()} - {right}
    assert step(clerk("view_order", *others), order, name, reason="x").status_code == 403
    assert step(clerk(right), order, name, reason="x").status_code == 403
    assert step(clerk("view_order", right), order, name, reason="x").status_code != 403


def test_the_board_offers_what_its_reader_may_do(clerk):
    order = confirmed()
    assert 'data-steps=""' in clerk("view_order").get("/orders/").content.decode()
    page = clerk("view_order", "plan_order").get("/orders/").content.decode()
    assert 'data-steps="plan"' in page
    assert f"/orders/{order.pk}/do/" in page


def test_strangers_and_customers_see_no_board(client, company, mallory):
    assert client.get("/orders/").status_code == 302
    client.force_login(mallory)
    assert client.get("/orders/").status_code == 302


def test_b6_hostile_words_are_shown_as_text(office):
    order = confirmed()
    holding.hold(order, reason="<script>window.__xss=1</script>")
    page = office.get("/orders/").content.decode()
    assert "<script>window" not in page
    assert "&lt;script&gt;window" in page
