"""SupportAgent: technical questions, complaints and returns, to their resolution."""

from agents.data import Brief, Outcome
from agents.roles.acknowledging import acknowledge


def decide(brief: Brief) -> Outcome:
    return acknowledge(brief)
