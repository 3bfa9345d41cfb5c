"""How a letter reads before it leaves: courtesy rule by rule, and whom it would reach."""

import re
from dataclasses import replace

from cases.models import Case
from cases.services import replying
from cases.services.answering import addressing
from cases.services.answering.composed import Composed, last_mail
from emails import courtesy
from emails.data import CourtesyScore, Finding
from emails.services import blocking
from hbu.lib.addresses import address_key
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.services import people

PLACEHOLDER = re.compile(r"\[\[[^\[\]\n]{0,80}\]\]|\{\{|\}\}|\{%|%\}")
UNFILLED = N_("No unfilled placeholder")
HINT = N_("Fill in the placeholder, or take it out.")
BLOCKED = N_("Mail to this address came back or was unwelcome; it may not arrive")
STRANGER = N_("This address took no part in the conversation so far")


def check(text: str, *, subject: str, language: str, case: Case, to: str = "") -> CourtesyScore:
    """Return the courtesy of a text, with a finding for each rule; `to`: whom it greets."""
    points = courtesy.score(text, subject=subject, language=language, addressee=_name(case, to))
    left = placeholder(subject, text)
    if not left:
        return points
    findings = tuple(
        Finding(one.rule, ok=False, points=-60, excerpt=left, hint=HINT)
        if one.rule == UNFILLED and one.ok
        else one
        for one in points.findings
    )
    total = sum(one.points for one in findings)
    return replace(points, score=max(0, min(100, total)), findings=findings)


def placeholder(subject: str, text: str) -> str:
    """Return the first place that nobody filled in; with one no letter leaves."""
    found = PLACEHOLDER.search(f"{subject}\n{text}")
    return found.group() if found else ""


def _name(case: Case, to: str) -> str:
    email = last_mail(case)
    address = to or (replying.recipient(email) if email else "")
    contact = people.contacts([address]).get(address.lower()) if address else None
    return contact.last_name if contact and contact.title else ""


def warnings(case: Case, composed: Composed) -> list[str]:
    """Return what a person should know about the readers; nothing of it keeps a letter back."""
    try:
        to, cc, bcc = addressing.checked(composed.to, composed.cc, composed.bcc)
    except DomainError as error:
        return [error.message]
    held = blocking.held({one.lower() for one in (*to, *cc, *bcc)})
    known = _known(case)
    found = [f"{BLOCKED}: {one}" for one in (*to, *cc, *bcc) if one.lower() in held]
    if composed.mode in ("reply", "reply_all"):
        found += [f"{STRANGER}: {one}" for one in (*to, *cc, *bcc) if address_key(one) not in known]
    return found


def _known(case: Case) -> set[str]:
    """Who took part: wrote, was written to, or works for the customer."""
    found = set(addressing.ours())
    for sender, to, cc in case.emails.values_list("from_address", "to", "cc"):
        found.add(address_key(sender))
        found |= {address_key(str(one.get("address", ""))) for one in (*to, *cc)}
    if case.customer is not None:
        emails = case.customer.contacts.values_list("email", flat=True)
        found |= {address_key(one) for one in emails}
    return found
