"""FinanceAgent: incoming invoices, payments, billing."""

from agents.data import Brief, Outcome
from agents.roles.acknowledging import acknowledge


def decide(brief: Brief) -> Outcome:
    return acknowledge(brief)
