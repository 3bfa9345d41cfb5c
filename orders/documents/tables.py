"""Order lines from tables: any order of columns, several pages, wrapped descriptions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from orders.documents.headers import Column, read_header
from orders.documents.layout import Cell, Row, joined
from orders.documents.lines import RawLine, read_line
from orders.documents.numbers import Notation
from orders.documents.totals import is_carried, kind_of_sum

_SKU = re.compile(r"\S+(?: \S+){0,2}")
_BASIS = re.compile(r"(?:\bje|\bper|\bpro|/)\s?(\d+(?:\s?[^\W\d]+)?)", re.IGNORECASE)
# "Liefertermin: ..." below a line is a remark; "Ihre Art.-Nr.: ..." belongs to the name.
_REMARK = re.compile(r"^(?!.*\b(?:art|item|sku|part|material|prod)).{0,40}:", re.IGNORECASE)
_NUMERIC = frozenset({"quantity", "price", "total"})
_NEAR = 2
_NEAR_TITLES = 4
_MAX_WRAPPED = 5


@dataclass(slots=True)
class _Anchor:
    """A line or a header, with the rows around it that belong to it."""

    row: Row
    raw: RawLine | None = None
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TableLines:
    lines: tuple[RawLine, ...]
    dates: tuple[str, ...]
    """What the lines' own delivery column says."""
    unread: tuple[str, ...]
    """Rows that look like lines and could not be read as one."""


class _Reader:
    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.columns: tuple[Column, ...] = ()
        self.above: Row | None = None
        """The row before, in a table or where one may begin, if it was not understood alone."""
        self.two_rows = False
        """Titles and lines take two rows each, as SAP prints them."""
        self.anchors: list[_Anchor] = []
        self.loose: list[Row] = []
        self.dates: list[str] = []
        self.unread: list[str] = []

    def feed(self, row: Row) -> None:
        above, self.above = self.above, row
        pair = joined(above, row) if above and row.number - above.number <= _NEAR_TITLES else None
        if columns := read_header(row):
            self._begin(row, columns, two_rows=False)
        elif pair and (columns := read_header(pair)):
            self._begin(pair, columns, two_rows=True)
        elif self.columns and not is_carried(row):
            self._feed_body(row, pair if self.two_rows else row)

    def _begin(self, row: Row, columns: tuple[Column, ...], *, two_rows: bool) -> None:
        self._close()
        self.columns, self.two_rows, self.above = columns, two_rows, None
        self.anchors.append(_Anchor(row))

    def _feed_body(self, row: Row, whole: Row | None) -> None:
        if kind_of_sum(row):
            self._close()
            self.columns = ()
        elif whole and (raw := self._line(whole)):
            anchor = _Anchor(whole, raw)
            self._share_loose_rows(anchor)
            self.anchors.append(anchor)
            self.above = None
        elif self._looks_like_a_line(row):
            self.unread.append(row.text)
        elif self._is_under_the_name(row):
            self.loose.append(row)

    def _line(self, row: Row) -> RawLine | None:
        for values in _assignments(row, self.columns):
            raw = _raw_line(row, values, self.columns)
            if read_line(raw, 0, self.notation) and (not raw.sku or _SKU.fullmatch(raw.sku)):
                self.dates += [values["date"]] if "date" in values else []
                return raw
        return None

    def _looks_like_a_line(self, row: Row) -> bool:
        return any(
            self.notation.decimal(cell.text) is not None
            and _nearest(cell, self.columns).kind in _NUMERIC
            for cell in row.cells
        )

    def _is_under_the_name(self, row: Row) -> bool:
        return len(row.cells) == 1 and _nearest(row.cells[0], self.columns).kind == "name"

    def _share_loose_rows(self, following: _Anchor) -> None:
        """A wrapped description stands below its line, above it or around it: the gap decides."""
        previous = self.anchors[-1]
        numbers = [row.number for row in (previous.row, *self.loose, following.row)]
        gaps = [later - earlier for earlier, later in pairwise(numbers)]
        cut = max(range(len(gaps)), key=lambda index: (gaps[index], index))
        previous.after += [row.text for row in self.loose[:cut]]
        following.before += [row.text for row in self.loose[cut:]]
        self.loose = []

    def _close(self) -> None:
        """The table ends here; what stands close below its last line still belongs to it."""
        if self.anchors:
            last = self.anchors[-1]
            numbers = (last.row.number, *(row.number for row in self.loose))
            for row, (earlier, later) in zip(self.loose, pairwise(numbers), strict=True):
                if later - earlier > _NEAR:
                    break
                last.after.append(row.text)
        self.loose = []

    def result(self) -> TableLines:
        self._close()
        return TableLines(tuple(_complete(self.anchors)), tuple(self.dates), tuple(self.unread))


def read_tables(rows: Iterable[Row], notation: Notation) -> TableLines:
    reader = _Reader(notation)
    for row in rows:
        reader.feed(row)
    return reader.result()


def _assignments(row: Row, columns: Sequence[Column]) -> Iterator[dict[str, str]]:
    """Ways to spread a row over the columns, from the surest to the boldest."""
    for parts in (row.cells, tuple(_unglued(row, columns)), row.words):
        if len(parts) == len(columns):
            yield _gathered(zip(parts, columns, strict=True))
        yield _gathered((part, _nearest(part, columns)) for part in parts)


def _unglued(row: Row, columns: Sequence[Column]) -> Iterator[Cell]:
    """Cells, cut into words where one reaches over the titles of two columns: "1.300 HB-1035"."""
    for cell in row.cells:
        reached = sum(cell.distance(column.place) < 0 for column in columns)
        yield from cell.words if reached > 1 else [cell]


def _gathered(placed: Iterable[tuple[Cell, Column]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for part, column in placed:
        values[column.kind] = f"{values.get(column.kind, '')} {part.text}".strip()
    return values


def _nearest(part: Cell, columns: Sequence[Column]) -> Column:
    return min(columns, key=lambda column: part.distance(column.place))


def _raw_line(row: Row, values: dict[str, str], columns: Sequence[Column]) -> RawLine:
    basis = next((column.basis for column in columns if column.basis), "")
    return RawLine(
        quantity=values.get("quantity", ""),
        sku=values.get("sku", ""),
        name=values.get("name", ""),
        unit=values.get("unit", ""),
        price=values.get("price", ""),
        per=values.get("per", basis),
        discount=values.get("discount", ""),
        total=values.get("total", ""),
        position=values.get("position", ""),
        source=row.text,
    )


def _complete(anchors: Iterable[_Anchor]) -> Iterator[RawLine]:
    basis = ""
    for anchor in anchors:
        if anchor.raw is None:
            below = _BASIS.search(" ".join(anchor.after))  # a second row of titles: "je 100"
            basis = below[1] if below else ""
            continue
        around = anchor.before[-_MAX_WRAPPED:], anchor.after[:_MAX_WRAPPED]
        before, after = ([text for text in texts if not _REMARK.match(text)] for texts in around)
        yield replace(
            anchor.raw,
            name=" ".join([*before, anchor.raw.name, *after]).strip(),
            per=anchor.raw.per or basis,
            source="\n".join([*around[0], anchor.raw.source, *around[1]]),
        )
