"""Every address of the shop has its rule, and whoever adds one says here which (promise F1)."""

import pytest
from django.test import Client

from shop import urls
from shop.models import Address, Customer

pytestmark = pytest.mark.django_db
EVERYBODY, CUSTOMERS, POSTED = "everybody", "customers", "by post alone"
RULES = {
    "home": ("/shop/", EVERYBODY),
    "products": ("/shop/products/", EVERYBODY),
    "product": ("/shop/products/HB-1001/", EVERYBODY),
    "picture": ("/shop/pictures/HB-1001.svg", EVERYBODY),
    "cart": ("/shop/cart/", EVERYBODY),
    "cart_add": ("/shop/cart/add/", POSTED),
    "cart_change": ("/shop/cart/change/", POSTED),
    "cart_remove": ("/shop/cart/remove/", POSTED),
    "login": ("/shop/login/", EVERYBODY),
    "logout": ("/shop/logout/", POSTED),
    "ask": ("/shop/login/link/", EVERYBODY),
    "account": ("/shop/account/", CUSTOMERS),
    "change_password": ("/shop/account/password/", CUSTOMERS),
    "new_address": ("/shop/account/addresses/new/", CUSTOMERS),
    "address": ("/shop/account/addresses/{address}/", CUSTOMERS),
    "set_password": ("/shop/account/MQ/abc-00000000000000000000000000000000/", None),
    "imprint": ("/shop/imprint/", EVERYBODY),
    "legal": ("/shop/legal/terms/", EVERYBODY),
}


def test_no_address_is_forgotten():
    assert {pattern.name for pattern in urls.urlpatterns} == set(RULES)


@pytest.fixture
def visitors(sabine, clara, mallory, django_user_model):
    """Who may come along: (client, whether he is a customer, whether the address is his)."""
    lars = Customer.objects.get(number="K-10002").contacts.first()
    lars.user = django_user_model.objects.create_user("lars")
    lars.save()
    found = []
    for user in (None, mallory, clara, sabine.user, lars.user):
        client = Client()
        if user:
            client.force_login(user)
        found.append((client, user in (sabine.user, lars.user), user == sabine.user))
    return found


def test_f1_every_address_answers_as_its_rule_says(visitors, sabine):
    own = Address.objects.create(customer=sabine.customer, name="x", street="x", city="x")
    for name, (address, rule) in RULES.items():
        for client, is_customer, is_owner in visitors:
            status = client.get(address.format(address=own.pk)).status_code
            expected = {
                EVERYBODY: 302 if name == "login" and is_customer else 200,
                POSTED: 405,
                CUSTOMERS: 200 if is_customer else 302,
                None: status,
            }[rule]
            if name == "address" and is_customer and not is_owner:
                expected = 404
            assert (name, status) == (name, expected)
            assert client.delete(address.format(address=own.pk)).status_code in (302, 404, 405, 410)
