"""A page of a PDF as a picture, for people to look at. Runs in the jail: pdfium is native code."""

import base64
import io
from typing import Any

from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MAX_SIDE = 1_800
"""Pixels of the longer side: sharp on a large screen, and no page takes more memory than this."""
MAX_SCALE = 3.0
MAX_PNG = 1_500_000
"""Bytes; what is larger is a photograph or a scan, which JPEG keeps smaller."""


def page_picture(data: bytes, *, number: int) -> dict[str, Any]:
    """A page, from 1, in base64 with its type, and how many pages there are. Raises DomainError."""
    try:
        document = PdfDocument(data)
    except PdfiumError as refused:
        raise _unshown() from refused
    try:
        count = len(document)
        if not 1 <= number <= count:
            raise _unshown()
        kind, picture = _drawn(document[number - 1])
    except PdfiumError as broken:
        raise _unshown() from broken
    finally:
        document.close()
    return {"type": kind, "data": base64.b64encode(picture).decode("ascii"), "pages": count}


def _drawn(page: PdfPage) -> tuple[str, bytes]:
    longest = max(*page.get_size(), 1.0)
    bitmap = page.render(scale=min(MAX_SIDE / longest, MAX_SCALE))
    image = bitmap.to_pil().convert("RGB")
    png = io.BytesIO()
    image.save(png, "PNG", optimize=False, compress_level=6)
    if png.tell() <= MAX_PNG:
        return "image/png", png.getvalue()
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=82)
    return "image/jpeg", jpeg.getvalue()


def _unshown() -> DomainError:
    return DomainError("unshown_page", N_("The page cannot be shown."), status=422)
