"""What agents proposed is done: checked, set-based, in one transaction for a chunk of mails.

Only the actions of agents.data are known here. Whom a letter goes to, what an order costs and
whether it may be confirmed is decided by the case and the books, never by the agent (promise H1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from agents.data import Action, Ask, Close, DraftOrder, HandOver, Outcome, Reply
from agents.models import AgentRun, Department
from cases.models import Case, Task
from cases.services import replying
from cases.services.briefing import Matter
from emails.models import Email, OutgoingEmail
from emails.services import stages, writing
from hbu.journal.recording import record_many
from hbu.lib.rows import save_all
from orders.models import Order
from orders.services import placing

MAX_ACTIONS = 6
A = TypeVar("A", bound=Action)


@dataclass(frozen=True, slots=True)
class Decided:
    matter: Matter
    run: AgentRun
    outcome: Outcome

    def actions(self, kind: type[A]) -> list[A]:
        return [one for one in self.outcome.actions[:MAX_ACTIONS] if isinstance(one, kind)]


def apply(decided: Sequence[Decided]) -> None:
    """Do what was proposed for mails that still wait for it."""
    with transaction.atomic():
        held = stages.held([one.matter.email for one in decided], Email.State.TAKEN_IN)
        decided = [one for one in decided if one.matter.email.pk in held]
        if not decided:
            return
        AgentRun.objects.bulk_create(one.run for one in decided)
        _hand_over(decided)
        orders = _enter_orders(decided)
        letters = _write_letters(decided, orders)
        _open_tasks(decided)
        _move_cases(decided, letters)
        _finish(decided)


def _hand_over(decided: Sequence[Decided]) -> None:
    wanted = {action.department for one in decided for action in one.actions(HandOver)}
    if not wanted:
        return
    departments = {row.code: row for row in Department.objects.filter(code__in=wanted)}
    moved = []
    for one in decided:
        for action in one.actions(HandOver):
            if action.department in departments:
                one.matter.case.department = departments[action.department]
                moved.append((one.matter.case, {"to": action.department, "why": action.reason}))
    save_all([case for case, _ in moved], ["department"])
    record_many("case.handed_over", moved)


def _enter_orders(decided: Sequence[Decided]) -> dict[int, Order]:
    """Enter the order documents; confirm those that an agent finds and the books leave certain."""
    drafts = [
        (one, one.matter.proposal)
        for one in decided
        if one.actions(DraftOrder) and one.matter.proposal is not None
    ]
    entries = [
        placing.Entry(
            proposal=proposal,
            source=Order.Source.MAIL,
            language=one.matter.email.language,
            filename=one.matter.document.filename if one.matter.document else "",
            sha256=one.matter.document.sha256 if one.matter.document else "",
        )
        for one, proposal in drafts
    ]
    orders = placing.place(entries)
    placing.confirm(
        [
            order
            for order, (one, proposal) in zip(orders, drafts, strict=True)
            if proposal.certain and one.actions(DraftOrder)[0].confirm
        ]
    )
    links = Case.orders.through
    links.objects.bulk_create(
        links(case_id=one.matter.case.pk, order_id=order.pk)
        for order, (one, _) in zip(orders, drafts, strict=True)
    )
    return {one.matter.email.pk: order for order, (one, _) in zip(orders, drafts, strict=True)}


def _write_letters(decided: Sequence[Decided], orders: dict[int, Order]) -> list[OutgoingEmail]:
    """At most one letter for each mail: the confirmation of its order, else the agent's reply."""
    paper = replying.stationery([one.matter.email for one in decided])
    letters = []
    for one in decided:
        email, case = one.matter.email, one.matter.case
        order = orders.get(email.pk)
        if order is not None and order.state == Order.State.CONFIRMED:
            letters.append(replying.confirmation(order, email, case, paper))
            continue
        letters.extend(
            replying.letter(
                email,
                case,
                replying.Answer(reply.template, order=order, variables=reply.variables),
                paper,
            )
            for reply in one.actions(Reply)[:1]
        )
    return writing.queue(letters)


def _open_tasks(decided: Sequence[Decided]) -> None:
    tasks = Task.objects.bulk_create(
        Task(
            case=one.matter.case,
            title=action.title[:200],
            reason=action.reason[:500],
            department=one.matter.case.department,
        )
        for one in decided
        for action in one.actions(Ask)
    )
    record_many("task.opened", ((task, {"case": task.case.number}) for task in tasks))


def _move_cases(decided: Sequence[Decided], letters: Iterable[OutgoingEmail]) -> None:
    now = timezone.now()
    answered = {letter.answers_id for letter in letters if letter.state == "queued"}
    cases, resolved = [], []
    for one in decided:
        case = one.matter.case
        if one.matter.email.pk in answered and case.first_response_at is None:
            case.first_response_at = now
        if _is_done(one):
            case.status, case.resolved_at = Case.Status.RESOLVED, now
            resolved.append((case, {"number": case.number}))
        cases.append(case)
    save_all({case.pk: case for case in cases}.values(), ["status", "first_response_at", "resolved_at"])
    record_many("case.resolved", resolved)


def _is_done(one: Decided) -> bool:
    confirmed = any(action.confirm for action in one.actions(DraftOrder))
    return bool(one.actions(Close)) or (confirmed and not one.actions(Ask))


def _finish(decided: Sequence[Decided]) -> None:
    emails = [one.matter.email for one in decided]
    Email.objects.filter(pk__in=[email.pk for email in emails]).update(
        state=Email.State.HANDLED, claimed_until=None, attempts=0
    )
    record_many(
        "email.handled",
        (
            (one.matter.email, {"case": one.matter.case.number, "agent": one.run.agent.name})
            for one in decided
        ),
    )
