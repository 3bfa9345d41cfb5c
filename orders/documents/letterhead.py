"""Who orders, where no label says so: of the companies that a page names, the one that is at home
on it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orders.documents.headers import find_header
from orders.documents.layout import Cell, Row

_FORM = (
    r"(?:GmbH|GMBH|AG|UG(?: \(haftungsbeschränkt\))?)(?: ?& ?C[oO]\.? ?(?:KGaA|KG|OHG))?|KGaA|KG|OHG|GbR|SE|mbH|eG|"
    r"[eE]\. ?K(?:fr|fm)?\.?|[eE]\. ?V\.|Ltd\.?|LTD\.?|Limited|LIMITED|PLC|plc|LLP|LLC|Inc\.?|INC\.?|Corp\.?|Pty\.? Ltd\.?|"
    r"S\.?A\.?S\.?|S\.?A\.?R\.?L\.?|S\.A\.|SA|B\.?V\.?|N\.?V\.?|S\.?r\.?l\.?|S\.?p\.?A\.?|Sp\. z o\.o\.|s\.r\.o\.|A/S|ApS|AB|Oy"
)
_COMPANY = re.compile(rf"((?:[\w&.'’+-]+ ){{1,7}}(?:{_FORM}))(?![\w&])")
_MAX_TEXT = 200
_TO_SELLER = re.compile(
    r"\W*(?:to|an|firma|messrs\.?|lieferant(?:in)?|verkäufer|vendor|supplier|seller|fournisseur|leverancier|"
    r"fornitore|spett\.?(?:le)?|order to|bestellung an)\W*(?=$|[A-ZÄÖÜ])",
    re.IGNORECASE,
)
_TO_BUYER = re.compile(
    r"\W*(?:(?:bitte )?liefern an|lieferadresse|lieferanschrift|warenempfänger|(?:deliver|ship|invoice|bill(?:ed)?) to|"
    r"(?:delivery|shipping|invoice|billing) address|rechnung(?:s(?:adresse|anschrift|empfänger)| an))\b",
    re.IGNORECASE,
)
_ABOVE = 2.1
_TOP_ROWS = 3
_HOME, _FIRST, _ONLY = 0.9, 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    cell: Cell
    row: Row
    at: int
    role: str
    """buyer or seller by the words before or above it; else empty."""


@dataclass(frozen=True, slots=True)
class Host:
    company: Company
    score: float


def is_company(name: str) -> bool:
    return bool(_COMPANY.search(name[:_MAX_TEXT]))


def host_of(rows: Sequence[Row], seller: str) -> Host | None:
    """The company whose paper it is: goods go there, or it is named most, or first of several."""
    found = [one for one in companies(rows) if one.name != seller]
    sellers = {one.name for one in found if one.role == "seller"}
    homes = [one for one in found if one.role == "buyer" and one.name not in sellers]
    if homes:
        return Host(homes[0], _HOME)
    named = [one for one in found if one.name not in sellers]
    if not named:
        return None
    if len({one.name for one in found}) == 1 and not seller:
        return Host(named[0], _ONLY) if named[0].at < _TOP_ROWS else None
    counts = {one.name: sum(other.name == one.name for other in named) for one in named}
    most = max(counts.values())
    first, *others = [one for one in named if counts[one.name] == most]
    if any(other.at == first.at and other.name != first.name for other in others):
        return None
    return Host(first, _HOME if most > 1 and len(counts) > 1 else _FIRST)


def companies(rows: Sequence[Row]) -> Iterator[Company]:
    """The names with the legal form of a company, on the first page outside the table."""
    for at, row in enumerate(rows):
        if row.page > 1 or find_header([row]):
            return
        for index, cell in enumerate(row.cells):
            if found := _COMPANY.search(cell.text[:_MAX_TEXT]):
                before = cell.text[: found.start(1)] or _label_beside(rows, at, index)
                yield Company(_bare(found[1]), cell, row, at, _role(before, cell, rows[:at], row))


def _label_beside(rows: Sequence[Row], at: int, index: int) -> str:
    """What stands left of a cell, unless it heads another company below itself."""
    if not index:
        return ""
    left = rows[at].cells[index - 1]
    below = rows[at + 1].cells if at + 1 < len(rows) else ()
    heads = any(one.distance(left) < 0 and _COMPANY.search(one.text) for one in below)
    return "" if heads else left.text


def _bare(name: str) -> str:
    """ "Lieferant Happy Buttons GmbH" in one cell: the label is no part of the name."""
    label = _TO_SELLER.match(name) or _TO_BUYER.match(name)
    return name[label.end() :].strip() if label else name


def _role(before: str, cell: Cell, above: Sequence[Row], row: Row) -> str:
    texts = [before, cell.text]
    if above and row.number - above[-1].number <= _ABOVE:
        texts += [one.text for one in above[-1].cells if one.distance(cell) < 0]
    for text in texts:
        if _TO_BUYER.match(text):
            return "buyer"
        label = _TO_SELLER.match(text)
        if label and (text is cell.text or label.end() == len(text)):
            return "seller"
    return ""
