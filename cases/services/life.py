"""The life of a case: its status changes here and nowhere else.

Each change is a row of the history from which the clocks are computed, and an event.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cases.models import Case, StatusChange, Task
from cases.services import clocks, tasks
from cases.services.holding import hold
from hbu.journal.recording import record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

Status = Case.Status
# What a change is called in the journal; any other is "case.status_changed".
KINDS = {Status.RESOLVED: "case.resolved", Status.CLOSED: "case.closed"}
CLOSED_AT_ONCE = 500
FOLLOWED = N_("Its conversation goes on in another case by now.")


def begin(cases: Iterable[Case]) -> None:
    """Write the first line of the history of new cases. Call inside a transaction."""
    cases = list(cases)
    StatusChange.objects.bulk_create(
        StatusChange(case=case, status=case.status, at=case.opened_at, by=case.opened_by)
        for case in cases
    )
    clocks.refresh(case.pk for case in cases)


def change(
    cases: Iterable[Case], status: str, *, by: AbstractBaseUser | None = None, reason: str = ""
) -> list[Case]:
    """Give those of the cases that stand elsewhere a status; return them. Call inside a transaction."""
    cases = list(cases)
    wanted = {case.pk for case in cases}
    if not wanted:
        return []
    # Held, so that the history tells what really followed what.
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    moved = [case for case in rows if case.status != status]
    now = timezone.now()
    before = {case.pk: case.status for case in moved}
    for case in moved:
        _stand(case, status, now, by)
    save_all(
        moved,
        ["status", "resolved_at", "closed_at", "snoozed_until", "snoozed_by", "updated_at", "updated_by"],
    )  # fmt: skip
    StatusChange.objects.bulk_create(
        StatusChange(case=case, status=status, at=now, by_id=by.pk if by else None)
        for case in moved
    )
    clocks.refresh(case.pk for case in moved)
    _tell(moved, status, before, by, reason)
    for case in cases:
        if case.pk in before:
            case.status = status
    return moved


def _stand(case: Case, status: str, now: datetime, by: AbstractBaseUser | None) -> None:
    case.status = status
    if status == Status.RESOLVED:
        case.resolved_at = now
    elif status == Status.CLOSED:
        case.resolved_at = case.resolved_at or now
        case.closed_at = now
    else:
        case.resolved_at = case.closed_at = None
    # Whatever changes a case that was put off brings it back.
    case.snoozed_until, case.snoozed_by = None, None
    case.updated_at, case.updated_by_id = now, by.pk if by else None


def _kind(before: str, status: str) -> str:
    if status == Status.IN_PROGRESS and before in (*Case.DONE, Status.AWAITING_CUSTOMER):
        return "case.reopened"
    return KINDS.get(Status(status), "case.status_changed")


def _tell(
    moved: list[Case],
    status: str,
    before: dict[int, str],
    by: AbstractBaseUser | None,
    reason: str,
) -> None:
    facts: dict[str, list[tuple[Case, dict[str, str]]]] = {}
    for case in moved:
        kind = _kind(before[case.pk], status)
        data = {"number": case.number, "from": before[case.pk], "to": status}
        facts.setdefault(kind, []).append((case, {**data, "reason": reason} if reason else data))
    for kind, rows in facts.items():
        record_many(kind, rows, actor=by)


def move(
    case: Case,
    status: str,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    close_tasks: bool = False,
) -> None:
    """A person, or a rule, gives a case a status. Raises DomainError where it must not stand there.

    With `close_tasks` what is still owed is done with the case; else nobody resolves a case in
    which somebody owes something.
    """
    with transaction.atomic():
        held = hold(case)
        _refuse(held, status)
        if status in Case.DONE:
            open_tasks = list(Task.objects.open().filter(case=held))
            if open_tasks and not close_tasks:
                raise DomainError("case.tasks_open", N_("Tasks of this case are still open."))
            for task in open_tasks:
                tasks.move(task, Task.Status.RESOLVED, by=by)
        change([held], status, by=by, reason=reason)
    case.refresh_from_db()


def _refuse(held: Case, status: str) -> None:
    if held.status == status:
        raise DomainError("case.stands_there", N_("The case stands there already."))
    if status == Status.NEW:
        raise DomainError("case.not_new", N_("A case is new only once."))
    if status not in Status.values:
        raise DomainError("case.unknown_status", N_("There is no such status."))
    if held.status == Status.CLOSED and succeeded([held.pk]):
        raise DomainError("case.followed", FOLLOWED)


def succeeded(cases: Iterable[int], *, but: Iterable[int] = ()) -> set[int]:
    """Return those of the cases whose conversation goes on in another one; `but` these do not count."""
    heirs = Case.objects.exclude(status=Status.CLOSED).exclude(pk__in=list(but))
    heirs = heirs.exclude(pk=OuterRef("pk"))
    rows = Case.objects.filter(Exists(heirs.filter(thread=OuterRef("thread"))), pk__in=list(cases))
    return set(rows.values_list("pk", flat=True))


def begin_work(case: Case, *, by: AbstractBaseUser) -> None:
    """A new case is taken up by whoever first does something about it. Call inside a transaction."""
    if case.status == Status.NEW:
        change([case], Status.IN_PROGRESS, by=by)


def reopen(cases: Iterable[int]) -> None:
    """Bring those of the cases back that wait for the customer or are done, because somebody has to
    act. Call inside a transaction."""
    waiting = [Status.AWAITING_CUSTOMER, *Case.DONE]
    if pks := set(cases):
        rows = Case.objects.filter(pk__in=pks, status__in=waiting, merged_into=None)
        change(rows.exclude(pk__in=succeeded(pks)), Status.IN_PROGRESS)


def resolve(cases: Iterable[Case], *, by: AbstractBaseUser | None = None) -> None:
    """Resolve those of the cases in which no task is open. Call inside a transaction."""
    owing = Exists(Task.objects.open().filter(case=OuterRef("pk")))
    pks = {case.pk for case in cases}
    change(Case.objects.open().exclude(owing).filter(pk__in=pks), Status.RESOLVED, by=by)


def to_close(now: datetime) -> list[int]:
    """Return resolved cases that nobody came back to for as long as their department waits."""
    rows = Case.objects.filter(status=Status.RESOLVED, resolved_at__lt=now).annotate(
        waits=F("department__close_after_days")
    )
    found = [
        Q(waits=days, resolved_at__lt=now - timedelta(days=days))
        for days in set(rows.order_by().values_list("waits", flat=True).distinct())
    ]
    if not found:
        return []
    due = Q()
    for one in found:
        due |= one
    return list(rows.filter(due).values_list("pk", flat=True)[:CLOSED_AT_ONCE])


def close(ids: Iterable[int]) -> None:
    """Close resolved cases for good; repeatable."""
    with transaction.atomic():
        change(Case.objects.filter(pk__in=list(ids), status=Status.RESOLVED), Status.CLOSED)
