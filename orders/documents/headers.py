"""The header of a table: which column is what, in any order.

A header takes one row, or up to five whose cells belong together one below the other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from orders.documents.layout import Cell, Row, joined
from orders.documents.titles import (
    TITLE_WIDTH,
    Column,
    columns_of,
    is_one_title,
    settled,
    title_of,
)

# Titles have no figures but those of a price's basis, a tax or a code.
_FIGURE = re.compile(r"\d[\d.,/-]{0,20}")
_IN_TITLES = frozenset({"1", "10", "12", "13", "100", "1000", "1.000", "1,000", "19", "7", "20"})
_MIN_COVERAGE = 0.5
MAX_ROWS = 5
_NEAR = 2.1


@dataclass(frozen=True, slots=True)
class Header:
    columns: tuple[Column, ...]
    rows: int
    """How many rows of the page it takes."""
    two_rows: bool = False
    """Titles and lines take two rows each, as SAP prints them."""


def find_header(rows: Sequence[Row]) -> Header | None:
    """The header that begins with the first of these rows, if one does."""
    best = None
    if _has_figures(rows[0]):
        return None
    if found := read_header(rows[0]):
        best = Header(found, 1)
    for taken in range(2, MAX_ROWS + 1):
        band = rows[:taken]
        if len(band) < taken or band[-1].number - band[-2].number > _NEAR or _has_figures(band[-1]):
            break
        for header in _taller(band):
            if best is None or _worth(header) > _worth(best):
                best = header
    return None if best and _is_less_than_its_rows(best, rows) else best


def _is_less_than_its_rows(header: Header, rows: Sequence[Row]) -> bool:
    """Whether a row in it is as good a header by itself, so that what stands above is none of it."""
    return any(
        (alone := read_header(row)) and _worth(Header(alone, 1))[0] >= _worth(header)[0]
        for row in rows[1 : header.rows]
    )


def _worth(header: Header) -> tuple[int, int]:
    titled = [column for column in header.columns if column.kind]
    return len({column.kind for column in titled}), sum(len(one.place.text) for one in titled)


def _taller(band: Sequence[Row]) -> Iterator[Header]:
    stacked = _stacked(band)
    if stacked:
        if columns := read_header(stacked):
            yield Header(columns, len(band))
    elif (
        len(band) == 2
        and all(sum(bool(each.kind) for each in _titled(row)) > 1 for row in band)
        and (columns := read_header(joined(band[0], band[1])))
    ):
        yield Header(columns, 2, two_rows=True)


def _has_figures(row: Row) -> bool:
    return not _IN_TITLES.issuperset(_FIGURE.findall(row.text))


def _titled(row: Row) -> list[Column]:
    return [column for cell in row.cells for column in columns_of(cell)]


def _stacked(band: Sequence[Row]) -> Row | None:
    """The rows as one, where cells that stand one below the other are one title.

    None where two titles of their own stand there: rows of titles for rows of lines.
    """
    parted = [[part for cell in row.cells for part in _parted(cell, band)] for row in band]
    piles: list[list[Cell]] = []
    for cell in sorted((cell for row in parted for cell in row), key=lambda cell: cell.start):
        if piles and any(
            cell.distance(other) < 0 or cell.start == other.start for other in piles[-1]
        ):
            piles[-1].append(cell)
        else:
            piles.append([cell])
    order = {id(cell): index for index, row in enumerate(parted) for cell in row}
    cells = []
    for pile in piles:
        ranks = [order[id(cell)] for cell in pile]
        if len(set(ranks)) < len(ranks):  # one title over two columns
            return None
        cell = _pile(sorted(pile, key=lambda cell: order[id(cell)]))
        if len(pile) > 1 and not is_one_title(cell) and _are_titles(pile):
            return None
        cells.append(cell)
    return replace(band[0], text=" ".join(cell.text for cell in cells), cells=tuple(cells))


def _parted(cell: Cell, band: Sequence[Row]) -> list[Cell]:
    """The titles of a cell, where it holds several that stand close together."""
    columns = list(columns_of(cell))
    if len(columns) > 1:
        return [column.place for column in columns]
    words = cell.words
    for at in range(1, len(words)):
        if any(_split_over(words[:at], words[at:], row) for row in band):
            return [_joined(words[:at]), *_parted(_joined(words[at:]), band)]
    return [cell]


def _split_over(left: Sequence[Cell], right: Sequence[Cell], row: Row) -> bool:
    """Whether two cells of the row stand each above or below one part of a cell."""
    first, second = _joined(left), _joined(right)
    over_first = [c for c in row.cells if c.distance(first) < 0 <= c.distance(second)]
    over_second = [c for c in row.cells if c.distance(second) < 0 <= c.distance(first)]
    return bool(over_first and over_second)


def _joined(words: Sequence[Cell]) -> Cell:
    if len(words) == 1:
        return words[0]
    text = " ".join(word.text for word in words)
    return Cell(text, words[0].start, words[-1].end, words[0].box, words[0].path, tuple(words))


def _are_titles(pile: Sequence[Cell]) -> bool:
    return sum(title_of(cell.text) is not None for cell in pile) > 1


def _pile(pile: Sequence[Cell]) -> Cell:
    text = ""
    for cell in pile:
        text = _continued(text, cell.text)
    start, end = min(cell.start for cell in pile), max(cell.end for cell in pile)
    whole = Cell(text, start, end, pile[0].box, pile[0].path)
    return replace(whole, parts=(whole,)) if len(pile) > 1 else pile[0]


def _continued(text: str, more: str) -> str:
    """ "Einzel-" goes on as "Einzelpreis", "EK-" as "EK-Preis"."""
    if not text.endswith("-"):
        return f"{text} {more}".strip()
    closed = text[:-1] + more
    return closed if title_of(closed) else text + more


def read_header(row: Row) -> tuple[Column, ...]:
    """The columns, or nothing if the row is no header of an order table."""
    if any(len(cell.text) > TITLE_WIDTH for cell in row.cells) and len(row.cells) > 1:
        return ()
    if _has_figures(row):
        return ()
    columns = _titled(row)
    titled = [column for column in columns if column.kind]
    covered = sum(len(column.place.text) for column in titled)
    everything = sum(len(cell.text) for cell in row.cells)
    # One cell alone is a sentence, unless it is full of titles.
    if len(titled) < (3 if len(row.cells) == 1 else 2) or covered < _MIN_COVERAGE * everything:
        return ()
    return settled(columns)
