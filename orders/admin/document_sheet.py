"""A document as it came: pages, data in words, a table or text, with the places that were read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from hbu.lib.admin import Section
from orders.admin import marking, sheet_view
from orders.admin.invoice_view import readable
from orders.data import ReadDocument
from orders.models import Document
from orders.services import pictures

TEXT_SHOWN = 60_000


@dataclass(frozen=True, kw_only=True)
class Sheet(Section):
    """A document as it came, with the places marked where something was read."""

    document: Document
    pages: Sequence[tuple[int, str, Sequence[marking.Mark]]]
    in_words: Sequence[Section]
    """Of data, which have no page of their own."""
    table: Sequence[sheet_view.Row]
    """Of spreadsheets and delimited text."""
    passages: Sequence[marking.Passage]
    """Of any other text."""
    template = "orders/document/sheet.html"

    @property
    def has_marks(self) -> bool:
        cells = (one for row in self.table for cell in row for one in cell)
        on_pages = any(marks for _number, _address, marks in self.pages)
        in_texts = any(one.path for one in (*self.passages, *cells))
        return bool(self.in_words) or on_pages or in_texts


def sheet(document: Document, read: ReadDocument) -> Sheet:
    """Return the document as pages, as data in words, as a table or as text, whichever it has."""
    places = marking.sources(read)
    count = pictures.pages(document)
    marks = marking.boxes(places)
    in_words = () if count else readable(read)
    text = "" if count or in_words else document.text[:TEXT_SHOWN]
    is_table = document.format in sheet_view.FORMATS
    pieces = list(marking.passages(sheet_view.tabbed(text, document.format), places))
    return Sheet(
        document=document,
        pages=[
            (number, _page(document, number), marks.get(number, ()))
            for number in range(1, count + 1)
        ],
        in_words=in_words,
        table=sheet_view.table(pieces) if is_table else (),
        passages=() if is_table else pieces,
    )


def _page(document: Document, number: int) -> str:
    address = reverse("admin:orders_document_page", args=[document.pk, number])
    return f"{address}?{document.sha256[:16]}"
