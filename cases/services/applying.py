"""What agents proposed is done: checked, set-based, in one transaction for a chunk of mails.

Only the actions of agents.data are known here. Whom a letter goes to, what an order costs and
whether it may be confirmed is decided by the case and the books, never by the agent (promise H1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from agents.data import (
    ANSWER_THE_MAIL,
    CHECK_THE_ORDER,
    Action,
    Ask,
    Close,
    DraftOrder,
    HandOver,
    Outcome,
    Reply,
)
from agents.models import AgentRun, Department
from cases.models import Case, Task
from cases.services import following, papers, replying, tasks
from cases.services.briefing import Matter
from emails.data import Kind
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
    run: AgentRun | None
    outcome: Outcome

    def actions(self, kind: type[A]) -> list[A]:
        return [one for one in self.outcome.actions[:MAX_ACTIONS] if isinstance(one, kind)]

    @property
    def desk(self) -> Department:
        return self.matter.case.department if self.actions(HandOver) else self.matter.desk


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a decision: the order as the books took it, the letter that was written."""

    decided: Decided
    order: Order | None
    letter: OutgoingEmail | None
    filed: papers.Filed

    @property
    def answered(self) -> bool:
        return self.letter is not None and self.letter.state == OutgoingEmail.State.QUEUED

    @property
    def done(self) -> bool:
        """Whether nobody owes anything; an agent's word alone closes nothing but praise."""
        if self.order is not None:
            return self.order.state == Order.State.CONFIRMED and self.answered
        if not self.decided.actions(Close):
            return False
        praise = self.decided.matter.email.kind == Kind.FEEDBACK
        return self.answered or (praise and not self.decided.actions(Reply))

    @property
    def owed(self) -> list[Ask]:
        """What a person has to do; never nothing where the matter is not done."""
        asks = self.decided.actions(Ask)
        if self.order is not None and self.order.state == Order.State.CREATED:
            if CHECK_THE_ORDER not in {ask.title for ask in asks}:
                whats = "; ".join(doubt["what"] for doubt in self.order.doubts)
                asks.append(Ask(title=CHECK_THE_ORDER, reason=whats))
        elif not asks and not self.done:
            reason = self.letter.reason if self.letter else ""
            asks.append(Ask(title=ANSWER_THE_MAIL, reason=reason))
        return papers.ask_about(self.filed.documents, asks)


def apply(decided: Sequence[Decided]) -> None:
    """Do what was proposed for mails that still wait for it."""
    with transaction.atomic():
        held = stages.held([one.matter.email for one in decided], Email.State.TAKEN_IN)
        decided = [one for one in decided if one.matter.email.pk in held]
        if not decided:
            return
        AgentRun.objects.bulk_create(one.run for one in decided if one.run)
        _hand_over(decided)
        filed = papers.file([one.matter for one in decided])
        orders = _enter_orders(decided, filed)
        letters = _write_letters(decided, orders)
        results = [
            Result(one, orders.get(pk), letters.get(pk), filed[pk])
            for one, pk in ((one, one.matter.email.pk) for one in decided)
        ]
        _open_tasks(results)
        following.resolve([one.decided.matter.case for one in results if one.done])
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
    save_all({case.pk: case for case, _ in moved}.values(), ["department"])
    record_many("case.handed_over", moved)


def _enter_orders(
    decided: Sequence[Decided], filed: Mapping[int, papers.Filed]
) -> dict[int, Order]:
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
            document=filed[one.matter.email.pk].order,
        )
        for one, proposal in drafts
    ]
    orders = placing.place(entries)
    placing.confirm_or_doubt(
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


def _write_letters(
    decided: Sequence[Decided], orders: dict[int, Order]
) -> dict[int, OutgoingEmail]:
    """At most one letter for each mail: the confirmation of its order, else the agent's reply."""
    paper = replying.stationery([one.matter.email for one in decided])
    letters = []
    for one in decided:
        email, case = one.matter.email, one.matter.case
        order = orders.get(email.pk)
        if order is not None and order.state == Order.State.CONFIRMED:
            letters.append(replying.confirmation(order, email, case, paper))
        elif answer := _answer(one, order):
            letters.append(replying.letter(email, case, answer, paper))
    return {letter.answers_id or 0: letter for letter in writing.queue(letters)}


def _answer(one: Decided, order: Order | None) -> replying.Answer | None:
    """The agent's first reply, unless it promises what only the books may promise."""
    for reply in one.actions(Reply)[:1]:
        if reply.template != replying.CONFIRMATION:
            return replying.Answer(reply.template, order=order, variables=_borne_out(one, reply))
    return None


def _borne_out(one: Decided, reply: Reply) -> dict[str, str]:
    """What the books say about the order that the reply names; nothing of the agent's own words."""
    for number, state, promised in one.matter.brief.open_orders:
        if number == reply.variables.get("order_number"):
            return {"order_number": number, "order_state": state, "promised_date": promised}
    return {}


def _open_tasks(results: Sequence[Result]) -> None:
    tasks.open_all(
        Task(
            case=result.decided.matter.case,
            title=ask.title[:200],
            reason=ask.reason[:500],
            department=result.decided.desk,
        )
        for result in results
        for ask in result.owed
    )


def _finish(decided: Sequence[Decided]) -> None:
    emails = [one.matter.email for one in decided]
    Email.objects.filter(pk__in=[email.pk for email in emails]).update(
        state=Email.State.HANDLED, claimed_until=None, attempts=0
    )
    record_many(
        "email.handled",
        (
            (
                one.matter.email,
                {"case": one.matter.case.number, "agent": one.run.agent.name if one.run else ""},
            )
            for one in decided
        ),
    )
