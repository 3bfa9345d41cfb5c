"""The one way in for a stranger's file: what it is by its bytes, and what it says. Runs in the jail."""

import email
import email.policy
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage
from typing import Any

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Check, CheckState, ReadDocument
from orders.documents import delimited, pdf, sheets
from orders.documents.einvoice.dialects import looks_like_xml
from orders.documents.einvoice.hybrid import read_hybrid, same_as_picture, without_data
from orders.documents.einvoice.located import located
from orders.documents.einvoice.reading import read_xml
from orders.documents.layout import MAX_ROWS
from orders.documents.reading import Terms, cut_short, read_order, read_rows

_PACKED = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = re.compile(rb"W\0o\0r\0k\0b\0o\0o\0k\0|B\0o\0o\0k\0")
_HEAD = 1024
_TABLES = (".csv", ".tsv", ".xls")  # many a program calls delimited text .xls
_TEXTS = (".txt", ".text", ".asc", ".csv", ".tsv", ".xls", ".eml", ".")
_TITLES = {"order": "Bestellung", "invoice": "Rechnung"}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class File:
    data: bytes
    name: str = ""
    language: str = ""
    today: date | None = None

    @property
    def suffix(self) -> str:
        return f".{self.name.lower().rpartition('.')[2]}" if "." in self.name else "."

    def terms(self, format: str) -> Terms:
        return Terms(format, self.language, self.today)


_Read = tuple[str, ReadDocument]


def read(data: bytes, *, name: str = "", language: str = "", today: str = "") -> dict[str, Any]:
    """The text of the file and its document as plain JSON; an error stands in the document.

    `language` is empty where the document's own words shall tell it.
    """
    file = File(data, name, language, date.fromisoformat(today) if today else None)
    format, reader = _reader(file)
    try:
        text, document = reader(file)
    except DomainError as refused:
        text, document = "", ReadDocument(kind="other", format=format, error=refused.message)
    return {"text": text[:_MAX_TEXT], "document": document.as_json()}


def _reader(file: File) -> tuple[str, Callable[[File], _Read]]:
    """Bytes decide before names; the name tells text from text."""
    data = file.data
    if b"%PDF-" in data[:_HEAD] or file.suffix == ".pdf":
        return "pdf", _read_pdf
    if data.startswith(_PACKED) and b"xl/" not in data and not file.suffix.startswith(".xls"):
        return "", _refuse_packed
    if data.startswith(_PACKED) or file.suffix in (".xlsx", ".xlsm"):
        return "xlsx", _read_packed
    if data.startswith(_OLE):
        return "xls", _read_ole
    if looks_like_xml(data):
        return "xml", _read_xml
    if file.suffix == ".eml":
        return "text", _read_mail
    return "csv" if file.suffix in (".csv", ".tsv") else "text", _read_text


def _read_pdf(file: File) -> _Read:
    """The data inside are the document where there are any, and the page what people see of it."""
    data = read_hybrid(file.data)
    if data is None:
        text, document = _read_page(file)
        plain = without_data(document.kind)
        return text, replace(document, checks=(*document.checks, plain)) if plain else document
    text = ""
    with suppress(DomainError):
        paper = _opened(file)
        text, data = paper.text, located(data, paper.rows)
    return text, replace(data, checks=(*data.checks, same_as_picture(data, text)))


def _read_page(file: File) -> _Read:
    paper = _opened(file)
    document = read_rows(paper.rows, file.terms("pdf"))
    return paper.text, document if paper.complete else cut_short(document)


def _opened(file: File) -> pdf.Paper:
    paper = pdf.read(file.data)
    if not paper.text.strip():
        scan = N_("The PDF holds no text; it may be a scan.")
        raise _unreadable(pdf.DAMAGED if paper.damaged else scan)
    return paper


def _refuse_packed(file: File) -> _Read:
    is_word = b"word/" in file.data
    raise _unreadable(
        N_("Word documents are not read.") if is_word else N_("Archives are not opened.")
    )


def _read_packed(file: File) -> _Read:
    return _read_sheets(file, sheets.read_xlsx(file.data, file.language), "xlsx")


def _read_ole(file: File) -> _Read:
    if not _WORKBOOK.search(file.data):
        raise _unreadable(N_("Word documents are not read."))
    return _read_sheets(file, sheets.read_xls(file.data, file.language), "xls")


def _read_sheets(file: File, book: sheets.Sheets, format: str) -> _Read:
    if not book.rows:
        raise _unreadable(N_("The spreadsheet is empty."))
    terms = replace(file.terms(format), notation=book.notation)
    document = read_rows(book.rows, terms)
    if not book.computed:
        missing = Check(N_("All formulas have their results"), CheckState.FAILED)
        document = replace(document, checks=(*document.checks, missing))
    text = "\n".join("\t".join(cell.text for cell in row.cells) for row in book.rows)
    return text, document if book.complete else cut_short(document)


def _read_xml(file: File) -> _Read:
    document = read_xml(file.data)
    return _told(document), document


def _told(document: ReadDocument) -> str:
    """In words, for whoever looks for them: XML has more names of elements than words."""
    head = f"{_TITLES.get(document.kind, '')} {document.number}".strip()
    parties = (document.seller.name, document.buyer.name, document.note)
    lines = (f"{line.quantity:f} {line.unit} {line.sku} {line.name}" for line in document.lines)
    return "\n".join(filter(None, (head, *parties, *lines)))


def _read_mail(file: File) -> _Read:
    """A mail that was attached: its own words."""
    mail = email.message_from_bytes(file.data, policy=email.policy.default)
    body = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
    text = body.get_content() if body else ""
    if not isinstance(text, str) or not text.strip():
        raise _unreadable(N_("The file holds no text."))
    return text, _letter(text, file)


def _read_text(file: File) -> _Read:
    if file.suffix not in _TEXTS:
        raise _unreadable(N_("Only PDF files, spreadsheets, XML and text are read."))
    text = delimited.text_of(file.data)
    if _CONTROLS.search(text):
        raise _unreadable(N_("The file holds no text."))
    delimiter = delimited.delimiter_of(text) if file.suffix in _TABLES else ""
    if not delimiter:
        return text, _letter(text, file)
    rows = delimited.rows_of(text, delimiter)
    document = read_rows(rows, file.terms("csv"))
    whole = len(rows) <= MAX_ROWS and len(text) <= _MAX_TEXT
    return text, document if whole else cut_short(document)


def _letter(text: str, file: File) -> ReadDocument:
    document = read_order(text, format="text", language=file.language, today=file.today)
    return document if len(text) <= _MAX_TEXT else cut_short(document)


def _unreadable(message: str) -> DomainError:
    return DomainError("unreadable_file", message, status=422)
