"""The Date header in all the shapes that programs have given it."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message

from emails.headers.fields import safe_header

_LONGEST = 100
_OLDEST, _NEWEST = 1950, 2068
"""Years of two digits mean these and those between (RFC 5322, 4.3)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""What a clock says that was never set."""

_COMMENT = re.compile(r"\([^()]{0,60}\)?")
_CLOCK = re.compile(
    r"(?<![\d.:])(\d{1,2})\s?[:.h]\s?(\d{1,2})(?:\s?[:.]\s?(\d{1,2})(?:[.,]\d{1,9})?)?(?![\d:])"
    r"(?:\s?([ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=\D|$)")
_GERMAN = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b")
_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")
_OFFSET = re.compile(r"\s*[A-Z]{0,4}\s?([+-])\s?(\d{1,2}:\d{2}|\d{1,12})(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d+-])\d{4}\b")
_ZONE_WORD = re.compile(r"\s*\"?([A-Z]{1,5})\b", re.IGNORECASE)

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan jän janv gen ene januar", "feb fev fév febr", "mar mär mrz mae maer märz mrt mars",
            "apr avr abr", "may mai mei mag", "jun juin giu", "jul juil lug", "aug aoû aou ago",
            "sep set sept", "oct okt ott out", "nov", "dec dez déc dic",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_HOURS = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1,
    "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4, "ist": 5.5, "jst": 9,
    "kst": 9, "hkt": 8, "sgt": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "sast": 2,
}  # fmt: skip


def sent_at(msg: Message) -> datetime | None:
    """Return the Date header; None where it is none or of a year that cannot be meant.

    The day of the week is not looked at. A zone that is missing or unknown is UTC.
    """
    text = " ".join(_COMMENT.sub(" ", safe_header(msg, "Date")[:_LONGEST]).split())
    try:
        date = _read(text)
    except (ArithmeticError, ValueError):
        return None
    return date if date and _OLDEST <= date.year <= _NEWEST and date != _EPOCH else None


def _read(text: str) -> datetime | None:
    named = any(map(_month, _WORD_OR_NUMBER.findall(text)))
    clock = _CLOCK.search(text) if named else _clock_beside_numbers(text)
    before, after = (text[: clock.start()], text[clock.end() :]) if clock else (text, "")
    day = _named(before, after) if named else _in_numbers(f"{before} | {after}")
    if not day:
        return None
    hour, minute, second = (int(clock[n] or 0) if clock else 0 for n in (1, 2, 3))
    if clock and clock[4]:
        hour = hour % 12 + 12 * (clock[4].lower() == "p")
    # A leap second is told as the one before.
    return datetime(*day, hour, minute, min(second, 59), tzinfo=_zone(after))


def _clock_beside_numbers(text: str) -> re.Match[str] | None:
    """Return the time of day, which the beginning of `02.03.2026` is not."""
    if german := _GERMAN.search(text):
        return _CLOCK.search(text, german.end()) or _CLOCK.search(text, 0, german.start())
    return _CLOCK.search(text)


def _in_numbers(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day where the month is a number."""
    if iso := _ISO.search(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    numbers = _GERMAN.search(text) or _SLASHED.search(text)
    if not numbers:
        return None
    first, second = int(numbers[1]), int(numbers[2])
    # Slashes are American unless that is no date.
    american = "/" in numbers[0] and first <= 12
    month, day = (first, second) if american else (second, first)
    return _year(numbers[3]), month, day


def _named(before: str, after: str) -> tuple[int, int, int] | None:
    """Return year, month and day where the month is a word."""
    words = _WORD_OR_NUMBER.findall(before)
    # The last: `mar.` is also a French Tuesday.
    month = next(filter(None, map(_month, reversed(words))), 0)
    numbers = [word for word in words if word.isdecimal()]
    if len(numbers) == 1:
        # In ctime the year follows the time of day.
        numbers += _YEAR.findall(after)[:1]
    if not month or len(numbers) < 2:
        return None
    day, year = numbers[:2] if len(numbers[0]) <= 2 else numbers[1::-1]
    return _year(year), month, int(day)


def _month(word: str) -> int:
    word = word.lower()
    return _MONTHS.get(word, 0) or _MONTHS.get(word[:4], 0) or _MONTHS.get(word[:3], 0)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _zone(after: str) -> timezone:
    after = _YEAR.sub("", after, count=1)
    if offset := _OFFSET.match(after):
        digits = offset[2].replace(":", "")
        digits = digits if len(digits) > 2 else f"{digits}00"
        east = timedelta(hours=int(digits[:-2]), minutes=int(digits[-2:]))
        return timezone(east if offset[1] == "+" else -east)
    word = _ZONE_WORD.match(after)
    hours_east = _HOURS.get(word[1].lower(), 0) if word else 0
    summer = " dst" in after.lower()
    return timezone(timedelta(hours=hours_east + summer))
