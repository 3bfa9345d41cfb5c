"""Is a mail a delivery report: by the standard, else by how much in it speaks for one.

A person who asks about a failed delivery, or passes a report on, is a person. No sign decides
alone: together they must weigh enough, and what a mail is weighs more than how it is worded.
"""

from collections.abc import Callable

from emails.bounces import evidence
from emails.bounces.evidence import STATUS_TYPES
from emails.incoming import Incoming

_REFUSED = "was automatically rejected"
_ENOUGH = 10
_SIGNS: tuple[tuple[Callable[[Incoming], bool], int], ...] = (
    (evidence.is_by_daemon, 8),
    (evidence.opens_like_one, 7),
    (evidence.is_titled, 6),
    (evidence.has_null_path, 5),
    (evidence.says_to_whom, 4),
    (evidence.shows_address, 4),
    (evidence.shows_copy, 4),
    (evidence.is_by_office, 2),
    (evidence.tells_why, 2),
    (evidence.shows_code, 2),
    (evidence.tells_of_trouble, 1),
    (evidence.asks, -3),
    (evidence.answers, -4),
    (evidence.is_by_anybody, -4),
    (evidence.greets, -5),
    (evidence.came_by_list, -5),
)


def is_delivery_report(mail: Incoming) -> bool:
    """Return whether a mail reports on another's delivery."""
    has_status = any(leaf.content_type in STATUS_TYPES for leaf in mail.leaves)
    if mail.report_type is not None:
        # Dovecot reports as read what it refuses to store.
        refused = _REFUSED in mail.opening
        known = mail.report_type == "delivery-status" or has_status or refused
        return known or (not mail.report_type and _weighs_enough(mail))
    if evidence.is_passed_on(mail):
        return False
    return (has_status and not evidence.is_by_anybody(mail)) or _weighs_enough(mail)


def _weighs_enough(mail: Incoming) -> bool:
    return sum(weight for sign, weight in _SIGNS if sign(mail)) >= _ENOUGH
