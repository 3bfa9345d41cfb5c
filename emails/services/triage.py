"""Understand and route: parse, read attachments, know the sender, classify, route, thread.

`decide` is free of writes, so that a trial run and the real one cannot differ; `triage` writes the
decisions of a chunk in one transaction.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from agents.models import Department
from emails import routing
from emails.classifying import classify
from emails.data import ParsedMail, Part, Route, Rule, Sender, Verdict
from emails.models import Attachment, Email, Mailbox, RoutingRule
from emails.parsing import parse
from emails.services import joining, stages
from hbu.journal.recording import record_many
from hbu.lib import blobs, jail
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all
from shop.models import Customer
from shop.services import people

FALLBACK = "support"
# For all documents of a chunk together; well below the time after which a task is stopped.
SECONDS_TO_READ = 25
OUT_OF_TIME = N_("Reading the documents took too long.")
DECIDED_FIELDS = [
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
    "automatic",
    "must_not_answer",
    "kind",
    "priority",
    "language",
    "customer",
    "is_oem",
    "confidence",
    "reasons",
    "bounce",
    "department",
    "rule",
    "sla",
    "trace",
    "thread",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the jail made of an attachment: its text, or why there is none."""

    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    mail: ParsedMail
    sender: Sender
    readings: Mapping[str, Reading]
    verdict: Verdict
    route: Route


@dataclass(frozen=True, slots=True)
class Books:
    """All that deciding needs to know, read once for a chunk."""

    rules: Sequence[Rule]
    addresses: Mapping[str, str]
    departments: Mapping[str, Department]
    own: frozenset[str]
    senders: Mapping[str, Sender] = field(default_factory=dict)


def triage(emails: Sequence[Email]) -> None:
    """Decide on mails that were received and write it down; the work of the triage stage."""
    raws = [blobs.get(settings.BLOBS_DIR, email.raw_sha256) for email in emails]
    boxes = [email.mailbox.address if email.mailbox else "" for email in _with_mailboxes(emails)]
    books = open_books()
    decisions = decide(raws, boxes, books)
    _write(emails, decisions, books)


def open_books() -> Books:
    departments = {row.code: row for row in Department.objects.all()}
    return Books(
        rules=[rule.as_data() for rule in RoutingRule.objects.in_force()],
        addresses={code: row.address for code, row in departments.items()},
        departments=departments,
        own=frozenset(address.lower() for address in _own_addresses(departments)),
    )


def _own_addresses(departments: Mapping[str, Department]) -> set[str]:
    return {row.address for row in departments.values()} | set(
        Mailbox.objects.values_list("address", flat=True)
    )


def decide(raws: Sequence[bytes], mailboxes: Sequence[str], books: Books) -> list[Decision]:
    """Decide on raw mails without writing anything. Raises emails.parsing.TooComplex."""
    mails = [parse(raw, own_addresses=books.own) for raw in raws]
    senders = people.senders({mail.sender.address for mail in mails})
    readings = read_attachments([part for mail in mails for part in mail.attachments])
    if len(mails) > 1 and any(reading.error == OUT_OF_TIME for reading in readings.values()):
        # Alone, each mail has the whole time for its own documents.
        raise RuntimeError(OUT_OF_TIME)
    return [
        _decide_one(mail, box, _as_sender(senders.get(mail.sender.address)), readings, books)
        for mail, box in zip(mails, mailboxes, strict=True)
    ]


def _as_sender(customer: Customer | None) -> Sender:
    if customer is None:
        return Sender()
    return Sender(customer.pk, customer.name, customer.is_oem, customer.language)


def read_attachments(parts: Sequence[Part]) -> dict[str, Reading]:
    """Read the text of PDF attachments in the jail; known by the hash of their bytes."""
    found = {part.sha256: part.payload for part in parts if is_readable(part)}
    until = time.monotonic() + SECONDS_TO_READ
    return {digest: _read(payload, until - time.monotonic()) for digest, payload in found.items()}


def _read(payload: bytes, seconds: float) -> Reading:
    if seconds <= 0:
        return Reading(error=OUT_OF_TIME)
    try:
        answer = jail.call("orders.documents.pdf:text_of", payload, seconds=min(15, seconds))
    except jail.Jailed as failure:
        return Reading(error=str(failure))
    return Reading(text=answer["text"])


def is_readable(part: Part) -> bool:
    """PDFs are known by their first bytes; the declared type is the sender's opinion."""
    return b"%PDF-" in part.payload[:1024]


def _decide_one(
    mail: ParsedMail, mailbox: str, sender: Sender, readings: Mapping[str, Reading], books: Books
) -> Decision:
    own = {part.sha256: readings[part.sha256] for part in mail.attachments if is_readable(part)}
    texts = {
        part.filename: own[part.sha256].text for part in mail.attachments if part.sha256 in own
    }
    verdict = classify(mail, sender, texts)
    facts = routing.facts(mail, verdict, mailbox=mailbox, attachment_texts=texts)
    route = routing.route(books.rules, facts, fallback=FALLBACK, addresses=books.addresses)
    return Decision(mail, sender, own, verdict, route)


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
        joining.join([(email, decision.mail) for email, decision in pairs])
        _save([email for email, _ in pairs])
        Attachment.objects.bulk_create(row for email, _ in pairs for row in files[email.pk])
        _count_hits([decision.route for _, decision in pairs], now)
        record_many("email.triaged", ((email, _told(email)) for email, _ in pairs))


def _save(emails: Sequence[Email]) -> None:
    for email in emails:
        email.claimed_until, email.attempts = None, 0
    save_all(emails, [*DECIDED_FIELDS, "state", "claimed_until", "attempts"])


def _told(email: Email) -> dict[str, Any]:
    return {"kind": email.kind, "department": email.department.code if email.department else ""}


def _count_hits(routes: Sequence[Route], now: datetime) -> None:
    """With one statement: two workers that lock rules one after the other could wait for ever."""
    hits = Counter(entry["rule_id"] for route in routes for entry in route.trace if entry["hit"])
    if hits:
        more = Case(*(When(pk=rule, then=Value(count)) for rule, count in hits.items()))
        RoutingRule.objects.filter(pk__in=hits).update(hits=F("hits") + more, last_hit_at=now)


def fill(email: Email, decision: Decision, books: Books) -> None:
    """Copy a decision onto the row of its mail."""
    _fill_mail(email, decision.mail)
    _fill_verdict(email, decision.verdict, decision.sender)
    _fill_route(email, decision.route, books)


def _fill_mail(email: Email, mail: ParsedMail) -> None:
    email.message_id = mail.message_id
    email.in_reply_to = mail.in_reply_to
    email.references = list(mail.references)
    email.from_name = mail.sender.name[:200]
    email.from_address = mail.sender.address[:254]
    email.reply_to = mail.reply_to[0].address[:254] if mail.reply_to else ""
    email.to = [{"name": one.name, "address": one.address} for one in mail.to]
    email.cc = [{"name": one.name, "address": one.address} for one in mail.cc]
    email.subject = mail.subject[:500]
    email.date = mail.date
    email.text = mail.text
    email.html_safe = mail.html_safe
    email.reply_text = mail.reply_text
    email.defects = [*email.defects, *(one for one in mail.defects if one not in email.defects)]
    email.automatic = mail.automatic or ""
    email.must_not_answer = mail.must_not_answer[:200]
    email.bounce = (
        {
            "final_recipients": list(mail.bounce.final_recipients),
            "status": mail.bounce.status,
            "original_message_id": mail.bounce.original_message_id,
        }
        if mail.bounce
        else None
    )


def _fill_verdict(email: Email, verdict: Verdict, sender: Sender) -> None:
    email.kind = verdict.kind
    email.priority = verdict.priority
    email.language = verdict.language
    email.customer_id = sender.customer_id
    email.is_oem = verdict.oem
    email.confidence = verdict.confidence
    email.reasons = [reason.as_json() for reason in verdict.reasons]


def _fill_route(email: Email, route: Route, books: Books) -> None:
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
        rows.append(
            Attachment(
                email=email,
                filename=part.filename[:150],
                content_type=part.content_type[:120],
                size=part.size,
                sha256=blobs.put(settings.BLOBS_DIR, part.payload),
                content_id=part.content_id[:255],
                inline=part.inline,
                text=reading.text,
                error=reading.error[:300],
            )
        )
    return rows


TRIAGE = stages.Stage(N_("triage"), Email.State.RECEIVED, triage)
