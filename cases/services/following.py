"""What follows: an order was decided on, a letter has left; checks, answers and cases are noted."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from agents.data import CHECK_THE_ORDER, CHECK_THE_QUOTATION
from cases.models import Case, Task
from cases.services import clocks, life, tasks
from cases.sla import ACKNOWLEDGEMENTS
from emails.models import OutgoingEmail
from emails.services.personal import FORWARDED
from hbu.journal.models import Event
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
        life.resolve(cases, by=by)


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
    life.reopen([case.pk])


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
    life.reopen({case.pk for _, case in asked})


def note_answers(letters: Iterable[int]) -> None:
    """Note on cases when we first and when we last answered, by letters that left; repeatable.

    What only acknowledges is no answer. A letter answers the case of the mail that it replies to,
    else the one that was open in its conversation when it left.
    """
    with transaction.atomic():
        moments = _moments(_answers().filter(pk__in=list(letters)))
        held = Case.objects.select_for_update(of=("self",)).filter(pk__in=moments).order_by("pk")
        for case in held:
            first, last = min(moments[case.pk]), max(moments[case.pk])
            case.first_response_at = min(first, case.first_response_at or first)
            case.answered_at = max(last, case.answered_at or last)
            case.save(update_fields=["first_response_at", "answered_at"])
        clocks.refresh(moments)


def _moments(letters: QuerySet[OutgoingEmail]) -> dict[int, list[datetime]]:
    """When each case was answered."""
    columns = ("sent_at", "answers__link__case", "answers__link__case__merged_into", "thread")
    left = list(letters.filter(sent_at__isnull=False).values_list(*columns))
    known = _of_threads({thread for _, case, _, thread in left if case is None and thread})
    found: dict[int, list[datetime]] = {}
    for at, case, into, thread in left:
        if at and (pk := into or case or _case_then(known.get(thread or 0, ()), at)):
            found.setdefault(pk, []).append(at)
    return found


def _answers() -> QuerySet[OutgoingEmail]:
    """Letters that left and say more than that something arrived."""
    only_thanks = Q(weight=OutgoingEmail.Weight.ACKNOWLEDGEMENT, template__in=ACKNOWLEDGEMENTS)
    sent = OutgoingEmail.objects.filter(state=OutgoingEmail.State.SENT)
    # A mail that was handed on to somebody answers the customer nothing.
    forwards = Q(cause__startswith=FORWARDED)
    # Nor does a reminder that a workflow rule wrote; counted as an answer, it would call for the next.
    by_rules = Q(cause__startswith="rule:")
    return sent.exclude(only_thanks | forwards | by_rules | Q(weight=OutgoingEmail.Weight.NOTICE))


def _of_threads(threads: Collection[int]) -> dict[int, list[tuple[datetime, int]]]:
    """When the cases of each conversation were opened, oldest first."""
    found: dict[int, list[tuple[datetime, int]]] = {}
    rows = Case.objects.filter(thread__in=threads).order_by("opened_at", "pk")
    for pk, into, thread, at in rows.values_list("pk", "merged_into", "thread", "opened_at"):
        found.setdefault(thread or 0, []).append((at, into or pk))
    return found


def _case_then(cases: Sequence[tuple[datetime, int]], at: datetime) -> int | None:
    # A first letter may be dated a moment before the case whose order it tells of.
    found = [pk for opened, pk in cases if opened <= at] or [pk for _, pk in cases[:1]]
    return found[-1] if found else None


def unnoted(now: datetime) -> list[int]:
    """Return letters that left lately while their open case still waits for an answer."""
    # Only a page of rows is open and unanswered, whatever was sent in a year.
    waiting = Case.objects.open().filter(
        Q(answered_at=None) | Q(first_response_at=None) | Q(customer_wrote_at__gt=F("answered_at"))
    )
    letters = _answers().filter(sent_at__gte=now - timedelta(days=UNNOTED_DAYS))
    replies = letters.filter(answers__link__case__in=waiting).annotate(
        known=F("answers__link__case__answered_at")
    )
    others = letters.filter(answers__link=None, thread__cases__in=waiting).annotate(
        known=F("thread__cases__answered_at")
    )
    new = Q(known=None) | Q(sent_at__gt=F("known"))
    found = {
        pk for rows in (replies, others) for pk in rows.filter(new).values_list("pk", flat=True)
    }
    return sorted(found)
