"""Documents of ours on their way to letters: enclosed when they are made, asked about when not."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import override

from cases.models import Case, Task
from cases.services import following, life, tasks
from emails.data import File
from emails.models import Enclosure, OutgoingEmail
from emails.services import enclosing
from hbu.lib.reasons import N_
from orders.models import Printout
from orders.services import printing

MAKE_IT = N_("See why a document could not be made")
NOT_MADE = N_("A document that goes with it could not be made")
MADE, FAILED = Printout.State.MADE, Printout.State.FAILED


def made(wanted: Iterable[Iterable[str]]) -> dict[str, File]:
    """Return those of the files, by cause, that are made already."""
    causes = {cause for several in wanted for cause in several}
    rows = Printout.objects.filter(cause__in=causes, state=MADE) if causes else ()
    return {row.cause: _file(row) for row in rows}


def _file(row: Printout) -> File:
    return File(row.sha256, row.filename, row.media_type, row.size)


def enclose(ids: Iterable[int]) -> None:
    """Give the made documents to the letters that wait for them; repeatable."""
    rows = list(Printout.objects.filter(pk__in=list(ids), state=MADE))
    with transaction.atomic():
        enclosing.enclose_all({row.cause: _file(row) for row in rows})
        asked = Task.objects.open().filter(title=MAKE_IT, reason__in=[_why(row) for row in rows])
        following.tick_off(asked, by=None)


def unenclosed() -> list[int]:
    """Return made documents that letters still wait for: the sweep's list."""
    waiting = Enclosure.objects.missing().values("cause")
    return list(Printout.objects.filter(state=MADE, cause__in=waiting).values_list("pk", flat=True))


def make_waiting() -> None:
    """Make and enclose here and now what letters wait for; commands use it, no broker needed."""
    waiting = Enclosure.objects.missing().values("cause")
    wanted = Printout.objects.filter(state=Printout.State.WANTED, cause__in=waiting)
    printing.make(list(wanted.values_list("pk", flat=True)))
    enclose(unenclosed())
    owe(unasked())


def owe(ids: Iterable[int]) -> None:
    """Ask a person about documents that could not be made, once for each; repeatable.

    The letters that wait for them say so, and leave by themselves as soon as they are made.
    """
    with transaction.atomic():
        rows = Printout.objects.select_for_update().filter(pk__in=list(ids), state=FAILED)
        failed = list(rows.order_by("pk"))
        enclosing.explain({row.cause: f"{NOT_MADE}: {row.error}" for row in failed})
        wanted = [
            Task(case=case, title=MAKE_IT, reason=_why(row), department_id=case.department_id)
            for row in failed
            if (case := _case(row)) is not None
        ]
        known = _asked(wanted)
        new = [task for task in wanted if (task.case_id, task.reason) not in known]
        tasks.open_all(new)
        life.reopen({task.case_id for task in new})


def _asked(wanted: Sequence[Task]) -> set[tuple[int, str]]:
    rows = Task.objects.open().filter(title=MAKE_IT, case__in=[task.case for task in wanted])
    return set(rows.values_list("case_id", "reason"))


def _why(row: Printout) -> str:
    """What the task is about. The error stands on the document's own page, and may change."""
    with override("en"):
        return f"{row.get_kind_display()}: {_number(row)}"


def _number(row: Printout) -> str:
    about = row.invoice or row.reminder or row.shipment or row.quotation or row.order
    return about.number if about else row.cause


def _case(row: Printout) -> Case | None:
    """Where the letter goes that waits for it, else where its order is talked about."""
    waiting = OutgoingEmail.objects.filter(enclosures__cause=row.cause, thread__isnull=False)
    threads = Case.objects.filter(thread__in=waiting.values("thread"))
    return threads.order_by("-pk").first() or Case.objects.filter(orders=_order_of(row)).last()


def _order_of(row: Printout) -> int | None:
    if row.order_id:
        return row.order_id
    if row.reminder:
        return row.reminder.invoice.order_id
    about = row.invoice or row.shipment or row.quotation
    return about.order_id if about else None


def unasked() -> list[int]:
    """Return failed documents that letters wait for and nobody was asked about."""
    waiting = Enclosure.objects.missing().filter(letter__reason="").values("cause")
    return list(
        Printout.objects.filter(state=FAILED, cause__in=waiting).values_list("pk", flat=True)
    )
