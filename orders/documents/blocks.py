"""Order lines as forms: a label and its value for each thing, one block for each article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from orders.documents.articles import Described, numbered
from orders.documents.layout import Row, source_of
from orders.documents.lines import RawLine, read_line
from orders.documents.numbers import Notation
from orders.documents.tables import TableLines
from orders.documents.titles import Column, title_of
from orders.documents.totals import is_carried, kind_of_sum

_LABEL = re.compile(r"(?<![\w])([^\W\d][\w .()/#%-]{1,34}?)\s?[:=](?=\s|$)")
_HEADING = re.compile(
    r"(?:pos(?:ition)?|item|line|artikel|zeile)\b\.?\s*(?:nr\.?|no\.?|#)?\s*(\d{1,5})\b\s*[:.)–-]?\s*(.*)|"
    r"(\d{1,3})[.)]\s+(.*)",
    re.IGNORECASE,
)
_KINDS = frozenset(
    {"position", "sku", "own", "gtin", "name", "quantity", "unit", "price", "per", "discount",
     "total", "tax", "date"}
)  # fmt: skip
_NEXT = 1.7
# A number of the whole order, though catalogues call an article's number so too.
_WHOLE_ORDER = re.compile(r"best(?:ell)?|ref", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    values: dict[str, str] = field(default_factory=dict)
    basis: str = ""
    rows: list[Row] = field(default_factory=list)
    heading: str = ""


def read_blocks(rows: Sequence[Row], notation: Notation) -> TableLines:
    blocks = [one for one in _blocks(rows) if _is_line(one.values)]
    described = [_described(one) for one in blocks]
    lines = [one for one in numbered(described) if read_line(one, 0, notation)]
    return TableLines(tuple(lines))


def _is_line(values: dict[str, str]) -> bool:
    return "quantity" in values


def _blocks(rows: Sequence[Row]) -> Iterator[_Block]:
    block = _Block()
    for row in rows:
        if is_carried(row):
            continue
        pairs = list(_pairs(row))
        if not pairs and _goes_on(block, row):
            block.values["name"] += f" {row.text}"
            block.rows.append(row)
        elif not pairs or _sums_up(row, pairs, block):
            yield block
            block = _Block(heading=row.text, rows=[row])
        else:
            for column, value in pairs:
                if column.kind in block.values or (column.kind == "position" and block.values):
                    yield block
                    block = _Block()
                block.values[column.kind] = value
                block.basis = block.basis or column.basis
            block.rows.append(row)
    yield block


def _sums_up(row: Row, pairs: Sequence[tuple[Column, str]], block: _Block) -> bool:
    """Whether "Gesamt: ..." is the sum of the order and not of the line."""
    money = all(column.kind in {"total", "tax"} for column, _ in pairs)
    open_ = "quantity" in block.values and "total" not in block.values
    return bool(kind_of_sum(row)) and money and not open_


def _goes_on(block: _Block, row: Row) -> bool:
    """Whether the row is more of the name right above it."""
    last = next(reversed(block.values), "")
    above = block.rows[-1] if block.rows else None
    return (
        last == "name"
        and above is not None
        and row.number - above.number <= _NEXT
        and row.cells[0].start > above.cells[0].start
    )


def _pairs(row: Row) -> Iterator[tuple[Column, str]]:
    """The labels of the row with what stands behind each."""
    skip = False
    for cell, beside in pairwise([*row.cells, None]):
        if skip or cell is None:
            skip = False
            continue
        following = beside.text if beside else ""
        found = list(_labelled(cell.text, following))
        if not found and following and (column := title_of(cell.text)):
            found = [(column, following)] if not title_of(following) else []
        skip = bool(found) and found[-1][1] == following
        yield from ((column, value) for column, value in found if column.kind in _KINDS and value)


def _labelled(text: str, following: str) -> Iterator[tuple[Column, str]]:
    labels = [
        (column, hit)
        for hit in _LABEL.finditer(text[:300])
        if (column := title_of(hit[1])) and not _WHOLE_ORDER.match(hit[1])
    ]
    ends = [*(hit.start() for _, hit in labels), len(text)][1:]
    for (column, hit), end in zip(labels, ends, strict=True):
        yield column, text[hit.end() : end].strip(" ,;|") or following


def _described(block: _Block) -> Described:
    values = block.values
    heading = _HEADING.match(block.heading)
    position, words = "", ""
    if heading:
        position, words = heading[1] or heading[3], heading[2] or heading[4]
    raw = RawLine(
        quantity=values["quantity"],
        sku=values.get("sku", ""),
        unit=values.get("unit", ""),
        price=values.get("price", ""),
        per=values.get("per", block.basis),
        discount=values.get("discount", ""),
        total=values.get("total", ""),
        position=values.get("position", position).rstrip(".)"),
        source="\n".join(row.text for row in block.rows),
        own=values.get("own", ""),
        gtin=values.get("gtin", ""),
        tax=values.get("tax", ""),
        date=values.get("date", ""),
        where=source_of(block.rows),
    )
    return Described(raw, tuple(filter(None, [values.get("name", ""), *_alone(words, values)])))


def _alone(words: str, values: dict[str, str]) -> list[str]:
    """The heading names the article where no label does."""
    return [] if "name" in values else [words]
