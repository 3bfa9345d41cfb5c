"""Papers that companies attach: purchase orders in five layouts, invoices, delivery notes.

Plain data in, PDF bytes out; the same data give the same bytes. No Django here.
"""

from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate

from emails.simulation.sheets import (
    Layout,
    Paper,
    PaperLine,
    Party,
    body,
    boxes_head,
    letterhead,
    lines,
    one_line,
    order_letter,
    texts,
)
from emails.simulation.wording import day, label

__all__ = ["LAYOUTS", "Paper", "PaperLine", "Party", "delivery_note", "invoice", "purchase_order"]

_ALL = ("position", "article", "name", "quantity", "unit", "price", "total")
_WIDTHS = (10, 24, 68, 18, 14, 20, 22)
LAYOUTS = {
    "classic": Layout(_ALL, _WIDTHS, order_letter),
    "international": Layout(
        _ALL, (14, 32, 92, 26, 20, 32, 36), boxes_head, page=landscape(A4), size=10
    ),
    "compact": Layout(
        ("quantity", "article", "name", "price", "total"),
        (10, 12, 44, 12, 12),
        one_line,
        font="Courier",
        prices_per=100,
        typed=True,
    ),
    "long": Layout(_ALL, _WIDTHS, order_letter, padding=5),
    "own_numbers": Layout(
        ("position", "quantity", "own_article", "name", "price", "total"),
        (10, 18, 28, 72, 22, 24),
        order_letter,
    ),
}
_NOTE = Layout(("position", "article", "name", "quantity"), (12, 34, 95, 30), order_letter)


def purchase_order(layout: str, order: Paper) -> bytes:
    """Return an order as PDF in one of LAYOUTS."""
    chosen = LAYOUTS[layout]
    return _pdf(chosen, order, order.buyer, [*chosen.head(chosen, order), *body(chosen, order)])


def invoice(paper: Paper) -> bytes:
    layout = LAYOUTS["classic"]
    head = letterhead(layout, paper, "invoice", from_=paper.seller, to=paper.buyer)
    terms = f"{label('pay_by', paper.language)}: {day(paper.due or paper.issued, paper.language)}"
    bank = f"IBAN: {paper.seller.iban}"
    return _pdf(
        layout, paper, paper.seller, [*head, *body(layout, paper), *texts(layout, [terms, bank])]
    )


def delivery_note(paper: Paper) -> bytes:
    head = letterhead(_NOTE, paper, "delivery_note", from_=paper.seller, to=paper.buyer)
    return _pdf(_NOTE, paper, paper.seller, [*head, lines(_NOTE, paper)])


def _pdf(layout: Layout, paper: Paper, writer: Party, story: list[Flowable]) -> bytes:
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=layout.page,
        title=paper.number,
        author=writer.name,
        leftMargin=20 * mm,
        rightMargin=15 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        invariant=1,
    )

    def footer(canvas: Canvas, _document: object) -> None:
        canvas.setFont(layout.font, 7)
        page = f"{label('page', paper.language)} {canvas.getPageNumber()}"
        canvas.drawString(20 * mm, 10 * mm, f"{writer.name} · {paper.number} · {page}")

    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return target.getvalue()
