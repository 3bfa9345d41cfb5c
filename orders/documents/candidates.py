"""Rows of a table read as order lines, each with how sure that is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from orders.documents.articles import continued, is_code
from orders.documents.columns import Spread, in_order, spread
from orders.documents.layout import Row, as_one, joined
from orders.documents.lines import RawLine, is_proven, read_line
from orders.documents.numbers import Notation
from orders.documents.titles import Column
from orders.documents.totals import is_charge

PROVEN, WHOLE, BARE = 1.0, 0.9, 0.7
_NEAR = 2.6
_CROWDED = 1.2
"""Mean cost of a word from which on its column is a guess."""
_MAX_SKU_WORDS = 3
_BEGUN = re.compile(r"[x×à@]$")
"""A quantity whose price follows in the next row: "2.500 Stk x"."""
_COUNTED = re.compile(r"(\d{1,4})[.)]?([ /])(\S+)")
"""A line's number with the article's: "1 HB-1001"."""
_MONEY = re.compile(r"\d[.,]\d{2}(?:\D|$)")
_GUESSED = 0.8
_FIGURES = ("quantity", "price", "total")


@dataclass(frozen=True, slots=True)
class Candidate:
    at: int
    """Index of its first row in the body of the table."""
    row: Row
    spread: Spread
    raw: RawLine
    rank: float
    """PROVEN by its own arithmetic, WHOLE, or BARE: a quantity that lacks article and words."""
    rows: int = 1


def candidates(
    body: Sequence[Row], columns: Sequence[Column], notation: Notation, *, two_rows: bool = False
) -> list[Candidate]:
    if two_rows:
        return list(_pairs(body, columns, notation))
    found = (candidate(row, columns, notation, at=at) for at, row in enumerate(body))
    return [one for one in found if one]


def _pairs(
    body: Sequence[Row], columns: Sequence[Column], notation: Notation
) -> Iterator[Candidate]:
    """Rows by twos; a row that makes a better line with its successor waits for it."""
    pairs = [_pair(body, at, columns, notation) for at in range(len(body))]
    taken = 0
    for at, (one, following) in enumerate(pairwise([*pairs, None])):
        if one and at >= taken and not (following and following.rank > one.rank):
            taken = at + 2
            yield one


def spanning(body: Sequence[Row], columns: Sequence[Column], notation: Notation) -> list[Candidate]:
    """Lines whose figures stand in several rows, since each cell is centred by itself.

    A row goes on with the line above it as long as it repeats none of its figures.
    """
    laid = [spread(row, columns) for row in body]
    spans: list[list[int]] = []
    held: set[str] = set()
    for at, (row, one) in enumerate(zip(body, laid, strict=True)):
        figures = {kind for kind in _FIGURES if _is_figure(one.values.get(kind, ""), notation)}
        if not figures:
            continue
        near = spans and row.number - body[spans[-1][-1]].number <= _NEAR
        begun = spans and _BEGUN.search(laid[spans[-1][-1]].values.get("quantity", ""))
        if near and not (figures - {"quantity"} if begun else figures) & held:
            spans[-1].append(at)
            held |= figures
        else:
            spans.append([at])
            held = figures
    found = (_span(body, laid, span[0], span[-1], columns, notation) for span in spans)
    return [one for one in found if one]


def _is_figure(text: str, notation: Notation) -> bool:
    return any(notation.decimal(word) is not None for word in text.split())


def _span(
    body: Sequence[Row],
    laid: Sequence[Spread],
    first: int,
    last: int,
    columns: Sequence[Column],
    notation: Notation,
) -> Candidate | None:
    rows, parts = body[first : last + 1], laid[first : last + 1]
    values: dict[str, str] = {}
    for part in parts:
        for kind, text in part.values.items():
            values[kind] = continued(values.get(kind, ""), text)
    whole = as_one(rows)
    cost = max(part.cost for part in parts)
    one = Spread(values, tuple(place for part in parts for place in part.places), cost)
    raw = raw_line(whole, one, columns)
    rank = _rank(raw, notation)
    if not rank or any(is_charge(row) for row in rows):
        return None
    return Candidate(first, whole, one, raw, rank, rows=len(rows))


def _pair(
    body: Sequence[Row], at: int, columns: Sequence[Column], notation: Notation
) -> Candidate | None:
    if at + 1 >= len(body) or body[at + 1].number - body[at].number > _NEAR:
        return None
    whole = joined(body[at], body[at + 1])
    one = candidate(whole, columns, notation, at=at)
    return replace(one, rows=2) if one else None


def candidate(
    row: Row, columns: Sequence[Column], notation: Notation, *, at: int = 0
) -> Candidate | None:
    """The row as a line, in the reading that is the surest; None where it is none."""
    if not any(cell.text[:1].isdigit() or any(map(str.isdigit, cell.text)) for cell in row.cells):
        return None
    ranked = [
        Candidate(at, row, one, raw, rank)
        for one in _spreads(row, columns)
        if (rank := _rank(raw := raw_line(row, one, columns), notation))
    ]
    best = max(ranked, key=lambda each: (each.rank, -each.spread.cost), default=None)
    if best is None or (is_charge(row) and not is_code(best.raw.sku)):
        return None
    return best


def _spreads(row: Row, columns: Sequence[Column]) -> Iterator[Spread]:
    yield spread(row, columns)
    if straight := in_order(row, columns):
        yield straight


def raw_line(row: Row, found: Spread, columns: Sequence[Column]) -> RawLine:
    values = found.values
    basis = next((column.basis for column in columns if column.basis), "")
    position, sku = values.get("position", ""), values.get("sku", "")
    counted = _COUNTED.fullmatch(sku) if not position else None
    if counted and (counted[2].isspace() or any(one.also == "position" for one in columns)):
        position, sku = counted[1], counted[3]
    return RawLine(
        quantity=values.get("quantity", ""),
        sku=sku,
        name=values.get("name", ""),
        unit=values.get("unit", ""),
        price=values.get("price", ""),
        per=values.get("per", basis),
        discount=values.get("discount", ""),
        total=values.get("total", ""),
        position=position.rstrip(".)"),
        source=row.text,
        own=values.get("own", ""),
        gtin=values.get("gtin", ""),
        tax=values.get("tax", ""),
        date=values.get("date", ""),
        certainty=1.0 if found.cost < _CROWDED and not _lost(found, columns) else _GUESSED,
    )


def _lost(found: Spread, columns: Sequence[Column]) -> bool:
    """Whether money that the line lacks stands in a column of another or unknown meaning."""
    rate = found.values.get("discount", "")
    if len(rate.split()) > 1 and _MONEY.search(rate):
        return True
    if {"price", "total"} <= found.kinds or not {"price", "total"} & found.kinds:
        return False
    return any(not columns[at].kind and _MONEY.search(cell.text) for at, cell in found.places)


def _rank(raw: RawLine, notation: Notation) -> float:
    if len(raw.sku.split()) > _MAX_SKU_WORDS:
        return 0.0
    line = read_line(replace(raw, name=raw.name or "?"), 0, notation)
    if line is None or not line.quantity:
        return 0.0
    if is_proven(line.quantity, line.price, line.total):
        return PROVEN
    if raw.sku or raw.name or raw.own:
        return WHOLE
    return BARE if raw.position or raw.total or raw.price or raw.unit else 0.0
