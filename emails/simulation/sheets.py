"""How papers look: letterheads, tables and totals for the page. No Django here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Preformatted, Spacer, Table, TableStyle

from emails.simulation.wording import amount, day, label, pieces

_NUMBERS = ("quantity", "price", "total")


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    street: str
    postcode: str
    city: str
    country: str = "DE"
    vat_id: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    iban: str = ""

    @property
    def address(self) -> tuple[str, ...]:
        return (self.name, self.street, f"{self.postcode} {self.city}", self.country)


@dataclass(frozen=True, slots=True)
class PaperLine:
    article: str
    """The article number as printed: the seller's, or the buyer's own."""
    name: str
    quantity: int
    unit_price: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Paper:
    """What a purchase order, an invoice or a delivery note says."""

    number: str
    issued: date
    buyer: Party
    seller: Party
    lines: tuple[PaperLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_rate: Decimal = Decimal(19)
    due: date | None = None
    """Wished delivery of an order, last day to pay of an invoice."""
    reference: str = ""
    language: str = "de"
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Layout:
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    """In millimetres; in characters where the page is typed."""
    head: Callable[["Layout", Paper], list[Flowable]]
    page: tuple[float, float] = A4
    font: str = "Helvetica"
    size: int = 8
    prices_per: int = 1
    padding: int = 3
    typed: bool = False
    """Lines of a typewriter font, as older systems print them, instead of a table."""

    def style(self, *, bold: bool = False, size: int | None = None) -> ParagraphStyle:
        font = f"{self.font}-Bold" if bold else self.font
        points = size or self.size
        return ParagraphStyle("", fontName=font, fontSize=points, leading=points * 1.35)


def texts(layout: Layout, lines: Sequence[str], *, bold: bool = False) -> list[Flowable]:
    return [Paragraph(escape(line), layout.style(bold=bold)) for line in lines if line]


def _details(paper: Paper, title: str) -> list[str]:
    say = paper.language
    wished = "delivery_date" if title == "order" else ""
    return [
        f"{label(f'{title}_number', say)}: {paper.number}",
        f"{label('date', say)}: {day(paper.issued, say)}",
        f"{label(wished, say)}: {day(paper.due, say)}" if wished and paper.due else "",
        f"{label('your_reference', say)}: {paper.reference}" if paper.reference else "",
    ]


def letterhead(
    layout: Layout, paper: Paper, title: str, *, from_: Party, to: Party
) -> list[Flowable]:
    """The German business letter (DIN 5008): sender, address window, subject block."""
    sender = " · ".join(from_.address[:3])
    contact = " · ".join(part for part in (from_.contact, from_.phone, from_.email) if part)
    return [
        Paragraph(escape(from_.name), layout.style(bold=True, size=15)),
        Spacer(1, 6 * mm),
        Paragraph(escape(sender), layout.style(size=7)),
        *texts(layout, to.address),
        Spacer(1, 9 * mm),
        Paragraph(label(title, paper.language), layout.style(bold=True, size=13)),
        Spacer(1, 3 * mm),
        *texts(layout, [*_details(paper, title), contact, _vat(from_, paper.language)]),
        Spacer(1, 6 * mm),
    ]


def _vat(party: Party, language: str) -> str:
    return f"{label('vat_id', language)}: {party.vat_id}" if party.vat_id else ""


def order_letter(layout: Layout, paper: Paper) -> list[Flowable]:
    return letterhead(layout, paper, "order", from_=paper.buyer, to=paper.seller)


def boxes_head(layout: Layout, paper: Paper) -> list[Flowable]:
    """Vendor and ship-to side by side, as in orders from abroad."""
    say = paper.language
    left = texts(layout, [label("vendor", say)], bold=True) + texts(layout, paper.seller.address)
    right = texts(layout, [label("ship_to", say)], bold=True) + texts(layout, paper.buyer.address)
    third = texts(layout, [*_details(paper, "order"), paper.buyer.contact, paper.buyer.email])
    boxes = Table([[left, right, third]], colWidths=[85 * mm] * 3, hAlign="LEFT")
    boxes.setStyle(
        [("BOX", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
    title = Paragraph(label("order", say).upper(), layout.style(bold=True, size=18))
    return [title, Spacer(1, 8 * mm), boxes, Spacer(1, 8 * mm)]


def one_line(layout: Layout, paper: Paper) -> list[Flowable]:
    sender = ", ".join(paper.buyer.address)
    title = f"{label('order', paper.language)} {paper.number}"
    about = " / ".join(text for text in _details(paper, "order")[1:] if text)
    to = f"{label('to', paper.language)}: {', '.join(paper.seller.address[:3])}"
    lines = texts(layout, [sender, to]) + texts(layout, [title], bold=True)
    return [*lines, *texts(layout, [about]), Spacer(1, 5 * mm)]


def body(layout: Layout, paper: Paper) -> list[Flowable]:
    gap = Spacer(1, 4 * mm)
    return [lines(layout, paper), gap, _totals(layout, paper), gap]


def lines(layout: Layout, paper: Paper) -> Flowable:
    heading = [label(_heading(name, layout), paper.language) for name in layout.columns]
    rows = [
        [_cell(name, position, line, layout, paper.language) for name in layout.columns]
        for position, line in enumerate(paper.lines, 1)
    ]
    return _typed(layout, [heading, *rows]) if layout.typed else _table(layout, [heading, *rows])


def _typed(layout: Layout, rows: list[list[str]]) -> Flowable:
    printed = "\n".join(
        " ".join(
            cell.rjust(int(width)) if name in _NUMBERS else cell.ljust(int(width))
            for name, cell, width in zip(layout.columns, row, layout.widths, strict=True)
        )
        for row in rows
    )
    return Preformatted(printed, layout.style())


def _table(layout: Layout, rows: list[list[str]]) -> Flowable:
    widths = [width * mm for width in layout.widths]
    table = Table(rows, colWidths=widths, repeatRows=1, hAlign="LEFT")
    table.setStyle(_table_style(layout))
    return table


def _heading(column: str, layout: Layout) -> str:
    return "price_per_100" if column == "price" and layout.prices_per == 100 else column


def _cell(column: str, position: int, line: PaperLine, layout: Layout, language: str) -> str:
    cells = {
        "position": str(position),
        "article": line.article,
        "own_article": line.article,
        "name": line.name,
        "quantity": pieces(line.quantity, language),
        "unit": label("piece", language),
        "price": amount(line.unit_price * layout.prices_per, language),
        "total": amount(line.total, language),
    }
    return cells[column]


def _table_style(layout: Layout) -> TableStyle:
    everywhere = (0, 0), (-1, -1)
    numbers = (at for at, name in enumerate(layout.columns) if name in _NUMBERS)
    style = TableStyle(
        [
            ("FONT", *everywhere, layout.font, layout.size),
            ("FONT", (0, 0), (-1, 0), f"{layout.font}-Bold", layout.size),
            ("TOPPADDING", *everywhere, layout.padding),
            ("BOTTOMPADDING", *everywhere, layout.padding),
            ("LINEBELOW", (0, 0), (-1, 0), 0.7, colors.black),
        ]
    )
    for at in numbers:
        style.add("ALIGN", (at, 0), (at, -1), "RIGHT")
    style.add("GRID", *everywhere, 0.4, colors.grey)
    style.add("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#dfe5ee"))
    return style


def _totals(layout: Layout, paper: Paper) -> Flowable:
    say = paper.language
    rate = f"{paper.tax_rate.normalize():f} %"
    rows = [
        [label("net", say), f"{amount(paper.net, say)} {paper.currency}"],
        [f"{label('tax', say)} {rate}", f"{amount(paper.tax, say)} {paper.currency}"],
        [label("gross", say), f"{amount(paper.gross, say)} {paper.currency}"],
    ]
    table = Table(rows, colWidths=[50 * mm, 40 * mm], hAlign="RIGHT")
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), layout.font, layout.size),
            ("FONT", (0, 2), (-1, 2), f"{layout.font}-Bold", layout.size),
            ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ]
    )
    return table
