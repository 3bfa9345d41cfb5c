"""Laid-out text as rows of cells: columns are two or more blanks, or a delimiter, apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_ROWS = 10_000
MAX_WIDTH = 1_000
PAGE_GAP = 100

_CELL = re.compile(r"\S+(?: \S+)*")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    start: int
    end: int

    def distance(self, other: "Cell") -> int:
        """How far apart two cells stand across the page; the more they overlap, the less."""
        overlap = min(self.end, other.end) - max(self.start, other.start)
        return -overlap

    @property
    def words(self) -> "tuple[Cell, ...]":
        return tuple(
            Cell(word[0], self.start + word.start(), self.start + word.end())
            for word in _WORD.finditer(self.text)
        )


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """Line of the page; blank lines count, so that differences tell how far rows are apart."""
    text: str
    cells: tuple[Cell, ...]

    @property
    def words(self) -> tuple[Cell, ...]:
        return tuple(word for cell in self.cells for word in cell.words)


def joined(first: Row, second: Row) -> Row:
    """Two rows as one twice as wide, for tables whose lines take two rows."""
    beside = (Cell(c.text, c.start + MAX_WIDTH, c.end + MAX_WIDTH) for c in second.cells)
    return Row(first.number, f"{first.text}\n{second.text}", (*first.cells, *beside))


def rows(text: str) -> list[Row]:
    """The rows that hold anything. A form feed parts pages."""
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
