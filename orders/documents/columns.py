"""Spread the words of a row over the columns of its table.

Words keep their order, so the cheapest way to lay them over the columns is found by dynamic
programming. It costs something to stand away from a title, to be of the wrong kind for a column,
and to part words that stand together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from orders.documents.layout import Cell, Row
from orders.documents.numbers import is_unit, readings
from orders.documents.titles import Column

_NUMBER = re.compile(r"[-+(]?\d[\d.,'’]{0,20}(?:[-–—]{1,2})?\)?")
_MEASURE = re.compile(
    r"[-+(]?\d[\d.,'’]{0,20}-?\s?(?:%|[€$£]|(?:eur|usd|chf|gbp)|[^\W\d]{1,10}\.?|/\s?\d{0,5}\s?[^\W\d]{0,10})|"
    r"(?:[€$£]|(?:eur|usd|chf|gbp)\s)\s?-?\d[\d.,'’]{0,20}|/\d{1,5}",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}[./]\d{1,2}[./](?:\d{2}|\d{4})?|\d{4}-\d\d-\d\d|(?:kw|cw|w)\s?\d{1,2}(?:[/.-]\d{2,4})?",
    re.IGNORECASE,
)
_CENTS = re.compile(r"[.,]\d{2}\D{0,3}$")
_BEGUN = re.compile(r"[A-Z0-9]{1,8}[-/]")
"""An article number that goes on below."""
_CURRENCY = re.compile(r"[€$£]|eur|euro|usd|chf|gbp", re.IGNORECASE)
_FIRST, _GROUP = re.compile(r"[-+(]?\d{1,3}"), re.compile(r"\d{3}(?!\d)")
_SIGNS = frozenset(
    (
        "€",
        "$",
        "£",
        "%",
        "/",
        "eur",
        "euro",
        "usd",
        "chf",
        "gbp",
        "je",
        "per",
        "pro",
        "x",
        "×",
        "à",
        "@",
        "-",
        "–",
        "each",
    )
)
_MAX_WORDS = 80
_SHORT = 4


# What a word is; "measure" is a number with its unit ("500Stk", "10%"), "short" a number of few
# digits, "amount" one with cents.
_CLASSES = ("amount", "number", "short", "measure", "sign", "unit", "date", "code", "word")
_NUMBERS = frozenset({"amount", "number", "short", "measure", "code"})


def _costs(default: float, **known: float) -> dict[str, float]:
    return dict.fromkeys(_CLASSES, default) | known


_AMOUNT = _costs(4, amount=0, number=0, short=0, measure=0, sign=0, unit=0.8)
_RATE = _costs(4, amount=0, number=0.5, short=0, measure=0, sign=0)
_CODE = _costs(2, code=0, amount=2.5, number=0.2, short=0.4, word=1.2, measure=0.6)
_COSTS = {
    "quantity": _costs(4, amount=0.2, number=0, short=0, measure=0, unit=0.3, sign=1),
    "price": _AMOUNT,
    "total": _AMOUNT,
    "discount": _RATE,
    "tax": _RATE,
    "per": _costs(4, number=0.3, short=0, measure=0.3, unit=0.3, sign=0.3),
    "unit": _costs(2, unit=0, word=0.8, date=4, number=3, amount=4, short=3),
    "sku": _CODE,
    "own": _CODE,
    "gtin": _costs(4, number=0),
    "position": _costs(4, short=0, number=2),
    "date": _costs(2, date=0, number=1, short=1, word=0.8, code=0.5),
    "name": _costs(0, code=0.3, amount=1.2, number=0.4, short=0.4, measure=0.1, date=0.5, unit=0.2),
    "": _costs(0.3),
}
_ONE_VALUE = frozenset(
    {"quantity", "price", "total", "discount", "tax", "per", "position", "gtin", "date"}
)
_BESIDE, _AWAY, _FAR, _MOST_AWAY = 0.4, 0.15, 1.0, 8.0
_FLUSH, _CLOSE = 0.6, 0.3
"""What it saves to begin or end where the column does."""
_WITHIN_CELL = 0.3
_PARTED = 1.2
_SECOND_VALUE = 5.0
_SECOND_CODE = 2.0


@dataclass(frozen=True, slots=True)
class Spread:
    """What stands in each column."""

    values: dict[str, str] = field(hash=False)
    places: tuple[tuple[int, Cell], ...]
    """Each word with the index of its column."""
    cost: float

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self.values)


@dataclass(frozen=True, slots=True)
class _Word:
    cell: Cell
    group: int
    """Which cell of the row it is part of."""
    kind: str
    """Of _CLASSES."""


def spread(row: Row, columns: Sequence[Column]) -> Spread:
    """The cheapest way to lay the row's words over the columns, which stand from left to right."""
    if row.is_grid:
        return _by_index(row, columns)
    words = [
        _Word(part, group, _class(part.text))
        for group, cell in enumerate(row.cells)
        for part in _with_currency(cell.words)
    ][:_MAX_WORDS]
    if not words:
        return Spread({}, (), 0.0)
    unit = _unit(words)
    path, cost = _cheapest(words, columns, _distances(words, columns, unit))
    places = tuple((index, word.cell) for index, word in zip(path, words, strict=True))
    return Spread(_values(places, columns), places, cost / len(words))


def _with_currency(words: Sequence[Cell]) -> list[Cell]:
    """The words of a cell, where a sign of currency is one with its amount."""
    joined: list[Cell] = []
    for word in words:
        last = joined[-1] if joined else None
        signs = [bool(one and _CURRENCY.fullmatch(one.text)) for one in (last, word)]
        if last and (
            (signs[0] and _NUMBER.fullmatch(word.text))
            or (signs[1] and _NUMBER.fullmatch(last.text))
        ):
            text = f"{last.text} {word.text}"
            joined[-1] = Cell(text, last.start, word.end, last.box, last.path)
        else:
            joined.append(word)
    return joined


def _by_index(row: Row, columns: Sequence[Column]) -> Spread:
    """In a sheet a column is a column."""
    index = {column.place.start: at for at, column in enumerate(columns)}
    places = tuple((index[cell.start], cell) for cell in row.cells if cell.start in index)
    return Spread(_values(places, columns), places, 0.0)


def in_order(row: Row, columns: Sequence[Column]) -> Spread | None:
    """Cell by cell, where there are as many as columns."""
    if len(row.cells) != len(columns) or row.is_grid:
        return None
    places = tuple(enumerate(row.cells))
    cost = sum(_COSTS[columns[at].kind][_class(cell.text)] for at, cell in places)
    return Spread(_values(places, columns), places, cost / len(places) + 1)


def widened(columns: Sequence[Column], spreads: Sequence[Spread]) -> tuple[Column, ...]:
    """The columns as wide as what was found in them."""
    reach = [[column.place.start, column.place.end] for column in columns]
    for one in spreads:
        for index, cell in one.places:
            reach[index][0] = min(reach[index][0], cell.start)
            reach[index][1] = max(reach[index][1], cell.end)
    return tuple(
        replace(column, place=replace(column.place, start=start, end=end))
        for column, (start, end) in zip(columns, reach, strict=True)
    )


def _values(places: Sequence[tuple[int, Cell]], columns: Sequence[Column]) -> dict[str, str]:
    taken: dict[str, int] = {}
    values: dict[str, str] = {}
    for index, cell in places:
        kind = columns[index].kind
        # Of two columns with the same title the first counts; names go on in the second.
        if taken.setdefault(kind, index) == index or kind == "name":
            values[kind] = f"{values.get(kind, '')} {cell.text}".strip()
    values.pop("", None)
    return {kind: text for kind, text in values.items() if text}


def _class(text: str) -> str:
    bare = text.strip()
    if bare.lower().rstrip(".") in _SIGNS or not re.search(r"\w", bare):
        return "sign"
    if _DATE.fullmatch(bare) and bare.count(".") != 1:
        return "date"
    if _NUMBER.fullmatch(bare):
        if not readings(bare):
            return "code"  # "74.9318.85" has the signs of a number and is none
        if _CENTS.search(bare):
            return "amount"
        short = len(bare.strip("().").lstrip("0")) <= _SHORT
        return "short" if short else "number"
    if is_unit(bare):
        return "unit"
    if _MEASURE.fullmatch(bare):
        return "measure"
    return "code" if re.search(r"\d", bare) or _BEGUN.fullmatch(bare) else "word"


def _unit(words: Sequence[_Word]) -> float:
    """Two letters wide."""
    width = sum(word.cell.end - word.cell.start for word in words)
    return max(2 * width / sum(len(word.cell.text) or 1 for word in words), 0.01)


def _distances(words: Sequence[_Word], columns: Sequence[Column], unit: float) -> list[list[float]]:
    """What it costs each word to stand where it stands, for each column.

    The blank around a title is its land too; beyond the next title it gets expensive.
    """
    table: list[list[float]] = [[] for _ in words]
    for index, column in enumerate(columns):
        left = columns[index - 1].place.end if index else float("-inf")
        right = columns[index + 1].place.start if index + 1 < len(columns) else float("inf")
        low, high = min(left, column.place.start), max(right, column.place.end)
        for costs, word in zip(table, words, strict=True):
            start, end = word.cell.start, word.cell.end
            away = max(column.place.start - end, start - column.place.end, 0.0) / unit
            out = max(low - end, start - high, 0.0) / unit
            centre = abs(start + end - column.place.start - column.place.end) / 2 / unit
            edges = abs(start - column.place.start), abs(end - column.place.end)
            flush = _FLUSH if min(edges) < _CLOSE * unit else 0.0
            beside = _BESIDE if away else 0.0
            costs.append(
                min(beside + _AWAY * away + _FAR * out + 0.01 * centre, _MOST_AWAY) - flush
            )
    return table


def _cheapest(
    words: Sequence[_Word], columns: Sequence[Column], distances: list[list[float]]
) -> tuple[list[int], float]:
    count = len(columns)
    best = [distances[0][at] + _COSTS[columns[at].kind][words[0].kind] for at in range(count)]
    steps: list[list[int]] = []
    for index in range(1, len(words)):
        word, before = words[index], _number_before(words, index)
        together = word.group == words[index - 1].group
        came, totals = [], []
        cheapest, source = float("inf"), 0
        for at in range(count):
            kind = columns[at].kind
            near = distances[index][at]
            stay = best[at] + _staying(kind, before, word, together=together)
            stay += near * _WITHIN_CELL if together else near
            move = cheapest + near + (_PARTED if together else 0.0)
            came.append(at if stay <= move else source)
            totals.append(min(stay, move) + _COSTS[kind][word.kind])
            if best[at] < cheapest:
                cheapest, source = best[at], at
        steps.append(came)
        best = totals
    end = min(range(count), key=best.__getitem__)
    path = [end]
    for came in reversed(steps):
        path.append(came[path[-1]])
    return path[::-1], best[end]


def _number_before(words: Sequence[_Word], index: int) -> _Word:
    """The word before; in "500 Stk 0,85" the number before the unit. "85,00 / 100" is one value."""
    before = words[index - 1]
    if before.kind == "unit" and index > 1 and words[index - 2].group == before.group:
        return words[index - 2]
    return before


def _staying(kind: str, before: _Word, word: _Word, *, together: bool) -> float:
    """What a second word in the same column costs."""
    if before.kind in _NUMBERS and word.kind in _NUMBERS:
        # "1 000,00" is one number
        parts = before.cell.text, word.cell.text
        begun = together and _FIRST.fullmatch(parts[0]) and _GROUP.match(parts[1])
        grouped = begun and readings(" ".join(parts))
        if kind in _ONE_VALUE and not grouped:
            return _SECOND_VALUE
        if kind in ("sku", "own"):
            return _SECOND_CODE
    if together:
        return 0.0
    return {"name": 0.2, "": 0.2}.get(kind, 1.0)
