"""What follows: an order was decided on, a letter has left; checks, answers and cases are noted."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from agents.data import CHECK_THE_ORDER, CHECK_THE_QUOTATION
from cases.models import Case, CaseEmail, Task
from cases.services import opening, tasks
from emails.models import OutgoingEmail
from hbu.journal.models import Event
from hbu.journal.recording import record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order, Quotation
from orders.services import quoting
from orders.services.moving import MOVES

TELL_THE_CUSTOMER = N_("Tell the customer that the order is confirmed")
ANOTHER_WAY = N_("Reach the reader another way: our mail came back")
# How long the sweep looks for answers that nobody noted.
UNNOTED_DAYS = 7
State = Quotation.State


def resolve(cases: Iterable[Case], *, by: AbstractBaseUser | None = None) -> None:
    """Resolve those of the cases in which no task is open. Call inside a transaction."""
    owing = Exists(Task.objects.open().filter(case=OuterRef("pk")))
    done = list(Case.objects.open().exclude(owing).filter(pk__in={case.pk for case in cases}))
    Case.objects.filter(pk__in={case.pk for case in done}).update(
        status=Case.Status.RESOLVED, resolved_at=timezone.now()
    )
    record_many("case.resolved", ((case, {"number": case.number}) for case in done), actor=by)


def settle(orders: Sequence[Order]) -> None:
    """Resolve the checks of orders that were decided on, in the name of whoever did; repeatable."""
    pks = [order.pk for order in orders]
    for order in Order.objects.filter(pk__in=pks, cases__tasks__in=_checks()).distinct():
        move = Event.objects.about(order).filter(kind__in=MOVES).select_related("actor").first()
        tick_off(_checks().filter(case__orders=order), by=move.actor if move else None)


def unsettled() -> list[int]:
    """Return orders whose check is done and still on somebody's list: the sweep's list."""
    orders = Order.objects.filter(cases__tasks__in=_checks())
    return list(orders.values_list("pk", flat=True).distinct())


def _checks() -> QuerySet[Task]:
    """Checks of orders, open in cases where no order waits for a person any more."""
    waiting = Order.objects.to_check().filter(cases=OuterRef("case"))
    there = Order.objects.filter(cases=OuterRef("case"))
    checks = Task.objects.open().filter(title=CHECK_THE_ORDER)
    return checks.filter(Exists(there)).exclude(Exists(waiting))


def settle_quotations(ids: Iterable[int]) -> None:
    """Resolve the checks of quotations that were sent or declined; repeatable."""
    with transaction.atomic():
        for one in Quotation.objects.filter(pk__in=list(ids)).exclude(state=State.REQUESTED):
            move = Event.objects.about(one).filter(kind__in=quoting.MOVES).select_related("actor")
            last = move.first()
            checks = _quotation_checks().filter(case__quotations=one).distinct()
            tick_off(checks, by=last.actor if last else None)


def unsettled_quotations() -> list[int]:
    rows = Quotation.objects.filter(cases__tasks__in=_quotation_checks())
    return list(rows.exclude(state=State.REQUESTED).values_list("pk", flat=True).distinct())


def _quotation_checks() -> QuerySet[Task]:
    """Checks of quotations, open in cases where no request waits for a person any more."""
    there = Quotation.objects.filter(cases=OuterRef("case"))
    checks = Task.objects.open().filter(title=CHECK_THE_QUOTATION)
    return checks.filter(Exists(there)).exclude(Exists(there.to_check()))


def tick_off(checks: Iterable[Task], *, by: AbstractBaseUser | None) -> None:
    """Resolve the checks, and those of their cases in which no task is left."""
    with transaction.atomic():
        cases = []
        for task in checks:
            with suppress(DomainError):
                # Somebody may have ticked it off meanwhile.
                tasks.resolve(task, by=by)
                cases.append(task.case)
        resolve(cases, by=by)


def owe_confirmation(order: Order, case: Case, reason: str) -> None:
    """Ask a person to tell the customer; once for a decision. Call inside a transaction."""
    asked = Task.objects.filter(
        case=case, title=TELL_THE_CUSTOMER, created_at__gte=order.confirmed_at
    )
    if asked.exists():
        return
    wanted = Task(case=case, title=TELL_THE_CUSTOMER, reason=reason, department=case.department)
    tasks.open_all([wanted])
    # The decision settled its check, and perhaps the case with it, before this was known.
    opening.reopen([case.pk])


def owe_another_way(letters: Iterable[OutgoingEmail]) -> None:
    """Ask a person to reach the readers of letters that came back and that somebody counts on.

    An acknowledgement is no such letter: it is in the list of mails that wait for a person.
    """
    weighty = [one for one in letters if one.weight != OutgoingEmail.Weight.ACKNOWLEDGEMENT]
    rows = Case.objects.filter(thread__in={one.thread_id for one in weighty if one.thread_id})
    # The open case comes last, else the youngest that was closed.
    in_order = sorted(rows, key=lambda case: (case.status != Case.Status.CLOSED, case.pk))
    cases = {case.thread_id: case for case in in_order}
    asked = [(one, cases[one.thread_id]) for one in weighty if one.thread_id in cases]
    tasks.open_all(
        Task(
            case=case,
            title=ANOTHER_WAY,
            reason=f"{letter.to_address}: {letter.reason}"[:500],
            department_id=case.department_id,
        )
        for letter, case in asked
    )
    opening.reopen({case.pk for _, case in asked})


def note_answers(letters: Iterable[int]) -> None:
    """Give cases without a first answer the moment at which one of the letters left; repeatable."""
    sent = OutgoingEmail.objects.filter(state=OutgoingEmail.State.SENT)
    answered = CaseEmail.objects.filter(email__answers__in=sent.filter(pk__in=list(letters)))
    first = sent.filter(answers__link__case=OuterRef("pk")).order_by("sent_at").values("sent_at")
    Case.objects.filter(pk__in=answered.values("case"), first_response_at=None).update(
        first_response_at=Subquery(first[:1])
    )


def unnoted(now: datetime) -> list[int]:
    """Return letters that left lately while their open case still lacks its answer."""
    # Only a page of rows is open and unanswered, whatever was sent in a year.
    waiting = Case.objects.open().filter(first_response_at=None)
    letters = OutgoingEmail.objects.filter(
        answers__link__case__in=waiting,
        state=OutgoingEmail.State.SENT,
        sent_at__gte=now - timedelta(days=UNNOTED_DAYS),
    )
    return list(letters.values_list("pk", flat=True))
