"""What holds for every address of cases, tasks and their numbers (promises F1, F2, F3, F13)."""

import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.api.filters import CaseFilter, TaskFilter
from cases.models import Case, SLAResult, Task
from cases.services import indexing, noting
from kpis.results import ResultFilter
from tests.api.conftest import Clerk
from tests.api.test_rules import PROBLEM, views

pytestmark = pytest.mark.django_db
STAFF = ("cases", "tasks", "analytics")
LISTS = ["cases", "tasks", "cases/search", "cases/stats", "tasks/stats", "analytics/sla/results",
         "cases/analytics/dashboard", "analytics/reports"]  # fmt: skip


def addresses():
    """Each address for staff with its methods, and with keys in the place of its blanks."""
    for one in views():
        pattern = str(one.pattern)
        if one.name and pattern.lstrip("^").split("/")[0].rstrip("?$") in STAFF:
            path = re.sub(r"\(\?P<[^>]*>[^)]*\)", "1", pattern).strip("^$").replace("/?", "")
            known = {*one.callback.cls.http_method_names} - {"options"}
            yield path, sorted(name for name in known if hasattr(one.callback.cls, name))


def test_f1_every_address_refuses_strangers_customers_and_staff_without_rights(
    company, berger, mallory
):
    mallory.is_staff = True
    mallory.save()
    staff = Client()
    staff.force_login(mallory)
    customer = Client(headers={"Authorization": f"Bearer {berger.key}"})
    found = list(addresses())
    assert len(found) > 30
    for path, methods in found:
        for method in methods:
            for client, refusals in ((Client(), {401}), (customer, {403}), (staff, {403})):
                answer = client.generic(method.upper(), f"/api/{path}", b"{}", "application/json")
                assert answer.status_code in refusals, (method, path, answer.status_code)
                assert answer["Content-Type"] == PROBLEM


def test_each_address_tells_its_methods(company, clara):
    boss = Clerk(clara)
    for path, _methods in addresses():
        assert boss.client.options(f"/api/{path}").status_code == 200, path


def test_f1_who_reads_changes_nothing(sales, reader):
    case = sales.opens().json()
    assert reader.get(f"cases/{case['id']}").status_code == 200
    for method, path, body in [
        ("PATCH", f"cases/{case['id']}", {"title": "Mine"}),
        ("DELETE", f"cases/{case['id']}", None),
        ("PUT", f"cases/{case['id']}/status", {"status": "closed"}),
        ("POST", f"cases/{case['id']}/merge", {"into": 1}),
        ("POST", f"cases/{case['id']}/notes", {"text": "x"}),
        ("POST", "cases", {"title": "x", "department": "sales"}),
        ("POST", "cases/bulk/status", {"ids": [case["id"]], "status": "closed"}),
    ]:
        assert reader.send(method, path, body).status_code == 403, path
    assert reader.get("analytics/dashboard").status_code == 403
    assert reader.get("tasks").status_code == 403


def test_f3_cases_of_other_departments_are_not_there(sales, clara):
    secret = Clerk(clara).opens(department="finance", title="Zebrafinch").json()
    task = Clerk(clara).post(f"cases/{secret['id']}/tasks", {"title": "Zebrafinch"}).json()
    indexing.index("case", [secret["id"]])
    own = sales.opens().json()
    inside = ["", "/tasks", "/timeline", "/threads", "/notes"]
    paths = [f"cases/{secret['id']}{part}" for part in inside]
    paths += [f"cases/number/{secret['number']}", f"tasks/{task['id']}",
              f"tasks/number/{task['number']}"]  # fmt: skip
    assert {sales.get(path).status_code for path in paths} == {404}
    for method, path, body in [
        ("PATCH", f"cases/{secret['id']}", {"title": "Mine"}),
        ("PATCH", f"cases/{secret['id']}", {"wrong": 1}),
        ("PUT", f"cases/{secret['id']}/status", {"status": "closed"}),
        ("PUT", f"cases/{secret['id']}/assign", {"department": "sales"}),
        ("POST", f"cases/{secret['id']}/merge", {"into": own["id"]}),
        ("POST", f"cases/{secret['id']}/follow", None),
        ("DELETE", f"cases/{secret['id']}", None),
        ("PATCH", f"tasks/{task['id']}", {"status": "closed"}),
    ]:
        assert sales.send(method, path, body).status_code == 404, path
    for path in ("cases", "tasks", "cases/search?q=Zebrafinch", "cases/stats", "tasks/stats",
                 "analytics/dashboard", "analytics/performance"):  # fmt: skip
        found = sales.get(f"/api/{path}")
        assert "ebrafinch" not in found.content.decode()
        assert "finance" not in found.content.decode()
    refused = sales.post(f"cases/{own['id']}/merge", {"into": secret["id"]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "into")
    refused = sales.post("tasks", {"case": secret["id"], "title": "x"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "case")
    done = sales.post("cases/bulk/status", {"ids": [secret["id"]], "status": "closed"}).json()
    assert done["results"][0]["code"] == "not_found"


def test_f2_only_what_is_named_in_the_shapes_changes(sales):
    case = sales.opens().json()
    changeable = {"title", "kind", "priority", "department", "assignee", "customer", "tags",
                  "status"}  # fmt: skip
    for field in Case._meta.get_fields():
        if field.name not in changeable:
            answer = sales.send("PATCH", f"cases/{case['id']}", {field.name: None})
            assert answer.status_code == 400, field.name
            assert answer.json()["errors"][0]["code"] == "unknown"
    answer = sales.opens(number="C-1", opened_by=1, status="closed")
    assert {one["field"] for one in answer.json()["errors"]} == {"number", "opened_by", "status"}
    task = sales.post(f"cases/{case['id']}/tasks", {"title": "x"}).json()
    for field in Task._meta.get_fields():
        if field.name not in changeable | {"reason", "due_at"}:
            answer = sales.send("PATCH", f"tasks/{task['id']}", {field.name: None})
            assert answer.status_code == 400, field.name


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"department": "nowhere"}, "department"),
        ({"department": "sal\0es"}, "department"),
        ({"department": 7}, "department"),
        ({"assignee": 999_999}, "assignee"),
        ({"assignee": 10**30}, "assignee"),
        ({"assignee": True}, "assignee"),
        ({"customer": "K-0"}, "customer"),
        ({"kind": "nonsense"}, "kind"),
        ({"tags": ["x" * 41]}, "tags[0]"),
        ({"tags": ["x"] * 21}, "tags"),
        ({"title": ""}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"kind": "\ud800"}, "kind"),
        ({"department": "\ud800"}, "department"),
        ({"\ud800": 1}, "?"),
    ],
)
def test_f2_what_is_not_there_is_an_error_of_its_field(sales, said, field):
    answer = sales.opens(**said)
    assert answer.status_code == 400
    assert {one["field"].split("[")[0] for one in answer.json()["errors"]} == {field.split("[")[0]}
    assert not Case.objects.exists()


UGLY = ["\x00", "'\x1b%_; DROP TABLE cases_case", "9999-12-31T23:59:59Z", "2,,２,-1", "x" * 5000]


def test_f13_filters_are_declared_and_nothing_makes_them_fail(sales):
    sales.opens()
    caller = SimpleNamespace(user=sales.user)
    for path, filterset, rows in (("cases", CaseFilter, Case.objects), ("tasks", TaskFilter, Task.objects),
                                  ("analytics/sla/results", ResultFilter, SLAResult.objects)):  # fmt: skip
        for name in filterset.base_filters:
            for value in UGLY:
                asked = filterset({name: value}, queryset=rows.all(), request=caller)
                assert not asked.is_valid() or asked.qs.count() >= 0, (name, value)
        for name in ("ordering", "page", "page_size", "status", "customer", "opened_after"):
            for value in UGLY:
                assert sales.get(path, **{name: value}).status_code in {200, 400, 404}, (
                    name,
                    value,
                )
        for odd in ("_connector", "status__", "customer__id__in", "status\x00", "__"):
            answer = sales.get(path, **{odd: "OR"})
            assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM), odd
    for path in LISTS:
        assert sales.get(path, _connector="OR").status_code == 400, path
    for value in UGLY:
        for name in ("from", "to", "department"):
            assert sales.get("analytics/dashboard", **{name: value}).status_code in {200, 400}


@pytest.mark.parametrize(
    "query",
    ["ordering=customer__credit_limit", "ordering=pk", "ordering=?", "status=lost", "mine=perhaps",
     "status=new&status=closed", "opened_after=yesterday", "assignee=ben"],
)  # fmt: skip
def test_f13_what_a_list_does_not_know_is_refused(sales, query):
    answer = sales.get(f"/api/cases?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.split("=")[0]


def test_lists_ask_as_often_for_thirty_as_for_three(sales):
    case = sales.opens(customer="K-10001", tags=["a", "b"], assignee=sales.user.agent.pk).json()[
        "id"
    ]

    def more(many):
        """Rows of which each has what a list tells of it."""
        first = Case.objects.get(pk=case)
        at = timezone.now()
        cases = Case.objects.bulk_create(
            Case(number=f"X-{many}-{i}", title="Buttons", department=first.department,
                 customer=first.customer, assignee=first.assignee, policy=first.policy,
                 resolved_at=at if i % 2 else None)
            for i in range(many)
        )  # fmt: skip
        for i, one in enumerate(cases):
            one.tags.set(first.tags.all())
            Task.objects.create(
                number=f"Y-{many}-{i}", case=one, title="x", department=one.department
            )
            noting.write(first, "x", by=sales.user, mentions=[sales.user.pk])

    def asked(path):
        with CaptureQueriesContext(
            connection,
        ) as asking:
            assert sales.get(path).status_code == 200
        return len(asking)

    more(2)
    paths = ["cases", "tasks", "cases/search?q=Buttons", "cases?q=Buttons", "analytics/trends",
             "analytics/performance", f"cases/{case}/timeline", f"cases/{case}/notes"]  # fmt: skip
    few = {path: asked(f"/api/{path}") for path in paths}
    more(29)
    assert {path: asked(f"/api/{path}") for path in paths} == few
