"""A person sorts mails into the right case: split off into one of their own, or joined to another.

Both directions undo each other, and nothing is lost on the way: what belongs to a mail (its order,
its documents, our answers) goes with it, and the numbers of both cases lead on.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from agents.data import ANSWER_THE_MAIL
from cases.models import Case, CaseEmail, Task
from cases.services import opening, replying, tasks
from emails.models import Email, OutgoingEmail, Thread
from emails.services import regrouping
from emails.threading import token_key
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

SPLIT_OFF = N_("It was split off from another case.")


def split(email: Email, *, by: AbstractBaseUser) -> Case:
    """Give a mail, and what answers it, a conversation and a case of its own. Raises DomainError."""
    with transaction.atomic():
        former = Case.objects.select_for_update().filter(emails=email).first()
        orders = _orders_of(former)
        done = regrouping.split_off(email, by=by)
        moved = {one.pk for one in done.emails}
        if former is not None and not former.links.exclude(email__in=moved).exists():
            # The rest of the conversation had other cases.
            return _take_along(former, done.thread)
        email.refresh_from_db()
        case = opening.open_for(email)
        CaseEmail.objects.filter(email__in=moved).update(case=case)
        if not CaseEmail.objects.filter(email=email).exists():
            CaseEmail.objects.create(case=case, email=email)
        if former is not None:
            going = [order for order, brought_by in orders.items() if brought_by in moved]
            former.orders.remove(*going)
            case.orders.add(*going)
        _owe_an_answer(case, email)
        record("case.split", case, actor=by, number=case.number, email=email.pk,
               before=former.number if former else "")  # fmt: skip
    return case


def _take_along(case: Case, thread: Thread) -> Case:
    """Let a case that loses all its mails follow them, and its number with it."""
    case.thread = thread
    case.save(update_fields=["thread"])
    regrouping.redirect(token_key(case.number), thread)
    return case


def _orders_of(case: Case | None) -> dict[int, int]:
    """Return the orders of a case by the mails that brought them."""
    if case is None:
        return {}
    brought = ((order.pk, replying.asking(order, case)) for order in case.orders.all())
    return {order: email.pk for order, email in brought if email is not None}


def _owe_an_answer(case: Case, email: Email) -> None:
    """What was done about the mail was done for the other case, unless it was answered."""
    answered = OutgoingEmail.objects.filter(answers=email, state__in=OutgoingEmail.TRUE_SENDS)
    if not answered.exists():
        wanted = Task(
            case=case, title=ANSWER_THE_MAIL, reason=SPLIT_OFF, department_id=case.department_id
        )
        tasks.open_all([wanted])


def join(email: Email, *, by: AbstractBaseUser) -> None:
    """Put a mail's whole conversation where it says that it belongs. Raises DomainError."""
    regrouping.must_be_handled(email)
    with transaction.atomic():
        target = email.possibly_of
        if target is None:
            raise DomainError("email.unclaimed", N_("Nothing says that it belongs elsewhere."))
        source = regrouping.merge(email, target, by=by)
        left, into = _open_case(source), _open_case(target)
        if left is not None and into is not None:
            _move(left, into, by)
        elif left is not None:
            Case.objects.filter(pk=left.pk).update(thread=target)
        _link(email, into or left)
    email.refresh_from_db()


def _open_case(thread: Thread) -> Case | None:
    cases = Case.objects.select_for_update().filter(thread=thread)
    return cases.exclude(status=Case.Status.CLOSED).first()


def _move(left: Case, into: Case, by: AbstractBaseUser) -> None:
    """Hand all that a case holds to another one, and close it."""
    for rows in (CaseEmail.objects, Task.objects):
        rows.filter(case=left).update(case=into)
    into.orders.add(*left.orders.all())
    left.orders.clear()
    into.quotations.add(*left.quotations.all())
    left.quotations.clear()
    left.status = Case.Status.CLOSED
    save_all([left], ["status"])
    record("case.merged", left, actor=by, number=left.number, to=into.number)
    record("case.joined", into, actor=by, number=into.number, before=left.number)
    opening.reopen([into.pk])


def _link(email: Email, case: Case | None) -> None:
    if case is not None and not CaseEmail.objects.filter(email=email).exists():
        CaseEmail.objects.create(case=case, email=email)
        record("case.joined", case, number=case.number, email=email.pk)
