"""What becomes of a mail, decided without writing anything: a trial run and the real one cannot differ.

Parse, read attachments, know the sender, classify, route; for a chunk of mails at once.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from agents.models import Department
from emails import routing
from emails.classifying import classify
from emails.data import ParsedMail, Part, Route, Rule, Sender, Verdict, texts_by_name
from emails.learning import Model
from emails.models import Mailbox, RoutingRule
from emails.parsing import parse
from emails.services import learning
from emails.trust import Checker
from hbu.lib import jail
from hbu.lib.reasons import N_
from shop.models import Customer
from shop.services import people

FALLBACK = "support"
# For all documents of a chunk together; well below the time after which a task is stopped.
SECONDS_TO_READ = 25
READABLE = (".pdf", ".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".xml", ".txt", ".eml")
_MAX_NAME = 255
OUT_OF_TIME = N_("Reading the documents took too long.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the jail made of an attachment: its text and what it says, or why there is none."""

    text: str = ""
    error: str = ""
    document: dict[str, Any] | None = field(default=None, hash=False)
    """As `orders.data.ReadDocument.from_json` takes it."""


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
    checkers: Mapping[str, Checker] = field(default_factory=dict)
    """Who checks the senders of mail to a mailbox, by its address."""
    model: Model | None = None
    """Learned from staff's corrections, if one is in force."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.TIME_ZONE))


def open_books() -> Books:
    departments = {row.code: row for row in Department.objects.all()}
    return Books(
        rules=[rule.as_data() for rule in RoutingRule.objects.in_force()],
        addresses={code: row.address for code, row in departments.items()},
        departments=departments,
        own=frozenset(address.lower() for address in _own_addresses(departments)),
        checkers=_checkers(),
        model=learning.in_force(),
    )


def _own_addresses(departments: Mapping[str, Department]) -> set[str]:
    return {row.address for row in departments.values()} | set(
        Mailbox.objects.values_list("address", flat=True)
    )


def _checkers() -> dict[str, Checker]:
    rows = Mailbox.objects.exclude(authserv_id="")
    return {row.address: Checker(row.authserv_id, row.authserv_removes_forged) for row in rows}


def decide(raws: Sequence[bytes], mailboxes: Sequence[str], books: Books) -> list[Decision]:
    """Decide on raw mails without writing anything. Raises emails.parsing.TooComplex."""
    mails = [
        parse(raw, own_addresses=books.own, checker=books.checkers.get(box))
        for raw, box in zip(raws, mailboxes, strict=True)
    ]
    senders = people.senders({mail.sender.address for mail in mails})
    readings = read_attachments([part for mail in mails for part in mail.attachments])
    if len(mails) > 1 and any(reading.error == OUT_OF_TIME for reading in readings.values()):
        # Alone, each mail has the whole time for its own documents.
        raise RuntimeError(OUT_OF_TIME)
    return [
        _decide_one(mail, box, as_sender(senders.get(mail.sender.address)), readings, books)
        for mail, box in zip(mails, mailboxes, strict=True)
    ]


def as_sender(customer: Customer | None) -> Sender:
    if customer is None:
        return Sender()
    return Sender(
        customer.pk, customer.name, customer.is_oem, customer.language, customer.desk_address
    )


def read_attachments(parts: Sequence[Part], *, day: date | None = None) -> dict[str, Reading]:
    """Read the documents among the attachments in the jail; known by the hash of their bytes.

    `day` is when they came, today if left out: some dates on them have no year.
    """
    found = {part.sha256: part for part in parts if is_readable(part)}
    until = time.monotonic() + SECONDS_TO_READ
    day = day or timezone.localdate()
    return {digest: _read(part, day, until - time.monotonic()) for digest, part in found.items()}


def _read(part: Part, day: date, seconds: float) -> Reading:
    if seconds <= 0:
        return Reading(error=OUT_OF_TIME)
    try:
        # By name: orders stand beside mails, and neither imports the other.
        answer = jail.call(
            "orders.documents.door:read",
            part.payload,
            seconds=min(15, seconds),
            name=part.filename[-_MAX_NAME:],
            today=day.isoformat(),
        )
    except jail.Jailed as failure:
        return Reading(error=str(failure))
    document = answer["document"]
    return Reading(answer["text"], document["error"], document)


def is_readable(part: Part) -> bool:
    """PDFs are known by their first bytes, the rest by name; the declared type is an opinion."""
    return b"%PDF-" in part.payload[:1024] or part.filename.lower().endswith(READABLE)


def _decide_one(
    mail: ParsedMail, mailbox: str, sender: Sender, readings: Mapping[str, Reading], books: Books
) -> Decision:
    read = [(part, readings[part.sha256]) for part in mail.attachments if is_readable(part)]
    texts = texts_by_name((part.filename, reading.text) for part, reading in read)
    verdict = classify(mail, sender, texts, model=books.model, zone=books.zone)
    facts = routing.facts(mail, verdict, mailbox=mailbox, attachment_texts=texts)
    route = routing.route(books.rules, facts, fallback=FALLBACK, addresses=books.addresses)
    own = {part.sha256: reading for part, reading in read}
    return Decision(mail, sender, own, verdict, route)
