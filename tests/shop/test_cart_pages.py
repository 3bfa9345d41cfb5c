from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from shop.models import Cart, CartLine, Product
from shop.services import carts
from shop.views.visitor import COOKIE
from tests.shop.conftest import PASSWORD, SABINE

pytestmark = pytest.mark.django_db
AURORA, SYLT = "HB-1001", "HB-1004"
HTMX = {"HX-Request": "true"}


def text(answer):
    return answer.content.decode()


def put(client, sku=AURORA, quantity="200", **more):
    return client.post("/shop/cart/add/", {"sku": sku, "quantity": quantity} | more)


def lying():
    return dict(CartLine.objects.values_list("product__sku", "quantity"))


def sign_in(client):
    return client.post("/shop/login/", {"email": SABINE, "password": PASSWORD})


def test_looking_around_makes_no_cart_and_sets_no_cookie_of_it(client, company):
    for address in ("/shop/", "/shop/products/", "/shop/cart/"):
        client.get(address)
    assert not Cart.objects.exists()
    assert COOKIE not in client.cookies


def test_the_cookie_is_a_random_key_out_of_reach_of_scripts(client, company):
    answer = put(client)
    cookie = answer.cookies[COOKIE]
    assert len(cookie.value) == 43
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 180 * 86_400
    assert bool(cookie["secure"]) is settings.SESSION_COOKIE_SECURE


def test_a_production_cookie_goes_over_tls_alone(client, company, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert put(client).cookies[COOKIE]["secure"]


def test_putting_in_leads_to_the_cart_and_says_what_was_rounded(client, company):
    answer = client.post("/shop/cart/add/", {"sku": AURORA, "quantity": "150"}, follow=True)
    assert "200 pieces instead of 150" in text(answer)
    assert "€76.00" in text(answer)
    assert "€90.44" in text(answer)


def test_htmx_gets_the_form_the_word_and_the_badge(client, company):
    answer = client.post("/shop/cart/add/", {"sku": AURORA, "quantity": "200"}, headers=HTMX)
    assert "<html" not in text(answer)
    assert "200 pieces are in your cart" in text(answer)
    assert 'id="cart-badge" hx-swap-oob="true"' in text(answer)
    assert COOKIE in answer.cookies


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "0.5", "1e9", "NaN", "", "1000001", "x", "१", "\0"]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_o6_no_absurd_quantity_is_taken(client, company, quantity, headers):
    put(client)
    for address in ("/shop/cart/add/", "/shop/cart/change/"):
        form = {"sku": AURORA, "quantity": quantity}
        answer = client.post(address, form, headers=headers, follow=True)
        assert answer.status_code in (200, 422)
        assert "whole number of pieces" in text(answer)
    assert lying() == {AURORA: 200}


@pytest.mark.parametrize(
    "forged",
    [
        {"price": "0.01"}, {"shown_price": "0.01"}, {"unit": "0"}, {"discount": "100"}, {"vat": "0"},
        {"tax_rate": "0"}, {"customer": "1"}, {"customer_id": "1"}, {"cart": "1"}, {"user": "1"},
        {"had": "-5"}, {"had": "x"}, {"had": "99999999999999999999"}, {"product_id": "1"},
    ],
)  # fmt: skip
def test_o6_what_is_posted_beside_article_and_quantity_changes_nothing(client, company, forged):
    put(client, **forged)
    line = CartLine.objects.get()
    assert (line.quantity, line.shown_price, line.cart.user) == (200, Decimal("0.38"), None)
    assert "€90.44" in text(client.get("/shop/cart/"))


@pytest.mark.parametrize("sku", ["", "HB-0000", "1 OR 1=1", "<script>", "x" * 5000, "\0"])
def test_o6_an_article_that_is_none_is_refused_in_words(client, company, sku):
    for headers in ({}, HTMX):
        answer = client.post(
            "/shop/cart/add/", {"sku": sku, "quantity": "200"}, headers=headers, follow=True
        )
        assert answer.status_code in (200, 204)
    assert lying() == {}
    assert "not sold any more" in text(client.get("/shop/products/"))


def test_changing_and_taking_out(client, company):
    put(client)
    put(client, SYLT, "100")
    client.post("/shop/cart/change/", {"sku": AURORA, "quantity": "500"})
    assert lying() == {AURORA: 500, SYLT: 100}
    gone = client.post("/shop/cart/remove/", {"sku": AURORA}, headers=HTMX)
    assert "was removed" in text(gone)
    assert lying() == {SYLT: 100}
    assert client.post("/shop/cart/remove/", {"sku": AURORA}, follow=True).status_code == 200


@pytest.mark.parametrize("address", ["add", "change", "remove"])
def test_carts_change_by_post_alone_and_not_from_other_sites(company, address):
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(f"/shop/cart/{address}/").status_code == 405
    answer = strict.post(f"/shop/cart/{address}/", {"sku": AURORA, "quantity": "200"})
    assert answer.status_code == 403
    assert "This form has grown old" in text(answer)


def test_o7_everybody_sees_his_own_cart_alone(company):
    anna, ben = Client(), Client()
    put(anna)
    put(ben, SYLT, "100")
    assert SYLT not in text(anna.get("/shop/cart/"))
    ben.post("/shop/cart/change/", {"sku": AURORA, "quantity": "5000"})
    ben.post("/shop/cart/remove/", {"sku": AURORA})
    assert lying() == {AURORA: 200, SYLT: 100}


def test_o7_keys_that_are_guessed_or_belong_to_a_login_open_nothing(client, sabine):
    own = carts.new(sabine.user)
    carts.add(own, AURORA, "200")
    for key in (own.token, str(own.pk), "1", "", "' OR 1=1 --", "x" * 5000):
        client.cookies[COOKIE] = key
        page = client.get("/shop/cart/")
        assert AURORA not in text(page)


def test_a_guests_cart_is_there_after_the_login_and_not_after_the_logout(client, sabine):
    carts.add(carts.new(sabine.user), AURORA, "300")
    put(client)
    sign_in(client)
    assert lying() == {AURORA: 500}
    assert Cart.objects.get().user == sabine.user
    assert AURORA in text(client.get("/shop/cart/"))
    client.post("/shop/logout/")
    assert AURORA not in text(client.get("/shop/cart/"))
    sign_in(client)
    assert AURORA in text(client.get("/shop/cart/"))


def test_a_login_sees_its_own_prices_in_the_cart_without_a_question(client, sabine):
    put(client)
    sign_in(client)
    page = text(client.get("/shop/cart/"))
    assert "€72.20" in page
    assert "prices have changed" not in page


def test_a_price_that_changed_is_told_in_the_cart(client, company):
    put(client)
    Product.objects.filter(sku=AURORA).update(price=Decimal("0.40"))
    page = text(client.get("/shop/cart/"))
    assert "Some prices have changed" in page
    assert "€95.20" in page


def test_an_empty_cart_says_what_to_do(client, company):
    page = text(client.get("/shop/cart/"))
    assert "There is nothing in it yet" in page
    assert "See all buttons" in page


def test_staff_who_look_around_are_guests(client, clara, company):
    client.force_login(clara)
    put(client)
    assert Cart.objects.get().user is None
    assert client.get("/shop/account/").status_code == 302
