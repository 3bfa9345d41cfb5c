"""A person sorts mails into the right case: split off into one of their own, or joined to another.

Both directions undo each other, and nothing is lost on the way: what belongs to a mail (its order,
its documents, our answers) goes with it, and the numbers of both cases lead on.
"""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from agents.data import ANSWER_THE_MAIL
from cases.models import Case, CaseEmail, Note, Task
from cases.services import attending, clocks, following, life, opening, replying, tasks
from cases.services.holding import must_be_there
from emails.models import Email, OutgoingEmail, Thread
from emails.services import regrouping
from emails.threading import token_key
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

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
        opening.note_customers([case.pk, *([former.pk] if former else [])])
        answers = OutgoingEmail.objects.filter(answers__in=moved)
        following.note_answers(answers.values_list("pk", flat=True))
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


def merge_cases(case: Case, into: Case, *, by: AbstractBaseUser) -> None:
    """Put a case into another one, with its conversation; its number leads there from now on.

    Raises DomainError for a case and itself, and where one of them was put away before or goes on in
    a third one.
    """
    with transaction.atomic():
        rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=[case.pk, into.pk])
        held = {row.pk: row for row in rows.order_by("pk")}
        left, target = held[case.pk], held[into.pk]
        if left.pk == target.pk:
            raise DomainError("case.same", N_("A case cannot be put into itself."))
        for one in (left, target):
            must_be_there(one)
        if life.succeeded(held, but=held):
            raise DomainError("case.followed", life.FOLLOWED)
        _move_conversation(left, target, by)
        _move(left, target, by)
    case.refresh_from_db()
    into.refresh_from_db()


def _move_conversation(left: Case, target: Case, by: AbstractBaseUser) -> None:
    if left.thread is None or left.thread_id == target.thread_id:
        return
    if target.thread is not None:
        regrouping.merge_threads(left.thread, target.thread, by=by)
        return
    # A conversation is of one open case at a time.
    Case.objects.filter(pk=left.pk).update(thread=None)
    target.thread = left.thread
    target.save(update_fields=["thread"])


def relate(case: Case, other: Case, *, by: AbstractBaseUser) -> None:
    """Link two cases that have to do with each other. Raises DomainError for a case and itself."""
    if case.pk == other.pk:
        raise DomainError("case.same", N_("A case cannot be linked with itself."))
    with transaction.atomic():
        if not case.related.filter(pk=other.pk).exists():
            case.related.add(other)
            record("case.linked", case, actor=by, number=case.number, to=other.number)
            record("case.linked", other, actor=by, number=other.number, to=case.number)


def unrelate(case: Case, other: Case, *, by: AbstractBaseUser) -> None:
    with transaction.atomic():
        if case.related.filter(pk=other.pk).exists():
            case.related.remove(other)
            record("case.unlinked", case, actor=by, number=case.number, to=other.number)
            record("case.unlinked", other, actor=by, number=other.number, to=case.number)


def _move(left: Case, into: Case, by: AbstractBaseUser) -> None:
    """Hand all that a case holds to another one, and close it."""
    for rows in (CaseEmail.objects, Task.objects, Note.objects):
        rows.filter(case=left).update(case=into)
    into.orders.add(*left.orders.all())
    left.orders.clear()
    into.quotations.add(*left.quotations.all())
    left.quotations.clear()
    into.tags.add(*left.tags.all())
    into.followers.add(*left.followers.all())
    into.related.add(*left.related.exclude(pk=into.pk))
    left.related.clear()
    _take_drafts(left, into)
    Case.objects.filter(pk=into.pk).update(
        customer_wrote_at=_last(left.customer_wrote_at, into.customer_wrote_at),
        answered_at=_last(left.answered_at, into.answered_at),
    )
    Case.objects.filter(pk=left.pk).update(merged_into=into, thread=None)
    life.change([left], Case.Status.CLOSED, by=by)
    record("case.merged", left, actor=by, number=left.number, to=into.number)
    record("case.joined", into, actor=by, number=into.number, before=left.number)
    life.reopen([into.pk])
    attending.wake([into.pk], by=by)
    clocks.refresh([into.pk])


def _take_drafts(left: Case, into: Case) -> None:
    """What people are writing goes along, below what they were writing there already."""
    there = {draft.user_id: draft for draft in into.drafts.all()}
    for draft in left.drafts.all():
        known = there.get(draft.user_id)
        if known is None:
            draft.case = into
            draft.save(update_fields=["case"])
        else:
            known.text = f"{known.text}\n\n{draft.text}"
            known.files = [*known.files, *draft.files]
            known.save(update_fields=["text", "files"])
            draft.delete()


def _last(*moments: datetime | None) -> datetime | None:
    return max((at for at in moments if at), default=None)


def _link(email: Email, case: Case | None) -> None:
    if case is not None and not CaseEmail.objects.filter(email=email).exists():
        CaseEmail.objects.create(case=case, email=email)
        record("case.joined", case, number=case.number, email=email.pk)
