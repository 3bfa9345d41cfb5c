"""Every address, every method, everybody who may come along (promises F1, F3, F21 and P13)."""

import re
from collections import Counter, defaultdict

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver, reverse

from agents.models import Agent
from cases.models import Case, Task, WorkflowRule
from emails.models import Attachment, Email, Enclosure, RoutingRule
from hbu.roles import ROLES, permissions_of
from kpis.models import Alert, Recommendation
from orders.models import Document, Order
from tests.rights import table
from tests.rights.asking import ask, refused
from tests.rights.making import make, one_of
from tests.rights.world import Rows

pytestmark = pytest.mark.django_db
OF_A_MODEL = (
    "changelist", "add", "change", "delete", "history", "transition", "export", "import",
    "process_import",
)  # fmt: skip
# Redirects and the house's 404 pages have no name.
NAMELESS = {"admin/{}/<path:object_id>/", "favicon.ico", "api/^", "admin/(?P<url>.*)$"}
# Everybody who may not is turned away; a page that is shown takes longer.
SHOWN_TO = 2
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def addresses():
    def walk(resolver, space="", prefix=""):
        for one in resolver.url_patterns:
            path = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from walk(one, inner, path)
            else:
                yield f"{space}{one.name}" if one.name else "", path

    return list(walk(get_resolver()))


def of_models():
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}": (model, page)
        for model in admin.site._registry
        for page in OF_A_MODEL
    }


def test_p13_every_address_has_its_rule():
    known = of_models()
    for name, path in addresses():
        if not name:
            assert re.sub(r"admin/\w+/\w+/", "admin/{}/", path) in NAMELESS
        elif name not in known:
            assert name in table.TABLE or table.rule_of(name), f"{name} has no rule in the table"
    gone = set(table.TABLE) - {name for name, _path in addresses()}
    assert not gone, f"no such address any more: {gone}"


def test_f1_the_table_speaks_of_permissions_that_exist(world):
    known = {permission for role in ROLES for permission in role.may}
    said = {rule.who(method) for rule in table.TABLE.values() if rule for method in METHODS}
    every = permissions_of(ROLES[-1], _all_permissions())
    assert said - table.WHO - {""} <= every
    assert {one for one in known if "*" not in one} <= every


def _all_permissions():
    from django.contrib.auth.models import Permission

    rows = Permission.objects.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def path_of(name, rows: Rows):
    """Return an address of this name that leads to the department's rows."""
    arguments = {
        "object_id": 1, "code": "backlog", "pk": rows[Email].pk, "number": rows[Case].number, "page": 1,
        "token": "x" * 40, "filename": "x.pdf", "sku": "HB-1001", "kind": "terms",
        "uid": "MQ", "id": User.objects.earliest("pk").pk, "app_label": "cases", "content_type_id": 1, "url": "x",
    }  # fmt: skip
    special = {
        "admin:emails_enclosure": {"pk": rows[Enclosure].pk},
        "admin:emails_attachment": {"pk": rows[Attachment].pk},
        "admin:orders_order_desk": {"pk": rows[Order].pk},
        "board:do": {"pk": rows[Order].pk},
        "cases:case_file": {"pk": rows[Attachment].pk},
        "cases:case_file_page": {"pk": rows[Attachment].pk},
        "shop:set_password": {"token": "abc-" + "0" * 32},
        "api:order": {"number": "B-1"},
    }
    if name.startswith("admin:orders_document"):
        special[name] = {"pk": rows[Document].pk, "number": 1}
    elif name.startswith("admin:orders_printout"):
        special[name] = {"pk": 1, "number": 1}
    elif name.endswith("rule_try"):
        rule = RoutingRule if "routing" in name else WorkflowRule
        special[name] = {"pk": one_of(rule).pk}
    elif name == "kpis:alert_seen":
        special[name] = {"pk": one_of(Alert).pk}
    elif name.startswith(("kpis:agent", "api:agent")):
        special[name] = {"pk": Agent.objects.software().earliest("pk").pk, "verb": "pause"}
    elif name.startswith("api:case"):
        special[name] = {"pk": rows[Case].pk}
    elif name in {"kpis:recommendation", "api:recommendation_done", "api:recommendation_dismiss"}:
        special[name] = {"pk": _recommended()}
    elif name.startswith("api:staff_order"):
        special[name] = {"number": rows[Order].number}
    elif name.startswith("api:task"):
        special[name] = {"pk": rows[Task].pk, "number": rows[Task].number}
    values = arguments | special.get(name, {})
    longest = max((path for one, path in addresses() if one == name), key=len)
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", longest)
    return reverse(name, kwargs={one: values[one] for one in wanted})


def _recommended():
    facts = {"words": {"rule": "Spam", "days": 60}, "act": "/", "evidence": []}
    return make(Recommendation, rule="idle_rule", facts=facts).pk


def may(who, name, user):
    if who == table.EVERYBODY:
        return True
    if who == table.STAFF:
        return user.is_staff
    if who == table.CUSTOMERS:
        return name.startswith("customer")
    return user.is_staff and user.has_perm(who)


# What is not there for anybody: no such printout, a picture of what is no PDF, a wrong notification.
NOT_THERE = {
    "admin:orders_printout_download", "admin:orders_printout_page", "admin:orders_document_data",
    "admin:orders_document_page", "cases:case_file_page", "notifications:open",
    "orders:account_order", "orders:reorder", "orders:account_order_document",
    "orders:account_document", "shop:address", "api:order", "admin:orders_bankentry_allocate",
    "api:orders", "cases:answer_take_back", "kpis:agent_forget", "kpis:teams_assign",
}  # fmt: skip


@pytest.mark.parametrize("part", ["admin", "desk", "api", "shop"])
def test_f1_every_address_answers_as_its_rule_says(world, part):
    wrong = []
    rules = {name for name, _path in addresses() if name and table.rule_of(name)}
    for name in sorted(rules & _of(part)):
        rule, path = table.rule_of(name), path_of(name, world.own)
        welcome = Counter()
        for called, user in world.visitors.items():
            for method in METHODS if part == "api" else ("GET", "POST"):
                who = rule.who(method)
                if not who and called != "admin":
                    # What nobody may is tried by who may most.
                    continue
                if who == table.TOKEN:
                    continue
                allowed = bool(who) and may(who, called, user)
                welcome[method] += allowed
                if allowed and welcome[method] > SHOWN_TO:
                    continue
                status, _answer = ask(user, method, path)
                if not allowed and not refused(status) and status != 405:
                    wrong.append((name, method, called, status, "let in"))
                if allowed and refused(status) and name not in NOT_THERE:
                    wrong.append((name, method, called, status, "kept out"))
    assert not wrong, "\n".join(map(str, wrong))


def _of(part):
    if part == "api":
        return {name for name, _path in addresses() if name.startswith("api:")}
    return set({"admin": table.ADMIN, "desk": table.DESK, "shop": table.SHOP}[part])


def test_f1_pages_of_the_admin_follow_the_roles(world):
    wrong = []
    for model in admin.site._registry:
        label, row = model._meta.model_name, _row(world, model)
        may_read = f"{model._meta.app_label}.view_{label}"
        drawn = {"changelist": set(), "change": set()}
        for code, user in world.people.items():
            for page, permission in (("changelist", "view"), ("change", "view"), ("add", "add"),
                                     ("delete", "delete"), ("history", "view")):  # fmt: skip
                right = may_read.replace("view_", f"{permission}_")
                arguments = [row.pk] if page in ("change", "delete", "history") else []
                has = user.has_perm(right) or (
                    permission == "view" and user.has_perm(right.replace("view_", "change_"))
                )
                if has and (page not in drawn or drawn[page]):
                    # Drawing a page takes long: for the first who may.
                    continue
                if has:
                    drawn[page].add(code)
                path = reverse(f"admin:{model._meta.app_label}_{label}_{page}", args=arguments)
                status, _answer = ask(user, "GET", path)
                if not has and not refused(status):
                    wrong.append((model._meta.label, page, code, status, "let in"))
                if has and refused(status):
                    wrong.append((model._meta.label, page, code, status, "kept out"))
    assert not wrong, "\n".join(map(str, wrong))


def _row(world, model):
    return world.own.rows.get(model) or one_of(model)


def test_f21_nobody_does_more_than_the_role_allows(world):
    """Buttons and actions of lists: without the right not offered, and refused when posted."""
    wrong = []
    for model, model_admin in admin.site._registry.items():
        row = _row(world, model)
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for one in getattr(model_admin, "transitions", ()):
            right = f"{model._meta.app_label}.{one.permission}_{model._meta.model_name}"
            right = table.OTHER_RIGHT.get((model._meta.label, one.name), right)
            path = reverse(f"{base}_transition", args=[row.pk, one.name])
            for code, user in world.people.items():
                if user.has_perm(right):
                    continue
                status, _answer = ask(user, "POST", path)
                offered = one.name in {
                    each.name for each in model_admin.transitions_for(_request(user), row)
                } | _actions(model_admin, user)
                if not refused(status) or offered:
                    wrong.append((model._meta.label, one.name, code, status, offered))
    assert not wrong, "\n".join(map(str, wrong))


def _request(user):
    request = RequestFactory().get("/")
    request.user, request.GET = user, QueryDict()
    return request


def _actions(model_admin, user):
    if not model_admin.has_view_or_change_permission(_request(user)):
        return set()
    return {name.removeprefix("do_") for name in model_admin.get_actions(_request(user))}


def test_f3_what_is_of_another_department_is_not_there(world):
    """Each address that leads to one row, of a department that the clerk is not in."""
    clerk, wrong = world.people["clerk"], defaultdict(list)
    for name, path in addresses():
        rule = table.rule_of(name) if name else None
        if not rule or not re.search(r"<(\w+:)?(pk|number)>", path):
            continue
        if not name.startswith(("cases:", "api:case", "api:task", "kpis:mail", "admin:emails")):
            continue
        for method in METHODS:
            who = rule.who(method)
            if who and clerk.has_perm(who):
                status, _answer = ask(clerk, method, path_of(name, world.other))
                if status not in (404, 405):
                    wrong[name].append((method, status))
    for model in world.other.rows:
        if model in admin.site._registry and hasattr(model.objects.all(), "visible_to"):
            base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            for page in ("change", "delete", "history"):
                path = reverse(f"{base}_{page}", args=[world.other[model].pk])
                status, _answer = ask(clerk, "GET", path)
                if status not in (403, 404):
                    wrong[base].append((page, status))
    assert not wrong, dict(wrong)
