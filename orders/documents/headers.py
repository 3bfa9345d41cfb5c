"""The header of a table: which column is what, in German and English, in any order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from orders.documents.layout import Cell, Row

_NR = r"[-.\s]{0,2}(?:nr|no|nummer|number|num|code|id)\b\.?"
_ARTICLE = r"(?:art(?:ikel)?|item|part|product|produkt|material|mat|sku)"
_BASIS = (
    r"(?:\s?[(\[]?(?:in\s)?(?:eur|euro|€)[)\]]?)?"
    r"(?:\s?(?:/|\bje\b|\bper\b|\bpro\b)\s?(?P<basis>(?:\d+\s?)?[^\W\d]*\.?))?"
)
# The first that fits wins, so what contains another title ("unit price") stands before it.
_TITLES = {
    "supplier": rf"(?:ihre|lieferanten|hersteller|your|supplier|vendor)[-\s]?{_ARTICLE}\.?(?:{_NR})?",
    "own": rf"(?:unsere|kunden|our|buyer|customer)[-\s]?{_ARTICLE}\.?(?:{_NR})?",
    "sku": rf"(?:{_ARTICLE}|bestell)\.?{_NR}|sku|artnr\.?",
    "name": rf"(?:{_ARTICLE}[-\s]?)?(?:bezeichnung|beschreibung|description|kurztext|text|name)|"
    r"warenbezeichnung|details",
    "item": r"artikel|item|product|produkt|material|ware|article",
    "per": r"preiseinheit|pe|price unit|per",
    "price": r"(?:(?:einzel|stück|netto|einheits|listen|e|unit|net|list)[-\s]?)?"
    rf"(?:preis|price){_BASIS}|ep|rate",
    "total": r"(?:gesamt|zeilen|positions|netto|line|ext(?:ended|\.)?|net|total)[-\s]?"
    r"(?:preis|summe|betrag|wert|price|total|amount|value)|gesamt|summe|betrag|wert|gp|total|"
    r"amount|value|netto",
    "quantity": r"(?:bestell)?-?menge|anzahl|stückzahl|qty\.?|quantity|ordered",
    "pieces": r"stück|stk\.?|pieces|pcs\.?",
    "unit": r"mengeneinheit|einheit|eh|me|unit|uom|u/m",
    "discount": r"rabatt|rab\.?|discount|disc\.?",
    "tax": r"mwst\.?|ust\.?|vat|tax",
    "date": r"(?:wunsch|liefer)-?(?:termin|datum)|termin|delivery(?: date)?|due(?: date)?|"
    r"required(?: date)?",
    "position": r"pos(?:ition)?\.?(?:-?nr\.?)?|lfd\.?\s?nr\.?|line(?: no\.?)?|nr\.?|no\.?|#",
}
_TITLE = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in _TITLES.items()) + r")(?!\w)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"(?:\s?[(\[]?(?:in\s)?(?:eur|euro|€|usd|%|netto|net|stk|stück)\.?[)\]]?)*", re.IGNORECASE
)
_MIN_COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class Column:
    kind: str
    """A key of the titles above; empty for a column of no interest."""
    place: Cell
    basis: str = ""
    """What a price is for, where the header says so: "100 Stk"."""


def read_header(row: Row) -> tuple[Column, ...]:
    """The columns, or nothing if the row is no header of an order table."""
    columns = [column for cell in row.cells for column in _columns(cell)]
    titled = [column for column in columns if column.kind]
    covered = sum(len(column.place.text) for column in titled)
    everything = sum(len(cell.text) for cell in row.cells)
    # One cell alone is a sentence, unless it is full of titles.
    if len(titled) < (3 if len(row.cells) == 1 else 2) or covered < _MIN_COVERAGE * everything:
        return ()
    return _settled(columns)


def _columns(cell: Cell) -> Iterator[Column]:
    """A cell is one column, or several whose titles stand close together."""
    titles = list(_TITLE.finditer(cell.text))
    if not titles:
        yield Column("", cell)
    for title in titles:
        suffix = _SUFFIX.match(cell.text, title.end())
        stop = suffix.end() if suffix else title.end()
        yield Column(title.lastgroup or "", _place(cell, title.start(), stop), title["basis"] or "")


def _place(cell: Cell, start: int, stop: int) -> Cell:
    text = cell.text[start:stop]
    if cell.start == cell.end:  # delimited: the place is the index of the column
        return Cell(text, cell.start, cell.end)
    return Cell(text, cell.start + start, cell.start + stop)


def _settled(columns: list[Column]) -> tuple[Column, ...]:
    """Titles that mean one thing or another get their meaning from those beside them."""
    kinds = {column.kind for column in columns}
    meaning = {
        "supplier": "sku",
        "sku": "own" if "supplier" in kinds else "sku",
        "own": "own" if kinds & {"supplier", "sku"} else "sku",
        "item": _meaning_of_item(kinds),
        "pieces": "unit" if "quantity" in kinds else "quantity",
    }
    settled = tuple(replace(c, kind=meaning.get(c.kind, c.kind)) for c in columns)
    found = {column.kind for column in settled}
    return settled if "quantity" in found and found & {"sku", "name"} else ()


def _meaning_of_item(kinds: set[str]) -> str:
    if "name" not in kinds:
        return "name"
    return "position" if kinds & {"sku", "supplier", "own"} else "sku"
