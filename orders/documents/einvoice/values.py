"""Amounts, dates and flags as XML documents write them."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

# xs:decimal, and the exponent that xs:double would allow and some programs write.
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].{0,40}|Z|[+-]\d{2}:?\d{2})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?(?:Z|[+-]\d{2}:?\d{2}|[A-Z]{3})?")
_MONTH = re.compile(r"(\d{4})-?(\d{2})")
_WEEK = re.compile(r"(\d{4})(\d{2})")
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MONTHS, _WEEKS, _SHORTS = "610", "616", "101"


def number(text: str) -> Decimal | None:
    """The amount with the decimals it was written with; None for anything else."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def day(text: str, form: str = "") -> date | None:
    """The day of a date; `form` is its UNTDID 2379 code: 102 day, 203 minute, 610 month, 616 week.

    Programs write ISO dates under 102 and the other way round, so the digits decide where the code
    does not fit. A month counts from its first day, a week from its Monday.
    """
    try:
        return _by_code(text, form) or _by_shape(text)
    except ValueError:  # the 31st of February
        return None


def _by_code(text: str, form: str) -> date | None:
    if form == _WEEKS and (found := _WEEK.fullmatch(text)):
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    if form == _SHORTS and (found := _SHORT.fullmatch(text)):
        return date(2000 + int(found[1]), int(found[2]), int(found[3]))
    if form == _MONTHS and (found := _MONTH.fullmatch(text)):
        return date(int(found[1]), int(found[2]), 1)
    return None


def _by_shape(text: str) -> date | None:
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return date(int(found[1]), int(found[2]), int(found[3]))
    german = _GERMAN.fullmatch(text)
    return date(int(german[3]), int(german[2]), int(german[1])) if german else None


def flag(text: str) -> bool:
    return text.lower() in {"true", "1", "yes"}


def written(amount: Decimal) -> Iterator[str]:
    """An amount as German, English and Swiss pages write it, blanks taken out."""
    whole, _, cents = f"{abs(amount):.2f}".partition(".")
    grouped = f"{int(whole):,}"
    for group in ("", ".", "'", "’"):
        yield f"{grouped.replace(',', group)},{cents}"
    for group in ("", ",", "'", "’"):
        yield f"{grouped.replace(',', group)}.{cents}"
