"""InfoAgent: general mail and everything that has no better home."""

from agents.data import Brief, Close, Outcome, Reply
from agents.roles.acknowledging import acknowledge
from hbu.lib.reasons import N_


def decide(brief: Brief) -> Outcome:
    if brief.kind == "feedback" and brief.priority in {"normal", "low"}:
        close = Close(reason=N_("Praise was received with thanks."))
        # In a conversation that has had its letter, thanks for thanks would never end.
        thanks = () if brief.answered_before else (Reply(template="feedback_thanks"),)
        return Outcome(
            actions=(*thanks, close),
            reasons=(N_("Friendly feedback asks for thanks and nothing else."),),
        )
    return acknowledge(brief)
