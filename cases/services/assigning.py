"""Whose work a case is: its department, the person, how urgent."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from agents.models import Agent, Department
from cases.models import Case
from hbu.journal.recording import record


def assign(
    case: Case,
    *,
    department: Department,
    assignee: Agent | None,
    priority: str,
    by: AbstractBaseUser,
) -> None:
    """Hand a case to a department and a person."""
    with transaction.atomic():
        held = Case.objects.select_for_update().get(pk=case.pk)
        held.department, held.assignee, held.priority = department, assignee, priority
        held.save(update_fields=["department", "assignee", "priority"])
        record(
            "case.assigned",
            held,
            actor=by,
            department=department.code,
            to=assignee.name if assignee else "",
            priority=priority,
        )
