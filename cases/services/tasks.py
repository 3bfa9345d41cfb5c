"""Tasks are opened for people, and done when somebody says so."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.models import Task
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_


def open_all(wanted: Iterable[Task]) -> None:
    """Open tasks, and tell of each. Call inside a transaction."""
    opened = Task.objects.bulk_create(wanted)
    record_many("task.opened", ((task, {"case": task.case.number}) for task in opened))


def resolve(task: Task, *, by: AbstractBaseUser | None = None) -> None:
    """Close an open task. Raises DomainError when somebody was faster."""
    with transaction.atomic():
        if (
            not Task.objects.open()
            .filter(pk=task.pk)
            .update(status=Task.Status.RESOLVED, done_at=timezone.now())
        ):
            raise DomainError("task.done_already", N_("This task is done already."))
        record("task.resolved", task, actor=by, case=task.case.number, title=task.title)
    task.refresh_from_db()
