"""Mails from files: the same pipeline as mails from a server, or a trial run that writes nothing."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.models import Case
from cases.services import flow
from emails.data import Address, ParsedMail
from emails.models import Email, Mailbox, OutgoingEmail
from emails.parsing import parse
from emails.services import intake, triage
from emails.sources.files import Found
from orders.models import Order

PORTION = 25
# How long to wait for mails that a running worker took out of our hands.
PATIENCE_SECONDS = 60


def trial(found: Sequence[Found], mailbox: Mailbox | None) -> Iterator[dict[str, Any]]:
    """Decide on mails and describe what would become of them; nothing is written anywhere."""
    books = triage.open_books()
    for one in found:
        yield _decided(one, mailbox, books)


def take(found: Sequence[Found], mailbox: Mailbox | None) -> Iterator[dict[str, Any]]:
    """Take mails in and carry them through the pipeline; describe what became of each."""
    for start in range(0, len(found), PORTION):
        portion = found[start : start + PORTION]
        arrivals = {number: _arrival(one) for number, one in enumerate(portion)}
        intake.store(mailbox, arrivals)
        emails = intake.known(intake.fingerprint(one.raw) for one in portion)
        _carry_through([email.pk for email in emails.values()])
        emails = intake.known(emails)
        for one in portion:
            yield _taken(one, emails[intake.fingerprint(one.raw)])


def _arrival(found: Found) -> intake.Arrival:
    """A file came now, but a letter that is old by its own date is not answered any more."""
    now = timezone.now()
    try:
        written = parse(found.raw).date
    except ValueError:
        written = None
    fresh = written is None or abs(now - written) < intake.ANSWER_WITHIN + timedelta(hours=1)
    return intake.Arrival(found.raw, now, answerable=fresh)


def _carry_through(ids: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    flow.carry_through(ids)
    while Email.objects.waiting().filter(pk__in=ids).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
        flow.carry_through(ids)


def _decided(found: Found, mailbox: Mailbox | None, books: triage.Books) -> dict[str, Any]:
    address = mailbox.address if mailbox else ""
    try:
        decision = triage.decide([found.raw], [address], books)[0]
    except Exception as error:
        return _failed(found, f"{type(error).__name__}: {error}")
    return {
        **_mail(found, decision.mail),
        "verdict": decision.verdict.as_json(),
        "route": decision.route.as_json(),
        "state": Email.State.TRIAGED.value,
        "error": None,
    }


def _failed(found: Found, error: str) -> dict[str, Any]:
    return {"path": found.path, "state": Email.State.QUARANTINED.value, "error": error}


def _mail(found: Found, mail: ParsedMail) -> dict[str, Any]:
    return {
        "path": found.path,
        "message_id": mail.message_id,
        "from": _address(mail.sender),
        "to": [_address(one) for one in mail.to],
        "cc": [_address(one) for one in mail.cc],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "html": mail.html,
        "html_safe": mail.html_safe,
        "reply_text": mail.reply_text,
        "attachments": [
            {
                "filename": part.filename,
                "content_type": part.content_type,
                "size": part.size,
                "sha256": part.sha256,
            }
            for part in mail.attachments
        ],
        "automatic": mail.automatic,
        "bounce": {
            "final_recipients": list(mail.bounce.final_recipients),
            "status": mail.bounce.status,
            "original_message_id": mail.bounce.original_message_id,
        }
        if mail.bounce
        else None,
    }


def _address(one: Address) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _taken(found: Found, email: Email) -> dict[str, Any]:
    described = _failed(found, email.error)
    if email.state != Email.State.QUARANTINED:
        described = {**_mail(found, parse(found.raw)), **_stored(email)}
    case = Case.objects.filter(emails=email).first()
    return {
        **described,
        "thread": email.thread_id,
        "case": case.number if case else None,
        "order": _order(case, email),
        "reply": _reply(email),
    }


def _stored(email: Email) -> dict[str, Any]:
    return {
        "verdict": {
            "kind": email.kind,
            "priority": email.priority,
            "language": email.language,
            "customer": email.customer.name if email.customer else "",
            "oem": email.is_oem,
            "automatic": email.automatic or None,
            "confidence": email.confidence,
            "reasons": email.reasons,
        },
        "route": {
            "department": email.department.code if email.department else "",
            "address": email.department.address if email.department else "",
            "rule": email.rule.name if email.rule else "",
            "sla": email.sla,
            "priority": email.priority,
            "trace": email.trace,
        },
        "state": email.state,
        "error": email.error or None,
    }


def _order(case: Case | None, email: Email) -> dict[str, Any] | None:
    """The order this very mail brought, not one that another mail of its case did."""
    if case is None or email.kind != "order":
        return None
    order = Order.objects.filter(cases=case).order_by("pk").first()
    if order is None:
        return None
    return {
        "number": order.number,
        "state": order.state,
        "reference": order.reference,
        "gross": str(order.gross),
        "doubts": order.doubts,
    }


def _reply(email: Email) -> dict[str, Any] | None:
    letter = OutgoingEmail.objects.filter(answers=email).order_by("pk").first()
    if letter is None:
        return None
    return {
        "template": letter.template,
        "score": letter.score,
        "state": letter.state,
        "reason": letter.reason,
    }
