"""What it means for a person when a check of a document fails."""

from hbu.lib.reasons import N_
from orders.data import Check

_MEANINGS = {
    "Quantity times price is the line total": N_("Quantity times price is not the line total"),
    "The lines add up to the net sum": N_("The lines do not add up to the net sum"),
    "Net and tax add up to the gross sum": N_("Net and tax do not add up to the gross sum"),
    "The document was read to its end": N_("The document is too long to be read whole"),
    "Every row was read": N_("Something in it may be a line and could not be read"),
    "The wording is plain": N_("The wording leaves something open"),
    "All lines are wanted on one day": N_("The lines are wanted on different days"),
}
OTHER = N_("This was checked and is not so")


def failure(check: Check) -> tuple[str, str]:
    """What is wrong, in words, and the evidence."""
    meaning = _MEANINGS.get(check.name)
    if meaning:
        return meaning, check.detail
    named = check.rule or check.name
    return OTHER, ": ".join(filter(None, (named, check.detail)))
