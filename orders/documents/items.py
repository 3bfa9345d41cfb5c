"""What belongs together: each line of a table with the rows around it that describe it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from orders.documents.articles import Described, is_code, is_labelled
from orders.documents.candidates import BARE, Candidate
from orders.documents.columns import spread
from orders.documents.layout import Row, source_of
from orders.documents.lines import RawLine
from orders.documents.numbers import Notation, is_unit
from orders.documents.rebates import rebated
from orders.documents.titles import Column
from orders.documents.totals import is_charge

# "Liefertermin: ..." below a line is a remark; "Ihre Art.-Nr.: ..." belongs to the name.
_REMARK = re.compile(
    r"^(?!.{0,30}\b(?:art|item|sku|part|material|prod|ean|gtin|ref|best)).{0,40}:", re.IGNORECASE
)
_DELIVERY = re.compile(
    r"\b(?:liefer\w{0,10}|wunschtermin|termin|deliver[yed]{0,3}|due|required|ship)\b", re.IGNORECASE
)
BASIS = re.compile(r"(?:\bje|\bper|\bpro|/)\s?(\d[\d.,]{0,6}(?:\s?[^\W\d]{1,12})?)", re.IGNORECASE)
_FIGURES = ("quantity", "price", "total")
_FILLED = ("sku", "unit", "discount", "per", "tax", "date", "own", "gtin", "position")
_NEAR = 2.6
_BELOW_THE_LAST = 1.7
_CLEARLY_WIDER = 1.1
_MAX_WRAPPED = 8
_MAX_DATE = 60
_LEAST_CELLS = 3
_FAR_RIGHT = 50_000
"""Columns of the second row of a pair are placed beyond it."""


@dataclass(slots=True)
class _Item:
    line: Candidate
    before: list[Row] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Items:
    described: list[Described] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    """Rows that belong to no line."""
    unread: list[str] = field(default_factory=list)
    """Rows with figures that no line accounts for."""


def described(
    header: Sequence[Row],
    body: Sequence[Row],
    lines: Sequence[Candidate],
    columns: Sequence[Column],
    notation: Notation,
) -> Items:
    found = Items()
    taken = {line.at + extra for line in lines for extra in range(line.rows)}
    loose = [at for at in range(len(body)) if at not in taken]
    flat = [column for column in columns if column.place.start < _FAR_RIGHT]
    reader = _Describer(flat, notation, found)
    apart = {at for at in loose if is_charge(body[at]) or reader.is_not_ordered(body[at])}
    lines, used = rebated(lines, body, sorted(apart), notation)
    found.others += [body[at] for at in loose if at in apart - used]
    groups = _Groups(header, body, lines, [at for at in loose if at not in apart])
    for item in groups.items:
        found.described.append(reader.describe(item))
    for row in groups.homeless:
        if reader.may_be_a_line(row):
            found.unread.append(row.text)
        else:
            found.others.append(row)
    return found


class _Groups:
    """Loose rows go to the line above or below them: the widest gap parts two lines."""

    def __init__(
        self,
        header: Sequence[Row],
        body: Sequence[Row],
        lines: Sequence[Candidate],
        loose: Sequence[int],
    ) -> None:
        self.body = body
        self.items = [_Item(line) for line in lines]
        self.homeless: list[Row] = []
        starts = [line.at for line in lines]
        between: dict[int, list[Row]] = {}
        for at in loose:
            index = sum(start <= at for start in starts)
            between.setdefault(index, []).append(body[at])
        self.hangs = self._hang_above(header, between.get(0, []))
        for index, rows in between.items():
            self._share(index, rows)

    def _hang_above(self, header: Sequence[Row], first: Sequence[Row]) -> bool:
        """Whether descriptions stand above their lines: the first one does."""
        if not first or not self.items:
            return False
        gap = self.items[0].line.row.number - first[-1].number
        return gap < _NEAR and (not header or first[0].number - header[-1].number >= gap * 0.9)

    def _share(self, index: int, rows: Sequence[Row]) -> None:
        above = self.items[index - 1] if index else None
        below = self.items[index] if index < len(self.items) else None
        cut = self._cut(above, rows, below)
        if above:
            self._keep(above.after, rows[:cut], self._last_row(above.line), last=below is None)
        else:
            self.homeless += rows[:cut]
        if below:
            self._keep_before(below, rows[cut:])

    def _last_row(self, line: Candidate) -> float:
        return self.body[line.at + line.rows - 1].number

    def _cut(self, above: _Item | None, rows: Sequence[Row], below: _Item | None) -> int:
        if above is None:
            return 0
        if below is None:
            return len(rows)
        numbers = [self._last_row(above.line), *(row.number for row in rows), below.line.row.number]
        gaps = [later - earlier for earlier, later in pairwise(numbers)]
        widest = max(gaps)
        wide = [at for at, gap in enumerate(gaps) if gap * _CLEARLY_WIDER >= widest]
        return wide[0] if self.hangs else wide[-1]

    def _keep(self, kept: list[Row], rows: Sequence[Row], number: float, *, last: bool) -> None:
        near = _BELOW_THE_LAST if last else _NEAR
        for at, row in enumerate(rows):
            if row.number - number > near or at >= _MAX_WRAPPED:
                self.homeless += rows[at:]
                return
            kept.append(row)
            number = row.number

    def _keep_before(self, item: _Item, rows: Sequence[Row]) -> None:
        number = item.line.row.number
        for at, row in reversed(list(enumerate(rows))):
            if number - row.number > _NEAR or len(item.before) >= _MAX_WRAPPED:
                self.homeless += rows[: at + 1]
                return
            item.before.insert(0, row)
            number = row.number


class _Describer:
    def __init__(self, columns: Sequence[Column], notation: Notation, found: Items) -> None:
        self.columns = columns
        self.notation = notation
        self.found = found
        self.name = next((c for c in columns if c.kind == "name"), None)

    def describe(self, item: _Item) -> Described:
        raw = item.line.raw
        names: list[str] = []
        for row in item.before:
            raw = self._row(raw, row, names, above=True)
        names += [raw.name] if raw.name else []
        for row in item.after:
            raw = self._row(raw, row, names)
        rows = [*item.before, item.line.row, *item.after]
        if item.line.rank == BARE and not (names or raw.sku):
            raw = replace(raw, certainty=0.5)
        source = "\n".join(row.text for row in rows)
        return Described(replace(raw, source=source, where=source_of(rows)), tuple(names))

    def _row(self, raw: RawLine, row: Row, names: list[str], *, above: bool = False) -> RawLine:
        """What a row beside the line adds to it: words, or values that the line itself lacks."""
        if _REMARK.match(row.text):
            label, _, value = row.text.partition(":")
            dated = not raw.date and _DELIVERY.search(label)
            return replace(raw, date=value[:_MAX_DATE]) if dated else raw
        if is_labelled(row.text):
            names.append(row.text)
            return raw
        if any(is_labelled(cell.text) for cell in row.cells):
            return self._labelled(raw, row, names, above=above)
        values = spread(row, self.columns).values
        if figures := self._figures(values):
            if not any(getattr(raw, kind) for kind in figures):
                names += [values["name"]] if "name" in values else []
                return raw.filled({kind: values.get(kind, "") for kind in (*figures, *_FILLED)})
            if self.may_be_a_line(row):
                self.found.unread.append(row.text)
                return raw
        raw, used = _completed(raw, values, above=above)
        if text := self._description(row, values, used=used):
            names.append(text)
        return raw

    def _labelled(self, raw: RawLine, row: Row, names: list[str], *, above: bool) -> RawLine:
        """A labelled number beside what goes on in other columns: "Paar  Art.-Nr. 115871"."""
        names += [cell.text for cell in row.cells if is_labelled(cell.text)]
        others = tuple(cell for cell in row.cells if not is_labelled(cell.text))
        text = "  ".join(cell.text for cell in others)
        return self._row(raw, replace(row, text=text, cells=others), names, above=above)

    def is_not_ordered(self, row: Row) -> bool:
        """An article of an order sheet beside which no quantity was written."""
        if not row.is_grid:
            return False
        values = spread(row, self.columns).values
        listed = "sku" in values or bool({"price", "position"} & values.keys())
        quantity = self.notation.decimal(values.get("quantity", "0"))
        return listed and quantity == 0

    def may_be_a_line(self, row: Row) -> bool:
        if _REMARK.match(row.text) or len(row.cells) < _LEAST_CELLS:
            return False
        values = spread(row, self.columns).values
        figures = self._figures(values)
        return len(figures) > 1 or bool(figures and is_code(values.get("sku", "")))

    def _figures(self, values: dict[str, str]) -> list[str]:
        return [
            kind
            for kind in _FIGURES
            if kind in values and self.notation.decimal(values[kind]) is not None
        ]

    def _description(self, row: Row, values: dict[str, str], *, used: bool) -> str:
        if used or "position" in values:
            return values.get("name", "")
        first = row.cells[0]
        letter = (first.end - first.start) / (len(first.text) or 1)
        edge = self.name.place.start if self.name else self.columns[0].place.start
        if first.start < edge - 2 * letter:
            return ""  # it starts left of the descriptions: a comment on the whole order
        text = row.text if len(row.cells) == 1 else values.get("name", "")
        return " ".join(text.split())


def _completed(raw: RawLine, values: dict[str, str], *, above: bool) -> tuple[RawLine, bool]:
    """The line with what stood beside its own values, and whether that took an article number."""
    sku, below = values.get("sku", ""), values.get("quantity", "")
    if not raw.unit and is_unit(below):
        raw = replace(raw, unit=below)
    if not raw.per and (basis := BASIS.search(values.get("price", ""))):
        raw = replace(raw, per=basis[1])
    raw = raw.filled({kind: values.get(kind, "") for kind in ("date", "own", "gtin", "position")})
    if raw.own.endswith(("-", "/")) and values.get("own"):
        raw = replace(raw, own=raw.own + values["own"])
    if above and sku.endswith(("-", "/")):
        return replace(raw, sku=sku + raw.sku), True
    if raw.sku.endswith(("-", "/")) and sku:
        return replace(raw, sku=raw.sku + sku), True
    code = sku.strip("()")
    if is_code(code):
        return raw.filled({"own" if raw.sku else "sku": code}), True
    return raw, False
