"""A letter as PDF. The same letter gives the same bytes."""

from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Table as Grid

from orders.printing import fonts, letterhead
from orders.printing.fonts import BOLD, SANS, SERIF
from orders.printing.letter import Letter
from orders.printing.letterhead import BLUE, GOLD, INK, LEFT, PAGE, PALE, WIDTH, text
from orders.printing.positions import Positions

_BOTTOM = 34 * mm
_FIRST, _LATER = 98.5 * mm, 31 * mm
"""Where the text begins, from the upper edge."""
_BODY = ParagraphStyle(
    "body", fontName=SANS, fontSize=9.8, leading=13.2, textColor=INK, spaceAfter=6
)
_TITLE = ParagraphStyle(
    "title", fontName=SERIF, fontSize=16, leading=19, textColor=BLUE, spaceAfter=8
)
_SUM = ParagraphStyle("sum", fontName=SANS, fontSize=9.2, leading=11.5, textColor=INK)
_SUM_RIGHT = ParagraphStyle("sum right", parent=_SUM, alignment=TA_RIGHT)
_STRONG = ParagraphStyle("strong", parent=_SUM, fontName=BOLD, fontSize=10.5, textColor=BLUE)
_STRONG_RIGHT = ParagraphStyle("strong right", parent=_STRONG, alignment=TA_RIGHT)


def pdf(letter: Letter) -> bytes:
    fonts.register()
    target = BytesIO()
    document = BaseDocTemplate(target, pagesize=PAGE)
    document.addPageTemplates([
        _page("first", _FIRST),
        _page("later", _LATER),
    ])  # fmt: skip
    story: list[Flowable] = [NextPageTemplate("later"), *_story(letter)]
    document.build(story, canvasmaker=partial(_Pages, letter=letter))
    return target.getvalue()


def _page(name: str, top: float) -> PageTemplate:
    height = PAGE[1] - top - _BOTTOM
    frame = Frame(
        LEFT, _BOTTOM, WIDTH, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    return PageTemplate(id=name, frames=[frame])


class _Pages(Canvas):
    """Draws the letterhead when all pages are there, so that each can say of how many it is one."""

    def __init__(self, filename: Any, letter: Letter, **terms: Any) -> None:
        # The stubs take the font's name for a number.
        font: Any = SANS
        super().__init__(
            filename, pagesize=PAGE, invariant=1, initialFontName=font, pdfVersion=(1, 7)
        )
        self._letter = letter
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab calls it so
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined] # the stubs leave it out

    def save(self) -> None:
        pages = len(self._kept)
        for number, kept in enumerate(self._kept, start=1):
            self.__dict__.update(kept)
            letterhead.draw(self, self._letter, number, pages)
            super().showPage()
        super().save()


def _story(letter: Letter) -> list[Flowable]:
    story: list[Flowable] = [text(f"{letter.title} {letter.number}".strip(), _TITLE)]
    story += [text(words, _BODY) for words in letter.opening]
    if letter.table is not None:
        story += [Spacer(0, 2 * mm), Positions(letter.table, letter.language), Spacer(0, 3 * mm)]
    if letter.sums:
        story.append(KeepTogether([_sums(letter), Spacer(0, 5 * mm)]))
    if letter.payment:
        story.append(KeepTogether([_payment(letter), Spacer(0, 4 * mm)]))
    if letter.closing:
        story += [text(words, _BODY) for words in letter.closing]
    return story


def _sums(letter: Letter) -> Flowable:
    rows = [
        [
            text(one.label, _STRONG if one.strong else _SUM),
            text(one.amount, _STRONG_RIGHT if one.strong else _SUM_RIGHT),
        ]
        for one in letter.sums
    ]
    strong = [at for at, one in enumerate(letter.sums) if one.strong]
    return Grid(
        rows,
        colWidths=[62 * mm, 33 * mm],
        hAlign="RIGHT",
        style=[
            ("FONTNAME", (0, 0), (-1, -1), SANS),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            *(("LINEABOVE", (0, at), (-1, at), 0.9, GOLD) for at in strong),
            *(("TOPPADDING", (0, at), (-1, at), 4) for at in strong),
        ],
    )


def _payment(letter: Letter) -> Flowable:
    rows = [[text(label, _SUM), text(value, _SUM)] for label, value in letter.payment]
    return Grid(
        rows,
        colWidths=[38 * mm, WIDTH - 38 * mm],
        style=[
            ("FONTNAME", (0, 0), (-1, -1), SANS),
            ("BACKGROUND", (0, 0), (-1, -1), PALE),
            ("LINEBEFORE", (0, 0), (0, -1), 2, GOLD),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 7),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ],
    )
