"""What was read is filed: one row for a file, with what a person should know about it.

An invoice is compared with the suppliers we know and with the invoices that came before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import localdate
from pydantic import ValidationError

from hbu.company.models import Company
from hbu.company.numbers import take_turns
from hbu.journal.recording import record_many
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all
from orders.data import Doubt, ReadDocument
from orders.documents.einvoice.content import Recipient, awaits_recipient, received
from orders.models import Document
from orders.suppliers import Known, Suppliers, bare, concerns, name_key
from shop.models import Supplier

MAX_TEXT = 200_000
_MOST_MONEY = Decimal(10) ** 12
_CENT = Decimal("0.01")
DUPLICATE, SENT_AGAIN = "duplicate", "sent_again"
_CAME_BEFORE = N_("An invoice with this number came before")
_SAME_FILE = N_("The same file was sent again")


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that was read, on its way into the files."""

    document: ReadDocument
    filename: str = ""
    sha256: str = ""
    """Of the file; empty for a mail's own text, of which each is filed anew."""
    text: str = ""
    sender: str = ""
    """The mail address it came from."""
    letter: int = 0
    """What came with the same mail: the same invoice twice in one mail is one in two shapes."""


def file(papers: Sequence[Paper], *, by: AbstractBaseUser | None = None) -> list[Document]:
    """Return each paper's document, new or known; a file that is known stays as it was corrected."""
    if not papers:
        return []
    with transaction.atomic():
        # Two workers may hold the same file, or two invoices under one number, in this moment.
        take_turns("filing")
        known = _known({paper.sha256 for paper in papers if paper.sha256})
        _note_sent_again(known.values(), papers)
        fresh = _received(_first_of_each(papers, known))
        suppliers = _suppliers([paper.document for paper in fresh])
        rows = Document.objects.bulk_create(_row(paper, suppliers) for paper in fresh)
        letters = {row.pk: paper.letter for row, paper in zip(rows, fresh, strict=True)}
        save_all(_note_duplicates(rows, letters), ["duplicate_of", "concerns"])
        record_many("document.filed", ((row, _told(row)) for row in rows), actor=by)
    made = {_key(paper): row for paper, row in zip(fresh, rows, strict=True)}
    return [known.get(paper.sha256) or made[_key(paper)] for paper in papers]


def read_of(document: Document) -> ReadDocument:
    """What the row holds; rows of long ago, or of readers that are gone, show what they can."""
    try:
        return ReadDocument.from_json(document.fields)
    except ValidationError:
        return ReadDocument(
            kind=document.kind, format=document.format, number=document.number, error=document.error
        )


def appraise(document: Document, read: ReadDocument) -> None:
    """Fill a row that exists from what its document says now; the caller saves it."""
    _fill(document, read)
    if document.kind != Document.Kind.INVOICE:
        document.concerns = _as_json(_unreadable(read))
        return
    codes = {concern["code"] for concern in document.concerns}
    together = document.duplicate_of_id is not None and DUPLICATE not in codes
    again = [concern for concern in document.concerns if concern["code"] == SENT_AGAIN]
    supplier = _as_known(document.supplier) if document.supplier else None
    if supplier is None and (supplier := _suppliers([read]).who(read.seller)):
        document.supplier_id = supplier.id
    document.concerns = [*again, *_as_json(concerns(read, supplier))]
    before, document.duplicate_of = document.duplicate_of_id, None
    _note_duplicates([document], {document.pk: 1, before: 1} if before and together else {})


def _key(paper: Paper) -> object:
    return paper.sha256 or id(paper)


def _known(digests: set[str]) -> dict[str, Document]:
    """The oldest row of each file: before files were known by their hash there may be several."""
    if not digests:
        return {}
    rows = Document.objects.filter(sha256__in=digests).select_related("supplier").order_by("-pk")
    return {row.sha256: row for row in rows}


def _first_of_each(papers: Iterable[Paper], known: dict[str, Document]) -> list[Paper]:
    fresh = {_key(paper): paper for paper in reversed(tuple(papers)) if paper.sha256 not in known}
    return list(reversed(fresh.values()))


def _received(papers: Sequence[Paper]) -> list[Paper]:
    """E-invoices with what only we can say: whether they are ours, and whether dated ahead."""
    mine = [paper for paper in papers if awaits_recipient(paper.document)]
    company = Company.objects.first() if mine else None
    if company is None:
        return list(papers)
    us, today = Recipient((company.name,), company.vat_id), localdate()
    told = {id(paper): received(paper.document, us, today=today) for paper in mine}
    return [replace(paper, document=told.get(id(paper), paper.document)) for paper in papers]


def _note_sent_again(known: Iterable[Document], papers: Iterable[Paper]) -> None:
    senders = {paper.sha256: paper.sender for paper in papers}
    again = []
    for row in known:
        codes = {concern["code"] for concern in row.concerns}
        if row.kind == Document.Kind.INVOICE and SENT_AGAIN not in codes:
            concern = Doubt(SENT_AGAIN, _SAME_FILE, senders.get(row.sha256, ""))
            row.concerns = [*_as_json([concern]), *row.concerns]
            again.append(row)
    save_all(again, ["concerns"])


def _suppliers(documents: Iterable[ReadDocument]) -> Suppliers:
    if not any(document.kind == Document.Kind.INVOICE for document in documents):
        return Suppliers(())
    rows = Supplier.objects.prefetch_related("names")
    return Suppliers(_as_known(row) for row in rows)


def _as_known(row: Supplier) -> Known:
    return Known(
        id=row.pk,
        name=row.name,
        vat_id=row.vat_id,
        iban=row.iban,
        domains=tuple(map(str, row.domains)),
        addresses=tuple(map(str, row.addresses)),
        other_names=tuple(one.name for one in row.names.all()),
    )


def _row(paper: Paper, suppliers: Suppliers) -> Document:
    read = paper.document
    row = Document(
        filename=paper.filename[:150],
        sha256=paper.sha256,
        text=paper.text[:MAX_TEXT].replace("\0", " "),
    )
    _fill(row, read)
    found: Iterable[Doubt] = _unreadable(read)
    if row.kind == Document.Kind.INVOICE:
        supplier = suppliers.who(read.seller, paper.sender)
        row.supplier_id = supplier.id if supplier else None
        found = concerns(read, supplier)
    row.concerns = _as_json(found)
    return row


def _fill(row: Document, read: ReadDocument) -> None:
    kind = read.kind if read.kind in Document.Kind.values else Document.Kind.OTHER
    stored = read.as_json()
    row.kind, row.format = kind, read.format[:30]
    row.number, row.date = read.number[:80], read.date
    row.party = (read.seller if kind == Document.Kind.INVOICE else read.buyer).name[:200]
    row.net, row.gross, row.currency = _money(read.net), _money(read.gross), read.currency[:3]
    row.fields, row.checks = stored, stored["checks"]
    row.error = read.error[:300]


def _money(amount: Decimal | None) -> Decimal | None:
    """As the column holds it; None for a figure that no invoice of ours will ever reach."""
    if amount is None or not amount.is_finite() or abs(amount) >= _MOST_MONEY:
        return None
    return amount.quantize(_CENT)


def _unreadable(read: ReadDocument) -> list[Doubt]:
    what = N_("The document could not be read")
    return [Doubt("unreadable", what, read.error)] if read.error else []


def _as_json(found: Iterable[Doubt]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def _note_duplicates(rows: Sequence[Document], letters: Mapping[int, int]) -> list[Document]:
    """Invoices of the same supplier under the same number: all but the first came twice.

    `letters` says which rows came with one mail. Returns the rows that were changed.
    """
    invoices = [row for row in rows if row.kind == Document.Kind.INVOICE and row.number]
    earlier = (
        Document.objects.filter(kind=Document.Kind.INVOICE, number__in={i.number for i in invoices})
        .exclude(state=Document.State.REJECTED)
        .only("number", "supplier", "party", "fields", "read_at")
        .order_by("pk")
    )
    candidates = list(earlier) if invoices else []
    twice = []
    for row in invoices:
        before = next((one for one in candidates if _same_invoice(one, row)), row)
        if before.pk >= row.pk:
            continue
        row.duplicate_of = before
        twice.append(row)
        together = letters.get(row.pk) and letters.get(row.pk) == letters.get(before.pk)
        if not together:
            evidence = f"{row.number}, {before.read_at:%Y-%m-%d}"
            row.concerns = [*_as_json([Doubt(DUPLICATE, _CAME_BEFORE, evidence)]), *row.concerns]
    return twice


def _same_invoice(one: Document, other: Document) -> bool:
    """The same number from the same issuer, by the first thing that is known of both."""
    known = zip(_issuer(one), _issuer(other), strict=True)
    told = next(((this, that) for this, that in known if this and that), ("", None))
    return one.number == other.number and told[0] == told[1]


def _issuer(row: Document) -> tuple[str, str, str]:
    """Which supplier of ours, else whom the document names: by VAT id and by name."""
    stated = bare(str((row.fields.get("seller") or {}).get("vat_id", "")))
    return str(row.supplier_id or ""), stated, name_key(row.party)


def _told(row: Document) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "number": row.number,
        "name": row.party,
        "concerns": [concern["code"] for concern in row.concerns],
    }
