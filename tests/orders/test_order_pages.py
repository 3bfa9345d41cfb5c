"""What customers see of orders, quotations and documents, and what nobody else does (promise O7)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from hbu.lib import blobs
from orders.models import Order, Printout, Quotation
from orders.services import links, own, quoting
from shop.models import Cart, Contact, Customer, Product
from tests.orders import books
from tests.orders.buyers import GUEST, Buyer, token_of

pytestmark = pytest.mark.django_db
BERGER = books.BERGER


@pytest.fixture(autouse=True)
def fresh(company):
    cache.clear()


@pytest.fixture
def log_in(company, django_user_model):
    """A browser of a contact of this customer."""

    def browser(number, name="buyer", **user):
        login = django_user_model.objects.create_user(name, **user)
        customer = Customer.objects.get(number=number)
        Contact.objects.create(
            customer=customer, last_name=name, email=f"{name}@somewhere.example", user=login
        )
        client = Client()
        client.force_login(login)
        return client

    return browser


@pytest.fixture
def order(company):
    return books.confirmed((books.AURORA, 200), reference="PO-SECRET")


@pytest.fixture
def paper(order):
    """A document of the order as the printer leaves it."""
    row, _new = Printout.objects.get_or_create(
        cause=f"order:{order.pk}:confirmation:1", defaults={"kind": "confirmation", "order": order}
    )
    data = b"%PDF-1.7 of the order"
    row.sha256, row.size = blobs.put(settings.BLOBS_DIR, data), len(data)
    row.filename, row.media_type = f"{order.number}.pdf", "application/pdf"
    row.state, row.made_at = Printout.State.MADE, timezone.now()
    row.save()
    return row


def other_number():
    return Customer.objects.exclude(number=BERGER).exclude(is_guest=True).first().number


def plain(answer):
    """The page without what differs at every request."""
    words = re.sub(rb'(nonce|value|name="csrf[^"]*" value)="[^"]*"', b"", answer.content)
    return answer.status_code, re.sub(rb"/shop/[\w./-]*", b"", words)


def test_the_link_shows_the_order_with_its_documents(order, paper):
    answer = Client().get(f"/shop/orders/{order.token}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(one in page for one in (order.number, "PO-SECRET", books.AURORA, paper.filename))
    assert "mailto:" in page
    assert answer["Referrer-Policy"] == "same-origin"
    file = Client().get(f"/shop/orders/{order.token}/documents/{paper.filename}/")
    assert (file.status_code, file.content[:8]) == (200, b"%PDF-1.7")
    assert file["X-Content-Type-Options"] == "nosniff"


def test_o7_a_link_that_is_unknown_revoked_or_too_old_is_the_same_nothing(order):
    unknown = plain(Client().get(f"/shop/orders/{'x' * 43}/"))
    assert unknown[0] == 404
    old, order.token_until = order.token, timezone.localdate() - timedelta(days=1)
    order.save()
    assert plain(Client().get(f"/shop/orders/{old}/")) == unknown
    order.token_until = None
    order.save()
    links.revoke(order)
    assert plain(Client().get(f"/shop/orders/{old}/")) == unknown
    assert Client().get(f"/shop/orders/{order.token}/").status_code == 200


def test_o7_guesses_are_counted_and_then_even_the_right_link_is_nothing(order):
    for number in range(30):
        assert Client().get(f"/shop/orders/guess-{number}/").status_code == 404
    assert Client().get(f"/shop/orders/{order.token}/").status_code == 404
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get(f"/shop/orders/{order.token}/").status_code == 200


def test_o7_every_address_with_an_id_is_nothing_to_everybody_else(order, paper, log_in, ben):
    mine = log_in(BERGER, "berger")
    disabled = log_in(BERGER, "gone")
    staff = Client()
    staff.force_login(ben)
    get_user_model().objects.filter(username="gone").update(is_active=False)
    addresses = [
        "/shop/account/orders/{number}/",
        "/shop/account/orders/{number}/documents/{file}/",
        "/shop/account/documents/{file}/",
        "/api/shop/orders/{number}",
    ]
    for address in addresses:
        there = address.format(number=order.number, file=paper.filename)
        nowhere = address.format(number="B-0", file="x.pdf")
        assert mine.get(there).status_code == 200, there
        for browser in (Client(), log_in(other_number(), f"b{len(address)}"), disabled, staff):
            assert plain(browser.get(there)) == plain(browser.get(nowhere)), there
            assert browser.get(there).status_code == 404
    again = f"/shop/account/orders/{order.number}/again/"
    for browser in (Client(), disabled, staff):
        assert browser.post(again).status_code == 404
    assert not Cart.objects.exists()


def test_o7_lists_and_searches_hold_only_ones_own(order, paper, log_in):
    stranger = log_in(other_number(), "stranger")
    for address in ("orders/", "documents/", "quotations/", "orders/?q=PO-SECRET"):
        page = stranger.get(f"/shop/account/{address}").content.decode()
        assert order.number not in page
    colleague = log_in(BERGER, "colleague")
    assert order.number in colleague.get("/shop/account/orders/?q=po-secret").content.decode()
    assert paper.filename in colleague.get("/shop/account/documents/").content.decode()
    assert "No order fits" in colleague.get("/shop/account/orders/?state=CLOSED").content.decode()
    assert Client().get("/shop/account/orders/")["Location"].startswith("/shop/login/")


def test_orders_of_a_customer_that_was_put_into_another_are_the_other_ones(order, log_in):
    kept = Customer.objects.get(number=other_number())
    Customer.objects.filter(number=BERGER).update(merged_into=kept)
    assert list(own.orders(kept)) == [order]
    browser = log_in(BERGER, "moved")
    assert order.number in browser.get("/shop/account/orders/").content.decode()


def test_number_and_address_tell_the_state_and_no_more(order):
    Order.objects.update(contact_email="sabine@berger.example")
    said = {"number": order.number.lower(), "email": "Sabine@Berger.example"}
    answer = Client().post("/shop/orders/", said)
    page = answer.content.decode()
    assert (answer.status_code, "Confirmed" in page) == (200, True)
    for secret in ("PO-SECRET", books.AURORA, order.token, str(order.gross)):
        assert secret not in page
    wrong = Client().post("/shop/orders/", said | {"email": "x@y.example"})
    unknown = Client().post("/shop/orders/", said | {"number": "B-0", "email": "x@y.example"})
    assert wrong.status_code == unknown.status_code == 404


def test_o7_number_and_address_are_not_guessed_for_long(order):
    said = {"number": order.number, "email": "x@y.example"}
    codes = [Client().post("/shop/orders/", said).status_code for _ in range(11)]
    assert codes == [404] * 10 + [429]


def test_the_same_again_is_in_the_cart_at_todays_prices(order, log_in):
    Product.objects.filter(sku=books.AURORA).update(price=9)
    browser = log_in(BERGER)
    answer = browser.post(f"/shop/account/orders/{order.number}/again/", follow=True)
    page = answer.content.decode()
    assert "a piece cost" in page
    (line,) = Cart.objects.get().lines.all()
    assert (line.product.sku, line.quantity) == (books.AURORA, 200)


def test_what_is_not_sold_any_more_is_told_at_the_same_again(order, log_in):
    Product.objects.filter(sku=books.AURORA).update(is_active=False)
    browser = log_in(BERGER)
    answer = browser.post(f"/shop/account/orders/{order.number}/again/", follow=True)
    assert "is not sold any more" in answer.content.decode()
    assert not Cart.objects.get().lines.exists()


def ask(buyer, **said):
    answer = buyer.client.post("/shop/quotations/", GUEST | {"key": "k"} | said)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Quotation.objects.get()


def test_a_guest_asks_for_a_quotation_and_accepts_it():
    buyer = Buyer()
    buyer.put(books.AURORA, 200)
    quotation = ask(buyer)
    assert not Cart.objects.get().lines.exists()
    page = f"/shop/quotations/{quotation.token}/"
    if quotation.state == "requested":
        assert "We are working on it" in Client().get(page).content.decode()
        quoting.offer(quotation)
    assert "These prices hold until" in Client().get(page).content.decode()
    first = Client().post(f"{page}accept/", {"key": "a"})
    again = Client().post(f"{page}accept/", {"key": "a"})
    other = Client().post(f"{page}accept/", {"key": "b"})
    assert first["Location"] == again["Location"] == other["Location"]
    assert Order.objects.count() == 1
    assert Quotation.objects.get().order.net == quotation.net


def test_a_quotation_is_declined_once():
    buyer = Buyer()
    buyer.put(books.AURORA, 200)
    quotation = ask(buyer)
    page = f"/shop/quotations/{quotation.token}/"
    assert Client().post(f"{page}decline/").status_code == 302
    assert Client().post(f"{page}decline/").status_code == 409
    assert Client().post(f"{page}accept/", {"key": "a"}).status_code == 409
    assert not Order.objects.exists()


def test_the_same_request_for_a_quotation_is_one():
    buyer = Buyer()
    buyer.put(books.AURORA, 200)
    ask(buyer)
    buyer.client.post("/shop/quotations/", GUEST | {"key": "k"})
    assert Quotation.objects.count() == 1


def test_a_page_after_the_order_is_behind_the_same_link():
    buyer = Buyer()
    buyer.put(books.AURORA, 200)
    buyer.walk(payment="prepayment")
    token = token_of(buyer.order())
    assert Client().get(f"/shop/checkout/placed/{token}/").status_code == 200
    assert Client().get(f"/shop/checkout/placed/{token[:-1]}/").status_code == 404
