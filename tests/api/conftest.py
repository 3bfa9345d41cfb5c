import json

import pytest
from django.core.cache import cache
from django.test import Client

ADDRESS = {"name": "Knopf & Faden", "street": "Am Markt 3", "postcode": "50667", "city": "Köln"}
GUEST = {
    "contact": {"name": "Ida Vogel", "email": "ida@knopf-faden.example"},
    "billing_address": ADDRESS,
}


@pytest.fixture(autouse=True)
def fresh_limits():
    """Tries are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def company(db):
    from tests.factories import company

    return company.load()


class Program:
    """A customer's program."""

    def __init__(self, key=""):
        self.key = key
        self.client = Client(headers={"Authorization": f"Bearer {key}"} if key else {})

    def get(self, path, **query):
        return self.client.get(f"/api/shop/{path}", query)

    def post(self, path, body, **headers):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"/api/shop/{path}", data, content_type="application/json", headers=headers
        )

    def order(self, *lines, key=None, path="orders", **said):
        wanted = [
            {"sku": sku, "quantity": quantity} for sku, quantity in lines or [("HB-1001", 200)]
        ]
        headers = {"Idempotency-Key": key} if key else {}
        return self.post(path, {"lines": wanted} | said, **headers)


@pytest.fixture
def berger(company, clara):
    from shop.models import Customer
    from shop.services import api_keys

    customer = Customer.objects.get(number="K-10001")
    program = Program(api_keys.create(customer, "ERP", clara)[1])
    program.customer = customer
    return program


@pytest.fixture
def stranger(company):
    return Program()
