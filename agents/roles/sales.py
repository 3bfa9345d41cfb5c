"""SalesAgent: orders, quotations, and where an order is."""

from agents.data import (
    CHECK_THE_ORDER,
    CHECK_THE_QUOTATION,
    Ask,
    Brief,
    Close,
    DraftOrder,
    DraftQuotation,
    OrderBrief,
    Outcome,
    Reply,
)
from agents.roles.acknowledging import acknowledge
from hbu.lib.reasons import N_

DOUBTS_NAMED = 3


def decide(brief: Brief) -> Outcome:
    if brief.order is not None:
        return _order(brief, brief.order)
    if brief.quotation is not None:
        return _quotation(brief, brief.quotation)
    if brief.kind == "order" and brief.unread:
        return acknowledge(brief, template="document_unreadable")
    if brief.kind == "order_status" and len(brief.open_orders) == 1 and not brief.answered_before:
        return _status(brief)
    return acknowledge(brief)


def _order(brief: Brief, order: OrderBrief) -> Outcome:
    if order.certain and not brief.automatic:
        return Outcome(
            actions=(DraftOrder(confirm=True),),
            reasons=(N_("The customer is known, every line is certain and the totals tie."),),
        )
    reason = _doubts(order)
    received = () if brief.answered_before else (Reply(template="order_received"),)
    return Outcome(
        actions=(
            DraftOrder(confirm=False),
            *received,
            Ask(title=CHECK_THE_ORDER, reason=reason[:500]),
        ),
        reasons=(f"{N_('A person has to look')}: {reason}",),
    )


def _quotation(brief: Brief, quotation: OrderBrief) -> Outcome:
    if quotation.certain and not brief.automatic:
        return Outcome(
            actions=(DraftQuotation(send=True),),
            reasons=(N_("The customer is known and every line is certain."),),
        )
    reason = _doubts(quotation)
    received = () if brief.answered_before else (Reply(template="quotation_ack"),)
    return Outcome(
        actions=(
            DraftQuotation(send=False),
            *received,
            Ask(title=CHECK_THE_QUOTATION, reason=reason[:500]),
        ),
        reasons=(f"{N_('A person has to look')}: {reason}",),
    )


def _doubts(paper: OrderBrief) -> str:
    doubts = paper.doubts or (N_("A machine wrote the mail."),)
    return "; ".join(doubts[:DOUBTS_NAMED])


def _status(brief: Brief) -> Outcome:
    number = brief.open_orders[0][0]
    return Outcome(
        actions=(
            Reply(template="order_status", variables={"order_number": number}),
            Close(reason=f"{N_('The books answer where the order is')}: {number}"),
        ),
        reasons=(f"{N_('The mail names an order of its sender')}: {number}",),
    )
