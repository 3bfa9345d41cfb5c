"""A case is opened by hand: somebody called, came by or sent a letter on paper."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from agents.models import Agent, Department
from cases.models import Case
from cases.services import noting, opening
from emails.models import Thread
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a person says of a matter."""

    title: str
    department: Department
    kind: str = "general"
    channel: str = Case.Channel.PHONE
    priority: str = "normal"
    customer: Customer | None = None
    assignee: Agent | None = None
    text: str = ""
    """What was said; becomes the first note."""


def enter(new: NewCase, *, by: AbstractBaseUser) -> Case:
    """Open the case, with a conversation of its own for the letters to come. Raises DomainError."""
    title = " ".join(new.title.split())[:300]
    if not title:
        raise DomainError("case.untitled", N_("A case needs a title."), status=400)
    with transaction.atomic():
        rules = opening.HouseRules.read()
        case = Case(
            title=title,
            kind=new.kind,
            channel=new.channel,
            priority=new.priority,
            department=new.department,
            customer=new.customer,
            assignee=new.assignee,
            policy=rules.policies.get(opening.DEFAULT_POLICY),
            thread=Thread.objects.create(subject=title),
            opened_by_id=by.pk,
            updated_by_id=by.pk,
        )
        opening.write([case], [])
        record("case.opened", case, actor=by, number=case.number, title=title)
        if new.text.strip():
            noting.write(case, new.text, by=by)
        if new.assignee is not None:
            record("case.assigned", case, actor=by, department=new.department.code,
                   to=new.assignee.name, priority=new.priority)  # fmt: skip
    case.refresh_from_db()
    return case
