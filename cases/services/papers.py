"""The documents that mails bring: filed with their mails, and what somebody has to do about them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet
from pydantic import ValidationError

from agents.data import ASK_FOR_A_VALID_INVOICE, CHECK_THE_INVOICE, Ask
from cases.models import Filing, Task
from cases.services import following
from cases.services.briefing import Matter
from emails.data import Kind
from emails.models import Attachment, Email
from hbu.journal.models import Event
from orders.data import ReadDocument
from orders.models import Document
from orders.services import filing

DECISIONS = ("document.checked", "document.rejected")
PAPERS = (Document.Kind.ORDER.value, Document.Kind.INVOICE.value)
_EXPECTED = {Kind.ORDER: Document.Kind.ORDER.value, Kind.INVOICE: Document.Kind.INVOICE.value}


@dataclass(frozen=True, slots=True)
class Filed:
    """What one mail brought."""

    documents: tuple[Document, ...] = ()
    order: Document | None = None
    """The one that the mail's order was read from."""


def file(matters: Sequence[Matter]) -> dict[int, Filed]:
    """File what the mails brought, by their keys; a mail that is handled twice files once.

    Call inside a transaction.
    """
    emails = [matter.email for matter in matters]
    attachments: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(email__in=emails, document__isnull=False).order_by("pk"):
        attachments.setdefault(row.email_id, []).append(row)
    rows = _filed_before(emails)
    found = [
        (matter.email.pk, paper)
        for matter in matters
        for paper in _papers(matter, attachments.get(matter.email.pk, ()))
        if (matter.email.pk, paper.sha256) not in rows
    ]
    made = filing.file([paper for _, paper in found])
    fresh = {(pk, paper.sha256): row for (pk, paper), row in zip(found, made, strict=True)}
    Filing.objects.bulk_create(Filing(email_id=pk, document=row) for (pk, _), row in fresh.items())
    return _by_email(matters, rows | fresh)


def _filed_before(emails: Iterable[Email]) -> dict[tuple[int, str], Document]:
    links = Filing.objects.filter(email__in=emails).select_related("document__supplier")
    return {(link.email_id, link.document.sha256): link.document for link in links}


def _by_email(matters: Iterable[Matter], rows: dict[tuple[int, str], Document]) -> dict[int, Filed]:
    found: dict[int, list[Document]] = {}
    for (email, _), row in rows.items():
        found.setdefault(email, []).append(row)
    return {
        matter.email.pk: Filed(
            documents=tuple(found.get(matter.email.pk, ())),
            order=rows.get((matter.email.pk, matter.document.sha256 if matter.document else "")),
        )
        for matter in matters
    }


def _papers(matter: Matter, attachments: Iterable[Attachment]) -> Iterator[filing.Paper]:
    """The orders and invoices among the attachments, and the mail's own words if they order."""
    email = matter.email
    read = [(row, document) for row in attachments if (document := _read(row, email))]
    # The e-invoice is the invoice, and has the longest report; a PDF beside it shows it once more.
    read.sort(key=lambda one: -sum(bool(check.part) for check in one[1].checks))
    for row, document in read:
        yield filing.Paper(
            document,
            filename=row.filename,
            sha256=row.sha256,
            text=row.text,
            sender=email.from_address,
            letter=email.pk,
        )
    if matter.proposal is not None and matter.document is None:
        words = email.reply_text or email.text
        yield filing.Paper(
            matter.proposal.document, text=words, sender=email.from_address, letter=email.pk
        )


def _read(row: Attachment, email: Email) -> ReadDocument | None:
    """An order or an invoice; also what could not be read where the mail says it brings one."""
    with suppress(ValidationError):
        document = ReadDocument.from_json(row.document or {})
        if document.kind in PAPERS:
            return document
        expected = _EXPECTED.get(Kind(email.kind)) if email.kind else None
        if document.error and document.format and expected and not row.inline:
            return replace(document, kind=expected)
    return None


def ask_about(documents: Iterable[Document], asks: Sequence[Ask]) -> list[Ask]:
    """The asks, with what is wrong with the invoices; where nobody asked about them, it is added."""
    doubtful = [one for one in documents if one.kind == Document.Kind.INVOICE and one.concerns]
    if not doubtful:
        return list(asks)
    reason = "; ".join(_told(one) for one in doubtful)
    others = [ask for ask in asks if ask.title != CHECK_THE_INVOICE]
    invalid = [one.number or one.filename for one in doubtful if _is_invalid(one)]
    again = [Ask(title=ASK_FOR_A_VALID_INVOICE, reason=", ".join(invalid))] if invalid else []
    return [*others, Ask(title=CHECK_THE_INVOICE, reason=reason), *again]


def _told(document: Document) -> str:
    what = [": ".join(filter(None, (one["what"], one["evidence"]))) for one in document.concerns]
    return f"{document.number or document.filename}: {'; '.join(what)}"


def _is_invalid(document: Document) -> bool:
    return any(concern["code"] == "format" for concern in document.concerns)


def settle(documents: Sequence[Document]) -> None:
    """Resolve the checks of invoices that were decided on, in the name of whoever did; repeatable."""
    for document in documents:
        move = Event.objects.about(document).filter(kind__in=DECISIONS).select_related("actor")
        last = move.first()
        checks = _checks().filter(case__links__email__filings__document=document).distinct()
        following.tick_off(checks, by=last.actor if last else None)


def unsettled() -> list[int]:
    """Return documents whose check is done and still on somebody's list: the sweep's list."""
    rows = Document.objects.filter(filings__email__link__case__tasks__in=_checks())
    return list(rows.exclude(state=Document.State.READ).values_list("pk", flat=True).distinct())


def _checks() -> "QuerySet[Task]":
    """Checks of invoices, open in cases where no invoice waits for a person any more."""
    brought = Filing.objects.filter(
        email__link__case=OuterRef("case"), document__kind=Document.Kind.INVOICE
    )
    waiting = brought.filter(document__state=Document.State.READ)
    checks = Task.objects.open().filter(title=CHECK_THE_INVOICE)
    return checks.filter(Exists(brought)).exclude(Exists(waiting))
