"""A case in a department with people in and around it."""

from django.db import transaction

from agents.models import Agent, Department
from cases.models import Case, Notification, NotificationPreference
from cases.services import hearing
from hbu.journal.models import Event
from hbu.journal.recording import record


def department(code="sales", *members):
    found, _new = Department.objects.get_or_create(
        code=code,
        defaults={"name_de": f"{code} (de)", "name_en": code, "address": f"{code}@h-bu.de"},
    )
    found.members.add(*members)
    return found


def agent(user, kind="human"):
    return Agent.objects.get_or_create(user=user, defaults={"name": user.first_name, "kind": kind})[
        0
    ]


def case(number="C-2025-000001", *, desk=None, assignee=None, **values):
    return Case.objects.create(
        number=number,
        title=values.pop("title", "Five hundred buttons"),
        department=desk or department(),
        assignee=assignee and agent(assignee),
        **values,
    )


def happens(kind, subject, *, actor=None, **data):
    with transaction.atomic():
        return record(kind, subject, actor=actor, **data)


def heard(*events):
    hearing.hear([event.pk for event in events or Event.objects.all()])


def told(**values):
    rows = Notification.objects.filter(**values).order_by("pk")
    return [(row.user.username, row.kind) for row in rows]


def wants(user, kind, *, in_page=True, mail="never"):
    NotificationPreference.objects.update_or_create(
        user=user, kind=kind, defaults={"in_page": in_page, "mail": mail}
    )
