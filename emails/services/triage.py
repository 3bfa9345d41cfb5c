"""Understand and route: what was decided on the mails of a chunk is written in one transaction."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from emails.data import ParsedMail, Part, Route, Sender, Verdict
from emails.models import Attachment, Email, Mailbox
from emails.services import deciding, joining, rules, stages
from emails.services.deciding import Books, Decision, Reading
from hbu.journal.recording import record_many
from hbu.lib import blobs
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

MAIL_FIELDS = [
    "message_id",
    "in_reply_to",
    "references",
    "from_name",
    "from_address",
    "reply_to",
    "to",
    "cc",
    "subject",
    "date",
    "text",
    "html_safe",
    "reply_text",
    "defects",
    "trust",
    "automatic",
    "must_not_answer",
    "bounce",
]
VERDICT_FIELDS = [
    "kind",
    "verdict_priority",
    "language",
    "customer",
    "is_oem",
    "confidence",
    "reasons",
    "sentiment",
    "deadlines",
    "amounts",
]
ROUTE_FIELDS = [
    "priority",
    "department",
    "rule",
    "sla",
    "trace",
]
DECIDED_FIELDS = [
    *MAIL_FIELDS,
    *VERDICT_FIELDS,
    *ROUTE_FIELDS,
]


def triage(emails: Sequence[Email]) -> None:
    """Decide on mails that were received and write it down; the work of the triage stage."""
    raws = [blobs.get(settings.BLOBS_DIR, email.raw_sha256) for email in emails]
    boxes = [email.mailbox.address if email.mailbox else "" for email in _with_mailboxes(emails)]
    books = deciding.open_books()
    decisions = deciding.decide(raws, boxes, books)
    _write(emails, decisions, books)


def _with_mailboxes(emails: Sequence[Email]) -> Sequence[Email]:
    boxes = Mailbox.objects.in_bulk({email.mailbox_id for email in emails if email.mailbox_id})
    for email in emails:
        if email.mailbox_id:
            email.mailbox = boxes.get(email.mailbox_id)
    return emails


def _write(emails: Sequence[Email], decisions: Sequence[Decision], books: Books) -> None:
    now = timezone.now()
    # Files first and outside the transaction, like the mails themselves (promise A14).
    files = {
        email.pk: attachment_rows(email, decision)
        for email, decision in zip(emails, decisions, strict=True)
    }
    with transaction.atomic():
        held = stages.held(emails, Email.State.RECEIVED)
        pairs = [
            (email, decision)
            for email, decision in zip(emails, decisions, strict=True)
            if email.pk in held
        ]
        for email, decision in pairs:
            fill(email, decision, books)
            email.state = Email.State.TRIAGED
        joining.join([(email, decision.mail) for email, decision in pairs], own=books.own)
        _save([email for email, _ in pairs])
        Attachment.objects.bulk_create(row for email, _ in pairs for row in files[email.pk])
        rules.note([decision.route for _, decision in pairs], now)
        record_many("email.triaged", ((email, _told(email)) for email, _ in pairs))


def _save(emails: Sequence[Email]) -> None:
    for email in emails:
        email.claimed_until, email.attempts = None, 0
    save_all(emails, [*DECIDED_FIELDS, *joining.FIELDS, "state", "claimed_until", "attempts"])


def _told(email: Email) -> dict[str, Any]:
    return {"kind": email.kind, "department": email.department.code if email.department else ""}


def fill(email: Email, decision: Decision, books: Books) -> None:
    """Copy a decision onto the row of its mail."""
    fill_mail(email, decision.mail)
    fill_verdict(email, decision.verdict, decision.sender)
    fill_route(email, decision.route, books)


def fill_mail(email: Email, mail: ParsedMail) -> None:
    email.message_id = mail.message_id
    email.in_reply_to = mail.in_reply_to
    email.references = list(mail.references)
    email.from_name = mail.sender.name[:200]
    email.from_address = mail.sender.address[:254]
    email.reply_to = mail.reply_to[0].address[:254] if mail.reply_to else ""
    email.to = [one.as_json() for one in mail.to]
    email.cc = [one.as_json() for one in mail.cc]
    email.subject = mail.subject[:500]
    email.date = mail.date
    email.text = mail.text
    email.html_safe = mail.html_safe
    email.reply_text = mail.reply_text
    email.defects = list(mail.defects)
    email.trust = mail.trust
    email.automatic = mail.automatic or ""
    email.must_not_answer = mail.must_not_answer[:200]
    email.bounce = mail.bounce.as_json() if mail.bounce else None


def fill_verdict(email: Email, verdict: Verdict, sender: Sender) -> None:
    email.kind = verdict.kind
    email.verdict_priority = verdict.priority
    email.language = verdict.language
    email.customer_id = sender.customer_id
    email.is_oem = verdict.oem
    email.confidence = verdict.confidence
    email.sentiment = verdict.sentiment
    email.deadlines = [one.as_json() for one in verdict.deadlines]
    email.amounts = [one.as_json() for one in verdict.amounts]
    email.reasons = [reason.as_json() for reason in verdict.reasons]


def fill_route(email: Email, route: Route, books: Books) -> None:
    email.department = books.departments.get(route.department)
    email.rule_id = next((one["rule_id"] for one in route.trace if one["rule"] == route.rule), None)
    email.sla = route.sla
    email.priority = route.priority
    email.trace = list(route.trace)


def attachment_rows(email: Email, decision: Decision) -> list[Attachment]:
    """Keep the files under their hash and return their rows."""
    rows = []
    for part in decision.mail.attachments:
        reading = decision.readings.get(part.sha256, Reading())
        row = Attachment(email=email)
        fill_attachment(row, part)
        fill_reading(row, reading)
        blobs.put(settings.BLOBS_DIR, part.payload)
        rows.append(row)
    return rows


def fill_attachment(row: Attachment, part: Part) -> None:
    row.filename = part.filename[:150]
    row.content_type = part.content_type[:120]
    row.size = part.size
    row.sha256 = part.sha256
    row.content_id = part.content_id[:255]
    row.inline = part.inline


def fill_reading(row: Attachment, reading: Reading) -> None:
    row.text = reading.text
    row.document = reading.document
    row.error = reading.error[:300]


TRIAGE = stages.Stage(N_("triage"), Email.State.RECEIVED, triage)
