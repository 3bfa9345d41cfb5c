"""What was entered by mistake goes away again; what the outside world knows of stays for ever."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cases.models import Case, SearchEntry, Task
from cases.services import conversation
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_


def remove(case: Case, *, by: AbstractBaseUser) -> None:
    """Remove a case that somebody opened by hand and that nothing hangs on.

    Raises DomainError for any other: it is closed instead.
    """
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if held.opened_by_id is None or _holds_something(held):
            raise DomainError(
                "case.not_removable",
                N_("Mails, orders or letters hang on this case: close it instead."),
            )
        for task in held.tasks.all():
            record("task.removed", task, actor=by, case=held.number, number=task.number)
        record("case.removed", held, actor=by, number=held.number, title=held.title)
        SearchEntry.objects.filter(kind=SearchEntry.Kind.CASE, object_id=held.pk).delete()
        held.delete()


def _holds_something(case: Case) -> bool:
    return (
        case.emails.exists()
        or case.orders.exists()
        or case.quotations.exists()
        or case.merged.exists()
        or case.merged_into_id is not None
        or conversation.letters(case).exists()
    )


def remove_task(task: Task, *, by: AbstractBaseUser) -> None:
    """Remove a step that a person asked for and nobody did. Raises DomainError for any other."""
    with transaction.atomic():
        held = Task.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
        if held.created_by_id is None or held.status not in (
            Task.Status.NEW,
            Task.Status.IN_PROGRESS,
        ):
            raise DomainError(
                "task.not_removable",
                N_("The house asked for this task, or it is done: close it instead."),
            )
        record("task.removed", held, actor=by, case=held.case.number, number=held.number)
        held.delete()
