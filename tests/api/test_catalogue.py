import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Customer, Product
from tests.orders.books import AURORA

pytestmark = pytest.mark.django_db


def test_everybody_sees_what_is_on_sale_and_a_customer_his_own_prices(stranger, berger):
    theirs, ours = (one.get(f"products/{AURORA}").json() for one in (stranger, berger))
    assert theirs["list_price"] == ours["list_price"]
    assert theirs["price"]["currency"] == "EUR"
    assert float(ours["price"]["amount"]) < float(theirs["price"]["amount"])
    assert "id" not in ours


def test_what_is_taken_off_the_shelf_is_gone(stranger):
    Product.objects.filter(sku=AURORA).update(is_active=False)
    assert stranger.get(f"products/{AURORA}").status_code == 404
    skus = [one["sku"] for one in stranger.get("products", page_size=200).json()["results"]]
    assert AURORA not in skus


def test_products_are_searched_filtered_and_paged(stranger):
    found = stranger.get("products", search="aurora").json()
    assert found["count"] >= 1
    assert all("urora" in one["name"] for one in found["results"])
    of_one = stranger.get("products", category="premium").json()["results"]
    assert {one["category"] for one in of_one} <= {"premium"}
    page = stranger.get("products", page_size=2).json()
    assert (len(page["results"]), page["next"] is not None) == (2, True)


def test_f19_a_page_holds_two_hundred_at_most(stranger):
    product = Product.objects.get(sku=AURORA)
    rows = [
        Product(sku=f"X{n}", category=product.category, name_de="x", name_en="x", price=1)
        for n in range(250)
    ]
    Product.objects.bulk_create(rows)
    assert len(stranger.get("products", page_size=100_000).json()["results"]) == 200


def test_the_number_of_queries_does_not_grow_with_the_page(berger):
    def queries(size):
        with CaptureQueriesContext(
            connection,
        ) as counted:
            berger.get("products", page_size=size)
        return len(counted)

    queries(1)
    assert queries(2) == queries(20)


@pytest.mark.parametrize(
    "asked",
    [{"_connector": "OR"}, {"price__gt": "0"}, {"ordering": "category__products__price"},
     {"search": "\0"}, {"size_mm": "x"}, {"page": "x"}, {"page_size": "-1"}, {"category": "'\""},
     {"search": "a " * 500}],
)  # fmt: skip
def test_f13_no_parameter_breaks_it(stranger, asked):
    assert stranger.get("products", **asked).status_code in (200, 400, 404)


def test_categories_are_listed(stranger):
    assert {"code", "name"} == set(stranger.get("categories").json()[0])


def test_a_revoked_customer_sees_what_strangers_see_nothing_of(berger):
    berger.customer.api_keys.update(revoked_at="2026-01-01T00:00Z")
    assert berger.get("products").status_code == 401
    assert Customer.objects.filter(pk=berger.customer.pk).exists()
