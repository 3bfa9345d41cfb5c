"""Mail that machines write, and mail that a machine must never answer (RFC 3834, RFC 2369)."""

import re
from collections.abc import Sequence
from email.message import Message

from emails.bounces import is_daemon, is_delivery_report
from emails.data import Address, Automatic
from emails.headers import first_word, has_header, media_type, parameter, safe_header
from hbu.lib.reasons import N_

# Anchored: a person who answers "AW: Abwesenheitsnotiz" is a person.
_ABSENCE = re.compile(
    r"(?:abwesenheits(?:notiz|nachricht|meldung|assistent|info)\w*|automatische (?:antwort|r(?:ü|ue)ckantwort)"
    r"|automatic reply|auto(?:mated|matic)?[ -]?(?:reply|response)|autoresponder"
    r"|out[ -]of[ -](?:the[ -])?office(?:[ -]?(?:auto[ -]?)?(?:reply|message|notification))?(?=\s*(?::|-|$))"
    r"|(?:abwesend|abwesenheit|nicht im b(?:ü|ue)ro|urlaubsnotiz|vacation reply)(?=\s*(?::|-|$)))",
    re.IGNORECASE,
)
_NO_READER = re.compile(
    r"(?:[^@]*[._+-])?(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|nicht[-_.]?antworten"
    r"|keine[-_.]?antwort|bounces?|listserv|majordomo)(?:[-+_.=0-9][^@]*)?@",
    re.IGNORECASE,
)
_AUTORESPONSE_HEADERS = (
    "X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponse", "X-Autoresponder",
    "X-Auto-Reply-From", "X-Mail-Autoreply",
)  # fmt: skip
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help")
_REPORTS = {
    "delivery-status": Automatic.BOUNCE,
    "feedback-report": Automatic.FEEDBACK_REPORT,
    # A receipt of reading (RFC 8098) answers a mail on behalf of its reader.
    "disposition-notification": Automatic.AUTO_REPLY,
}
_SUPPRESSED = {"all", "autoreply", "oof"}
_WHY = {
    Automatic.AUTO_REPLY: N_("It is an automatic reply."),
    Automatic.BOUNCE: N_("It is a delivery report."),
    Automatic.FEEDBACK_REPORT: N_("It is a feedback report of a mail provider."),
    Automatic.BULK: N_("It was sent by a machine or to a list."),
}


def automatic_kind(head: Message, *, sender: str, subject: str) -> Automatic | None:
    """Return why a mail counts as written by a machine, None where a person wrote it."""
    if is_delivery_report(head, sender=sender, subject=subject):
        return Automatic.BOUNCE
    if media_type(head) == "multipart/report":
        kind = _REPORTS.get(parameter(head, "Content-Type", "report-type").lower())
        if kind:
            return kind
    if _answers_by_itself(head, subject):
        return Automatic.AUTO_REPLY
    return Automatic.BULK if _is_bulk(head) else None


def must_not_answer(
    head: Message,
    *,
    sender: Address,
    reply_to: Sequence[Address],
    automatic: Automatic | None,
    own_addresses: frozenset[str],
) -> str:
    """Return why no machine may answer a mail, "" where it may."""
    if not sender.address:
        return N_("Its sender is not exactly one address.")
    if automatic:
        return _WHY[automatic]
    answered = {sender.address, *(address.address for address in reply_to)}
    return _closed_address(answered, own_addresses) or _request_for_silence(head)


def _answers_by_itself(head: Message, subject: str) -> bool:
    submitted = first_word(head, "Auto-Submitted")
    if submitted == "no":
        return False
    return (
        submitted == "auto-replied"
        # Exchange calls its absence notes auto-generated.
        or bool(_ABSENCE.match(subject))
        or any(_is_set(head, name) for name in _AUTORESPONSE_HEADERS)
        or first_word(head, "Precedence") in ("auto_reply", "auto-reply")
    )


def _is_bulk(head: Message) -> bool:
    return (
        first_word(head, "Auto-Submitted") not in ("", "no")
        or first_word(head, "Precedence") in ("bulk", "list", "junk")
        or any(has_header(head, name) for name in _LIST_HEADERS)
    )


def _is_set(head: Message, name: str) -> bool:
    return has_header(head, name) and first_word(head, name) not in ("no", "false", "0")


def _closed_address(answered: set[str], own_addresses: frozenset[str]) -> str:
    if any(_without_tag(address) in own_addresses for address in answered):
        return N_("The answer would come back to one of our own addresses.")
    if any(is_daemon(address) or _NO_READER.match(address) for address in answered):
        return N_("Nobody reads answers at its sender's address.")
    return ""


def _without_tag(address: str) -> str:
    """Return `reply@house.example` for `Reply+4711@house.example` (RFC 5233)."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _request_for_silence(head: Message) -> str:
    if safe_header(head, "Return-Path") == "<>":
        return N_("Its return path is empty.")
    suppressed = re.split(r"[\s,;]+", safe_header(head, "X-Auto-Response-Suppress").lower())
    if not _SUPPRESSED.isdisjoint(suppressed):
        return N_("Its sender asked for no automatic answers.")
    if has_header(head, "X-Loop"):
        return N_("It is guarded against mail loops.")
    return ""
