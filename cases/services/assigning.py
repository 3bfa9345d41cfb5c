"""Whose work a case is, how urgent, what it is about: what people, rules and agents set."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from agents.models import Agent, Department
from cases.models import Case, Tag
from cases.services import clocks, life
from cases.services.holding import hold
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Customer

UNSET: Any = object()
"""For what shall stay as it is."""
TAGS = 20


def assign(
    case: Case,
    *,
    department: Department = UNSET,
    assignee: Agent | None = UNSET,
    priority: str = UNSET,
    was: int = UNSET,
    by: AbstractBaseUser | None,
) -> None:
    """Hand a case to a department, to a person, or set how urgent it is; what is left out stays.

    `was`: whose it was when that was decided, 0 for nobody's. Raises DomainError for a case that was
    put into another one, or that somebody gave to someone else meanwhile.
    """
    wanted = {"department": department, "assignee": assignee, "priority": priority}
    with transaction.atomic():
        held = hold(case, "department", "assignee")
        if was is not UNSET and was != (held.assignee_id or 0):
            raise DomainError(
                "case.assigned_meanwhile", N_("Somebody else gave it to someone meanwhile.")
            )
        changed = [
            name
            for name, value in wanted.items()
            if value is not UNSET and getattr(held, name) != value
        ]
        if not changed:
            return
        for name in changed:
            setattr(held, name, wanted[name])
        _save(held, changed, by)
        clocks.refresh([held.pk])
        record(
            "case.assigned" if {"assignee", "department"} & set(changed) else "case.prioritised",
            held,
            actor=by,
            department=held.department.code,
            to=held.assignee.name if held.assignee else "",
            priority=held.priority,
        )
        if by is not None and held.assignee is not None and "assignee" in changed:
            life.begin_work(held, by=by)
    case.refresh_from_db()


def describe(
    case: Case,
    *,
    title: str = UNSET,
    kind: str = UNSET,
    customer: Customer | None = UNSET,
    by: AbstractBaseUser | None,
) -> None:
    """Say what a case is about, and whose it is. Raises DomainError."""
    wanted = {"title": title, "kind": kind, "customer": customer}
    if title is not UNSET and not title.strip():
        raise DomainError("case.untitled", N_("A case needs a title."), status=400)
    with transaction.atomic():
        held = hold(case, "customer")
        changed = [
            name
            for name, value in wanted.items()
            if value is not UNSET and getattr(held, name) != value
        ]
        if not changed:
            return
        before = {name: str(getattr(held, name) or "") for name in changed}
        for name in changed:
            setattr(held, name, wanted[name])
        _save(held, changed, by)
        clocks.refresh([held.pk])
        now = {name: str(getattr(held, name) or "") for name in changed}
        record("case.described", held, actor=by, number=held.number, before=before, now=now)
    case.refresh_from_db()


def tag(
    case: Case,
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    by: AbstractBaseUser | None,
) -> None:
    """Put words on a case and take others off. Raises DomainError."""
    adding = [" ".join(word.split())[:40].lower() for word in add if word.strip()]
    removing = [word.strip().lower() for word in remove]
    with transaction.atomic():
        held = hold(case)
        there = set(held.tags.values_list("name", flat=True))
        new = [word for word in dict.fromkeys(adding) if word not in there]
        gone = [word for word in removing if word in there]
        if len(there) + len(new) - len(gone) > TAGS:
            raise DomainError("case.too_many_tags", N_("A case carries twenty tags at most."))
        if not new and not gone:
            return
        held.tags.add(*(Tag.objects.get_or_create(name=word)[0] for word in new))
        held.tags.remove(*Tag.objects.filter(name__in=gone))
        _save(held, [], by)
        record("case.tagged", held, actor=by, number=held.number, new=new, gone=gone)


def _save(held: Case, fields: list[str], by: AbstractBaseUser | None) -> None:
    held.updated_at = timezone.now()
    held.updated_by_id = by.pk if by else None
    held.save(update_fields=[*fields, "updated_at", "updated_by"])
