"""Orders by our own numbers alone look at those articles alone, and come to the same."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.data import ReadDocument, ReadLine
from orders.services import drafting
from shop.models import Alias, Customer, Product
from tests.orders.books import AURORA, BERGER

pytestmark = pytest.mark.django_db


def draft(*skus, name=""):
    lines = tuple(
        ReadLine(position, sku, name, Decimal(200)) for position, sku in enumerate(skus, start=1)
    )
    document = ReadDocument(kind="order", format="shop", lines=lines)
    customer = Customer.objects.get(number=BERGER)
    return drafting.draft([drafting.Request(document, customer)])[0]


def looked_at(*skus, **said):
    with CaptureQueriesContext(connection) as asked:
        draft(*skus, **said)
    return [one["sql"] for one in asked if 'FROM "shop_product"' in one["sql"]]


def test_a_line_with_our_number_is_matched_among_the_numbers_stated(company):
    (query,) = looked_at(AURORA, "HB-1002")
    assert "IN (" in query
    assert any("IN (" not in query for query in looked_at(AURORA, "HB-9999"))
    assert any("IN (" not in query for query in looked_at(AURORA, name="Knopf"))


def test_it_comes_to_the_same_as_among_all_articles(company, monkeypatch):
    among_few = draft(AURORA, "HB-1002")
    monkeypatch.setattr(drafting, "_named", lambda *_: None)
    assert draft(AURORA, "HB-1002") == among_few


def test_a_customers_own_number_that_looks_like_ours_is_still_seen(company, monkeypatch):
    other = Product.objects.get(sku="HB-1002")
    Alias.objects.create(customer=Customer.objects.get(number=BERGER), sku=AURORA, product=other)
    few = draft(AURORA)
    assert [one.code for one in few.doubts] == ["weak_match"]
    monkeypatch.setattr(drafting, "_named", lambda *_: None)
    assert draft(AURORA) == few
