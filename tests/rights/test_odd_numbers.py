"""What looks like a number and is none that a row could have is an answer, never an error (promise F13)."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from agents.models import Agent
from cases.models import Case
from orders.admin.desk import ACTS
from orders.models import BankEntry, Order
from tests.rights.making import one_of

pytestmark = pytest.mark.django_db
# Too large for a column, too long for int(), a digit that int() does not know, and one that it does.
ODD = ("9" * 30, "9" * 5000, "²", "٣")


@pytest.mark.parametrize("odd", ODD, ids=["large", "long", "raised", "arabic"])
def test_f13_no_number_breaks_a_page(world, odd):
    client = Client(raise_request_exception=False)
    client.force_login(world.people["admin"])
    case, order = world.own[Case].number, world.own[Order].pk
    agent = Agent.objects.software().earliest("pk").pk
    looked_at = [
        ("/inbox/", "assignee"), ("/inbox/", "customer"), ("/inbox/", "page"),
        ("/notifications/", "page"), ("/monitor/", "span"), ("/monitor/", "page"),
        ("/dashboard/", "days"), ("/logs/lines/", "after"), (f"/cases/{case}/compose/", "answers"),
        ("/admin/emails/email/", "waits_for"),
        (f"/admin/orders/bankentry/{one_of(BankEntry).pk}/allocate/", "to"),
    ]  # fmt: skip
    said = [
        ("/inbox/many/", {"do": "assign", "value": "me", "case": odd}),
        ("/inbox/many/", {"do": "assign", "value": odd, "case": world.own[Case].pk}),
        ("/inbox/views/", {"drop": odd}),
        ("/notifications/read/", {"up_to": odd}),
        *((f"/cases/{case}/do/", {"do": one, "value": odd}) for one in ("assign", "task_done", "split")),
        (f"/agents/{agent}/forget/", {"memory": odd}),
        *((f"/admin/orders/order/{order}/desk/", {"do": f"{verb} {odd} {odd}"}) for verb in ACTS),
    ]  # fmt: skip
    answers = [(path, client.get(path, {name: odd}).status_code) for path, name in looked_at]
    answers += [(path, client.post(path, data).status_code) for path, data in said]
    assert [one for one in answers if one[1] not in (200, 204, 302, 400, 404)] == []


def test_f13_no_filter_of_a_list_is_broken_by_one(world):
    """Each column that a list of the admin can be narrowed by."""
    client, broken = Client(raise_request_exception=False), []
    client.force_login(world.people["admin"])
    for model, model_admin in admin.site._registry.items():
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for one in model_admin.list_filter:
            field = one[0] if isinstance(one, tuple) else getattr(one, "parameter_name", one)
            for name in (f"{field}__id__exact", field):
                answer = client.get(base, {name: ODD[0]})
                broken += [(base, name)] if answer.status_code >= 500 else []
    assert not broken
