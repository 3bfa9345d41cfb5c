"""How a net price came about, printed below its line: gross price, discount, net value.

SAP prints its conditions so. They are no lines and no sums: the last of them says what the line
above costs.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from orders.documents.layout import Cell, Row
from orders.documents.numbers import is_unit

_GROSS = re.compile(
    r"^\W*(?:brutto|listen|grund)-?preis\b|^\W*(?:gross|list|base) price\b", re.IGNORECASE
)
_NET = re.compile(
    r"^\W*(?:netto-?(?:preis|wert)|effektiv(?:preis|wert)|net (?:price|value))\b", re.IGNORECASE
)
_PER = re.compile(r"\d{1,5}\s?[^\W\d]{1,5}\.?")
_FIGURE = re.compile(r"\d")
_MOST_BETWEEN = 8
_LEAST_OF_NET = 3
"""Label, price and value."""


def settled(rows: Sequence[Row]) -> list[Row]:
    """The rows without such conditions; a quantity that stood alone has its price beside it."""
    kept: list[Row] = []
    skipped: list[Row] = []
    for row in rows:
        if skipped and _is_net(row):
            _price(kept, row)
            skipped = []
        elif (skipped and len(skipped) < _MOST_BETWEEN) or _GROSS.match(row.text):
            skipped.append(row)
        else:
            kept += [*skipped, row]
            skipped = []
    return [*kept, *skipped]


def _is_net(row: Row) -> bool:
    return bool(_NET.match(row.text)) and len(row.cells) >= _LEAST_OF_NET


def _price(kept: list[Row], net: Row) -> None:
    """Put the net price beside the last quantity that stands without one."""
    for at in range(len(kept) - 1, max(-1, len(kept) - _MOST_BETWEEN), -1):
        if _is_quantity(kept[at]):
            beside = tuple(_per(cell) for cell in net.cells if _FIGURE.search(cell.text))
            text = "  ".join([kept[at].text, *(cell.text for cell in beside)])
            kept[at] = replace(kept[at], text=text, cells=(*kept[at].cells, *beside))
            return


def _is_quantity(row: Row) -> bool:
    """ "48 Stück": a number, its unit, and nothing else."""
    words = [word.text for word in row.words]
    return len(words) == 2 and words[0][:1].isdigit() and is_unit(words[1])


def _per(cell: Cell) -> Cell:
    """ "100 ST" beside a price is what the price is for."""
    if not _PER.fullmatch(cell.text):
        return cell
    per = replace(cell, text="/", end=cell.start, parts=())
    return replace(cell, text=f"/ {cell.text}", parts=(per, *cell.words))
