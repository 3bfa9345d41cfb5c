"""What stands around the lines: title, number, dates, parties, currency."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from orders.data import Source
from orders.documents.dates import month_first, parse_date
from orders.documents.headers import find_header
from orders.documents.layout import Cell, Row, source_at
from orders.documents.letterhead import host_of, is_company

T = TypeVar("T")

_NR = r"(?:[-\s]?(?:nummer|nr|no|number|num|id|ref)\b\.?|\s?#)"
_LABELS = {
    name: re.compile(
        rf"(?<!\w)(?:{pattern})(?![\w-])\s*[.:#]*\s*(?:(?:is|ist|lautet)\s)?", re.IGNORECASE
    )
    for name, pattern in {
        "order": rf"bestell(?:ung|schein)?s?{_NR}|bestellung|(?:einkaufs)?auftrag(?=\s+\S*\d)|(?:purchase\s)?order{_NR}|purchase order|"
        rf"p\.?o\.?{_NR}|p\.?o\.?(?=[\s:#-]+[\w-]*\d)(?!\s?box)|beleg{_NR}|auftrags?{_NR}|best\.{_NR}|(?:bon de )?commande(?:{_NR}|\s?n\s?[°º])|"
        rf"(?:n(?:umero|\.|°)\s?)?ordine(?:\s?n(?:umero|r|\.|°))?|(?:inkoop)?order{_NR}|bestel{_NR}|n\s?[°º]\s?(?:de\s)?commande|order",
        "invoice": rf"rechnungs?{_NR}|invoice{_NR}|rechnung|invoice",
        "date": r"(?:bestell|beleg|rechnungs|order|po|purchase order|invoice|document)[-\s]?"
        r"(?:datum|date)|datum|date(?: of order)?|vom|dated",
        "requested": r"(?:gewünschter?s?\s|requested\s|required\s|desired\s)?"
        r"(?:liefer|wunsch|wunschliefer|anliefer)-?(?:termin|datum|woche)|lieferung\s(?:bis|in|am|zum)|"
        r"lieferbar bis|(?:requested\s|required\s|desired\s)?(?:delivery|ship(?:ping|ment)?)\sdate|"
        r"(?:deliver(?:y|ed)?|required|needed)\s(?:by|on|until|in)|required date",
        "deadline": r"(?:bis|spätestens|by|until)(?:\s(?:zum|am|spätestens|ende|the))?",
        "buyer": r"besteller|auftraggeber|käufer|buyer|ordered by|bill(?:ed)? to|"
        r"rechnungs(?:adresse|empfänger|anschrift)|(?:kunde|customer)(?:\s?name)?(?!\s(?:item|part|art|no|nr|sku|p/n|ref|code))",
        "seller": r"(?:lieferant|verkäufer|vendor|supplier|seller)(?:\s?name)?(?!\s(?:item|part|art|no|nr|sku))",
        "reference": r"(?:unser|ihr) zeichen|(?:our|your|buyer)\s?(?:order\s)?ref(?:erence|\.)?|referenz|"
        r"reference|kommission|kostenstelle|cost cent(?:re|er)",
    }.items()
}
_TITLES = {
    "other": r"storno|stornierung|bestelländerung|änderungsbestellung|(?:auftrags|bestell)bestätigung|"
    r"order (?:confirmation|acknowledg\w+|change|cancellation)|cancellation|angebot|"
    r"(?:preis)?anfrage|quot(?:e|ation)|request for quot\w+|rfq|lieferschein|delivery note|"
    r"packing (?:list|slip)|gutschrift|credit note|mahnung|zahlungserinnerung|pro-?\s?forma\w*",
    "invoice": r"rechnung(?! an\b)|invoice(?! (?:to|address))",
    "order": r"(?:nach|abruf|lieferanten|einkaufs)?bestellung|bon de commande|commande|inkooporder|bestellschein|purchase order|(?:sales )?order(?! form\b)|"
    r"auftrag|lieferabruf|p\.?o\.?(?=\s*[:#\d])",
}
_TITLE = re.compile(
    r"\W*(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in _TITLES.items()) + r")\b",
    re.IGNORECASE,
)
_TITLE_ROWS = 40
_TITLE_WIDTH = 60

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9./_-]{1,29}", re.IGNORECASE)
_CURRENCY = re.compile(r"\b(EUR|USD|CHF|GBP|PLN|CZK|SEK|DKK)\b|([€$£])")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_PAGE_NEAR = 3.1
_UNLABELLED = 0.9
_OTHER_DAY = re.compile(
    r"liefer|termin|deliver|valid|gültig|due|bis|until|by\b|required|ship|angebot|quot|kw\b|week",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:nummer|number|nr|no|doc(?:ument)?\.? ?no|beleg)\b[.:#]{0,2}\s*", re.IGNORECASE
)
_ALSO_LABEL = re.compile(r"^\s*[/&,+]\s*(?:\w{1,12}[-\s]?)?(?:datum|date)\b\W*", re.IGNORECASE)
_MAX_NAME = 120


def kind_of(rows: Sequence[Row]) -> str:
    """order, invoice or other, by the title; empty where there is none.

    "Angebot: A-12" is a reference unless all else fails.
    """
    titles = [
        (":" in cell.text, title.lastgroup or "other")
        for row in rows[:_TITLE_ROWS]
        for cell in row.cells
        if len(cell.text) <= _TITLE_WIDTH and (title := _TITLE.match(cell.text))
    ]
    return min(titles, key=lambda title: title[0])[1] if titles else ""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it stands."""

    value: T
    source: Source


def number_of(rows: Sequence[Row], kind: str) -> Found[str] | None:
    label = _LABELS["invoice" if kind == "invoice" else "order"]
    return _labelled(rows, label, _as_number) or _labelled(rows[:_TITLE_ROWS], _BARE, _as_number)


def date_of(rows: Sequence[Row]) -> Found[date] | None:
    """The document's date: labelled, or the first in its head that is no other day."""
    day_of = _day_of(rows)
    return _labelled(rows, _LABELS["date"], day_of) or _unlabelled(rows[:_TITLE_ROWS], day_of)


def _day_of(
    rows: Sequence[Row], near: date | None = None, *, within: int = _MAX_NAME
) -> Callable[[str], date | None]:
    """How this document writes a day."""
    american = month_first("\n".join(row.text for row in rows))
    return lambda text: parse_date(text[:within], near=near, month_first=american)


def _unlabelled(rows: Sequence[Row], day_of: Callable[[str], date | None]) -> Found[date] | None:
    for row in rows:
        if find_header([row]):
            return None
        if _OTHER_DAY.search(row.text):
            continue
        for cell in row.cells:
            if len(cell.text) <= _TITLE_WIDTH and (day := day_of(cell.text)):
                return Found(day, source_at(cell, row, score=_UNLABELLED))
    return None


def requested_date_of(rows: Sequence[Row], near: date | None) -> Found[date] | None:
    return _labelled(rows, _LABELS["requested"], _day_of(rows, near, within=40))


def deadline_of(rows: Sequence[Row], near: date | None) -> Found[date] | None:
    """What a letter means by "bis 24.12."; on a form the same words mean too many things."""
    return _labelled(rows, _LABELS["deadline"], _day_of(rows, near, within=25))


def party_of(rows: Sequence[Row], party: str) -> Found[str] | None:
    """buyer, seller or the buyer's reference, where the document names it so."""
    return _labelled(rows, _LABELS[party], _as_name)


def buyer_of(rows: Sequence[Row], seller: Found[str] | None) -> Found[str] | None:
    """Who is named as the buyer; a company at home on the page goes before a person's name."""
    labelled = party_of(rows, "buyer")
    if labelled and is_company(labelled.value):
        return labelled
    host = host_of(rows, seller.value if seller else "")
    if host is None or (labelled and host.score < _UNLABELLED):
        return labelled
    place = source_at(host.company.cell, host.company.row, score=host.score)
    return Found(host.company.name, place)


def currency_of(text: str) -> str:
    """The one named most; the euro where none is named."""
    named = Counter(code or _SIGNS[sign] for code, sign in _CURRENCY.findall(text))
    return named.most_common(1)[0][0] if named else "EUR"


def _labelled(
    rows: Sequence[Row], label: re.Pattern[str], parse: Callable[[str], T | None]
) -> Found[T] | None:
    """The first value that stands behind a label, beside it or below it."""
    return next(
        (
            Found(value, source_at(cell, found))
            for row, below in pairwise([*rows, None])
            if row
            for text, cell, found in _candidates(row, below, label)
            if (value := parse(text))
        ),
        None,
    )


def _candidates(
    row: Row, below: Row | None, label: re.Pattern[str]
) -> Iterator[tuple[str, Cell, Row]]:
    for cell, beside in pairwise([*row.cells, None]):
        for found in label.finditer(cell.text) if cell else ():
            rest = cell.text[found.end() :] if cell else ""
            if cell is None:
                continue
            rest = _ALSO_LABEL.sub("", rest, count=1)  # "Bestellnummer/Datum" over both
            yield rest, cell, row
            if rest:
                continue
            if beside:
                yield beside.text.lstrip(" :"), beside, row
            yield from ((part.text, part, below) for part in _under(cell, row, below) if below)


def _under(cell: Cell, row: Row, below: Row | None) -> Iterator[Cell]:
    if below and below.number - row.number <= _PAGE_NEAR:
        yield from (
            part for part in below.cells if part.distance(cell) < 0 or part.start == cell.start
        )


def _as_number(text: str) -> str | None:
    """A number has a digit; a date or an amount in its place is something else."""
    found = _NUMBER.match(text)
    if not found or not re.search(r"\d", found[0]) or parse_date(found[0]):
        return None
    return found[0].rstrip(".-/")


def _as_name(text: str) -> str | None:
    name = text.strip(" .:-")[:_MAX_NAME]
    if any(label.fullmatch(name) for label in _LABELS.values()):
        return None  # titles stand in a row, their values below
    return name if len(re.findall(r"[^\W_]", name)) > 2 and not name.endswith(":") else None
