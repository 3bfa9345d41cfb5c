"""Order lines from tables: any order of columns, several pages, descriptions over several rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from orders.documents.articles import numbered
from orders.documents.candidates import PROVEN, Candidate, candidate, candidates, spanning
from orders.documents.columns import widened
from orders.documents.headers import MAX_ROWS, find_header
from orders.documents.items import BASIS, described
from orders.documents.layout import Row
from orders.documents.lines import RawLine
from orders.documents.numbers import Notation
from orders.documents.titles import Column
from orders.documents.totals import is_carried, is_charge, kind_of_sum

_COUNT = re.compile(r"(\d{1,5})[.)]?(?![\w.,/-])")
_CENTS = re.compile(r"\d[.,]\d{2}(?!\d)")
_MONEY = frozenset({"price", "total"})
_ODD = 0.8
_FEW = 4
_NEAR = 2.1
_OVER_PAGES = 1.3
"""Lines between the last row of a page and the first of the next."""


@dataclass(frozen=True, slots=True)
class TableLines:
    lines: tuple[RawLine, ...] = ()
    unread: tuple[str, ...] = ()
    """Rows that look like lines and could not be read as one."""
    charges: tuple[Row, ...] = ()
    """Rows among the lines that name freight or a discount."""


@dataclass(slots=True)
class Table:
    """A header and the rows below it."""

    columns: tuple[Column, ...]
    header: tuple[Row, ...] = ()
    two_rows: bool = False
    body: list[Row] = field(default_factory=list)
    ended: bool = False
    """Its sums were reached."""
    lift: float = 0.0

    def add(self, row: Row) -> None:
        """The row goes on where the last one stood, also if that was on the page before."""
        above = self.body[-1] if self.body else None
        if above and above.page != row.page:
            self.lift = row.number - above.number - _OVER_PAGES
        self.body.append(replace(row, number=row.number - self.lift) if self.lift else row)


def read_tables(rows: Sequence[Row], notation: Notation) -> TableLines:
    """The lines of all tables of a document."""
    return together(read_table(table, notation) for table in _tables(rows, notation))


def together(found: Iterable[TableLines]) -> TableLines:
    each = list(found)
    return TableLines(
        tuple(line for one in each for line in one.lines),
        tuple(text for one in each for text in one.unread),
        tuple(row for one in each for row in one.charges),
    )


def _tables(rows: Sequence[Row], notation: Notation) -> list[Table]:
    tables: list[Table] = []
    at = 0
    while at < len(rows):
        if header := find_header(rows[at : at + MAX_ROWS]):
            columns = tuple(
                sorted(header.columns, key=lambda each: (each.place.start, each.place.end))
            )
            if not (tables and _goes_on(tables[-1], columns)):
                head = tuple(rows[at : at + header.rows])
                tables.append(Table(columns, head, header.two_rows))
            at += header.rows
            continue
        if tables:
            _take(tables[-1], rows[at], notation)
        at += 1
    return tables


def _goes_on(table: Table, columns: Sequence[Column]) -> bool:
    """Whether the same header stands at the top of the next page."""
    titles, others = (
        [(each.kind, each.place.text, each.place.start) for each in one]
        for one in (table.columns, columns)
    )
    return not table.ended and titles == others


def _take(table: Table, row: Row, notation: Notation) -> None:
    if is_carried(row):
        return
    if table.ended or kind_of_sum(row):
        # A line may be called "Total Look", and lines may go on below a sum: proven ones do.
        found = None if table.two_rows else candidate(row, table.columns, notation)
        if found is None or found.rank < PROVEN or not found.spread.kinds & {"sku", "position"}:
            table.ended = True
            return
        table.ended = False
    table.add(row)


def read_table(table: Table, notation: Notation) -> TableLines:
    columns = _numbered_by_article(table, _with_basis(table))
    found = candidates(table.body, columns, notation, two_rows=table.two_rows)
    if not (table.two_rows or _is_settled(table, found)):
        good = [one.spread for one in found if one.rank == PROVEN]
        if good:
            columns = widened(columns, good)
            found = _surest(found, candidates(table.body, columns, notation))
        found = _more_proven(found, spanning(table.body, columns, notation))
    found = _alike(found)
    grouped = described(table.header, table.body, found, columns, notation)
    lines = numbered(grouped.described)
    whole = tuple(line for line in lines if line.sku or line.name)
    nameless = [line.source for line in lines if not (line.sku or line.name)]
    charges = tuple(row for row in grouped.others if is_charge(row))
    return TableLines(whole, (*grouped.unread, *nameless), charges)


def _with_basis(table: Table) -> tuple[Column, ...]:
    """The columns; a row right below the titles may say what the prices are for: "je 100"."""
    below = table.body[:1] if table.header else []
    for row in below:
        basis = BASIS.search(row.text)
        near = row.number - table.header[-1].number <= _NEAR
        if basis and near and len(row.text) <= len(basis[0]) + 12 and len(row.cells) <= 2:
            table.body = table.body[1:]
            return tuple(
                replace(one, basis=one.basis or basis[1]) if one.kind == "price" else one
                for one in table.columns
            )
    return table.columns


def _is_settled(table: Table, found: Sequence[Candidate]) -> bool:
    """Whether arithmetic proves every row that has figures."""
    taken = {one.at for one in found}
    others = (row for at, row in enumerate(table.body) if at not in taken)
    return all(one.rank == PROVEN for one in found) and not any(
        any(map(str.isdigit, row.text)) for row in others
    )


def _more_proven(first: list[Candidate], second: list[Candidate]) -> list[Candidate]:
    proven = [sum(one.rank == PROVEN for one in each) for each in (first, second)]
    return second if proven[1] > proven[0] else first


def _alike(found: Sequence[Candidate]) -> list[Candidate]:
    """The lines that look like those which arithmetic proves; what lacks a little is less sure."""
    proven = [one for one in found if one.rank == PROVEN]
    if not proven:
        return list(found)
    cents = any(_CENTS.search(one.raw.quantity) for one in proven)
    usual = {
        kind
        for kind in ("sku", "position", "price", "total")
        if 2 * sum(kind in one.spread.kinds for one in proven) > len(proven)
    }
    kept = []
    for one in found:
        lacking = usual - one.spread.kinds
        if one.rank == PROVEN:
            kept.append(one)
        elif not (
            lacking >= _MONEY and (len(lacking) > len(_MONEY) or len(one.row.cells) < _FEW)
        ) and (cents or not _CENTS.search(one.raw.quantity)):
            kept.append(_less_sure(one) if lacking else one)
    return kept


def _less_sure(one: Candidate) -> Candidate:
    return replace(one, raw=replace(one.raw, certainty=min(one.raw.certainty, _ODD)))


def _numbered_by_article(table: Table, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns; "Nr." is the article's where what stands below it does not count the lines."""
    place = next((at for at, one in enumerate(columns) if one.kind == "position"), None)
    if place is None or any(one.kind in ("sku", "own") for one in columns):
        return columns
    below = [
        cell.text
        for row in table.body
        for cell in row.cells[:1]
        if cell.distance(columns[place].place) < 0
    ]
    counts = [int(found[1]) for text in below if (found := _COUNT.match(text))]
    if 2 * len(counts) >= len(below) and counts == sorted(counts):
        return columns
    return (*columns[:place], replace(columns[place], kind="sku"), *columns[place + 1 :])


def _surest(first: Sequence[Candidate], second: Sequence[Candidate]) -> list[Candidate]:
    """Row by row the better of two readings."""
    best = {one.at: one for one in first}
    for one in second:
        if one.at not in best or one.rank >= best[one.at].rank:
            best[one.at] = one
    return [best[at] for at in sorted(best)]
