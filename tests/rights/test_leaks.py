"""What belongs to another department is nowhere: not in lists, searches, counts, exports, choices,
live frames and answers of the API (promises F1, F2, F3 and G1)."""

import json
import random
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from cases.models import Case, CaseEmail, Task
from emails.models import Attachment, Email, Mailbox, OutgoingEmail, Thread
from hbu.journal import audiences
from hbu.journal.live import ANNOUNCED, TYPES, WHOLE
from hbu.navigation import waiting
from kpis import tiles
from orders.models import Document
from tests.rights.making import make
from tests.rights.world import SECRET

pytestmark = pytest.mark.django_db
# Not the whole word, which a page repeats in its search field.
SEARCHED = SECRET[:-2]
SCOPED = ("clerk", "lead", "sales", "finance", "production")


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def listed(user):
    """The lists of the admin that the person may open."""
    for model in admin.site._registry:
        app, name = model._meta.app_label, model._meta.model_name
        if user.has_perm(f"{app}.view_{name}"):
            yield model, reverse(f"admin:{app}_{name}_changelist")


def found_in(client, addresses):
    """Return the addresses whose answer names the secret word."""
    hits = []
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if SECRET in body.decode("utf-8", "replace").lower():
            hits.append(address)
    return hits


def test_f3_whoever_is_in_the_department_finds_all_of_it(world):
    lists = [
        address
        for model, address in listed(world.other_clerk)
        if model in (Email, Case, Task, OutgoingEmail, Thread, Document)
    ]
    there = [*lists, "/inbox/", "/api/cases", "/api/tasks", "/api/emails"]
    assert len(lists) == 6
    assert found_in(browser(world.other_clerk), there) == there


def test_f1_a_form_would_offer_and_take_only_rows_that_are_seen(world):
    """Whatever relation a form of the admin is given one day: what it offers is what it takes."""
    lead, asked = world.people["lead"], set()
    request = RequestFactory().get("/")
    request.user, request.GET = lead, QueryDict()
    for model, model_admin in admin.site._registry.items():
        relations = [one for one in model._meta.get_fields() if one.concrete and one.is_relation]
        for field in relations:
            target = field.related_model
            if target in world.other.rows and hasattr(target._default_manager.all(), "visible_to"):
                rows = getattr(model_admin.formfield_for_dbfield(field, request), "queryset", None)
                if rows is None:
                    # Not for forms at all.
                    continue
                asked.add(f"{model._meta.label}.{field.name}")
                assert rows.filter(pk=world.own[target].pk).exists(), asked
                assert not rows.filter(pk=world.other[target].pk).exists(), asked
    assert {"cases.Task.case", "emails.OutgoingEmail.answers", "emails.Email.thread"} <= asked


def test_f3_counts_count_only_what_is_seen(world):
    for model, state in ((Email, "quarantined"), (OutgoingEmail, "draft")):
        model.objects.filter(pk=world.other[model].pk).update(state=state)
    from django.utils import timezone

    clerk, other = world.people["clerk"], world.other_clerk
    assert (waiting(clerk)["quarantine"], waiting(other)["quarantine"]) == (0, 1)
    mine = [tile.value for tile in tiles.tiles(clerk, timezone.now())]
    theirs = [tile.value for tile in tiles.tiles(other, timezone.now())]
    assert mine != theirs


def test_f1_numbers_of_another_department_are_not_taken(world):
    """What a form or a program says of rows that the person does not see changes none of them."""
    client, own, other = browser(world.people["lead"]), world.own[Case], world.other[Case]
    for address, said in (
        (f"/api/cases/{own.pk}/merge", {"into": other.pk}),
        (f"/api/cases/{own.pk}/merge", {"into": other.number}),
        ("/api/cases/bulk/status", {"ids": [other.pk], "status": "in_progress"}),
        ("/api/cases/bulk/assign", {"ids": [other.pk], "priority": "high"}),
        ("/api/tasks/bulk/status", {"ids": [world.other[Task].pk], "status": "in_progress"}),
    ):
        for send in (client.post, client.patch):
            answer = send(address, json.dumps(said), content_type="application/json")
            assert SECRET not in answer.content.decode().lower()
    for many in ("status", "assign", "merge"):
        client.post("/inbox/many/", {"do": many, "case": [own.pk, other.pk], "value": "closed"})
    other.refresh_from_db()
    own.refresh_from_db()
    assert (other.status, other.priority, own.merged_into) == ("new", "normal", None)
    assert Task.objects.get(pk=world.other[Task].pk).status == "new"


def test_f2_fields_that_nobody_offers_are_not_taken(world):
    client, case = browser(world.people["clerk"]), world.own[Case]
    before = Case.objects.filter(pk=case.pk).values().get()
    closed = {"title", "kind", "customer", "department", "assignee", "priority", "status", "tags"}
    columns = {field.name for field in Case._meta.get_fields()} - closed
    for name in columns:
        client.patch(f"/api/cases/{case.pk}", {name: 1}, content_type="application/json")
    client.post(f"/admin/cases/case/{case.pk}/change/", dict.fromkeys(columns, 1))
    assert Case.objects.filter(pk=case.pk).values().get() == before


def test_g1_a_frame_reaches_whoever_could_read_the_row_and_nobody_else(world):
    """Rows of random departments, people and conversations: the socket says what `GET` would say."""
    dice = random.Random(21)
    people = [*world.people.values(), world.other_clerk]
    for number in range(40):
        _matter(dice, world, people, number)
    wrong, told = [], 0
    names = {"emails.email": "new_email", "emails.outgoingemail": "outgoing", **_whole()}
    for model in (Email, OutgoingEmail, Case, Task):
        label = model._meta.label_lower
        frames = list(audiences.addressed(names[label], label, list(_keys(model))))
        for user in User.objects.filter(pk__in=[one.pk for one in people]):
            listener = audiences.listener(user)
            reads = user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
            seen = set(_keys(model.objects.visible_to(user))) if reads else set()
            heard = {frame["id"] for frame in frames if listener.hears(frame)}
            told += len(heard)
            if heard != seen:
                wrong.append((label, user.username, heard ^ seen))
    assert not wrong
    assert told > 200


def _whole():
    return {label: family for family, label in WHOLE.items()}


def _keys(rows):
    rows = rows if hasattr(rows, "values_list") else rows.objects.all()
    return rows.values_list("pk", flat=True)


def _matter(dice, world, people, number):
    agents = [None, *(getattr(one, "agent", None) for one in people)]
    desks = [world.own.department, world.other.department]
    thread = make(Thread)
    mailbox = Mailbox.objects.filter(department=dice.choice(desks)).first()
    email = make(
        Email, fingerprint=f"m{number}", department=dice.choice([*desks, None]), mailbox=mailbox,
        thread=thread,
    )  # fmt: skip
    values = {"mailbox": mailbox, "message_id": f"<g{number}>", "cause": f"g{number}"}
    answers, thread_of = dice.choice([(email, thread), (None, thread), (None, None)])
    make(
        OutgoingEmail, answers=answers, thread=thread_of, created_by=dice.choice([None, *people]),
        **values,
    )  # fmt: skip
    if dice.random() < 0.7:
        case = make(
            Case, number=f"G-{number}", department=dice.choice(desks), thread=thread,
            assignee=dice.choice(agents),
        )  # fmt: skip
        make(CaseEmail, case=case, email=email)
        case.followers.set(dice.sample(people, dice.randrange(3)))
        make(
            Task, number=f"GT-{number}", case=case, department=dice.choice(desks),
            assignee=dice.choice(agents),
        )  # fmt: skip


def test_every_name_that_pages_hear_has_its_permission():
    assert {*TYPES.values(), *WHOLE, *ANNOUNCED} == set(audiences.PERMISSIONS)


def test_f3_rows_that_lead_to_a_mail_or_a_case_say_whose_they_are():
    """A model in the admin that hangs on them has a scope of its own; or a reason stands here."""
    by_permission = {
        # Of the whole house, or set-up that clerks do not see.
        "orders.order", "orders.quotation", "emails.blockedaddress", "emails.mailbox",
        "emails.routingrule", "emails.ruleversion", "agents.agent", "cases.rulerun",
        "cases.webhookcall", "cases.slaresult", "cases.workflowrule", "cases.macro",
    }  # fmt: skip
    hang_on = {Email, Case, Thread, OutgoingEmail, Attachment}
    for model in admin.site._registry:
        leads = {field.related_model for field in model._meta.concrete_fields} & hang_on
        if (leads or model in hang_on) and model._meta.label_lower not in by_permission:
            assert hasattr(model._default_manager.all(), "visible_to"), model


def test_autocomplete_offers_only_what_is_seen(world):
    lead = world.people["lead"]
    for model in admin.site._registry:
        for field in admin.site._registry[model].autocomplete_fields or ():
            target = model._meta.get_field(field)
            asked = urlencode(
                {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": target.name,
                    "term": SEARCHED,
                }
            )
            assert not found_in(browser(lead), [f"/admin/autocomplete/?{asked}"])
