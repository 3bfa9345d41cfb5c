"""InfoAgent: general mail and everything that has no better home."""

from agents.data import Brief, Close, Outcome, Reply
from agents.roles.acknowledging import acknowledge


def decide(brief: Brief) -> Outcome:
    if brief.kind == "feedback" and brief.priority in {"normal", "low"}:
        return Outcome(
            actions=(
                Reply(template="feedback_thanks"),
                Close(reason="Praise was received with thanks."),
            ),
            reasons=("Friendly feedback asks for thanks and nothing else.",),
        )
    return acknowledge(brief)
