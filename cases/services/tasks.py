"""Tasks are opened for people, given to somebody, and done when somebody says so."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from agents.models import Agent, Department
from cases.models import Task
from cases.services.holding import hold
from hbu.company.numbers import draw
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

Status = Task.Status
DONE = (Status.RESOLVED, Status.CLOSED)
DESCRIBED = ("title", "reason", "priority", "due_at")
KINDS = {Status.RESOLVED: "task.resolved", Status.CLOSED: "task.closed"}


def open_all(wanted: Iterable[Task], *, by: AbstractBaseUser | None = None) -> None:
    """Open tasks, and tell of each. Call inside a transaction."""
    wanted = list(wanted)
    if not wanted:
        return
    for task, number in zip(wanted, draw("T", len(wanted)), strict=True):
        task.number = number
        task.created_by_id = by.pk if by else None
    opened = Task.objects.bulk_create(wanted)
    record_many(
        "task.opened",
        ((task, {"case": task.case.number, "title": task.title}) for task in opened),
        actor=by,
    )


def add(task: Task, *, by: AbstractBaseUser) -> Task:
    """A person asks for a step that is not saved yet. Raises DomainError where it says nothing, or
    its case was put into another one."""
    if not task.title.strip():
        raise DomainError("task.empty", N_("Say what is to do."), status=400)
    if task.department_id is None:
        task.department = task.case.department
    with transaction.atomic():
        hold(task.case)
        open_all([task], by=by)
        if task.assignee is not None:
            record("task.assigned", task, actor=by, case=task.case.number, to=task.assignee.name)
    return task


def move(task: Task, status: str, *, by: AbstractBaseUser | None) -> None:
    """Give a task a status. Raises DomainError when it stands there, or somebody was faster."""
    now = timezone.now()
    if status not in Status.values:
        raise DomainError("task.unknown_status", N_("There is no such status."))
    with transaction.atomic():
        rows = Task.objects.filter(pk=task.pk).exclude(status=status)
        if status == Status.RESOLVED:
            rows = rows.exclude(status__in=DONE)
        if not rows.update(status=status, updated_at=now, done_at=now if status in DONE else None):
            raise DomainError("task.done_already", N_("The task stands there already."))
        kind = KINDS.get(Status(status), "task.status_changed")
        record(kind, task, actor=by, case=task.case.number, title=task.title, to=status)
    task.refresh_from_db()


def resolve(task: Task, *, by: AbstractBaseUser | None = None) -> None:
    """A task is done. Raises DomainError when somebody was faster."""
    move(task, Status.RESOLVED, by=by)


def assign(
    task: Task,
    *,
    assignee: Agent | None,
    by: AbstractBaseUser | None,
    department: Department | None = None,
) -> None:
    """Give a task to somebody, or back to a department. Raises DomainError where it is done."""
    with transaction.atomic():
        held = Task.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
        if held.status in DONE:
            raise DomainError("task.done_already", N_("The task is done."))
        held.assignee, held.department = assignee, department or held.department
        held.updated_at = timezone.now()
        held.save(update_fields=["assignee", "department", "updated_at"])
        record(
            "task.assigned",
            held,
            actor=by,
            case=held.case.number,
            to=assignee.name if assignee else "",
            department=held.department.code,
        )
    task.refresh_from_db()


def describe(task: Task, *, by: AbstractBaseUser | None, **wanted: Any) -> None:
    """Say what is to do, why, until when and how urgent it is; what is left out stays.

    Raises DomainError for a task that says nothing or is done.
    """
    if not str(wanted.get("title", task.title)).strip():
        raise DomainError("task.empty", N_("Say what is to do."), status=400)
    with transaction.atomic():
        held = Task.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
        changed = [
            name for name in DESCRIBED if name in wanted and getattr(held, name) != wanted[name]
        ]
        if not changed:
            return
        if held.status in DONE:
            raise DomainError("task.done_already", N_("The task is done."))
        before = {name: str(getattr(held, name) or "") for name in changed}
        for name in changed:
            setattr(held, name, wanted[name])
        held.updated_at = timezone.now()
        held.save(update_fields=[*changed, "updated_at"])
        now = {name: str(getattr(held, name) or "") for name in changed}
        record("task.described", held, actor=by, case=held.case.number, before=before, now=now)
    task.refresh_from_db()
