"""The addresses of the API that write, with what each asks for."""

import re
from datetime import timedelta

from django.urls import resolve, reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from cases.models import Case, Task
from tests.rights import table
from tests.rights.test_matrix import addresses

WRITING = ("POST", "PUT", "PATCH", "DELETE")


class Key:
    """Stands in a body for the key of a row: of one's own department, or of another one."""

    def __init__(self, model):
        self.model = model


def bodies():
    """What each address asks for; None where it asks for nothing. One that is missing fails."""
    day = (timezone.now() + timedelta(days=2)).isoformat()
    case, task, lines = Key(Case), Key(Task), [{"sku": "HB-1001", "quantity": 100}]
    whole = {
        "title": "Anew", "kind": "complaint", "priority": "high", "department": "sales",
        "assignee": None, "customer": None, "tags": ["x"],
    }  # fmt: skip
    step = {
        "title": "Anew", "reason": "", "priority": "high", "due_at": None, "department": "sales",
        "assignee": None,
    }  # fmt: skip
    place = {"name": "I", "street": "S 1", "postcode": "50667", "city": "Köln"}
    guest = {"contact": {"name": "I", "email": "i@k.example"}, "billing_address": place}
    said = {
        "cases": {"title": "A call", "department": "sales"},
        "case": {"PUT": whole, "PATCH": {"title": "Anew"}, "DELETE": None},
        "cases_bulk_status": {"ids": [case], "status": "in_progress"},
        "cases_bulk_assign": {"ids": [case], "assignee": None},
        "case_status": {"status": "in_progress"},
        "case_assign": {"department": "sales"},
        "case_tasks": {"title": "Call"},
        "case_notes": {"text": "A word"},
        "case_merge": {"into": case},
        "case_follow": None,
        "case_snooze": {"POST": {"until": day}, "PUT": {"until": day}, "DELETE": None},
        "notifications_read": {},
        "tasks": {"case": case, "title": "Call"},
        "task": {"PUT": step, "PATCH": {"title": "Anew"}, "DELETE": None},
        "tasks_bulk_status": {"ids": [task], "status": "in_progress"},
        "tasks_bulk_assign": {"ids": [task], "assignee": None},
        "task_status": {"status": "in_progress"},
        "task_assign": {"department": "sales"},
        "email_retry": None,
        "email_dismiss": {"reason": "Nothing"},
        "agent_start": None,
        "agent_pause": None,
        "agent_drain": None,
        "recommendation_done": {"reason": "Done"},
        "recommendation_dismiss": {"reason": "No"},
        "quote": {"lines": lines},
        "orders": {"lines": lines} | guest,
    }
    steps = [name for name in table.API if name.startswith("api:staff_order_")]
    said |= {name.removeprefix("api:"): {"reason": "Why"} for name in steps}
    return {
        (f"api:{name}", method): one.get(method) if set(one or ()) & set(WRITING) else one
        for name, one in said.items()
        for method in methods_of(f"api:{name}")
    }


def methods_of(name):
    pattern = max((path for one, path in addresses() if one == name), key=len)
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    view = resolve(reverse(name, kwargs=dict.fromkeys(wanted, "1"))).func.cls
    return [
        one
        for one in WRITING
        if one.lower() in view.http_method_names and hasattr(view, one.lower())
    ]


def declared():
    """What the documents say that each address takes, by name and method."""
    schema = SchemaGenerator().get_schema(public=True)
    found = {}
    for template, operations in schema["paths"].items():
        name = resolve(re.sub(r"\{\w+\}", "1", template)).view_name
        for method, operation in operations.items():
            if body := operation.get("requestBody"):
                (kind,) = body["content"].values()
                shape = kind["schema"]["$ref"].rsplit("/")[-1]
                found[name, method.upper()] = set(
                    schema["components"]["schemas"][shape]["properties"]
                )
    return found


def filled(body, rows):
    if isinstance(body, Key):
        return rows[body.model].pk
    if isinstance(body, dict):
        return {name: filled(one, rows) for name, one in body.items()}
    return [filled(one, rows) for one in body] if isinstance(body, list) else body
