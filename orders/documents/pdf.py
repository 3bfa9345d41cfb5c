"""The text of a PDF, laid out so that the columns of its tables stay apart. Runs in the jail."""

import io
from itertools import islice
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import FileNotDecryptedError, PyPdfError

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MAX_PAGES = 50
MAX_CHARACTERS = 200_000
PAGE_BREAK = "\f"


def text_of(data: bytes) -> dict[str, Any]:
    """The text with pages parted by form feeds, and whether all of it fitted."""
    try:
        # No salvage of damaged streams: half a page must not pass for a short order.
        with apply_configuration(zlib_maximum_recovery_input_length=0):
            reader = _open(data)
            count = len(reader.pages)
            pages = [_layout(page) for page in islice(reader.pages, MAX_PAGES)]
    except FileNotDecryptedError as locked:
        raise _unreadable(N_("The PDF is protected by a password.")) from locked
    except PyPdfError as broken:
        raise _unreadable(N_("The PDF is damaged and cannot be read.")) from broken
    text = f"\n{PAGE_BREAK}\n".join(pages)
    complete = count <= MAX_PAGES and len(text) <= MAX_CHARACTERS
    return {"text": text[:MAX_CHARACTERS], "pages": count, "complete": complete}


def _open(data: bytes) -> PdfReader:
    if b"%PDF-" not in data[:1024]:
        raise _unreadable(N_("This is not a PDF."))
    # A PDF ends in this mark (ISO 32000-1, 7.5.5).
    if b"%%EOF" not in data[-1024:]:
        raise _unreadable(N_("The PDF is incomplete."))
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt("")  # many are only locked against changes and open without a password
    return reader


def _layout(page: PageObject) -> str:
    """Plain extraction puts each cell on a line of its own; layout mode keeps rows together.

    Half the usual height weight makes the number of blank lines tell how far apart two rows are,
    which is how a wrapped description finds its row.
    """
    text: str = page.extract_text(extraction_mode="layout", layout_mode_font_height_weight=0.5)
    return text


def _unreadable(message: str) -> DomainError:
    return DomainError("unreadable_pdf", message, status=422)
