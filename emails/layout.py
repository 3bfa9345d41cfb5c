"""The text of a tree of HTML, laid out as people read it: lists, rows, quotes.

One walk over the tree, no recursion; what is put in front of lines and between cells is bounded, so
the text stays in proportion to the HTML.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

DEEPEST_QUOTE = 8
DEEPEST_LIST = 8
WIDEST_COLUMN = 40
"""Columns up to this are filled with blanks, so that numbers stand below each other."""

TALLEST_CELL = 8
"""Cells of more lines hold more than a value: they are read one after the other."""

_APART = {
    "blockquote",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
}
"""Blocks with an empty line around them."""
_BLOCKS = _APART | {
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "legend", "li", "main", "nav", "option", "section",
    "summary", "tbody", "tfoot", "thead", "tr",
}  # fmt: skip
_SPACES = re.compile(r"[ \t\n\r\f]+")
_ONLY_INDENTED = re.compile(r"border(?:-left)?\s{0,5}:\s{0,5}(?:none|0)", re.IGNORECASE)


@dataclass(slots=True)
class _Page:
    """Lines being written: of the whole text, or of one cell."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """The pieces of the line that is not ended yet."""
    prefixes: list[str] = field(default_factory=list)
    marker: str = ""
    """What the next line begins with instead of its blanks: the number of an item."""
    in_pre: int = 0

    def say(self, text: str) -> None:
        if self.in_pre:
            first, *others = text.split("\n")
            self.words.append(first)
            for line in others:
                self.end_line()
                self.words.append(line)
            return
        text = _SPACES.sub(" ", text)
        if not self.words or self.words[-1].endswith(" "):
            text = text.removeprefix(" ")
        if text:
            self.words.append(text)

    def end_line(self) -> None:
        prefix = "".join(self.prefixes)
        if self.marker:
            prefix = prefix[: -len(self.marker)] + self.marker
        self.lines.append(f"{prefix}{''.join(self.words)}".rstrip())
        self.words.clear()
        self.marker = ""

    def end_block(self, *, apart: bool) -> None:
        if self.words:
            self.end_line()
        if apart and self.lines and not self.marker and self.lines[-1].strip(" >"):
            self.lines.append("".join(self.prefixes).rstrip())

    def drop_empty_quotes(self) -> None:
        while self.lines and self.lines[-1] and not self.lines[-1].strip(" >"):
            self.lines.pop()

    def add(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.words.append(line)
            self.end_line()


@dataclass(slots=True)
class _Table:
    rows: list[list[list[str]]] = field(default_factory=list)
    """Of each row its cells, of each cell its lines."""


@dataclass(slots=True)
class _Scribe:
    pages: list[_Page] = field(default_factory=lambda: [_Page()])
    tables: list[_Table] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    """The next number of each open list; None where its items have none."""

    @property
    def page(self) -> _Page:
        return self.pages[-1]

    def begin(self, element: "etree._Element") -> None:
        tag = element.tag
        if tag == "br":
            self.page.end_line()
        elif tag in ("td", "th") and self.tables:
            self.pages.append(_Page())
        elif tag in _BLOCKS:
            self._begin_block(element)
        self.page.say(element.text or "")

    def _begin_block(self, element: "etree._Element") -> None:
        tag, page = element.tag, self.page
        page.end_block(apart=tag in _APART and not (self.numbers and tag in ("ul", "ol")))
        if tag == "blockquote":
            page.prefixes.append(_quote_mark(element, page))
        elif tag in ("ul", "ol"):
            self.numbers.append(_first_number(element) if tag == "ol" else None)
        elif tag == "li":
            self._begin_item()
        elif tag == "pre":
            page.in_pre += 1
        elif tag == "table":
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])

    def _begin_item(self) -> None:
        number = self.numbers[-1] if self.numbers else None
        if number is not None:
            self.numbers[-1] = number + 1
        self.page.marker = "* " if number is None else f"{number}. "
        indented = sum(prefix.isspace() for prefix in self.page.prefixes) < DEEPEST_LIST
        self.page.prefixes.append(" " * len(self.page.marker) * indented)
        self.page.marker *= indented

    def end(self, element: "etree._Element") -> None:
        tag = element.tag
        if tag in ("td", "th") and self.tables:
            self._end_cell()
        elif tag in _BLOCKS:
            self._end_block(tag)
        self.page.say(element.tail or "")

    def _end_cell(self) -> None:
        page = self.pages.pop()
        page.end_block(apart=False)
        rows = self.tables[-1].rows
        if not rows:
            rows.append([])
        rows[-1].append(_without_edges(page.lines))

    def _end_block(self, tag: str) -> None:
        page = self.page
        page.end_block(apart=False)
        if tag == "li":
            page.marker = ""
        if tag in ("blockquote", "li") and page.prefixes:
            page.prefixes.pop()
            page.drop_empty_quotes()
        elif tag in ("ul", "ol") and self.numbers:
            self.numbers.pop()
        elif tag == "pre":
            page.in_pre -= 1
        elif tag == "table" and self.tables:
            page.add(list(_rows(self.tables.pop())))
        page.end_block(apart=tag in _APART and not (self.numbers and tag in ("ul", "ol")))


def laid_out(tree: "etree._Element") -> str:
    """Return the text of a tree, without anything that is not shown."""
    scribe = _Scribe()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            scribe.begin(element)
        else:
            scribe.end(element)
    scribe.page.end_block(apart=False)
    return "\n".join(scribe.page.lines)


def _quote_mark(element: "etree._Element", page: _Page) -> str:
    # Some programs indent with it what nobody quotes.
    indented = bool(_ONLY_INDENTED.search(element.get("style", "")[:500]))
    return "> " if not indented and page.prefixes.count("> ") < DEEPEST_QUOTE else ""


def _first_number(element: "etree._Element") -> int:
    start = element.get("start", "")[:6]
    return int(start) if start.isdecimal() else 1


def _without_edges(lines: list[str]) -> list[str]:
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return lines[first:last]


def _rows(table: _Table) -> Iterator[str]:
    """Yield the lines of a table: its cells side by side, or below each other where they are long."""
    rows = [[_short(cell) for cell in row] if _is_row(row) else None for row in table.rows]
    widths = _widths([row for row in rows if row])
    for row, cells in zip(rows, table.rows, strict=True):
        if row is None:
            for cell in cells:
                yield from cell
            continue
        for line in range(max(map(len, row), default=0)):
            yield _side_by_side([cell[line] if line < len(cell) else "" for cell in row], widths)


def _short(cell: list[str]) -> list[str]:
    return [line.strip() for line in cell if line.strip()]


def _is_row(row: list[list[str]]) -> bool:
    return sum(map(bool, row)) > 1 and all(len(cell) <= TALLEST_CELL for cell in row)


def _widths(rows: list[list[list[str]]]) -> list[int]:
    widths: list[int] = []
    for row in rows:
        widths += [0] * (len(row) - len(widths))
        for column, cell in enumerate(row):
            fitting = (len(line) for line in cell if len(line) <= WIDEST_COLUMN)
            widths[column] = max(widths[column], *fitting, 0)
    return widths


def _side_by_side(cells: list[str], widths: list[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
    return "  ".join(padded).rstrip()
