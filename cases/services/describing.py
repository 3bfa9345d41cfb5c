"""What became of a mail, as JSON for other programs. All keys are there, whatever happened."""

from collections.abc import Iterable
from typing import Any

from cases.models import Case
from emails.data import ParsedMail, Part
from emails.models import Email, OutgoingEmail
from emails.parsing import TooComplex, parse
from emails.routing import DESK_RULE, FALLBACK_RULE
from emails.services.deciding import Decision
from emails.sources.files import Found
from orders.models import Order

NOTHING: dict[str, Any] = {
    "message_id": "",
    "from": {"name": "", "address": ""},
    "to": [],
    "cc": [],
    "subject": "",
    "date": None,
    "text": "",
    "html": "",
    "html_safe": "",
    "reply_text": "",
    "attachments": [],
    "automatic": None,
    "bounce": None,
}
NO_WORK: dict[str, Any] = {"thread": None, "case": None, "order": None, "reply": None}


def unreadable(found: Found) -> dict[str, Any]:
    """A file that never became a mail."""
    return _whole(found, NOTHING, error=found.error)


def quarantined(found: Found, error: str, own: frozenset[str]) -> dict[str, Any]:
    return _whole(found, _read(found, own), state=Email.State.QUARANTINED.value, error=error)


def decided(found: Found, decision: Decision) -> dict[str, Any]:
    verdict, route = decision.verdict, decision.route
    return _whole(
        found,
        _mail(decision.mail),
        verdict={
            "kind": verdict.kind,
            # A rule may raise it; what a trial says is what the books would say.
            "priority": route.priority,
            "language": verdict.language,
            "customer": verdict.customer,
            "oem": verdict.oem,
            "confidence": verdict.confidence,
            "reasons": [reason.as_json() for reason in verdict.reasons],
            "sentiment": verdict.sentiment,
            "deadlines": [one.as_json() for one in verdict.deadlines],
            "amounts": [one.as_json() for one in verdict.amounts],
        },
        route={
            "department": route.department,
            "address": route.address,
            "rule": route.rule,
            "sla": route.sla,
            "trace": list(route.trace),
        },
        state=Email.State.TRIAGED.value,
    )


def stored(found: Found, email: Email, own: frozenset[str]) -> dict[str, Any]:
    department = email.department
    return _whole(
        found,
        _read(found, own),
        verdict={
            "kind": email.kind,
            "priority": email.priority,
            "language": email.language,
            "customer": email.customer.name if email.customer else "",
            "oem": email.is_oem,
            "confidence": email.confidence,
            "reasons": email.reasons,
            "sentiment": email.sentiment,
            "deadlines": email.deadlines,
            "amounts": email.amounts,
        },
        route={
            "department": department.code if department else "",
            "address": department.address if department else "",
            "rule": _rule(email),
            "sla": email.sla,
            "trace": email.trace,
        },
        state=email.state,
        error=email.error,
    )


def _rule(email: Email) -> str:
    if email.rule:
        return email.rule.name
    has_desk = any(one["rule"] == DESK_RULE for one in email.trace)
    return DESK_RULE if has_desk else FALLBACK_RULE


def work(email: Email, case: Case | None) -> dict[str, Any]:
    return {
        "thread": email.thread_id,
        "case": case.number if case else None,
        "order": _order(case, email),
        "reply": _reply(email),
    }


def _whole(
    found: Found,
    mail: dict[str, Any],
    *,
    verdict: dict[str, Any] | None = None,
    route: dict[str, Any] | None = None,
    state: str | None = None,
    error: str = "",
) -> dict[str, Any]:
    return {
        "path": found.path,
        **mail,
        "verdict": verdict,
        "route": route,
        "state": state,
        "error": error or None,
    }


def _read(found: Found, own: frozenset[str]) -> dict[str, Any]:
    try:
        return _mail(parse(found.raw, own_addresses=own))
    except TooComplex:
        return NOTHING


def _mail(mail: ParsedMail) -> dict[str, Any]:
    return {
        "message_id": mail.message_id,
        "from": mail.sender.as_json(),
        "to": [one.as_json() for one in mail.to],
        "cc": [one.as_json() for one in mail.cc],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "html": mail.html,
        "html_safe": mail.html_safe,
        "reply_text": mail.reply_text,
        "attachments": _attachments(mail.attachments),
        "automatic": mail.automatic,
        "bounce": mail.bounce.as_json() if mail.bounce else None,
    }


def _attachments(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [
        {
            "filename": part.filename,
            "content_type": part.content_type,
            "size": part.size,
            "sha256": part.sha256,
        }
        for part in parts
    ]


def _order(case: Case | None, email: Email) -> dict[str, Any] | None:
    """The order this very mail brought, not one that another mail of its case did."""
    if case is None or email.kind != "order":
        return None
    papers = [*email.attachments.values_list("sha256", flat=True), ""]
    orders = Order.objects.filter(cases=case, document__sha256__in=papers)
    order = orders.filter(created_at__gte=email.received_at).order_by("pk").first()
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
    return {"template": letter.template, "score": letter.score, "state": letter.state}
