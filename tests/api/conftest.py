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


class Clerk:
    """A program that works in the name of a member of staff."""

    def __init__(self, user):
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def get(self, path, **query):
        return self.client.get(path if path.startswith("/") else f"/api/{path}", query)

    def send(self, method, path, body=None, **headers):
        return self.client.generic(
            method, f"/api/{path}", json.dumps(body), "application/json", headers=headers
        )

    def post(self, path, body=None, **headers):
        return self.send("POST", path, body, **headers)

    def opens(self, **said):
        return self.post("cases", {"title": "Buttons", "department": "sales"} | said)


def _may(user, *names):
    from django.contrib.auth.models import Permission

    user.user_permissions.set(
        Permission.objects.get(content_type__app_label="cases", codename=name) for name in names
    )


@pytest.fixture
def sales(company, django_user_model):
    """Serves sales and may do all that a clerk does."""
    from agents.models import Agent, Department

    user = django_user_model.objects.create_user("sven", first_name="Sven", is_staff=True)
    Department.objects.get(code="sales").members.add(user)
    Agent.objects.create(user=user, name="Sven", kind="human")
    _may(user, "view_case", "add_case", "change_case", "delete_case", "merge_case", "report_case",
         "view_task", "delete_task")  # fmt: skip
    return Clerk(user)


@pytest.fixture
def reader(company, django_user_model):
    """Serves sales, too, and may only read cases."""
    from agents.models import Department

    user = django_user_model.objects.create_user("rita", is_staff=True)
    Department.objects.get(code="sales").members.add(user)
    _may(user, "view_case")
    return Clerk(user)
