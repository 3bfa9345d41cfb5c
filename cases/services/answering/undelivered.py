"""Readers whom a letter did not reach, though it reached others: a person's task (promise C5)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cases.models import Case, Task
from cases.services import life, tasks
from cases.services.following import ANOTHER_WAY
from emails.models import OutgoingEmail
from hbu.journal.catching_up import missed
from hbu.journal.models import Event

KIND = "outgoing.incomplete"


def owe(letters: Iterable[int]) -> None:
    """Ask a person to reach whoever was left out, once for each; repeatable."""
    with transaction.atomic():
        rows = OutgoingEmail.objects.filter(pk__in=list(letters), thread__isnull=False)
        wanted = [
            Task(
                case=case,
                title=ANOTHER_WAY,
                reason=f"{address}: {said}"[:500],
                department_id=case.department_id,
            )
            for letter in rows.order_by("pk")
            if (case := _case(letter)) is not None
            for address, said in letter.left_out.items()
        ]
        asked = Task.objects.filter(case__in=[one.case for one in wanted], title=ANOTHER_WAY)
        known = set(asked.values_list("case_id", "reason"))
        new = [one for one in wanted if (one.case_id, one.reason) not in known]
        tasks.open_all(new)
        life.reopen({one.case_id for one in new})


def _case(letter: OutgoingEmail) -> Case | None:
    """The open case of its conversation, else the youngest that was closed."""
    rows = Case.objects.filter(thread=letter.thread_id, merged_into=None).order_by("pk")
    return rows.open().last() or rows.last()


def unowed(now: datetime) -> list[int]:
    """Return letters of which a lost bell left nobody to hear: the sweep's list."""
    events = missed("cases.undelivered", {KIND}, now)
    return list(Event.objects.filter(pk__in=events).values_list("subject_id", flat=True))
