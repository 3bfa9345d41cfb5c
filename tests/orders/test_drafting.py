from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.data import ReadDocument, ReadLine
from orders.services import drafting
from shop.models import Customer, DiscountTier, Product, Reservation, TierPrice
from tests.orders.books import AURORA, confirmed, enter, stock_of

pytestmark = pytest.mark.django_db
FRENCH, BRITISH = "K-10008", "K-10004"


def request_of(number, *wanted, **options):
    lines = tuple(
        ReadLine(position, sku, "", Decimal(count), unit="Stück")
        for position, (sku, count) in enumerate(wanted or [(AURORA, 200)], start=1)
    )
    document = ReadDocument(kind="order", format="pdf", number="PO-1", lines=lines)
    return drafting.Request(document, Customer.objects.get(number=number), **options)


def test_a_chunk_costs_as_many_questions_as_one_document(company):
    numbers = Customer.objects.values_list("number", flat=True)[:10]
    alone = [request_of(FRENCH)]
    requests = [request_of(number) for number in numbers]
    with CaptureQueriesContext(connection) as one:
        drafting.draft(alone)
    with CaptureQueriesContext(connection) as many:
        drafting.draft(requests)
    assert len(many) == len(one)


def test_prices_of_the_customers_list_and_his_discount_reach_the_order(company):
    customer = Customer.objects.get(number="K-10015")
    assert customer.price_list.code == "shirtmakers"
    proposal = drafting.draft([request_of("K-10015", (AURORA, 200))])[0]
    (line,) = proposal.lines
    assert line.unit_price == Decimal("0.365") * (100 - customer.discount_percent) / 100
    assert [reason.what for reason in line.price_reasons] == [
        "List price", "Price on the customer's list", "Discount of the customer",
    ]  # fmt: skip


def test_the_value_of_all_lines_reaches_a_better_discount(company):
    customer = Customer.objects.get(number="K-10001")
    DiscountTier.objects.create(customer=customer, from_net=Decimal(200), percent=Decimal(20))
    order = enter((AURORA, 200), ("HB-1002", 200))
    assert {line.unit_price for line in order.lines.all()} == {
        Decimal("0.3040"), Decimal("0.5120"),
    }  # fmt: skip
    assert order.lines.first().price_reasons[-1]["evidence"] == "200: 20 %"


@pytest.mark.parametrize(
    ("number", "options", "category", "rate"),
    [
        ("K-10001", {}, "S", 19),
        (FRENCH, {}, "K", 0),
        (BRITISH, {}, "G", 0),
        (FRENCH, {"ship_to": "DE"}, "S", 19),
        ("K-10001", {"ship_to": "CH"}, "G", 0),
    ],
)
def test_where_the_goods_go_decides_on_the_tax(company, number, options, category, rate):
    proposal = drafting.draft([request_of(number, **options)])[0]
    assert (proposal.tax_category, proposal.lines[0].tax_rate) == (category, rate)
    assert proposal.gross == proposal.net + proposal.tax


def test_an_order_keeps_how_it_is_taxed(company):
    order = enter((AURORA, 200), customer=FRENCH)
    assert (order.tax_category, order.tax, order.gross) == ("K", 0, order.net)


def test_tiers_of_a_product_that_is_not_on_sale_harm_nobody(company):
    Product.objects.filter(sku=AURORA).update(is_active=False)
    assert TierPrice.objects.filter(product__sku=AURORA).exists()
    proposal = drafting.draft([request_of("K-10015", (AURORA, 200))])[0]
    assert "unknown_article" in {doubt.code for doubt in proposal.doubts}


def test_orders_from_before_reservations_had_rows_get_them(company):
    order = confirmed((AURORA, 400), ("HB-1002", 100))
    enter((AURORA, 200))
    known = set(Reservation.objects.values_list("product__sku", "reference", "quantity"))
    assert known == {(AURORA, order.number, 400), ("HB-1002", order.number, 100)}
    Reservation.objects.all().delete()
    migration = import_module("orders.migrations.0006_reservations")
    for _ in range(2):
        migration.write_reservations(apps, None)
    assert set(Reservation.objects.values_list("product__sku", "reference", "quantity")) == known
    assert stock_of(AURORA)[1] == 400
