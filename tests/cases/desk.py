"""Cases in the demo house, and the people who work on them, at moments that tests choose."""

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import time_machine
from django.contrib.auth.models import Group
from django.db import transaction

from agents.models import Agent, Department
from cases.models import Case, CaseEmail
from cases.services import following, life
from emails.models import Email, OutgoingEmail, Thread

BERLIN = ZoneInfo("Europe/Berlin")
numbers = count(1)


def at(text):
    """A moment in the house's own time, such as "23 09:30": the 23rd of November 2026, a Monday."""
    day, _, hour = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{hour}").replace(tzinfo=BERLIN)


def frozen(text):
    return time_machine.travel(at(text), tick=False)


def desk(code="info"):
    return Department.objects.get(code=code)


def open_case(moment="23 08:00", *, sla="standard", **fields):
    """A case that a mail opened, with its first line of history."""
    opened, number = at(moment), next(numbers)
    case = Case(
        number=f"C-{number:06}",
        title="500 buttons",
        opened_at=opened,
        thread=Thread.objects.create(),
        **({"department": desk()} | fields),
    )
    with time_machine.travel(opened, tick=False), transaction.atomic():
        case.save()
        if sla:
            email = Email.objects.create(
                fingerprint=f"{number:064}", sla=sla, received_at=opened, thread=case.thread
            )
            CaseEmail.objects.create(case=case, email=email)
        life.begin([case])
    case.refresh_from_db()
    return case


def move(case, status, moment):
    with frozen(moment), transaction.atomic():
        life.change([case], status)
    case.refresh_from_db()


def letter(case, moment, **fields):
    """A letter that left in the conversation of the case."""
    number = next(numbers)
    values = {
        "state": OutgoingEmail.State.SENT,
        "weight": OutgoingEmail.Weight.PERSONAL,
        "cause": f"desk:{number}",
        "message_id": f"<desk.{number}@h-bu.de>",
        "to_address": "anna@sommer.example",
        "sent_at": at(moment),
        "thread": case.thread,
    }
    return OutgoingEmail.objects.create(**(values | fields))


def answer(case, moment, **fields):
    """A letter that left, noted at once."""
    sent = letter(case, moment, **fields)
    with frozen(moment):
        following.note_answers([sent.pk])
    case.refresh_from_db()


def joins(user, *codes, leads=False):
    """Let a person work in departments; return the agent that he or she is."""
    for code in codes:
        desk(code).members.add(user)
    if leads:
        user.groups.add(Group.objects.get_or_create(name="lead")[0])
    agent, _ = Agent.objects.get_or_create(
        user=user, defaults={"name": user.first_name, "kind": Agent.Kind.HUMAN}
    )
    return agent
