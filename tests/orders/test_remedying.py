"""What a person does at the draft desk: each doubt has a remedy, and the sums follow."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.data import ReadDocument, ReadLine
from orders.models import Order
from orders.services import drafting, placing, remedying
from shop.models import Alias, Customer, Product, Stock
from tests.orders import books

HORN, PEARL = "HB-1004", "HB-1001"


@pytest.fixture
def ben(company):
    return get_user_model().objects.create_user("ben")


def read(*lines: ReadLine, **fields) -> ReadDocument:
    numbered = tuple(replace(line, position=at) for at, line in enumerate(lines, start=1))
    return ReadDocument(kind="order", format="pdf", number="PO-9", lines=numbered, **fields)


def order_of(document: ReadDocument, customer: str = books.BERGER) -> Order:
    known = Customer.objects.filter(number=customer).first()
    proposal = drafting.draft([drafting.Request(document, known)])[0]
    return placing.place([placing.Entry(proposal, Order.Source.MAIL, "de")])[0]


def line(sku: str = "", name: str = "", quantity: int = 200, **fields) -> ReadLine:
    return ReadLine(1, sku, name, Decimal(quantity), unit="Stück", **fields)


def codes(order: Order) -> list[tuple[str, int]]:
    return [(one["code"], one["position"]) for one in order.doubts]


def only_line(order: Order, position: int = 1):
    return order.lines.get(position=position)


def test_a_chosen_product_settles_the_doubt_is_priced_and_becomes_the_customers_alias(ben):
    order = order_of(read(line("X-77", "Lampenschirm")))
    assert codes(order) == [("unknown_article", 1)]
    product = Product.objects.get(sku=PEARL)
    remedying.choose_product(order, only_line(order).pk, product, by=ben)
    row = only_line(order)
    assert (row.sku, codes(order)) == (PEARL, [])
    assert (row.unit_price > 0, order.net) == (True, row.total)
    assert Alias.objects.get(sku="X-77").product == product


def test_a_chosen_product_brings_doubts_of_its_own(ben):
    order = order_of(read(line("X-77", "Knopf wie immer", 30)))
    product = Product.objects.get(sku=PEARL)
    remedying.choose_product(order, only_line(order).pk, product, by=ben)
    assert {code for code, _ in codes(order)} == {"min_quantity", "pack_size"}
    remedying.set_quantity(order, only_line(order).pk, Decimal(product.min_quantity), by=ben)
    assert codes(order) == []


@pytest.mark.parametrize("quantity", ["0", "-5", "0.5"])
def test_pieces_are_whole_and_at_least_one(ben, quantity):
    order = order_of(read(line(PEARL)))
    with pytest.raises(DomainError):
        remedying.set_quantity(order, only_line(order).pk, Decimal(quantity), by=ben)
    assert only_line(order).quantity == 200


def test_an_agreed_price_counts_and_stays_when_another_line_changes(ben):
    stated = Decimal("0.30")
    document = read(line(PEARL, price=stated), line(HORN), net=Decimal(10000))
    order = order_of(document)
    assert ("price_differs", 1) in codes(order)
    assert ("totals_differ", 0) in codes(order)
    remedying.agree_price(order, only_line(order).pk, by=ben)
    assert ("price_differs", 1) not in codes(order)
    remedying.set_quantity(order, only_line(order, 2).pk, Decimal(300), by=ben)
    row = only_line(order)
    assert (row.unit_price, row.total) == (stated, Decimal("60.00"))
    assert order.net == sum(one.total for one in order.lines.all())
    assert ("price_differs", 1) not in codes(order)
    assert Event.objects.filter(kind="order.price_agreed", actor=ben).count() == 1


def test_sums_that_tie_at_the_agreed_price_are_no_doubt_any_more(ben):
    order = order_of(read(line(PEARL, price=Decimal("0.30")), net=Decimal("60.00")))
    assert ("totals_differ", 0) in codes(order)
    remedying.agree_price(order, only_line(order).pk, by=ben)
    assert codes(order) == []


def test_a_line_without_a_stated_price_has_none_to_agree_to(ben):
    order = order_of(read(line(PEARL)))
    with pytest.raises(DomainError) as refused:
        remedying.agree_price(order, only_line(order).pk, by=ben)
    assert refused.value.code == "order.no_price"


def test_an_accepted_doubt_does_not_come_back_with_the_next_change(ben):
    order = order_of(read(line(PEARL, price=Decimal("0.30")), line(HORN, quantity=30)))
    assert ("price_differs", 1) in codes(order)
    remedying.accept(order, "price_differs", 1, by=ben)
    remedying.set_quantity(order, only_line(order, 2).pk, Decimal(100), by=ben)
    assert codes(order) == []
    with pytest.raises(DomainError):
        remedying.accept(order, "price_differs", 1, by=ben)


def test_a_split_line_keeps_all_pieces_and_the_sum(ben):
    order = order_of(read(line(PEARL, quantity=500)))
    gross = order.gross
    remedying.split(order, only_line(order).pk, 200, by=ben)
    assert [int(one.quantity) for one in order.lines.all()] == [200, 300]
    assert (order.gross, codes(order)) == (gross, [])
    for quantity in (0, 200, 900, -1):
        with pytest.raises(DomainError):
            remedying.split(order, only_line(order).pk, quantity, by=ben)


def test_what_is_not_in_stock_waits_in_an_order_of_its_own(ben):
    Stock.objects.filter(product__sku=PEARL).update(on_hand=300)
    order = order_of(read(line(PEARL, quantity=500)))
    assert codes(order) == [("stock", 1)]
    later = remedying.put_off(order, only_line(order).pk, 300, by=ben)
    assert codes(order) == []
    placing.confirm([order], by=ben)
    assert (order.state, int(only_line(later).quantity)) == ("CONFIRMED", 200)
    assert (later.customer, later.document, later.state) == (
        order.customer, order.document, "CREATED",
    )  # fmt: skip
    # The rest is asked for again when somebody looks at it; its number is not the same again.
    assert later.reference != order.reference


def test_a_chosen_customer_brings_prices_and_article_numbers(ben):
    order = order_of(read(line(PEARL)), customer="nobody")
    assert ("unknown_customer", 0) in codes(order)
    before = order.net
    remedying.choose_customer(order, Customer.objects.get(number=books.BERGER), by=ben)
    assert ("unknown_customer", 0) not in codes(order)
    assert order.net < before


def test_o3_a_confirmed_order_is_put_right_no_more(ben):
    order = books.confirmed()
    row = only_line(order)
    for remedy in (
        lambda: remedying.accept(order, "stock", 1, by=ben),
        lambda: remedying.split(order, row.pk, 100, by=ben),
        lambda: remedying.put_off(order, row.pk, 100, by=ben),
        lambda: remedying.set_quantity(order, row.pk, Decimal(100), by=ben),
    ):
        with pytest.raises(DomainError):
            remedy()
    assert only_line(order).quantity == row.quantity


def test_f1_a_line_of_another_order_is_not_touched(ben):
    order, other = books.enter(), books.enter()
    for remedy in (remedying.split, remedying.put_off):
        with pytest.raises(DomainError) as refused:
            remedy(order, only_line(other).pk, 100, by=ben)
        assert refused.value.status == 404
