"""The rows of a PDF with their places on its pages. Runs in the jail: pdfium is native code."""

import base64
import ctypes
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import degrees, isfinite, nan

from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2 import raw as pdfium

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.documents.layout import Row
from orders.documents.pages import Glyph, Page, rows_of, text_of

DAMAGED = N_("The PDF is damaged and cannot be read.")
MAX_PAGES = 50
MAX_CHARACTERS = 200_000
MAX_STREAMS = 5_000
MAX_INFLATED = 100_000_000

_Bounds = tuple[float, float, float, float]
_BLANK = 32
_HYPHEN = 2
"""How pdfium marks a hyphen at the end of a line."""
_LETTERS = str.maketrans(
    {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\x02": "-", "\ufffe": "-",
     "\xad": "-", "\u2010": "-", "\u2011": "-"}
)  # fmt: skip
_MARGIN = 2
"""Points by which a letter may stick out of the page; what lies further out nobody sees."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 1_024
_PICTURE = re.compile(rb"/Subtype\s?/Image\b")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Paper:
    """What a PDF shows."""

    rows: list[Row]
    text: str
    pages: int
    complete: bool
    """Whether all of it was read: no page left out, no part damaged."""
    damaged: bool = False


def read(data: bytes) -> Paper:
    """Raises DomainError where it cannot be opened, with words for people."""
    _check_ends(data)
    try:
        document = PdfDocument(data)
    except PdfiumError as refused:
        raise _unreadable(_why(refused)) from refused
    try:
        count = len(document)
        if not count:
            raise _unreadable(DAMAGED)
        pages = list(_pages(document, min(count, MAX_PAGES)))
    finally:
        document.close()
    rows = rows_of(pages)
    text = text_of(rows, [page.width for page in pages])
    whole = count <= MAX_PAGES and len(text) <= MAX_CHARACTERS and _glyphs(pages) < MAX_CHARACTERS
    damaged = _is_damaged(data)
    return Paper(rows, text[:MAX_CHARACTERS], count, whole and not damaged, damaged)


def _check_ends(data: bytes) -> None:
    if b"%PDF-" not in data[:1024]:
        raise _unreadable(N_("This is not a PDF."))
    # A PDF ends in this mark (ISO 32000-1, 7.5.5).
    if b"%%EOF" not in data[-1024:]:
        raise _unreadable(N_("The PDF is incomplete."))


def _why(refused: PdfiumError) -> str:
    if getattr(refused, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
        return N_("The PDF is protected by a password.")
    return DAMAGED


def _glyphs(pages: list[Page]) -> int:
    return sum(len(page.glyphs) for page in pages)


def _pages(document: PdfDocument, count: int) -> Iterator[Page]:
    left = MAX_CHARACTERS
    for index in range(count):
        try:
            page = document[index]
        except PdfiumError as broken:
            raise _unreadable(DAMAGED) from broken
        yield (read_page := _page(page, index + 1, left))
        left -= len(read_page.glyphs)
        page.close()


def _page(page: PdfPage, number: int, most: int) -> Page:
    """The letters that run as most of them do, with the page turned so that they run across it."""
    raw = _letters(page, most)
    angles = [one.angle for one in raw]
    angle = max(set(angles), key=angles.count) if angles else 0
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    if angle % 180:
        width, height = height, width
    placed = (_read_across(one, (left, bottom, right, top)) for one in raw if one.angle == angle)
    inside = [
        one
        for one in placed
        if -_MARGIN <= one.left <= width + _MARGIN and -_MARGIN <= one.base <= height + _MARGIN
    ]
    return Page(number, width, height, inside, turns=(angle + page.get_rotation()) // 90 % 4)


@dataclass(frozen=True, slots=True)
class _Letter:
    """As the file gives it: left, bottom, right, top of its box, the point where its base line
    begins, its turn clockwise in degrees."""

    text: str
    box: _Bounds
    origin: tuple[float, float]
    angle: int


def _letters(page: PdfPage, most: int) -> list[_Letter]:
    text_page = page.get_textpage()
    count = min(text_page.count_chars(), most)
    raw, rect = text_page.raw, pdfium.FS_RECTF()
    place = ctypes.byref(rect)
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    found: list[_Letter] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    bottom, angle = nan, 0
    for index in range(count):
        code = unicode_of(raw, index)
        if (code <= _BLANK and code != _HYPHEN) or not box_of(raw, index, place):
            continue
        if rect.bottom != bottom or angle % 180:  # letters of one line share base line and turn
            bottom = rect.bottom
            pdfium.FPDFText_GetCharOrigin(raw, index, ctypes.byref(x), ctypes.byref(y))
            angle = round(degrees(pdfium.FPDFText_GetCharAngle(raw, index)) / 90) * 90 % 360
        box = rect.left, rect.bottom, rect.right, rect.top
        if box[3] > box[1] and all(map(isfinite, box)):
            found.append(_Letter(chr(code).translate(_LETTERS), box, (x.value, y.value), angle))
    text_page.close()
    return found


def _read_across(letter: _Letter, page: _Bounds) -> Glyph:
    (left, bottom, right, top), (x, y) = letter.box, letter.origin
    if letter.angle == 90:
        return Glyph(letter.text, page[3] - top, page[3] - bottom, page[2] - x, right - left)
    if letter.angle == 180:
        return Glyph(letter.text, page[2] - right, page[2] - left, y - page[1], top - bottom)
    if letter.angle == 270:
        return Glyph(letter.text, bottom - page[1], top - page[1], x - page[0], right - left)
    return Glyph(letter.text, left - page[0], right - page[0], page[3] - y, top - bottom)


def _is_damaged(data: bytes) -> bool:
    """Whether a compressed stream breaks off; pdfium shows what came before without a word."""
    if b"/Encrypt" in data:
        return False
    budget = MAX_INFLATED
    for index, start in enumerate(_STREAM.finditer(data)):
        if index >= MAX_STREAMS or budget <= 0:
            return True
        head = data[max(0, start.start() - _DICTIONARY) : start.start()].rpartition(b"obj")[2]
        if b"FlateDecode" not in head or _PICTURE.search(head):
            continue
        stop = data.find(b"endstream", start.end())
        used = _inflated(data[start.end() : stop], ascii85=b"ASCII85" in head, most=budget)
        if used is None:
            return True
        budget -= used
    return False


def _inflated(packed: bytes, *, ascii85: bool, most: int) -> int | None:
    """How many bytes it unpacks to, at most `most`; None if it is damaged."""
    unpacking, size = zlib.decompressobj(), 0
    with suppress(ValueError, zlib.error):
        rest = base64.a85decode(b"<~" + packed.strip(), adobe=True) if ascii85 else packed
        while rest and not unpacking.eof and size < most:
            size += len(unpacking.decompress(rest, _CHUNK))
            rest = unpacking.unconsumed_tail
        return size if unpacking.eof or size >= most else None
    return None


def _unreadable(message: str) -> DomainError:
    return DomainError("unreadable_pdf", message, status=422)
