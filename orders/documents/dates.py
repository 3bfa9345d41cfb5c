"""Dates as German and English business letters write them."""

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan jänner",
            "februar february feb",
            "märz maerz march mär mar mrz",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

# Named groups d, m, y or w; a year of two digits is this century's.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)",
        r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>20\d\d|\d\d)(?!\d|[.,]\d))?",
        r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>20\d\d|\d\d)(?![\d/])",
        r"(?<![\d-])(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>20\d\d)(?![\d-])",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|-)?\s?(?P<m>{_MONTH})\b[.-]?,?(?:\s?(?P<y>20\d\d))?",
        rf"\b(?P<m>{_MONTH})\b\.?\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b,?(?:\s?(?P<y>20\d\d))?",
        r"\b(?:KW|CW|Kalenderwoche|(?:calendar )?week)\s?(?P<w>\d{1,2})(?:\s?[/.]?\s?(?P<y>20\d\d))?(?!\d)",
    )
)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:20)?\d\d)(?![\d/])")
_DOLLARS = re.compile(r"\$|\bUSD\b")
_STATE = re.compile(r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b")
_FRIDAY = 5
_MAX_LENGTH = 200


def month_first(text: str) -> bool:
    """Whether a document writes 04/12/2026 for the twelfth of April: its other days show it, or
    dollars and the postcode of a state do."""
    pairs = [(int(hit[1]), int(hit[2])) for hit in _SLASHED.finditer(text)]
    if any(first > 12 for first, _ in pairs):
        return False
    shown = any(second > 12 for _, second in pairs)
    return shown or bool(pairs and _DOLLARS.search(text) and _STATE.search(text))


def parse_date(text: str, *, near: date | None = None, month_first: bool = False) -> date | None:
    """The first date in the text; without a year, the next such day from `near` on.

    The day comes first in 05/06/2026, unless the month does so all over the document or only that
    is a date. A calendar week
    (ISO 8601) means its Friday, the last day on which it can still be kept.
    """
    shown = _SLASHED.sub(r"\2/\1/\3", text[:_MAX_LENGTH]) if month_first else text[:_MAX_LENGTH]
    hits = sorted(_found(shown), key=lambda hit: (hit.start(), -hit.end()))
    return next((day for hit in hits if (day := _day(hit, near))), None)


def _found(text: str) -> Iterator[re.Match[str]]:
    for form in _FORMS:
        yield from form.finditer(text)


def _day(hit: re.Match[str], near: date | None) -> date | None:
    parts = hit.groupdict()
    if parts["y"]:
        year = int(parts["y"])
        return _in_year(parts, year if year > 99 else 2000 + year)
    if near is None:
        return None
    years = (near.year, near.year + 1)
    return next((day for year in years if (day := _in_year(parts, year)) and day >= near), None)


def _in_year(parts: dict[str, str], year: int) -> date | None:
    try:
        if "w" in parts:
            return date.fromisocalendar(year, int(parts["w"]), _FRIDAY)
        day, month = int(parts["d"]), _MONTHS.get(parts["m"].lower()) or int(parts["m"])
        return date(year, month, day) if month <= 12 else date(year, day, month)
    except ValueError:
        return None


def without_dates(text: str) -> str:
    """The text with its dates blanked out, so that nobody takes 24.12. for an amount."""
    for hit in _found(text):
        if _day(hit, date(2024, 1, 1)):  # a leap year, so that every day exists
            text = text[: hit.start()] + " " * len(hit[0]) + text[hit.end() :]
    return text
