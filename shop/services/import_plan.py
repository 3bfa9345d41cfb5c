"""What a file of products would do to the catalogue, row by row. Writes nothing."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hbu.lib.reasons import N_
from shop.importing import table
from shop.importing.table import Cell
from shop.models import Product
from shop.services import import_columns
from shop.services.import_columns import COLUMNS, NEEDED, Books, Column


@dataclass(frozen=True, slots=True)
class Problem:
    column: str
    message: str

    @property
    def label(self) -> str:
        return COLUMNS[self.column].label


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return COLUMNS[self.column].label


@dataclass(slots=True)
class Row:
    """A line of the file and what it would do."""

    number: int
    sku: str
    product: Product | None
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.problems:
            return "wrong"
        if self.product is None:
            return "new"
        return "changed" if self.changes else "unchanged"


@dataclass(frozen=True, slots=True)
class Plan:
    rows: Sequence[Row]
    ignored: Sequence[str]
    """Columns that say nothing to us."""

    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(("new", "changed", "unchanged", "wrong"), 0)
        for row in self.rows:
            found[row.verdict] += 1
        return found

    @property
    def may_be_applied(self) -> bool:
        told = self.counts()
        return not told["wrong"] and bool(told["new"] + told["changed"])

    def digest(self) -> str:
        """What it would do, in short: it is another one as soon as anything in our books is."""
        told = [
            (
                row.number,
                row.sku,
                row.verdict,
                [(one.column, one.before, one.after) for one in row.changes],
            )
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def plan(read: table.Answer, *, lock: bool = False) -> Plan:
    """Compare the table with the catalogue; `lock` its products until they are written."""
    at = import_columns.known(read["headers"])
    if "sku" not in {column.name for column in at.values()}:
        raise table.refused(N_("There is no column for the article number."))
    skus = [_sku(cells, at) for _, cells in read["rows"]]
    books = import_columns.books(skus, lock=lock)
    seen: dict[str, int] = {}
    rows = [
        _row(number, sku, cells, at, books, seen)
        for (number, cells), sku in zip(read["rows"], skus, strict=True)
    ]
    ignored = [name for position, name in enumerate(read["headers"]) if name and position not in at]
    return Plan(rows, ignored)


def _sku(cells: Sequence[Cell], at: Mapping[int, Column]) -> str:
    position = next(position for position, column in at.items() if column.name == "sku")
    return (cells[position] or "") if position < len(cells) else ""


def _row(
    number: int,
    sku: str,
    cells: Sequence[Cell],
    at: Mapping[int, Column],
    books: Books,
    seen: dict[str, int],
) -> Row:
    row = Row(number, sku, books.products.get(sku))
    for position, column in at.items():
        cell = cells[position] if position < len(cells) else ""
        try:
            row.values[column.name] = import_columns.value(column, cell, books)
        except ValueError as wrong:
            row.problems.append(Problem(column.name, str(wrong)))
    row.problems.extend(_problems(row, books, seen))
    seen.setdefault(sku.casefold(), number)
    if not row.problems:
        row.changes = list(_changes(row))
    return row


def _problems(row: Row, books: Books, seen: Mapping[str, int]) -> Iterator[Problem]:
    if row.sku and row.sku.casefold() in seen:
        yield Problem("sku", N_("the same article number stands above already"))
    if row.product is None:
        twin = books.spelling.get(row.sku.casefold())
        if twin and row.sku:
            yield Problem("sku", N_("there is an article number that differs in capitals only"))
        wrong = {one.column for one in row.problems}
        for name in NEEDED if "sku" not in wrong else ():
            if name not in row.values and name not in wrong:
                yield Problem(name, N_("is missing, and the product is new"))
    yield from _problems_of_prices(row)
    counted, shelf = row.values.get("stock"), import_columns.shelf(row.product)
    if counted is not None and shelf and counted < shelf.reserved:
        yield Problem("stock", N_("More pieces than that are promised to orders."))


def _problems_of_prices(row: Row) -> Iterator[Problem]:
    steps = row.values.get("tier_prices")
    price = row.values.get("price") or (row.product.price if row.product else None)
    if steps and price is not None:
        prices = [price, *(at for _, at in steps)]
        if any(more >= fewer for fewer, more in pairwise(prices)):
            yield Problem("tier_prices", N_("more pieces must cost less a piece"))


def _changes(row: Row) -> Iterator[Change]:
    for name, value in row.values.items():
        column = COLUMNS[name]
        before = column.shown(import_columns.current(row.product, name)) if row.product else ""
        after = column.shown(value)
        if name != "sku" and before != after and (name != "stock" or value is not None):
            yield Change(name, before, after)
