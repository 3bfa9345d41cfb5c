"""The lines of a letter: the head is repeated on each page, the sum so far is carried over."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable
from reportlab.platypus import Table as Grid

from orders.printing import wording
from orders.printing.fonts import BOLD, SANS
from orders.printing.letter import Row, Table
from orders.printing.letterhead import BLUE, GOLD, GREY, LABEL, SMALL, text

_RIGHT = ParagraphStyle("right", parent=SMALL, alignment=TA_RIGHT)
_HEAD = ParagraphStyle("head", parent=SMALL, fontName=BOLD, textColor=BLUE)
_HEAD_RIGHT = ParagraphStyle("head right", parent=_HEAD, alignment=TA_RIGHT)
_CARRIED = ParagraphStyle("carried", parent=LABEL, alignment=TA_RIGHT)
_BELOW = ParagraphStyle("below", parent=LABEL, fontSize=7.5, leading=9.5)


class Positions(Flowable):
    """A part of the table: all its rows, or those that one page holds."""

    def __init__(
        self,
        table: Table,
        language: str,
        rows: Sequence[Row] | None = None,
        *,
        before: Decimal | None = None,
        goes_on: bool = False,
    ) -> None:
        super().__init__()
        self._table = table
        self._language = language
        self._rows = tuple(table.rows if rows is None else rows)
        self._before = before
        """The sum of the pages before; None on the first."""
        self._goes_on = goes_on
        self._grid: Any = None

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 - reportlab's names
        self._grid = self._built(aW)
        width, height = self._grid.wrap(aW, aH)
        return width, height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        self._grid.drawOn(canvas, 0, 0)

    def split(self, aW: float, aH: float) -> list[Flowable]:  # noqa: N803 - reportlab's names
        fit = self._fitting(aW, aH)
        if not fit or fit >= len(self._rows):
            return []
        here, later = self._rows[:fit], self._rows[fit:]
        so_far = self._sum(here)
        return [
            Positions(self._table, self._language, here, before=self._before, goes_on=True),
            Positions(self._table, self._language, later, before=so_far, goes_on=self._goes_on),
        ]

    def _fitting(self, width: float, height: float) -> int:
        grid = Positions(
            self._table, self._language, self._rows, before=self._before, goes_on=True
        )._built(width)
        grid.wrap(width, height)
        heights = list(grid._rowHeights)
        above = 1 + self._carries_in
        below = int(bool(self._table.carried))
        taken = sum(heights[:above]) + (heights[-1] if below else 0)
        fit = 0
        for one in heights[above : above + len(self._rows)]:
            taken += one
            if taken > height:
                break
            fit += 1
        return fit

    @property
    def _carries_in(self) -> int:
        return int(bool(self._table.carried) and self._before is not None)

    def _sum(self, rows: Sequence[Row]) -> Decimal:
        amounts = (row.amount for row in rows if row.amount is not None)
        return sum(amounts, self._before or Decimal(0))

    def _built(self, width: float) -> Any:
        columns = self._table.columns
        rest = width - sum(one.width for one in columns) * mm
        head = [text(one.title, _HEAD_RIGHT if one.right else _HEAD) for one in columns]
        rows: list[list[Any]] = [head]
        if self._carries_in:
            rows.append(self._carried(self._before or Decimal(0)))
        rows += [self._cells(row) for row in self._rows]
        if self._goes_on and self._table.carried:
            rows.append(self._carried(self._sum(self._rows)))
        return Grid(
            rows,
            colWidths=[one.width * mm if one.width else rest for one in columns],
            style=self._style(),
        )

    def _cells(self, row: Row) -> list[Any]:
        cells: list[Any] = []
        for column, cell in zip(self._table.columns, row.cells, strict=True):
            first, _, more = cell.partition("\n")
            shown = text(first, _RIGHT if column.right else SMALL)
            cells.append([shown, text(more, _BELOW)] if more else shown)
        return cells

    def _carried(self, amount: Decimal) -> list[Any]:
        """The words stand in the first cell, which spans all but the last."""
        between = [""] * (len(self._table.columns) - 2)
        shown = wording.money(amount, self._language)
        return [text(self._table.carried, _CARRIED), *between, text(shown, _CARRIED)]

    def _style(self) -> list[tuple[Any, ...]]:
        style: list[tuple[Any, ...]] = [
            ("FONTNAME", (0, 0), (-1, -1), SANS),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("LEFTPADDING", (1, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-2, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2.4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, GOLD),
            ("LINEBELOW", (0, 1), (-1, -1), 0.2, GREY),
        ]
        if self._carries_in:
            style.append(("SPAN", (0, 1), (-2, 1)))
        if self._goes_on and self._table.carried:
            style.append(("SPAN", (0, -1), (-2, -1)))
        return style
