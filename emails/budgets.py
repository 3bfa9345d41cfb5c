"""How much automatic mail one address, one thread and all together may get (RFC 3834, section 2).

Two machines that answer each other settle here, whatever their headers say.
"""

from dataclasses import dataclass

from hbu.lib.reasons import N_

WINDOW_HOURS = 24
ACKNOWLEDGEMENTS_PER_THREAD = 1
# A stranger's machine is the likely other end of a loop; a known contact writes about many things.
ACKNOWLEDGEMENTS_TO_STRANGER = 3
STRANGERS_WINDOW_HOURS = 10 * 24
ACKNOWLEDGEMENTS_TO_CONTACT = 20
# An order comes to four or five: confirmation, parcels, invoice. A big customer sends dozens a day.
COMMITMENTS_TO_ADDRESS = 250
EXEMPT = frozenset({"personal", "notice"})
"""What people write, and what we tell our own staff, is no customer's automatic mail."""
STORM = N_("More automatic mail than the whole house may send in an hour.")


@dataclass(frozen=True, slots=True)
class Spent:
    """What went to an address in the window, and what its thread ever got."""

    acknowledgements: int = 0
    lately: int = 0
    """Acknowledgements in the longer window that counts for strangers."""
    commitments: int = 0
    in_thread: int = 0
    by_all: int = 0
    """Automatic letters of the whole house within the hour."""


def refusal(spent: Spent, *, weight: str, known: bool, per_hour: int) -> str:
    """Return why one more automatic mail would be too much; empty when it is not.

    `per_hour`: how many the whole house may send.
    """
    if weight in EXEMPT:
        return ""
    if spent.by_all >= per_hour:
        return STORM
    if weight == "commitment":
        full = spent.commitments >= COMMITMENTS_TO_ADDRESS
        return N_("This address got as many confirmations today as we allow.") if full else ""
    if spent.in_thread >= ACKNOWLEDGEMENTS_PER_THREAD:
        return N_("This conversation has had its acknowledgement.")
    if known:
        full = spent.acknowledgements >= ACKNOWLEDGEMENTS_TO_CONTACT
    else:
        full = spent.lately >= ACKNOWLEDGEMENTS_TO_STRANGER
    return N_("This address got as many acknowledgements lately as we allow.") if full else ""
