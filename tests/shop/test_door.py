import pytest
from django.core.cache import cache
from django.test import Client

from hbu.journal.models import Event
from shop.models import Address, Contact, Customer
from shop.services import accounts
from tests.shop.conftest import PASSWORD, SABINE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_tried():
    cache.clear()


def text(answer):
    return answer.content.decode()


def sign_in(client, email=SABINE, password=PASSWORD, **more):
    return client.post("/shop/login/", {"email": email, "password": password} | more)


def is_in(client):
    return client.get("/shop/account/").status_code == 200


def test_a_customer_signs_in_and_out(client, sabine):
    assert sign_in(client, SABINE.upper()).url == "/shop/account/"
    page = text(client.get("/shop/account/"))
    assert "Modehaus Berger" in page
    assert "K-10001" in page
    assert client.get("/shop/logout/").status_code == 405
    client.post("/shop/logout/")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [
        ("/shop/cart/", "/shop/cart/"),
        ("https://evil.example/", "/shop/account/"),
        ("//evil.example/", "/shop/account/"),
        ("javascript:alert(1)", "/shop/account/"),
    ],
)
def test_the_login_leads_on_within_the_house_alone(client, sabine, wanted, onward):
    assert sign_in(client, next=wanted).url == onward


def test_f4_wrong_unknown_and_closed_are_answered_alike(client, sabine):
    answers = {text(sign_in(Client(), password="wrong-password")).replace(SABINE, "")}
    answers.add(
        text(sign_in(Client(), "nobody@elsewhere.example")).replace("nobody@elsewhere.example", "")
    )
    sabine.user.is_active = False
    sabine.user.save()
    answers.add(text(sign_in(Client())).replace(SABINE, ""))
    said = {one.split('role="alert">')[1].split("<")[0] for one in answers}
    assert said == {"This mail address and password do not fit together."}


def test_f4_whoever_guesses_is_locked_out_even_with_the_right_password(client, sabine):
    for _ in range(accounts.FAILURES):
        sign_in(client, password="wrong-password")
    assert "Too many tries" in text(sign_in(client))
    assert not is_in(client)


def test_staff_are_sent_to_their_own_door(client, clara):
    clara.set_password(PASSWORD)
    clara.save()
    answer = sign_in(client, "clara")
    assert answer.url.startswith("/admin/login/")
    assert "_auth_user_id" not in client.session


def test_who_has_no_customer_behind_him_does_not_come_in(client, mallory):
    mallory.set_password(PASSWORD)
    mallory.save()
    assert sign_in(client, "mallory").status_code == 422


def test_a_closed_login_is_out_at_the_next_request(client, sabine, clara):
    sign_in(client)
    assert is_in(client)
    accounts.close(sabine, by=clara)
    assert not is_in(client)


def test_f4_asking_for_a_link_says_the_same_to_everybody(client, sabine):
    pages = {
        text(client.post("/shop/login/link/", {"email": email}, follow=True))
        for email in (SABINE, "nobody@elsewhere.example")
    }
    assert len({page.split("<main")[1].split("</main>")[0] for page in pages}) == 1
    assert Event.objects.filter(kind="account.asked").count() == 2


def test_a_link_sets_a_password_once(client, sabine):
    address = accounts.link_of(sabine).partition("/shop/")[2]
    page = client.get(f"/shop/{address}")
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    weak = client.post(f"/shop/{address}", {"new_password1": "123", "new_password2": "123"})
    assert "too short" in text(weak)
    chosen = {"new_password1": "mother-of-pearl-9", "new_password2": "mother-of-pearl-9"}
    assert client.post(f"/shop/{address}", chosen).url == "/shop/login/"
    assert client.get(f"/shop/{address}").status_code == 410
    assert sign_in(client, password="mother-of-pearl-9").url == "/shop/account/"


@pytest.mark.parametrize("end", ["MQ/abc-" + "0" * 32, "!!/abc-" + "0" * 32, "MQ/short", "a/b/c"])
def test_a_link_that_is_none_tells_nothing(client, sabine, end):
    assert client.get(f"/shop/account/{end}/").status_code in (404, 410)


def test_a_changed_password_ends_other_sessions_and_not_this_one(client, sabine):
    other = Client()
    sign_in(client)
    sign_in(other)
    chosen = {
        "old_password": PASSWORD,
        "new_password1": "mother-of-pearl-9",
        "new_password2": "mother-of-pearl-9",
    }
    assert client.post("/shop/account/password/", chosen).url == "/shop/account/"
    assert is_in(client)
    assert not is_in(other)


# Addresses

FORM = {
    "name": "Modehaus Berger, Lager", "street": "Industriestraße 4", "postcode": "85748",
    "city": "Garching", "country": "DE", "is_default": "on",
}  # fmt: skip


def test_a_customer_keeps_his_delivery_addresses(sabine_in, sabine):
    for name in ("Lager 1", "Lager 2"):
        sabine_in.post("/shop/account/addresses/new/", FORM | {"name": name})
    first, second = Address.objects.filter(customer=sabine.customer).order_by("pk")
    assert (first.is_default, second.is_default) == (False, True)
    assert (second.kind, second.customer) == ("delivery", sabine.customer)
    sabine_in.post(f"/shop/account/addresses/{first.pk}/", FORM | {"name": "Lager 3"})
    page = text(sabine_in.get("/shop/account/"))
    assert "Lager 3" in page
    sabine_in.post(f"/shop/account/addresses/{first.pk}/", {"remove": "1"})
    assert not Address.objects.filter(pk=first.pk).exists()
    kinds = set(Event.objects.about(sabine.customer).values_list("kind", flat=True))
    assert {"customer.address_saved", "customer.address_removed"} <= kinds


def test_o7_addresses_of_others_are_not_there(sabine_in, sabine):
    other = Customer.objects.exclude(pk=sabine.customer_id).first()
    theirs = Address.objects.create(customer=other, **FORM | {"is_default": True})
    address = f"/shop/account/addresses/{theirs.pk}/"
    unknown = sabine_in.get("/shop/account/addresses/999999/")
    assert sabine_in.get(address).status_code == unknown.status_code == 404
    for form in (FORM, {"remove": "1"}, FORM | {"customer": str(sabine.customer_id)}):
        assert sabine_in.post(address, form).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.customer, theirs.name) == (other, FORM["name"])


def test_o6_a_forged_owner_of_an_address_is_not_read(sabine_in, sabine):
    other = Customer.objects.exclude(pk=sabine.customer_id).first()
    forged = FORM | {"customer": str(other.pk), "customer_id": str(other.pk), "kind": "billing"}
    sabine_in.post("/shop/account/addresses/new/", forged)
    kept = Address.objects.get(name=FORM["name"])
    assert (kept.customer, kept.kind) == (sabine.customer, "delivery")


@pytest.mark.parametrize("path", ["", "password/", "addresses/new/", "addresses/1/"])
def test_f1_the_account_opens_to_customers_alone(client, company, clara, path):
    for _ in range(2):
        answer = client.get(f"/shop/account/{path}")
        assert answer.status_code == 302
        assert answer.url.startswith("/shop/login/?next=")
        client.force_login(clara)


def test_the_account_shows_nothing_of_other_customers(sabine_in, sabine):
    page = text(sabine_in.get("/shop/account/"))
    for other in Contact.objects.exclude(customer=sabine.customer):
        assert other.email not in page
