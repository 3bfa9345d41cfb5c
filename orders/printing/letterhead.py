"""What stands on each page around the text: crest, address window, marks and foot (DIN 5008, form B)."""

from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph
from reportlab.platypus import Table as Grid

from orders.printing.fonts import BOLD, SANS, SERIF, shown
from orders.printing.letter import Letter, Sender

PAGE = (210 * mm, 297 * mm)
LEFT, RIGHT = 25 * mm, 20 * mm
WIDTH = PAGE[0] - LEFT - RIGHT
BLUE, GOLD = HexColor(0x15274B), HexColor(0xB08D3C)
INK, GREY, PALE = HexColor(0x1D2433), HexColor(0x6B7280), HexColor(0xF4F1E8)
WHITE = Color(1, 1, 1)
_WINDOW_LEFT, _WINDOW_WIDTH = 25 * mm, 80 * mm
_ADDRESS_TOP, _ADDRESS_HEIGHT = 62.7 * mm, 27.3 * mm
_FACTS_LEFT, _FACTS_TOP, _FACTS_WIDTH = 125 * mm, 50 * mm, 65 * mm
_FOLDS, _HOLE = (105 * mm, 210 * mm), 148.5 * mm
_FOOT, _FOOT_SHARES = 27 * mm, (0.2, 0.21, 0.34, 0.25)

SMALL = ParagraphStyle(
    "small", fontName=SANS, fontSize=8.5, leading=11, textColor=INK, alignment=TA_LEFT
)
LABEL = ParagraphStyle("label", parent=SMALL, textColor=GREY)


def text(words: str, style: ParagraphStyle) -> Paragraph:
    """Words of anybody: shown, never read as markup."""
    lines = (escape(shown(line, style.fontName)) for line in words.split("\n"))
    return Paragraph("<br/>".join(lines), style)


def draw(canvas: Canvas, letter: Letter, page: int, pages: int) -> None:
    if page == 1:
        _head(canvas, letter.sender)
        _address(canvas, letter)
        _facts(canvas, letter)
        _marks(canvas)
    else:
        _later_head(canvas, letter)
    _foot(canvas, letter.sender)
    canvas.setFont(SANS, 8)
    canvas.setFillColor(GREY)
    canvas.drawRightString(
        PAGE[0] - RIGHT, _FOOT + 3.2 * mm, shown(letter.page.format(page=page, pages=pages))
    )


def _y(from_top: float) -> float:
    return PAGE[1] - from_top


def _head(canvas: Canvas, sender: Sender) -> None:
    crest(canvas, LEFT, _y(32 * mm), 15 * mm)
    canvas.setFillColor(BLUE)
    size = _fitting(canvas, sender.name, SERIF, 21, WIDTH - 40 * mm)
    canvas.setFont(SERIF, size)
    canvas.drawString(LEFT + 19 * mm, _y(25.2 * mm), shown(sender.name, SERIF))
    canvas.setFillColor(GREY)
    canvas.setFont(SANS, 8.5)
    canvas.drawString(LEFT + 19.2 * mm, _y(30 * mm), shown(sender.website))
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.9)
    canvas.line(LEFT, _y(37 * mm), PAGE[0] - RIGHT, _y(37 * mm))
    canvas.setLineWidth(0.3)
    canvas.line(LEFT, _y(37.9 * mm), PAGE[0] - RIGHT, _y(37.9 * mm))


def _fitting(canvas: Canvas, words: str, font: str, size: float, width: float) -> float:
    wide = canvas.stringWidth(shown(words, font), font, size)
    return size if wide <= width else size * width / wide


def _later_head(canvas: Canvas, letter: Letter) -> None:
    crest(canvas, LEFT, _y(22 * mm), 8 * mm)
    canvas.setFillColor(BLUE)
    canvas.setFont(SERIF, 11)
    canvas.drawString(LEFT + 11 * mm, _y(19 * mm), shown(letter.sender.name, SERIF))
    canvas.setFont(SANS, 8.5)
    canvas.setFillColor(GREY)
    canvas.drawRightString(PAGE[0] - RIGHT, _y(19 * mm), shown(f"{letter.title} {letter.number}"))
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT, _y(25 * mm), PAGE[0] - RIGHT, _y(25 * mm))


def crest(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A shield with a button and a small crown, in lines and curves; `size` is its width."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / 100, size / 100)
    _shield(canvas, 0, BLUE)
    _shield(canvas, 5, GOLD)
    _shield(canvas, 7.5, BLUE)
    _crown(canvas)
    _button(canvas)
    canvas.restoreState()


def _shield(canvas: Canvas, inset: float, colour: Color) -> None:
    low, high, left, right = inset * 1.3, 118 - inset, inset, 100 - inset
    path = canvas.beginPath()
    path.moveTo(left, high)
    path.lineTo(right, high)
    path.lineTo(right, 55)
    path.curveTo(right, 28, 70, 10, 50, low)
    path.curveTo(30, 10, left, 28, left, 55)
    path.close()
    canvas.setFillColor(colour)
    canvas.drawPath(path, stroke=0, fill=1)


def _crown(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.moveTo(32, 86)
    for across, up in ((28, 104), (40, 94), (50, 107), (60, 94), (72, 104), (68, 86)):
        path.lineTo(across, up)
    path.close()
    canvas.setFillColor(GOLD)
    canvas.drawPath(path, stroke=0, fill=1)


def _button(canvas: Canvas) -> None:
    canvas.setFillColor(GOLD)
    canvas.circle(50, 50, 28, stroke=0, fill=1)
    canvas.setStrokeColor(BLUE)
    canvas.setLineWidth(2)
    canvas.circle(50, 50, 22, stroke=1, fill=0)
    canvas.setFillColor(BLUE)
    for across in (-7, 7):
        for up in (-7, 7):
            canvas.circle(50 + across, 50 + up, 4, stroke=0, fill=1)


def _address(canvas: Canvas, letter: Letter) -> None:
    back = shown(letter.sender.return_line)
    canvas.setFillColor(GREY)
    size = _fitting(canvas, back, SANS, 6.8, _WINDOW_WIDTH)
    canvas.setFont(SANS, size)
    canvas.drawString(_WINDOW_LEFT, _y(_ADDRESS_TOP - 2.2 * mm), back)
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.25)
    canvas.line(
        _WINDOW_LEFT, _y(_ADDRESS_TOP - 1.2 * mm),
        _WINDOW_LEFT + _WINDOW_WIDTH, _y(_ADDRESS_TOP - 1.2 * mm),
    )  # fmt: skip
    for size in (10.5, 9.5, 8.5, 7.5, 6.5):
        style = ParagraphStyle("to", fontName=SANS, fontSize=size, leading=size * 1.22)
        block = text("\n".join(letter.address), style)
        _, height = block.wrap(_WINDOW_WIDTH, _ADDRESS_HEIGHT)
        if height <= _ADDRESS_HEIGHT:
            break
    block.drawOn(canvas, _WINDOW_LEFT, _y(_ADDRESS_TOP) - height)


def _facts(canvas: Canvas, letter: Letter) -> None:
    if not letter.facts:
        return
    rows = [[text(label, LABEL), text(value, SMALL)] for label, value in letter.facts]
    grid = Grid(
        rows,
        colWidths=[27 * mm, _FACTS_WIDTH - 27 * mm],
        style=[
            ("FONTNAME", (0, 0), (-1, -1), SANS),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
        ],
    )
    _, height = grid.wrap(_FACTS_WIDTH, PAGE[1])
    grid.drawOn(canvas, _FACTS_LEFT, _y(_FACTS_TOP) - height)


def _marks(canvas: Canvas) -> None:
    """Where to fold, and where to punch."""
    canvas.setStrokeColor(GREY)
    canvas.setLineWidth(0.25)
    for fold in _FOLDS:
        canvas.line(4 * mm, _y(fold), 8 * mm, _y(fold))
    canvas.line(4 * mm, _y(_HOLE), 10 * mm, _y(_HOLE))


def _foot(canvas: Canvas, sender: Sender) -> None:
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT, _FOOT, PAGE[0] - RIGHT, _FOOT)
    at = LEFT
    for lines, share in zip(sender.foot, _FOOT_SHARES, strict=False):
        width = WIDTH * share
        for row, line in enumerate(lines[:5]):
            canvas.setFont(BOLD if row == 0 else SANS, 6.8)
            canvas.setFillColor(BLUE if row == 0 else GREY)
            canvas.setFontSize(_fitting(canvas, line, SANS, 6.8, width - 3 * mm))
            canvas.drawString(at, _FOOT - (4 + 3.3 * row) * mm, shown(line))
        at += width
