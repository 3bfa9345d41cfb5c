"""What every role does the same way: thank, promise, and put it before a person."""

from agents.data import ANSWER_THE_MAIL, CHECK_THE_INVOICE, Ask, Brief, Outcome, Reply
from hbu.lib.reasons import N_

TEMPLATES = {
    "order": "order_received",
    "order_change": "order_change_ack",
    "order_status": "order_status_unknown",
    "quotation_request": "quotation_ack",
    "invoice": "invoice_received",
    "payment": "payment_received",
    "complaint": "complaint_ack",
    "return": "return_ack",
    "technical": "technical_ack",
    "supplier": "supplier_ack",
    "feedback": "feedback_thanks",
    "general": "generic_ack",
}
TITLES = {
    "order": N_("Enter the order by hand"),
    "order_change": N_("Change the order"),
    "order_status": N_("Say where the order is"),
    "quotation_request": N_("Write the quotation"),
    "invoice": CHECK_THE_INVOICE,
    "payment": N_("Match the payment"),
    "complaint": N_("Answer the complaint"),
    "return": N_("Decide on the return"),
    "technical": N_("Answer the technical question"),
    "supplier": N_("Look at the supplier's mail"),
    "feedback": N_("Read the feedback"),
    "general": ANSWER_THE_MAIL,
}
ACKNOWLEDGED = N_("The conversation has had its acknowledgement.")
EXPEDITED = {"order_status", "order_change", "general", "technical"}


def acknowledge(brief: Brief, *, template: str = "") -> Outcome:
    """Acknowledge once and ask a person to do what the kind of mail calls for."""
    title = TITLES.get(brief.kind, TITLES["general"])
    ask = Ask(title=title, reason=f"“{brief.subject}”" if brief.subject else "")
    if brief.answered_before:
        return Outcome(actions=(ask,), reasons=(ACKNOWLEDGED,))
    chosen = template or _template(brief)
    return Outcome(
        actions=(Reply(template=chosen), ask),
        reasons=(N_("It is acknowledged and waits for a person."),),
    )


def _template(brief: Brief) -> str:
    if brief.priority == "urgent" and brief.kind in EXPEDITED:
        return "expedite_ack"
    return TEMPLATES.get(brief.kind, "generic_ack")
