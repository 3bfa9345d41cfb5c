from decimal import Decimal

import pytest

from hbu.company.models import Terms
from hbu.journal.models import Event
from orders.models import IdempotencyKey, Order
from shop.models import Customer, Product, Stock
from shop.services import api_keys
from tests.api.conftest import ADDRESS, GUEST, Program
from tests.orders.books import AURORA, at_once, stock_of

pytestmark = pytest.mark.django_db


def field(answer):
    return [one["field"] for one in answer.json()["errors"]]


@pytest.mark.parametrize("path", ["orders", "orders/"])
def test_a_program_places_an_order_with_and_without_the_slash(berger, path):
    answer = berger.order(path=path, reference="PO-1")
    assert answer.status_code == 201
    shown = answer.json()
    order = Order.objects.get()
    assert (order.source, order.state, order.reference) == ("api", "CONFIRMED", "PO-1")
    assert shown["number"] == order.number
    assert shown["totals"]["gross"] == {"amount": str(order.gross), "currency": "EUR"}
    assert shown["promised_date"] == order.promised_date.isoformat()
    assert shown["status_url"].endswith(f"/shop/orders/{order.token}/")
    assert "id" not in shown
    assert "id" not in shown["lines"][0]
    assert stock_of(AURORA)[1] == 200


def test_a_guest_orders_with_contact_data(stranger):
    Terms.objects.update(guest_limit=10_000)
    answer = stranger.order(**GUEST)
    assert answer.status_code == 201, answer.json()
    order = Order.objects.get()
    assert order.customer.is_guest
    assert (order.contact_email, order.payment) == ("ida@knopf-faden.example", "invoice")
    assert order.billing_address["city"] == "Köln"


def test_a_guest_without_contact_data_hears_what_is_missing(stranger):
    answer = stranger.order()
    assert answer.status_code == 400
    assert sorted(field(answer)) == ["billing_address", "contact"]


def test_a_guest_pays_a_large_order_in_advance(stranger):
    Terms.objects.update(guest_limit=10)
    assert stranger.order(**GUEST, payment="invoice").json()["code"] == "payment.not_offered"
    assert Customer.objects.filter(is_guest=True).count() == 0
    answer = stranger.order(**GUEST)
    assert answer.json()["payment"] == "prepayment"


def test_o6_what_a_caller_slips_in_is_refused_not_dropped(berger):
    for name, value in [
        ("discount", 99), ("vat", 0), ("customer_id", 1), ("customer", 1), ("net", "1.00"),
        ("state", "CONFIRMED"), ("source", "mail"), ("token", "x"), ("is_staff", True),
    ]:  # fmt: skip
        answer = berger.order(**{name: value})
        assert (answer.status_code, field(answer)) == (400, [name])
    line = {"sku": AURORA, "quantity": 200, "unit_price": "0.01"}
    answer = berger.post("orders", {"lines": [line]})
    assert (answer.status_code, field(answer)) == (400, ["lines[0].unit_price"])
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "quantity",
    [-1, 0, 0.5, 10**9, 10**30, "NaN", "Infinity", "", None, True, [], {}, "200; DROP", "٣"],
)
def test_o6_a_quantity_that_is_none_is_refused(berger, quantity):
    answer = berger.order((AURORA, quantity))
    assert answer.status_code == 400
    assert field(answer) == ["lines[0].quantity"]
    assert not Order.objects.exists()


def test_o6_another_price_than_ours_refuses_the_order_and_names_both(berger):
    line = {"sku": AURORA, "quantity": 200, "price": "0.0100"}
    answer = berger.post("orders", {"lines": [line]})
    assert (answer.status_code, answer.json()["code"]) == (409, "price.changed")
    assert "0.0100 → " in answer.json()["errors"][0]["detail"]
    assert not Order.objects.exists()


def test_lines_that_we_do_not_sell_are_named_one_by_one(berger):
    answer = berger.order((AURORA, 200), ("HB-9999", 100), (AURORA, 201))
    assert (answer.status_code, answer.json()["code"]) == (422, "order.lines_refused")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("lines[1]", "unknown_article"),
        ("lines[2]", "pack_size"),
    ]
    assert not Order.objects.exists()


def test_what_is_not_there_is_told_with_what_is_left(berger):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=100)
    answer = berger.order((AURORA, 200))
    assert (answer.status_code, answer.json()["code"]) == (409, "stock.too_low")
    assert "100" in answer.json()["errors"][0]["detail"]
    assert not Order.objects.exists()


def test_o2_the_same_key_and_body_bring_the_same_answer(berger):
    first = berger.order(key="a-1", reference="PO-1")
    again = berger.order(key="a-1", reference="PO-1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert Order.objects.count() == 1
    other = berger.order(key="a-1", reference="PO-2")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.other_request")
    assert Event.objects.filter(kind="order.created").count() == 1


def test_o2_an_hour_later_it_is_still_the_same_answer(berger):
    import time_machine

    with time_machine.travel("2026-11-20 09:00Z", tick=False):
        first = berger.order(key="a-1").json()
    with time_machine.travel("2026-11-20 10:00Z", tick=False):
        assert berger.order(key="a-1").json() == first


def test_o2_a_key_means_something_only_to_who_sent_it(berger, company, clara):
    other = Customer.objects.exclude(pk=berger.customer.pk).filter(payment="invoice").first()
    stranger = Program(api_keys.create(other, "ERP", clara)[1])
    numbers = {berger.order(key="1").json()["number"], stranger.order(key="1").json()["number"]}
    assert len(numbers) == 2


def test_o2_a_refused_order_may_be_tried_again_under_its_key(berger):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=100)
    assert berger.order(key="k").status_code == 409
    Stock.objects.filter(product__sku=AURORA).update(on_hand=1000)
    assert berger.order(key="k").status_code == 201


@pytest.mark.parametrize("key", ["ü", "x" * 256, "a\tb"])
def test_o2_a_key_that_is_none_is_refused(berger, key):
    answer = berger.order(key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.bad_key")


@pytest.mark.django_db(transaction=True)
def test_o2_twenty_parallel_posts_make_one_order(berger):
    answers = []
    at_once(lambda: answers.append(Program(berger.key).order(key="once")) for _ in range(20))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["number"] for one in answers}) == 1
    assert Order.objects.count() == IdempotencyKey.objects.count() == 1


def test_o7_an_order_is_its_customers_and_nobody_elses(berger, company, clara):
    number = berger.order().json()["number"]
    token = Order.objects.get().token
    unknown = Program().get("orders/B-0")
    other = Customer.objects.exclude(pk=berger.customer.pk).first()
    for program in (Program(), Program(api_keys.create(other, "x", clara)[1])):
        answer = program.get(f"orders/{number}")
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert berger.get(f"orders/{number}").json()["number"] == number
    assert Program().get(f"orders/status/{token}").json()["number"] == number
    assert [one["number"] for one in berger.get("orders").json()["results"]] == [number]
    assert Program().get("orders").status_code == 404


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda t: t[:-1], lambda t: "x" * 43])
def test_o7_a_link_holds_only_as_it_was_given(berger, change):
    berger.order()
    token = Order.objects.get().token
    assert Program().get(f"orders/status/{change(token)}").status_code == 404


def test_o7_guesses_of_links_are_counted(stranger):
    codes = [stranger.get(f"orders/status/guess-{n}").status_code for n in range(31)]
    assert set(codes[:30]) == {404}
    assert codes[30] == 429


def test_an_unknown_or_revoked_key_opens_nothing(berger, clara):
    berger.customer.api_keys.update(revoked_at="2026-01-01T00:00Z")
    answer = berger.order()
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert not Order.objects.exists()


def test_a_quote_costs_nothing_and_keeps_nothing(berger):
    body = {"lines": [{"sku": AURORA, "quantity": 200}, {"sku": "HB-99", "quantity": 1}]}
    answer = berger.post("quote", body)
    assert answer.status_code == 200
    quote = answer.json()
    product = Product.objects.get(sku=AURORA)
    assert quote["lines"][0]["sku"] == AURORA
    assert Decimal(quote["lines"][0]["unit_price"]["amount"]) < product.price
    assert quote["lines"][1]["doubts"][0]["code"] == "unknown_article"
    assert quote["orderable"] is False
    assert not Order.objects.exists()
    answer = berger.post("quote", {"lines": body["lines"][:1]})
    assert answer.json()["orderable"] is True


def test_a_quote_and_its_order_come_to_the_same(berger):
    lines = [{"sku": AURORA, "quantity": 1000}]
    quoted = berger.post("quote", {"lines": lines}).json()["totals"]
    assert berger.post("orders", {"lines": lines}).json()["totals"] == quoted


def test_goods_that_leave_the_country_are_taxed_by_where_they_go(berger):
    there = ADDRESS | {"country": "CH", "city": "Basel", "postcode": "4051"}
    answer = berger.order(delivery_address=there).json()
    assert (answer["tax_category"], answer["totals"]["tax"]["amount"]) == ("G", "0.00")
