"""From the glyphs of a page to its rows and cells, by where they stand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from orders.data import Box
from orders.documents.layout import PAGE_GAP, Cell, Row

# Shares of the height of the letters.
_SAME_ROW = 0.3
_WORD_GAP = 0.1
_CELL_GAP = 0.75
_SAME_PLACE = 0.1
_ABOVE = 0.8
_LINE = 1.2
_SPACED_LETTERS = 4
_COLUMNS = 150
"""Characters across a page where its text is laid out anew."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter, in points from the upper left corner of the page on which it stands upright."""

    text: str
    left: float
    right: float
    base: float
    """Its base line."""
    height: float


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    width: float
    height: float
    glyphs: Sequence[Glyph]
    turns: int = 0
    """Quarter turns clockwise from here to the page as it is shown."""


@dataclass(slots=True)
class _Word:
    text: str
    left: float
    right: float
    base: float
    height: float
    after_gap: float = 0.0


def rows_of(pages: Iterable[Page]) -> list[Row]:
    return [row for page in pages for row in _rows(page)]


def text_of(rows: Sequence[Row], widths: Sequence[float]) -> str:
    """The rows typed out so that columns stay apart; pages are parted by form feeds."""
    lines: list[str] = []
    page, last = 1, 0.0
    edge = min((row.cells[0].start for row in rows), default=0.0)
    for row in rows:
        while page < row.page:
            lines.append("\f")
            page, last = page + 1, row.number
        blank = round(row.number - last) - 1 if lines and lines[-1] != "\f" else 0
        lines += [""] * max(0, min(blank, 2))
        lines.append(_typed(row, edge, widths[row.page - 1]))
        last = row.number
    return "\n".join([*lines, *["\f"] * (len(widths) - page)])


def _typed(row: Row, edge: float, width: float) -> str:
    line = ""
    for cell in row.cells:
        column = int((cell.start - edge) / (width or 1) * _COLUMNS)
        line += " " * max(2 if line else 0, column - len(line)) + cell.text
    return line


def _rows(page: Page) -> Iterator[Row]:
    glyphs = [one for one in page.glyphs if not one.text.isspace()]
    if not glyphs:
        return
    pitch = median(one.height for one in glyphs) * _LINE or 1.0
    for line in _lines(glyphs):
        cells = tuple(_cells(line, page))
        if cells:
            base = min(one.base for one in line)
            number = page.number * PAGE_GAP + base / pitch
            yield Row(number, "  ".join(cell.text for cell in cells), cells, page.number)


def _lines(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs on one base line, from the top; each line from left to right."""
    by_height = sorted(glyphs, key=lambda one: one.base)
    line: list[Glyph] = []
    for glyph in by_height:
        if line and glyph.base - line[0].base > _SAME_ROW * min(glyph.height, line[0].height):
            yield sorted(line, key=lambda one: one.left)
            line = []
        line.append(glyph)
    if line:
        yield sorted(line, key=lambda one: one.left)


def _cells(line: Sequence[Glyph], page: Page) -> Iterator[Cell]:
    words = _unspaced(list(_words(line)))
    groups: list[list[_Word]] = []
    for word in words:
        if not groups or word.after_gap > _CELL_GAP * word.height:
            groups.append([])
        groups[-1].append(word)
    for group in groups:
        parts = tuple(_cell([word], page) for word in group)
        yield parts[0] if len(parts) == 1 else _with_parts(_cell(group, page), parts)


def _with_parts(cell: Cell, parts: tuple[Cell, ...]) -> Cell:
    return Cell(cell.text, cell.start, cell.end, cell.box, parts=parts)


def _cell(words: Sequence[_Word], page: Page) -> Cell:
    left, right = words[0].left, max(word.right for word in words)
    height = max(word.height for word in words)
    base = words[0].base
    box = (
        _share(left, page.width),
        _share(base - _ABOVE * height, page.height),
        _share(right, page.width),
        _share(base + (1 - _ABOVE) * height, page.height),
    )
    for _ in range(page.turns):
        box = _quarter_turn(box)
    return Cell(" ".join(word.text for word in words), left, right, box)


def _quarter_turn(box: Box) -> Box:
    left, top, right, bottom = box
    return 1 - bottom, left, 1 - top, right


def _share(length: float, whole: float) -> float:
    return round(min(max(length / whole, 0.0), 1.0), 4) if whole else 0.0


def _words(line: Sequence[Glyph]) -> Iterator[_Word]:
    word: _Word | None = None
    last: Glyph | None = None
    for glyph in line:
        if last and _printed_twice(last, glyph):
            continue
        gap = glyph.left - word.right if word else 0.0
        if word and gap <= _WORD_GAP * glyph.height:
            word.text += glyph.text
            word.right = max(word.right, glyph.right)
        else:
            if word:
                yield word
            word = _Word(glyph.text, glyph.left, glyph.right, glyph.base, glyph.height, gap)
        last = glyph
    if word:
        yield word


def _printed_twice(first: Glyph, second: Glyph) -> bool:
    """Some programs print bold letters twice, a hair apart."""
    near = _SAME_PLACE * second.height
    return first.text == second.text and abs(first.left - second.left) <= near


def _unspaced(words: list[_Word]) -> list[_Word]:
    """Words whose letters were s p a c e d, put together; the wider gaps part them."""
    result: list[_Word] = []
    for single, run in groupby(words, key=lambda word: len(word.text) == 1):
        group = list(run)
        if single and len(group) >= _SPACED_LETTERS and _evenly_spaced(group):
            result += _closed_up(group)
        else:
            result += group
    return result


def _evenly_spaced(letters: Sequence[_Word]) -> bool:
    gaps = [letter.after_gap for letter in letters[1:]]
    usual = median(gaps)
    near = sum(abs(gap - usual) <= 0.25 * usual for gap in gaps)
    alphabetic = sum(letter.text.isalpha() for letter in letters)
    return near >= 0.7 * len(gaps) and alphabetic >= 0.5 * len(letters)


def _closed_up(letters: Sequence[_Word]) -> Iterator[_Word]:
    usual = median(letter.after_gap for letter in letters[1:])
    word = letters[0]
    for _, letter in pairwise(letters):
        if letter.after_gap > 1.5 * usual:
            yield word
            word = letter
            word.after_gap -= usual
        else:
            word.text += letter.text
            word.right = letter.right
    yield word
