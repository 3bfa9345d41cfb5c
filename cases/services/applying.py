"""What agents proposed is done: checked, set-based, in one transaction for a chunk of mails.

Only the actions of agents.data are known here. Whom a letter goes to, what an order costs and
whether it may be confirmed is decided by the case and the books, never by the agent (promise H1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from agents import memory
from agents.data import (
    ANSWER_THE_MAIL,
    CHECK_THE_ORDER,
    CHECK_THE_QUOTATION,
    PAYMENT_STATUS,
    Action,
    Ask,
    Close,
    DraftOrder,
    DraftQuotation,
    HandOver,
    Outcome,
    Reply,
)
from agents.models import AgentRun, Department
from cases.models import Case, Task
from cases.services import accounting, clocks, life, papers, replying, serving, tasks
from cases.services.briefing import Matter
from cases.services.news import quotations as quotations_news
from emails.data import Kind, Trust
from emails.models import Email, OutgoingEmail
from emails.services import stages, writing
from hbu.journal.recording import record_many
from hbu.lib.rows import save_all
from orders.data import Proposal
from orders.models import Order, Quotation
from orders.services import placing, quoting

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
    quotation: Quotation | None = None

    @property
    def answered(self) -> bool:
        return self.letter is not None and self.letter.state == OutgoingEmail.State.QUEUED

    @property
    def done(self) -> bool:
        """Whether nobody owes anything; an agent's word alone closes nothing but praise."""
        if self.order is not None:
            return self.order.state == Order.State.CONFIRMED and self.answered
        if self.quotation is not None:
            return self.quotation.state == Quotation.State.SENT and self.answered
        if not self.decided.actions(Close):
            return False
        praise = self.decided.matter.email.kind == Kind.FEEDBACK
        return self.answered or (praise and not self.decided.actions(Reply))

    @property
    def owed(self) -> list[Ask]:
        """What a person has to do; never nothing where the matter is not done."""
        asks = self.decided.actions(Ask)
        if self.order is not None and self.order.state == Order.State.CREATED:
            _ask_for(asks, CHECK_THE_ORDER, self.order.doubts)
        elif self.quotation is not None and self.quotation.state == Quotation.State.REQUESTED:
            _ask_for(asks, CHECK_THE_QUOTATION, self.quotation.doubts)
        elif not asks and not self.done:
            reason = self.letter.reason if self.letter else ""
            asks.append(Ask(title=ANSWER_THE_MAIL, reason=reason))
        return papers.ask_about(self.filed.documents, asks)


def _ask_for(asks: list[Ask], title: str, doubts: Sequence[Mapping[str, str]]) -> None:
    """Add a check that the agent did not ask for itself."""
    if title not in {ask.title for ask in asks}:
        asks.append(Ask(title=title, reason="; ".join(doubt["what"] for doubt in doubts)))


def apply(decided: Sequence[Decided]) -> None:
    """Do what was proposed for mails that still wait for it."""
    with transaction.atomic():
        held = stages.held([one.matter.email for one in decided], Email.State.TAKEN_IN)
        decided = [one for one in decided if one.matter.email.pk in held]
        if not decided:
            return
        serving.keep((one.run, one.matter.email) for one in decided)
        _hand_over(decided)
        filed = papers.file([one.matter for one in decided])
        orders = _enter_orders(decided, filed)
        quotations = _enter_quotations(decided, filed)
        letters = _write_letters(decided, orders, quotations)
        results = [
            Result(one, orders.get(pk), letters.get(pk), filed[pk], quotations.get(pk))
            for one, pk in ((one, one.matter.email.pk) for one in decided)
        ]
        _open_tasks(results)
        life.resolve([one.decided.matter.case for one in results if one.done])
        serving.learn(
            (one.decided.run, one.decided.matter.email, one.decided.matter.case, one.answered)
            for one in results
        )
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
    clocks.refresh({case.pk for case, _ in moved})
    record_many("case.handed_over", moved)


def _enter_orders(
    decided: Sequence[Decided], filed: Mapping[int, papers.Filed]
) -> dict[int, Order]:
    """Enter the order documents; confirm those that an agent finds and the books leave certain."""
    drafts = [
        (one, one.matter.proposal)
        for one in decided
        if one.actions(DraftOrder) and one.matter.proposal is not None and one.matter.brief.order
    ]
    orders = placing.place([_entry(one, proposal, filed) for one, proposal in drafts])
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


def _entry(one: Decided, proposal: Proposal, filed: Mapping[int, papers.Filed]) -> placing.Entry:
    return placing.Entry(
        proposal=proposal,
        source=Order.Source.MAIL,
        language=one.matter.email.language,
        document=filed[one.matter.email.pk].order,
    )


def _enter_quotations(
    decided: Sequence[Decided], filed: Mapping[int, papers.Filed]
) -> dict[int, Quotation]:
    """Enter what mails want quoted; send what an agent finds and the books leave certain."""
    drafts = [
        (one, one.matter.proposal)
        for one in decided
        if one.actions(DraftQuotation)
        and one.matter.proposal is not None
        and one.matter.brief.quotation
    ]
    rows = quoting.enter([_entry(one, proposal, filed) for one, proposal in drafts])
    wanted = [
        row
        for row, (one, _) in zip(rows, drafts, strict=True)
        if one.actions(DraftQuotation)[0].send
    ]
    quoting.offer_certain(wanted)
    links = Case.quotations.through
    if rows:
        links.objects.bulk_create(
            links(case_id=one.matter.case.pk, quotation_id=row.pk)
            for row, (one, _) in zip(rows, drafts, strict=True)
        )
    return {one.matter.email.pk: row for row, (one, _) in zip(rows, drafts, strict=True)}


def _write_letters(
    decided: Sequence[Decided], orders: dict[int, Order], quotations: dict[int, Quotation]
) -> dict[int, OutgoingEmail]:
    """At most one letter for each mail: what its order or request became, else the agent's reply."""
    paper = replying.stationery([one.matter.email for one in decided])
    letters = []
    for one in decided:
        email, case = one.matter.email, one.matter.case
        order = orders.get(email.pk)
        if order is not None and order.state == Order.State.CONFIRMED:
            letters.append(replying.confirmation(order, email, case, paper))
        elif answer := _offer(quotations.get(email.pk)) or _answer(one, order):
            letters.append(replying.letter(email, case, answer, paper))
    return {letter.answers_id or 0: letter for letter in writing.queue(letters)}


def _offer(quotation: Quotation | None) -> replying.Answer | None:
    """The quotation that the mail asked for, where it was sent at once."""
    if quotation is None or quotation.state != Quotation.State.SENT:
        return None
    sent = quotations_news.sent(quotation)
    return replying.Answer(
        sent.template,
        variables=sent.variables,
        cause=sent.cause,
        weight=sent.weight,
        enclosures=sent.enclosures,
    )


def _answer(one: Decided, order: Order | None) -> replying.Answer | None:
    """The agent's first reply, unless it promises what only the books may promise."""
    if one.matter.email.trust == Trust.FAILED:
        # Whoever it is gets nothing to read of what stands in the books (promise D4).
        order = None
    for reply in one.actions(Reply)[:1]:
        if reply.template == PAYMENT_STATUS and not accounting.may_tell(one.matter.brief):
            continue
        if reply.template != replying.CONFIRMATION:
            return replying.Answer(
                reply.template,
                order=order,
                variables=_borne_out(one, reply),
                look_first=memory.WARY if reply.look_first else "",
            )
    return None


def _borne_out(one: Decided, reply: Reply) -> dict[str, object]:
    """What the books say about what the reply names; nothing of the agent's own words."""
    if reply.template == PAYMENT_STATUS:
        return accounting.told(one.matter.brief, reply.variables.get("invoice_numbers", ""))
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
