"""What a step of the way would say of mails today, beside what is stored. Nothing is written here.

A step works on copies of the rows; what differs afterwards is the difference. What a person
corrected stays as it was corrected.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from emails import routing
from emails.belonging import House
from emails.classifying import classify
from emails.data import Address, Automatic, ParsedMail, Part, texts_by_name
from emails.encoding import clean
from emails.models import Attachment, Correction, Email, Mailbox
from emails.parsing import parse
from emails.services import conversations, deciding, joining, stages, triage
from emails.services.deciding import Books
from emails.services.recalling import facts_of
from hbu.lib import blobs
from shop.services import people


@dataclass(slots=True)
class Again:
    """A mail that goes through a step once more."""

    email: Email
    """The row as it is."""
    now: Email
    """A copy as the step would have it."""
    stored: Sequence[Attachment]
    files: list[Attachment]
    """Its attachments as the step would have them; new ones have no key."""
    corrected: frozenset[str] = frozenset()
    """The columns that staff put right."""
    mail: ParsedMail | None = None
    """What the parser made of it, where the step before took it apart again."""
    shown: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """What a step found that has no column: (before, after)."""
    error: str = ""

    @property
    def parts(self) -> Mapping[str, Part]:
        """The attachments with their bytes, by hash, where the mail was taken apart again."""
        return {part.sha256: part for part in self.mail.attachments} if self.mail else {}

    @property
    def raw(self) -> bytes:
        return blobs.get(settings.BLOBS_DIR, self.email.raw_sha256)

    @property
    def texts(self) -> dict[str, str]:
        return texts_by_name((one.filename, one.text) for one in self.files)

    def keep_corrected(self) -> None:
        for name in self.corrected:
            setattr(self.now, name, getattr(self.email, name))


Step = Callable[[Sequence[Again], Books], None]


def load(emails: Sequence[Email]) -> list[Again]:
    """Get mails ready for a step, with a number of queries that does not grow with theirs."""
    files: dict[int, list[Attachment]] = {email.pk: [] for email in emails}
    for row in Attachment.objects.filter(email__in=emails).order_by("pk"):
        files[row.email_id].append(row)
    corrected: dict[int, set[str]] = {email.pk: set() for email in emails}
    for one in Correction.objects.filter(email__in=emails):
        corrected[one.email_id] |= _columns_of(one)
    return [
        Again(
            email=email,
            now=copy(email),
            stored=files[email.pk],
            files=[copy(one) for one in files[email.pk]],
            corrected=frozenset(corrected[email.pk]),
        )
        for email in emails
    ]


def _columns_of(correction: Correction) -> set[str]:
    kind = {"kind"} if correction.is_of_kind else set()
    return kind | ({"department", "rule"} if correction.is_of_department else set())


def singly(agains: Iterable[Again], work: Callable[[Again], None]) -> None:
    """Do a step mail for mail: one that fails says so and never holds up the others."""
    for again in agains:
        if again.error:
            continue
        try:
            work(again)
        except Exception as error:
            if stages.is_ours(error):
                raise
            again.error = clean(f"{type(error).__name__}: {error}")[:300]


def parse_again(agains: Sequence[Again], books: Books) -> None:
    house = conversations.our_house(books.own)
    keys = {again.email.mailbox_id for again in agains if again.email.mailbox_id}
    boxes = dict(Mailbox.objects.filter(pk__in=keys).values_list("pk", "address"))

    def one(again: Again) -> None:
        checker = books.checkers.get(boxes.get(again.email.mailbox_id or 0, ""))
        mail = again.mail = parse(again.raw, own_addresses=books.own, checker=checker)
        triage.fill_mail(again.now, mail)
        _add_what_joining_found(again, mail, house)
        left = list(again.files)
        again.files = [_file(again.now, part, left) for part in mail.attachments]

    singly(agains, one)


def _add_what_joining_found(again: Again, mail: ParsedMail, house: House) -> None:
    """A parser knows no other mail and no address book; what they say of the mail stays said."""
    stored, now = again.email, again.now
    if joining.TWIN in stored.defects:
        now.defects = [*now.defects, joining.TWIN]
    if stored.must_not_answer in joining.SILENCES:
        now.must_not_answer = stored.must_not_answer
    else:
        now.must_not_answer = now.must_not_answer or joining.silence(mail, house)


def _file(email: Email, part: Part, left: list[Attachment]) -> Attachment:
    """Return the row of an attachment: the one with these bytes, under today's name, or a new one."""
    row = next((one for one in left if one.sha256 == part.sha256), None)
    if row is None:
        row = Attachment(email=email)
    else:
        left.remove(row)
    triage.fill_attachment(row, part)
    return row


def read_again(agains: Sequence[Again], _books: Books) -> None:
    """Read the documents again; each mail has the whole time for its own."""

    def one(again: Again) -> None:
        parts = [again.parts.get(row.sha256) or _part(row) for row in again.files]
        came = timezone.localdate(again.email.received_at)
        readings = deciding.read_attachments(parts, day=came)
        for row in again.files:
            reading = readings.get(row.sha256, deciding.Reading())
            triage.fill_reading(row, reading)

    singly(agains, one)


def _part(row: Attachment) -> Part:
    payload = blobs.get(settings.BLOBS_DIR, row.sha256)
    return Part(row.filename, row.content_type, payload, row.content_id, row.inline)


def classify_again(agains: Sequence[Again], books: Books) -> None:
    """Judge mails by what is stored of them; only what has no column is parsed anew."""
    senders = people.senders({again.now.from_address for again in agains})

    def one(again: Again) -> None:
        parsed = again.mail or parse(again.raw, own_addresses=books.own)
        mail = _as_stored(parsed, again.now)
        sender = deciding.as_sender(senders.get(again.now.from_address))
        verdict = classify(mail, sender, again.texts, model=books.model, zone=books.zone)
        triage.fill_verdict(again.now, verdict, sender)
        again.keep_corrected()

    singly(agains, one)


def _as_stored(mail: ParsedMail, email: Email) -> ParsedMail:
    return replace(
        mail,
        subject=email.subject,
        sender=Address(email.from_name, email.from_address),
        in_reply_to=email.in_reply_to,
        date=email.date,
        text=email.text,
        reply_text=email.reply_text,
        automatic=Automatic(email.automatic) if email.automatic else None,
    )


def route_again(agains: Sequence[Again], books: Books) -> None:
    def one(again: Again) -> None:
        facts = facts_of(again.now, again.files, again.texts)
        route = routing.route(
            books.rules, facts, fallback=deciding.FALLBACK, addresses=books.addresses
        )
        triage.fill_route(again.now, route, books)
        again.keep_corrected()

    singly(agains, one)
