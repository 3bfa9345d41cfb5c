"""What stands around the lines: title, number, dates, parties, currency."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

from orders.documents.dates import parse_date
from orders.documents.layout import Cell, Row

T = TypeVar("T")

_NR = r"(?:[-\s]?(?:nummer|nr|no|number|num|id|ref)\b\.?|\s?#)"
_LABELS = {
    name: re.compile(
        rf"(?<!\w)(?:{pattern})(?![\w-])\s*[.:#]*\s*(?:(?:is|ist|lautet)\s)?", re.IGNORECASE
    )
    for name, pattern in {
        "order": rf"bestell(?:ung)?s?{_NR}|bestellung|(?:purchase\s)?order{_NR}|purchase order|"
        rf"p\.?o\.?{_NR}|p\.?o\.?(?=[\s:#-]+[\w-]*\d)(?!\s?box)|beleg{_NR}|auftrags{_NR}|order",
        "invoice": rf"rechnungs?{_NR}|invoice{_NR}|rechnung|invoice",
        "date": r"(?:bestell|beleg|rechnungs|order|po|purchase order|invoice|document)[-\s]?"
        r"(?:datum|date)|datum|date(?: of order)?|vom|dated",
        "requested": r"(?:gewünschter?s?\s|requested\s|required\s|desired\s)?"
        r"(?:liefer|wunsch|wunschliefer|anliefer)-?(?:termin|datum|woche)|lieferung\s(?:bis|in|am|zum)|"
        r"lieferbar bis|(?:requested\s|required\s|desired\s)?(?:delivery|ship(?:ping|ment)?)\sdate|"
        r"(?:deliver(?:y|ed)?|required|needed)\s(?:by|on|until|in)|required date",
        "deadline": r"(?:bis|spätestens|by|until)(?:\s(?:zum|am|spätestens|ende|the))?",
        "buyer": r"besteller|auftraggeber|käufer|buyer|ordered by|bill(?:ed)? to|"
        r"rechnungs(?:adresse|empfänger|anschrift)|kunde|customer",
        "seller": r"lieferant|verkäufer|vendor|supplier|seller",
        "reference": r"(?:unser|ihr) zeichen|(?:our|your|buyer)\s?ref(?:erence|\.)?|referenz|"
        r"reference|kommission|kostenstelle|cost cent(?:re|er)",
    }.items()
}
_TITLES = {
    "other": r"storno|stornierung|bestelländerung|änderungsbestellung|(?:auftrags|bestell)bestätigung|"
    r"order (?:confirmation|acknowledg\w+|change|cancellation)|cancellation|angebot|"
    r"(?:preis)?anfrage|quot(?:e|ation)|request for quot\w+|rfq|lieferschein|delivery note|"
    r"packing (?:list|slip)|gutschrift|credit note|mahnung|zahlungserinnerung|pro-?\s?forma\w*",
    "invoice": r"rechnung(?! an\b)|invoice(?! (?:to|address))",
    "order": r"(?:nach|abruf)?bestellung|bestellschein|purchase order|(?:sales )?order(?! form\b)|"
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
_PAGE_NEAR = 6
_MAX_NAME = 120


def kind_of(rows: Sequence[Row]) -> str:
    """order, invoice or other, by the title. "Angebot: A-12" is a reference unless all else fails."""
    titles = [
        (":" in cell.text, title.lastgroup or "other")
        for row in rows[:_TITLE_ROWS]
        for cell in row.cells
        if len(cell.text) <= _TITLE_WIDTH and (title := _TITLE.match(cell.text))
    ]
    return min(titles, key=lambda title: title[0])[1] if titles else "other"


def number_of(rows: Sequence[Row], kind: str) -> str:
    label = _LABELS["invoice" if kind == "invoice" else "order"]
    return _labelled(rows, label, _as_number) or ""


def date_of(rows: Sequence[Row]) -> date | None:
    return _labelled(rows, _LABELS["date"], parse_date)


def requested_date_of(rows: Sequence[Row], near: date | None) -> date | None:
    return _labelled(rows, _LABELS["requested"], lambda text: parse_date(text[:40], near=near))


def deadline_of(rows: Sequence[Row], near: date | None) -> date | None:
    """What a letter means by "bis 24.12."; on a form the same words mean too many things."""
    return _labelled(rows, _LABELS["deadline"], lambda text: parse_date(text[:25], near=near))


def party_of(rows: Sequence[Row], party: str) -> str:
    """buyer, seller or the buyer's reference, where the document names it so."""
    return _labelled(rows, _LABELS[party], _as_name) or ""


def currency_of(text: str) -> str:
    """The one named most; the euro where none is named."""
    named = Counter(code or _SIGNS[sign] for code, sign in _CURRENCY.findall(text))
    return named.most_common(1)[0][0] if named else "EUR"


def _labelled(
    rows: Sequence[Row], label: re.Pattern[str], parse: Callable[[str], T | None]
) -> T | None:
    """The first value that stands behind a label, beside it or below it."""
    return next(
        (
            value
            for row, below in pairwise([*rows, None])
            if row
            for candidate in _candidates(row, below, label)
            if (value := parse(candidate))
        ),
        None,
    )


def _candidates(row: Row, below: Row | None, label: re.Pattern[str]) -> Iterator[str]:
    for cell, beside in pairwise([*row.cells, None]):
        for found in label.finditer(cell.text) if cell else ():
            rest = cell.text[found.end() :] if cell else ""
            yield rest
            if rest or cell is None:
                continue
            if beside:
                yield beside.text
            yield from _under(cell, row, below)


def _under(cell: Cell, row: Row, below: Row | None) -> Iterator[str]:
    if below and below.number - row.number <= _PAGE_NEAR:
        yield from (part.text for part in below.cells if part.distance(cell) < 0)


def _as_number(text: str) -> str | None:
    """A number has a digit; a date or an amount in its place is something else."""
    found = _NUMBER.match(text)
    if not found or not re.search(r"\d", found[0]) or parse_date(found[0]):
        return None
    return found[0].rstrip(".-/")


def _as_name(text: str) -> str | None:
    name = text.strip(" .:-")[:_MAX_NAME]
    return name if len(re.findall(r"[^\W_]", name)) > 2 and not name.endswith(":") else None
