"""Why no machine may answer a mail (RFC 3834, section 2)."""

import re
from collections.abc import Sequence

from emails.bounces import is_daemon
from emails.data import Address, without_tag
from emails.headers import has_header, safe_header
from emails.incoming import Incoming
from hbu.lib.reasons import N_

_NO_READER = re.compile(
    r"(?:root|abuse|nobody|cron|nagios|icinga2?|zabbix)@|(?:[^@]*[._+-])?(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|nicht[-_.]?antworten"
    r"|keine[-_.]?antwort|bounces?|listserv|majordomo)(?:[-+_.=0-9][^@]*)?@",
    re.IGNORECASE,
)
_LISTS = ("List-Id", "List-Post", "List-Help", "List-Unsubscribe", "Mailing-List")
_SUPPRESSED = {"all", "autoreply", "oof"}


def must_not_answer(mail: Incoming, *, reply_to: Sequence[Address], why_automatic: str) -> str:
    """Return why no machine may answer a mail, "" where it may."""
    if not mail.sender.address:
        return N_("Its sender is not exactly one address.")
    if why_automatic:
        return why_automatic
    answered = {mail.sender.address, *(address.address for address in reply_to)}
    return _closed_address(answered, mail.own_addresses) or _request_for_silence(mail)


def _closed_address(answered: set[str], own_addresses: frozenset[str]) -> str:
    if any(without_tag(address) in own_addresses for address in answered):
        return N_("The answer would come back to one of our own addresses.")
    if any(is_daemon(address) or _NO_READER.match(address) for address in answered):
        return N_("Nobody reads answers at its sender's address.")
    return ""


def _request_for_silence(mail: Incoming) -> str:
    if mail.has_null_path:
        return N_("Its return path is empty.")
    suppressed = re.split(r"[\s,;]+", safe_header(mail.head, "X-Auto-Response-Suppress").lower())
    if not _SUPPRESSED.isdisjoint(suppressed):
        return N_("Its sender asked for no automatic answers.")
    # RFC 3834, section 2, and RFC 2369: who writes through a list may be a person, yet the answer
    # of a machine may reach all of it.
    if any(has_header(mail.head, name) for name in _LISTS):
        return N_("It came through a mailing list.")
    if has_header(mail.head, "X-Loop"):
        return N_("It is guarded against mail loops.")
    return ""
