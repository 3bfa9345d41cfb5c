"""Every field that a request could think of, sent to every address that writes (promises F1 and F2)."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import RequestFactory

from agents.models import Agent, AgentRun
from cases.models import Case, Note, Notification, Task
from emails.models import Email, OutgoingEmail
from hbu.roles import CODES
from kpis.models import Recommendation
from orders.models import Invoice, Order, OrderLine, Quotation
from shop.models import Contact, Customer, Stock
from tests.rights import table
from tests.rights.asking import ask
from tests.rights.making import make
from tests.rights.test_matrix import addresses, may, path_of
from tests.rights.writing import Key, bodies, declared, filled, methods_of

pytestmark = pytest.mark.django_db
TOUCHED = (
    Case, Task, Note, Notification, Email, OutgoingEmail, Order, OrderLine, Quotation, Invoice, Customer,
    Contact, Stock, Agent, AgentRun, Recommendation, User,
)  # fmt: skip
SLIPPED_IN = ("pk", "owner", "by", "actor", "totals", "__class__")
# A row keeps these for life, whoever changes it.
FOR_LIFE = {
    "id", "number", "created_at", "opened_at", "received_at", "created_by_id", "user_id",
    "raw_sha256", "fingerprint", "message_id", "net", "tax", "gross", "hash", "password",
}  # fmt: skip
# Customers and suppliers are numbered by whoever keeps them; mailboxes have a password.
NO_FIELDS = FOR_LIFE - {"number", "password"} | {"state", "status", "version", "created_by"}
# What is written aside of the row that an address changes: the journal, and the index of the search.
ASIDE = {"journal.event", "journal.seal", "cases.searchentry"}


def picture():
    """Every row of the house, but for what is written aside."""
    models = [one for one in apps.get_models() if one._meta.managed]
    return {
        (model, row[model._meta.pk.attname]): row
        for model in models
        if model._meta.label_lower not in ASIDE
        for row in model._base_manager.order_by().values()
    }


def changed(before, after):
    """Return the rows that were there before and are others now, with the columns that changed."""
    return {
        key: {name for name, value in row.items() if after.get(key, {}).get(name) != value}
        for key, row in before.items()
        if after.get(key) != row
    }


@pytest.fixture
def second(world):
    """Another case of one's own, and rows that can be settled."""
    case = make(
        Case, number="C-SECOND", title="Second", department=world.own.department,
        customer=world.own[Customer],
    )  # fmt: skip
    return {Case: case, Task: world.own[Task]}


def lowest(world, name, method):
    """Return the first in the table of roles who may do it; a customer where everybody may."""
    who = table.rule_of(name).who(method)
    if who in (table.EVERYBODY, table.CUSTOMERS):
        return world.customers[0]
    return next(world.people[code] for code in CODES if may(who, code, world.people[code]))


def asked(world, name, method, body):
    """Ask, and return the answer with what it changed in rows that were there, and all rows then."""
    path = path_of(name, world.own)
    before, after = picture(), {}
    status, answer = ask(
        lowest(world, name, method), method, path, body, then=lambda: after.update(picture())
    )
    return status, answer, changed(before, after), after.keys() - before.keys()


def slipped_in(world):
    """Each field of each model that an address could touch, with a value of the other department."""
    values = dict.fromkeys(SLIPPED_IN, 1)
    for model in TOUCHED:
        for field in model._meta.get_fields():
            there = world.other.rows.get(field.related_model) if field.is_relation else None
            value = there.pk if there else "1"
            values[field.name] = values[getattr(field, "attname", field.name)] = value
    return values


def test_f2_every_address_that_writes_is_asked_here(world):
    writing = {
        (name, method)
        for name, _path in addresses()
        if name.startswith("api:") and table.rule_of(name)
        for method in methods_of(name)
    }
    assert writing == set(bodies())
    asking = {key for key, body in bodies().items() if body is not None}
    assert asking == declared().keys()


def test_f2_fields_that_an_address_does_not_declare_are_refused_one_and_all(world, second):
    fields, wrong = slipped_in(world), []
    for (name, method), takes in declared().items():
        body = filled(bodies()[name, method], second)
        sent = fields | dict.fromkeys(takes) | body
        status, answer, changes, new = asked(world, name, method, sent)
        told = {one["field"] for one in answer.data.get("errors", ()) if one["code"] == "unknown"}
        if status != 400 or told != sent.keys() - takes or changes or new:
            wrong.append((name, method, status, told ^ (sent.keys() - takes), changes, new))
    assert not wrong
    assert len(fields) > 200


def test_f2_parts_of_a_request_take_no_more_than_they_declare(world):
    """Lines with prices of their own, addresses with a customer."""
    for name in ("api:quote", "api:orders"):
        body, paths = bodies()[name, "POST"], set()
        for part, inner in body.items():
            first = inner[0] if isinstance(inner, list) else inner
            first["customer_id"] = world.other[Customer].pk
            paths.add(f"{part}[0].customer_id" if first is not inner else f"{part}.customer_id")
        status, answer, changes, new = asked(world, name, "POST", body)
        assert status == 400
        assert {one["field"] for one in answer.data["errors"]} == paths
        assert (changes, new) == ({}, set())


def test_f2_no_form_of_the_admin_asks_for_what_is_for_life_or_for_a_state(world):
    """States are changed by buttons, whose services write the event."""
    wrong, asking = [], 0
    for code in CODES:
        request = RequestFactory().get("/")
        request.user, request.GET = world.people[code], QueryDict()
        for model, model_admin in admin.site._registry.items():
            row = world.own.rows.get(model)
            if model_admin.has_change_permission(request, row):
                form = model_admin.get_form(request, row, change=True)
                asked_for = {name for name, one in form.base_fields.items() if not one.disabled}
                asking += bool(asked_for)
                if asked_for & NO_FIELDS:
                    wrong.append((code, model._meta.label, asked_for & NO_FIELDS))
    assert not wrong
    assert asking > 20


def test_f2_addresses_that_ask_for_nothing_take_nothing(world):
    for (name, method), body in bodies().items():
        if body is None:
            bare = asked(world, name, method, None)
            slipped = asked(world, name, method, slipped_in(world))
            assert (bare[0], bare[2]) == (slipped[0], slipped[2]), (name, method)


def test_f2_what_is_asked_for_changes_no_row_of_others_and_nothing_that_is_for_life(world, second):
    theirs = {(type(row), row.pk) for row in world.other.rows.values()}
    kept = theirs - {(type(row), row.pk) for row in world.own.rows.values()}
    done, wrong = 0, []
    for (name, method), body in bodies().items():
        status, _answer, changes, _new = asked(world, name, method, filled(body, second))
        done += status < 300
        forbidden = {
            key: columns & FOR_LIFE for key, columns in changes.items() if columns & FOR_LIFE
        }
        gone = name in {"api:case", "api:task"} and method == "DELETE"
        if (forbidden and not gone) or changes.keys() & kept or status in (400, 403, 404):
            wrong.append((name, method, status, forbidden, changes.keys() & kept))
    assert not wrong
    assert done > 30


@pytest.mark.parametrize(
    ("name", "model", "fields"),
    [
        ("api:case", Case, {
            "title": "Anew", "kind": "order", "priority": "urgent", "department": "quality",
            "customer": None, "tags": ["x"],
        }),
        ("api:task", Task, {
            "title": "Anew", "reason": "So", "priority": "urgent", "department": "quality",
            "due_at": "2030-01-01T08:00:00Z",
        }),
    ],
)  # fmt: skip
def test_f2_a_field_changes_its_own_column(world, name, model, fields):
    """And nothing else of any row, but for the moment of the change and what is counted from it."""
    follows = {
        "updated_at", "updated_by_id", "policy_id", "standing", "next_deadline_at", "next_alarm_at",
        "first_response_due_at", "resolution_due_at",
    }  # fmt: skip
    row = (model, world.own[model].pk)
    for field, value in fields.items():
        status, _answer, changes, _new = asked(world, name, "PATCH", {field: value})
        assert status == 200, (field, _answer.data)
        assert changes.keys() <= {row}, (field, changes)
        column = model._meta.get_field(field).name
        assert changes.get(row, set()) <= {column, f"{column}_id"} | follows, (field, changes)


def test_f1_keys_of_rows_that_one_does_not_see_are_not_taken(world):
    """In a request, they are answered as keys of rows that are not there."""
    asking = {key: body for key, body in bodies().items() if _keys_in(body)}
    theirs = world.other.rows.values()
    for (name, method), body in asking.items():
        status, answer, changes, new = asked(world, name, method, filled(body, world.other))
        missing = asked(world, name, method, filled(body, dict.fromkeys(world.other.rows, Nowhere)))
        assert (changes, new) == ({}, set()), name
        assert _said(answer, theirs) == _said(missing[1], [Nowhere]), name
        refused = status in (400, 404) or (answer.data["done"], answer.data["failed"]) == (0, 1)
        assert refused, (name, status)
    assert len(asking) == 6


class Nowhere:
    pk = 987_654_321


def _keys_in(body):
    if isinstance(body, dict):
        return any(map(_keys_in, body.values()))
    return isinstance(body, Key) or (isinstance(body, list) and any(map(_keys_in, body)))


def _said(answer, rows):
    keys = "|".join(str(row.pk) for row in rows)
    return re.sub(rf"('id': |pk \"?)({keys})\b", r"\1…", str(answer.data))
