"""Order lines without a header: quantity times price is the total, wherever the three stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from orders.documents.articles import is_code, numbered
from orders.documents.candidates import PROVEN, Candidate
from orders.documents.columns import Spread
from orders.documents.headers import find_header
from orders.documents.items import described
from orders.documents.layout import Cell, Row, as_one
from orders.documents.lines import RawLine, fits
from orders.documents.numbers import Notation, is_unit
from orders.documents.tables import Table, TableLines, read_table
from orders.documents.titles import Column
from orders.documents.totals import is_carried, is_charge, kind_of_sum

_KINDS = ("position", "sku", "name", "quantity", "unit", "price", "total")
_BASES = (1, 100, 1000)
_MAX_NUMBERS = 8
_LEAST_ALIKE = 2
_OVERLAPPING = 0.75
_NO_NUMBER = 0.7
_COUNTED = re.compile(r"(\d[\d.,' ]{0,15}?)\s?([^\W\d]{1,10})\.?")
_BEGUN = re.compile(r"[A-Z0-9]{1,8}[-/]")
_POSITION = re.compile(r"\d{1,5}[.)]?")
_DECIMALS = re.compile(r"[.,]\d{2,4}\D{0,5}$")
_GLUED = re.compile(r"(\d[\d.,']{0,20})([^\W\d]{1,10})\.?")
_SIGNS = re.compile(r"[€$£%x×]|eur|usd|chf|gbp|à|je|@|/|=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Number:
    at: int
    """Index of its word in the row."""
    start: float
    value: Decimal
    text: str
    has_unit: bool


def read_bare(rows: Sequence[Row], notation: Notation) -> TableLines:
    found: list[Candidate] = []
    body: list[Row] = []
    for row in _as_seen(rows):
        if is_carried(row) or find_header([row]):
            continue
        one = None if kind_of_sum(row) or is_charge(row) else _line(row, len(body), notation)
        if found and kind_of_sum(row) and one is None:
            break
        if found or one:  # what stands above the first line is the letter, not its description
            body.append(row)
        found += [one] if one else []
    if not found:
        return _unpriced(rows, notation)
    columns = _columns(found)
    grouped = described((), body, found, columns, notation)
    lines = numbered(grouped.described)
    charges = tuple(row for row in grouped.others if is_charge(row))
    named = (line for line in lines if line.sku or line.name)
    return TableLines(tuple(_less_sure(line) for line in named), (), charges)


def _less_sure(line: RawLine) -> RawLine:
    """Without titles nobody says that a line has no number: it may stand where none was sought."""
    return line if line.sku else replace(line, certainty=_NO_NUMBER)


def _as_seen(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows of the page whose letters overlap in height as one: cells centred each by itself."""
    together: list[Row] = []
    for row in rows:
        if together and row.number - together[-1].number >= _OVERLAPPING:
            yield as_one(together)
            together = []
        together.append(row)
    if together:
        yield as_one(together)


def _line(row: Row, at: int, notation: Notation) -> Candidate | None:
    words = row.words
    numbers = sorted(_numbers(words, notation), key=lambda each: each.start)[-_MAX_NUMBERS:]
    proof = _proof(numbers)
    if proof is None:
        return None
    quantity, price, total, basis = proof
    roles = {quantity.at: "quantity", price.at: "price", total.at: "total"}
    _name_the_rest(words, roles)
    raw = _raw(row, words, roles, basis)
    if not re.search(r"[^\W\d]{2}", raw.name):
        return None
    places = tuple(
        (_KINDS.index(roles[index]), word) for index, word in enumerate(words) if index in roles
    )
    return Candidate(at, row, Spread({}, places, 0.0), raw, PROVEN)


def _numbers(words: Sequence[Cell], notation: Notation) -> Iterator[_Number]:
    for at, word in enumerate(words):
        glued = _GLUED.fullmatch(word.text)
        text = glued[1] if glued and is_unit(glued[2]) else word.text
        value = notation.decimal(text)
        if value is not None and re.search(r"\d", text):
            behind = words[at + 1].text if at + 1 < len(words) else ""
            yield _Number(at, word.start, value, word.text, bool(glued) or is_unit(behind))


def _proof(numbers: Sequence[_Number]) -> tuple[_Number, _Number, _Number, int] | None:
    """The three numbers of which the last is the product; the plainest one is the quantity."""
    for total in reversed(numbers):
        if not _DECIMALS.search(total.text) or not total.value:
            continue
        before = [one for one in numbers if one.start < total.start and one.value]
        pairs = sorted(combinations(before, 2), key=lambda pair: -pair[1].start)
        for basis in _BASES:
            for first, second in pairs:
                quantity, price = _told_apart(first, second)
                if basis > 1 and price.value < 1 and quantity.value < basis:
                    continue
                if fits(quantity.value, price.value / basis, total.value):
                    return quantity, price, total, basis
    return None


def _told_apart(first: _Number, second: _Number) -> tuple[_Number, _Number]:
    """Quantity and price: a quantity has a unit, or no cents."""
    if first.has_unit != second.has_unit:
        return (first, second) if first.has_unit else (second, first)
    cents = [bool(_DECIMALS.search(one.text)) for one in (first, second)]
    return (second, first) if cents == [True, False] else (first, second)


def _name_the_rest(words: Sequence[Cell], roles: dict[int, str]) -> None:
    quantity = next(at for at, kind in roles.items() if kind == "quantity")
    if 0 not in roles and _POSITION.fullmatch(words[0].text) and len(words) > 4:
        roles[0] = "position"
    if quantity + 1 < len(words) and is_unit(words[quantity + 1].text):
        roles.setdefault(quantity + 1, "unit")
    for at, word in enumerate(words):
        if at not in roles and not _SIGNS.fullmatch(word.text):
            roles[at] = "name"


def _raw(row: Row, words: Sequence[Cell], roles: dict[int, str], basis: int) -> RawLine:
    def of(kind: str) -> str:
        return " ".join(word.text for at, word in enumerate(words) if roles.get(at) == kind)

    return RawLine(
        quantity=of("quantity"),
        name=of("name"),
        unit=of("unit"),
        price=of("price"),
        per=str(basis) if basis > 1 else "",
        total=of("total"),
        position=of("position").rstrip(".)"),
        source=row.text,
    )


def _columns(found: Sequence[Candidate]) -> tuple[Column, ...]:
    """Columns as wide as what the lines hold, for the rows around them."""
    places: dict[int, list[Cell]] = {}
    for one in found:
        for kind, cell in one.spread.places:
            places.setdefault(kind, []).append(cell)
    columns = [
        Column(_KINDS[kind], Cell("", min(c.start for c in cells), max(c.end for c in cells)))
        for kind, cells in places.items()
    ]
    return tuple(sorted(columns, key=lambda each: (each.place.start, each.place.end)))


def _unpriced(rows: Sequence[Row], notation: Notation) -> TableLines:
    """Lines without prices: a quantity with its unit, an article and words, each in its column."""
    found = [(at, row, kinds) for at, row in enumerate(rows) if (kinds := _kinds(row, notation))]
    alike = [one for one in found if one[2].keys() == found[0][2].keys()]
    if len(alike) < _LEAST_ALIKE:
        return TableLines()
    places: dict[str, list[Cell]] = {}
    for _, _, kinds in alike:
        for kind, cell in kinds.items():
            places.setdefault(kind, []).append(cell)
    columns = [
        Column(kind, Cell("", min(c.start for c in cells), max(c.end for c in cells)))
        for kind, cells in places.items()
    ]
    columns.sort(key=lambda each: (each.place.start, each.place.end))
    body = [row for row in rows[alike[0][0] :] if not is_carried(row)]
    return read_table(Table(tuple(columns), body=body), notation)


def _kinds(row: Row, notation: Notation) -> dict[str, Cell]:
    """Which cell is what, in a row that has a quantity with a unit and an article."""
    kinds: dict[str, Cell] = {}
    for at, cell in enumerate(row.cells):
        text = cell.text
        counted = _COUNTED.fullmatch(text)
        if counted and is_unit(counted[2]) and notation.decimal(counted[1].strip()) is not None:
            kinds.setdefault("quantity", cell)
        elif is_code(text) or _BEGUN.fullmatch(text):
            kinds.setdefault("sku", cell)
        elif at == 0 and _POSITION.fullmatch(text):
            kinds["position"] = cell
        elif re.search(r"[^\W\d]{3}", text):
            kinds.setdefault("name", cell)
    return kinds if {"quantity", "sku"} <= kinds.keys() else {}
