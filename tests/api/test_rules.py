"""What holds for every address of the API (promises F1, F8, F19)."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver

from hbu.lib.api.permissions import Nobody
from orders.models import Order
from orders.services.stepping import STEPS
from shop.models import Contact, Customer
from tests.api.conftest import GUEST

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
OPEN_TO_ALL = {
    "products", "product", "categories", "quote", "orders", "order", "order_status", "schema",
    "docs",
}  # fmt: skip
# Each refuses strangers, customers and staff without the right (test_cases_rules.py).
FOR_STAFF = {
    "cases", "cases_search", "cases_stats", "cases_bulk_status", "cases_bulk_assign",
    "case_by_number", "case", "case_status", "case_assign", "case_tasks", "case_timeline",
    "case_threads", "case_notes", "case_sla", "case_merge", "case_follow", "case_snooze",
    "tasks", "tasks_search", "tasks_stats", "tasks_bulk_status", "tasks_bulk_assign",
    "task_by_number", "task", "task_status", "task_assign",
    "cases_dashboard", "cases_trends", "cases_performance", "cases_reports",
    "analytics_dashboard", "analytics_trends", "analytics_performance", "analytics_reports",
    "emails", "email", "email_why", "email_retry", "email_dismiss", "staff_orders", "staff_order",
    *(f"staff_order_{name.replace('-', '_')}" for name in STEPS),
    "kpis", "kpi", "kpi_history", "recommendations", "recommendation_done",
    "recommendation_dismiss",
    "agents", "agent", "agent_runs", "agent_start", "agent_pause", "agent_drain",
    "system_health", "notifications", "notifications_read", "analytics_sla", "analytics_results", "analytics_agents", "analytics_departments",
}  # fmt: skip


def views():
    def walk(resolver):
        for one in resolver.url_patterns:
            yield from walk(one) if isinstance(one, URLResolver) else [one]

    (api,) = (one for one in get_resolver().url_patterns if str(one.pattern) == "api/")
    return list(walk(api))


def test_f1_nothing_is_open_unless_it_says_so(company):
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == [
        f"{Nobody.__module__}.{Nobody.__name__}"
    ]
    assert {one.name for one in views() if one.name} == OPEN_TO_ALL | FOR_STAFF


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"lines": NaN}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"lines=1", "application/x-www-form-urlencoded", 415),
        (b"x" * (1024 * 1024 + 1), "application/json", 413),
        (b"", "application/json", 400),
    ],
)
def test_what_is_no_request_gets_a_problem(company, body, kind, status):
    answer = Client().post("/api/shop/orders", body, content_type=kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status
    assert {"type", "title", "detail", "code"} <= set(answer.json())


def test_an_address_that_is_none_and_a_method_that_is_none(company):
    assert Client().get("/api/nothing/here").json()["code"] == "not_found"
    answer = Client().delete("/api/shop/orders")
    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)


def test_f8_a_session_needs_its_token_and_other_origins_get_nothing(company, django_user_model):
    login = django_user_model.objects.create_user("sabine")
    customer = Customer.objects.get(number="K-10001")
    Contact.objects.create(customer=customer, last_name="B", email="b@b.example", user=login)
    browser = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    browser.force_login(login)
    body = json.dumps({"lines": [{"sku": "HB-1001", "quantity": 200}]})
    answer = browser.post("/api/shop/orders", body, content_type="application/json")
    assert answer.status_code == 403
    assert not Order.objects.exists()
    assert "Access-Control-Allow-Origin" not in answer
    calm = Client()
    calm.force_login(login)
    answer = calm.post("/api/shop/orders", body, content_type="application/json")
    assert (answer.status_code, Order.objects.get().customer) == (201, customer)


def test_f19_strangers_are_slowed_down(stranger):
    body = {"lines": [{"sku": "HB-9999", "quantity": 1}]} | GUEST
    answers = [stranger.post("orders", body) for _ in range(21)]
    assert {one.status_code for one in answers[:20]} == {422}
    assert answers[20].status_code == 429
    assert int(answers[20]["Retry-After"]) > 0
    assert answers[20]["Content-Type"] == PROBLEM


def test_the_schema_names_every_path(company):
    schema = Client().get("/api/schema", headers={"Accept": "application/json"}).json()
    paths = {path.rstrip("/") for path in schema["paths"]}
    assert {
        "/api/shop/products", "/api/shop/products/{sku}", "/api/shop/categories",
        "/api/shop/quote", "/api/shop/orders", "/api/shop/orders/{number}",
        "/api/shop/orders/status/{token}",
    } == {path for path in paths if path.startswith("/api/shop")}  # fmt: skip
    assert len(paths) == len(OPEN_TO_ALL - {"schema", "docs"}) + len(FOR_STAFF)
    assert {"/api/cases/{id}", "/api/tasks/number/{number}", "/api/analytics/sla"} <= paths


def test_the_documents_are_served_by_ourselves_alone(company):
    answer = Client().get("/api/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "//cdn" not in page
    assert "<style" not in page
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_no_two_shapes_of_the_schema_have_one_name(company, capsys):
    """Of two with one name the documents would show one at the addresses of both."""
    Client().get("/api/schema")
    assert "Warning" not in capsys.readouterr().err
