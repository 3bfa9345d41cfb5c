"""Rows of cells: the one shape in which pages, sheets and typed text are read.

Cells know how far across they stand, in points on a page, in columns of a sheet, in characters of
a text; rows know how far down, in lines.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from orders.data import Box, Source

MAX_ROWS = 10_000
MAX_WIDTH = 1_000
MAX_SNIPPET = 300
PAGE_GAP = 1_000
"""Lines between two pages; more than any page has."""

_CELL = re.compile(r"\S+(?: \S+)*")
_WORD = re.compile(r"\S+")
_FAR = 100_000


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    start: float
    end: float
    box: Box | None = None
    """On the page, as shares of it; None for text and sheets."""
    path: str = ""
    """The cell of a sheet: "Order!B7"."""
    parts: "tuple[Cell, ...]" = ()
    """The words, where the page tells their places."""

    def distance(self, other: "Cell") -> float:
        """How far apart two cells stand across the page; the more they overlap, the less."""
        return max(self.start, other.start) - min(self.end, other.end)

    @property
    def words(self) -> "tuple[Cell, ...]":
        if self.parts:
            return self.parts
        if self.start == self.end or " " not in self.text:  # a cell of a sheet is one value
            return (self,)
        return tuple(
            Cell(word[0], self.start + word.start(), self.start + word.end())
            for word in _WORD.finditer(self.text)
        )


@dataclass(frozen=True, slots=True)
class Row:
    number: float
    """How far down it stands, in lines; differences tell how far rows are apart."""
    text: str
    cells: tuple[Cell, ...]
    page: int = 0

    @property
    def words(self) -> tuple[Cell, ...]:
        return tuple(word for cell in self.cells for word in cell.words)

    @property
    def is_grid(self) -> bool:
        """Of a sheet or of delimited text: its cells have columns and no width."""
        return all(cell.start == cell.end for cell in self.cells)

    def source(self, *, score: float = 1.0) -> Source:
        return source_of([self], score=score)


def source_of(rows: Sequence[Row], *, score: float = 1.0) -> Source:
    """Where rows stand that belong together; the box is that of the first row's page."""
    page = rows[0].page if rows else 0
    cells = [cell for row in rows if row.page == page for cell in row.cells]
    snippet = "\n".join(row.text for row in rows)[:MAX_SNIPPET]
    return Source(snippet, page, _around(cells), _range(cells), score)


def source_at(cell: Cell, row: Row, *, score: float = 1.0) -> Source:
    return Source(cell.text[:MAX_SNIPPET], row.page, cell.box, cell.path, score)


def _around(cells: Iterable[Cell]) -> Box | None:
    boxes = [cell.box for cell in cells if cell.box]
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _range(cells: Sequence[Cell]) -> str:
    """Order!A7:F7, from the first cell to the last."""
    paths = [cell.path for cell in cells if cell.path]
    if len(paths) < 2:
        return "".join(paths)
    return f"{paths[0]}:{paths[-1].rpartition('!')[2]}"


def as_one(rows: Sequence[Row]) -> Row:
    """Rows that belong together as one, at the place of the first."""
    if len(rows) == 1:
        return rows[0]
    text = "\n".join(row.text for row in rows)
    return replace(rows[0], text=text, cells=tuple(cell for row in rows for cell in row.cells))


def joined(first: Row, second: Row) -> Row:
    """Two rows as one twice as wide, for tables whose lines take two rows."""
    beside = (_moved(cell) for cell in second.cells)
    return replace(first, text=f"{first.text}\n{second.text}", cells=(*first.cells, *beside))


def _moved(cell: Cell) -> Cell:
    return replace(
        cell,
        start=cell.start + _FAR,
        end=cell.end + _FAR,
        parts=tuple(_moved(part) for part in cell.parts),
    )


def rows(text: str) -> list[Row]:
    """The rows of a text that hold anything. A form feed parts pages."""
    return list(_rows(text))


def _rows(text: str) -> Iterator[Row]:
    number = found = 0
    for line in text.split("\n"):
        number += PAGE_GAP if "\f" in line else 1
        shown = line.replace("\f", "")[:MAX_WIDTH].rstrip()
        if not re.search(r"\w", shown):  # blank, or a ruler
            continue
        found += 1
        if found > MAX_ROWS:
            return
        yield Row(number, shown.strip(), tuple(_cells(shown)))


def _cells(line: str) -> Iterator[Cell]:
    delimiter = _delimiter(line)
    if delimiter:
        for index, part in enumerate(line.strip(" |").split(delimiter)):
            yield Cell(part.strip(' "'), index, index)
        return
    for found in _CELL.finditer(line.replace("\t", "    ")):
        yield Cell(found[0], found.start(), found.end())


def _delimiter(line: str) -> str:
    """A semicolon in a laid-out row is part of a name; pipes stand between padded cells too."""
    if line.count("|") > 1:
        return "|"
    marks = (";", "\t") if "  " not in line.strip() else ()
    return next((mark for mark in marks if mark in line), "")
