from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from hbu.company.models import Terms
from hbu.journal.models import Event
from orders.models import IdempotencyKey, Order
from shop.models import Cart, Contact, Customer, Product, Reservation, Stock
from tests.orders.books import AURORA, stock_of
from tests.orders.buyers import GUEST, Buyer, token_of

pytestmark = pytest.mark.django_db
LARGE = Decimal(10_000)


@pytest.fixture(autouse=True)
def terms(company):
    cache.clear()
    Terms.objects.update_or_create(pk=1, defaults={"guest_limit": LARGE, "checkout_minutes": 30})


@pytest.fixture
def sabine(company, django_user_model):
    user = django_user_model.objects.create_user("sabine")
    customer = Customer.objects.get(number="K-10001")
    contact = Contact.objects.filter(customer=customer).first()
    contact.user = user
    contact.save()
    return user


def test_a_guest_goes_from_cart_to_confirmation():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    for step, said in (("contact", GUEST), ("delivery", {"where": "same"})):
        answer = buyer.step(step, **said)
        assert answer.status_code == 302, answer.content.decode()
    answer = buyer.step("payment", payment="invoice", reference="PO-7", note="Bitte rasch")
    assert answer["Location"] == "/shop/checkout/review/"
    shown = buyer.review().content.decode()
    assert "Knopf &amp; Faden" in shown
    assert "We keep these pieces for you until" in shown
    token = token_of(buyer.order())
    order = Order.objects.get(token=token)
    assert (order.state, order.source, order.reference) == ("CONFIRMED", "shop", "PO-7")
    assert order.customer.is_guest
    assert order.delivery_address["street"] == "Am Markt 3"
    assert order.note == "Bitte rasch"
    assert stock_of(AURORA)[1] == 200
    assert not Cart.objects.get().lines.exists()
    page = buyer.client.get(f"/shop/checkout/placed/{token}/").content.decode()
    assert order.number in page
    assert f"/shop/orders/{token}/" in page


def test_a_customer_buys_at_agreed_prices_and_keeps_them_private(sabine):
    buyer = Buyer(sabine)
    buyer.put(AURORA, 200)
    buyer.walk()
    order = Order.objects.get(token=token_of(buyer.order()))
    assert order.customer.number == "K-10001"
    line = order.lines.get()
    assert line.unit_price < Product.objects.get(sku=AURORA).price
    assert order.created_by == sabine


def test_the_review_shows_the_order_that_is_made(sabine):
    buyer = Buyer(sabine)
    buyer.put(AURORA, 1000)
    buyer.walk()
    review = buyer.review().context["review"]
    order = Order.objects.get(token=token_of(buyer.order()))
    sums = ("net", "tax", "gross", "tax_category", "promised_date", "payment", "doubts")
    assert [getattr(review.order, one) for one in sums] == [getattr(order, one) for one in sums]
    told = [(one.sku, one.quantity, one.unit_price, one.total) for one in review.lines]
    assert told == list(order.lines.values_list("sku", "quantity", "unit_price", "total"))


def test_looking_at_the_review_keeps_the_pieces_and_nothing_else():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk()
    buyer.review()
    held = Reservation.objects.get()
    minutes = (held.expires_at - timezone.now()).total_seconds() / 60
    assert (held.quantity, 29 < minutes <= 30) == (200, True)
    assert not Order.objects.exists()
    assert not Customer.objects.filter(is_guest=True).exists()
    assert not Event.objects.filter(kind="order.created").exists()
    buyer.review()
    assert stock_of(AURORA)[1] == 200


@pytest.mark.parametrize("step", ["delivery", "payment", "review"])
def test_no_step_is_skipped(step):
    buyer = Buyer()
    buyer.put(AURORA, 200)
    assert buyer.client.get(f"/shop/checkout/{step}/")["Location"] == "/shop/checkout/contact/"


def test_an_empty_cart_has_no_checkout():
    assert Buyer().client.get("/shop/checkout/contact/")["Location"] == "/shop/cart/"


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "ida"), ("name", ""), ("street", ""), ("country", "XX"), ("vat_id", "DE123"),
     ("name", "x" * 121), ("city", "a\0b")],
)  # fmt: skip
def test_each_step_is_checked_by_the_server(field, value):
    buyer = Buyer()
    buyer.put(AURORA, 200)
    answer = buyer.step("contact", **GUEST | {field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_day_that_has_passed_is_refused():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.step("contact", **GUEST)
    assert buyer.step("delivery", where="same", requested_date="2020-01-01").status_code == 422
    assert buyer.step("delivery", where="other").status_code == 422


def test_the_address_of_another_customer_is_no_choice(sabine):
    other = Customer.objects.exclude(number="K-10001").first()
    foreign = other.addresses.create(name="x", street="x", postcode="1", city="x")
    buyer = Buyer(sabine)
    buyer.put(AURORA, 200)
    buyer.step("contact", name="S", email="s@berger.example")
    assert buyer.step("delivery", where=str(foreign.pk)).status_code == 422


def test_o2_the_same_form_again_is_the_same_order():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk()
    form = buyer.form()
    first = buyer.client.post("/shop/checkout/review/", form)
    again = buyer.client.post("/shop/checkout/review/", form)
    assert token_of(first) == token_of(again)
    assert Order.objects.count() == 1


def test_o2_a_form_without_its_key_orders_nothing():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk()
    assert buyer.order(key="").status_code == 400
    assert not Order.objects.exists()


def test_o6_a_price_that_rose_is_named_old_and_new_before_anything_is_ordered():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk()
    form = buyer.form()
    old = Product.objects.get(sku=AURORA).price
    Product.objects.filter(sku=AURORA).update(price=old + 1)
    for answer in (buyer.client.post("/shop/checkout/review/", form), buyer.review()):
        page = answer.content.decode()
        assert answer.status_code == 409
        assert f"€{old.normalize()}" in page
        assert f"€{(old + 1).normalize()}" in page
    assert not Order.objects.exists()
    assert not IdempotencyKey.objects.exists()
    buyer.client.post("/shop/checkout/prices/")
    order = Order.objects.get(token=token_of(buyer.order()))
    assert order.lines.get().unit_price == old + 1


def test_o6_a_cart_that_changed_in_another_tab_is_shown_again():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk()
    form = buyer.form()
    buyer.client.post("/shop/cart/change/", {"sku": AURORA, "quantity": 400})
    answer = buyer.client.post("/shop/checkout/review/", form)
    assert answer["Location"] == "/shop/checkout/review/"
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "slipped",
    [{"price": "0.01"}, {"discount": "99"}, {"vat": "0"}, {"customer_id": "1"}, {"net": "1"},
     {"quantity": "-1"}, {"quantity": "1e9"}, {"quantity": "0.5"}, {"quantity": "NaN"}],
)  # fmt: skip
def test_o6_nothing_that_is_slipped_into_the_form_counts(slipped):
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk()
    shown = buyer.review().context["review"]
    order = Order.objects.get(token=token_of(buyer.order(**slipped)))
    assert (order.gross, order.lines.get().quantity) == (shown.order.gross, 200)
    assert order.customer.is_guest


@pytest.mark.parametrize("quantity", ["-1", "1e9", "0.5", "NaN", "1000000000", "", "٣"])
def test_o6_no_such_quantity_gets_into_a_cart(quantity):
    buyer = Buyer()
    buyer.put(AURORA, quantity)
    assert not Cart.objects.filter(lines__isnull=False).exists()


def test_what_is_not_there_is_told_with_what_is_left_and_one_click_takes_it():
    buyer = Buyer()
    buyer.put(AURORA, 400)
    buyer.walk()
    form = buyer.form()
    Reservation.objects.all().delete()
    Stock.objects.filter(product__sku=AURORA).update(on_hand=250, reserved=0)
    for answer in (buyer.client.post("/shop/checkout/review/", form), buyer.review()):
        assert answer.status_code == 409
        (line,) = answer.context["error"].lines
        assert (line.sku, line.wanted, line.available) == (AURORA, 400, 250)
    buyer.client.post("/shop/checkout/reduce/")
    order = Order.objects.get(token=token_of(buyer.order()))
    assert order.lines.get().quantity == line.possible


def test_a_guest_pays_in_advance_above_the_limit_and_hears_why():
    Terms.objects.update(guest_limit=10)
    buyer = Buyer()
    buyer.put(AURORA, 200)
    answer = buyer.walk()
    assert answer.status_code == 422
    assert "We ask guests to pay orders above" in answer.content.decode()
    buyer.step("payment", payment="prepayment")
    token = token_of(buyer.order())
    order = Order.objects.get(token=token)
    assert (order.payment, order.state) == ("prepayment", "CONFIRMED")
    page = buyer.client.get(f"/shop/checkout/placed/{token}/").content.decode()
    assert "IBAN" in page
    assert page.count(order.number) > 1


def test_a_guest_with_the_address_of_a_customer_waits_for_a_person(sabine):
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk(email=sabine.contact.email)
    order = Order.objects.get(token=token_of(buyer.order()))
    assert order.state == "CREATED"
    assert [one["code"] for one in order.doubts] == ["known_contact"]
    assert order.customer.is_guest
    assert order.lines.get().unit_price == Product.objects.get(sku=AURORA).price


def test_who_logs_in_meanwhile_begins_the_checkout_anew(sabine):
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk()
    buyer.client.force_login(sabine)
    buyer.put(AURORA, 200)
    assert buyer.review()["Location"] == "/shop/checkout/contact/"


def test_the_back_button_shows_what_was_said():
    buyer = Buyer()
    buyer.put(AURORA, 200)
    buyer.walk(reference="PO-9")
    assert "ida@knopf-faden.example" in buyer.client.get("/shop/checkout/contact/").content.decode()
    assert "PO-9" in buyer.client.get("/shop/checkout/payment/").content.decode()


def test_a_customer_who_pays_in_advance_is_offered_nothing_else(sabine):
    Customer.objects.update(payment="prepayment")
    buyer = Buyer(sabine)
    buyer.put(AURORA, 200)
    assert buyer.walk(payment="invoice").status_code == 422
