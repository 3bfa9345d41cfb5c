"""Deadlines in a text, as days: "bis Freitag KW 48", "by end of next week", "binnen 5 Werktagen".

Words that set a term open it ("bis", "by", "spätestens", "Liefertermin"); what follows is read as a
day and counted from the day of the mail. Weeks are those of ISO 8601, from Monday to Sunday; a week
or a month without a day ends on its last working day. Public holidays are not known here.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from emails.data import Deadline

LOOKED_AT = 20_000
AT_MOST = 10
NEAR = 2
"""Working days that are left at most when a deadline presses."""
FARTHEST = timedelta(days=730)
SATURDAY, FRIDAY = 5, 4

WEEKDAYS = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5,
    "sonnabend": 5, "sonntag": 6, "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3,
    "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
MONTHS = {
    "januar": 1, "jänner": 1, "februar": 2, "märz": 3, "maerz": 3, "april": 4, "mai": 5, "juni": 6,
    "juli": 7, "august": 8, "september": 9, "oktober": 10, "november": 11, "dezember": 12,
    "january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "october": 10,
    "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "sept": 9, "okt": 10, "oct": 10, "nov": 11, "dez": 12, "dec": 12,
}  # fmt: skip
NUMBERS = {
    "einem": 1, "einer": 1, "eines": 1, "one": 1, "zwei": 2, "two": 2, "drei": 3, "three": 3,
    "vier": 4, "four": 4, "fünf": 5, "five": 5, "sechs": 6, "six": 6, "sieben": 7, "seven": 7,
    "acht": 8, "eight": 8, "zehn": 10, "ten": 10, "vierzehn": 14, "fourteen": 14,
}  # fmt: skip
TODAY = {
    "heute": 0,
    "today": 0,
    "tonight": 0,
    "eod": 0,
    "cob": 0,
    "close of business": 0,
    "morgen": 1,
    "tomorrow": 1,
    "übermorgen": 2,
}


def _any(words: Mapping[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_GAP = r"[\s,:]{1,3}"
_MONTH = rf"(?:{_any(MONTHS)})\b\.?"
_THIS = r"diese[nrs]?|this"
_NEXT = r"kommende[nrs]?|nächste[nrs]?|coming|next"


def _year(name: str) -> str:
    return rf"(?:[\s,]{{1,2}}(?P<{name}>20\d\d)\b)?"


def _iso_week(name: str) -> str:
    word = r"(?:kw|kalenderwoche|calendar week|cw|week|wk)"
    return rf"{word}\.?\s?(?P<{name}>\d{{1,2}})\b(?:\s?[/.]?\s?(?P<{name}_y>20\d\d)\b)?"


def _which(name: str) -> str:
    return rf"(?P<{name}>{_THIS}|{_NEXT})"


_DAY = "|".join(
    (
        r"(?P<iso>(?P<iso_y>20\d\d)-(?P<iso_m>\d{1,2})-(?P<iso_d>\d{1,2})\b)",
        r"(?P<dots>(?P<dot_d>\d{1,2})\.\s?(?P<dot_m>\d{1,2})\.(?:\s?(?P<dot_y>20\d\d|\d\d)\b)?)",
        r"(?P<slashes>(?P<one>\d{1,2})/(?P<two>\d{1,2})(?!\d)(?:/(?P<slash_y>20\d\d|\d\d)\b)?)",
        rf"(?P<named>(?P<day_d>\d{{1,2}})(?:\.|st|nd|rd|th)?\s{{0,2}}(?:of\s)?(?P<day_m>{_MONTH}){_year('day_y')})",
        rf"(?P<english>(?P<mon_m>{_MONTH})\s(?P<mon_d>\d{{1,2}})(?:st|nd|rd|th)?\b{_year('mon_y')})",
        rf"(?P<weekday>(?:{_which('which')}\s)?(?P<day>{_any(WEEKDAYS)})\b"
        rf"(?:[\s,]{{0,2}}(?:der|in|of|in der)?\s?{_iso_week('day_week')})?)",
        rf"(?P<week>(?:der\s|the\s)?{_iso_week('number')})",
        rf"(?P<end>(?:ende|mitte|anfang|end of|mid|middle of|beginning of|the end of)\s(?:der\s|the\s|of\s)?"
        rf"(?:{_which('end_which')}\s)?(?P<period>woche|week|monats|month|tages|day|jahres|year|business|{_MONTH})\b)",
        r"(?P<month_end>monatsende|wochenende|jahresende|weekend|month end|year end)\b",
        rf"(?P<following>{_which('next_which')}\s(?P<unit>woche|week|monat|month)\b)",
        rf"(?P<span>(?:(?:der|the|von|of|den)\s)?(?:(?:nächsten|kommenden|next|folgenden)\s)?"
        rf"(?P<count>\d{{1,3}}|{_any(NUMBERS)})\s(?P<kind>werktag|arbeitstag|working day|business day|workday|tag|day|stunde|hour|std|woche|week|monat|month)(?:en|s|e|n)?\b)",
        rf"(?P<relative>(?:{_any(TODAY)})\b)",
    )
)
_OPENS = (
    r"bis|spätestens|(?:no|not) later than|by|until|till|before|within|innerhalb|binnen|in(?=\s(?:der\s)?(?:kw|kalenderwoche|calendar week|cw|week\s\d))"
    r"|in(?=\s(?:\d{1,3}|zwei|drei|vier|fünf|two|three|four|five)\s(?:werk|arbeits|working|business))"
    r"|(?:liefer|wunsch|fertigstellungs|abgabe)termin|lieferdatum|frist|deadline|delivery date|due date|due(?: by| on)?|termin(?=:)"
)
_TIME = r"(?:[\s,]{1,2}(?:um\s|at\s)?\d{1,2}(?:[:.]\d\d)?\s?(?:uhr|am|pm|h)\b)?"
_FILLERS = r"zum|zu|am|an|dem|der|den|einschließlich|einschl\.|incl\.|spätestens|um|von|on|the|at|latest|is|ist|war|zur|sein|allerspätestens|einer|no later than|eod|cob|close of business|end of business"
DEADLINE = re.compile(
    rf"(?<!\w)(?:(?:{_OPENS})(?!\w)(?:{_GAP}(?:{_FILLERS})(?!\w)){{0,3}}{_GAP}(?:(?:{_any(WEEKDAYS)}),?\s(?:den\s|dem\s|the\s)?(?=\d))?(?:{_DAY}){_TIME}|(?P<still>noch heute|heute noch|still today|eod|by cob))",
    re.IGNORECASE,
)


def find(text: str, written: datetime | None, zone: ZoneInfo) -> tuple[Deadline, ...]:
    """Return the days to come that a mail names, in their order; none without a date of its own."""
    if written is None:
        return ()
    try:
        today = written.astimezone(zone).date()
        latest = today + FARTHEST
    except OverflowError:
        return ()
    found: dict[date, Deadline] = {}
    for match in DEADLINE.finditer(text[:LOOKED_AT]):
        due = _day(match, today)
        if due is not None and today <= due <= latest:
            found.setdefault(due, Deadline(" ".join(match.group().split()), due))
        if len(found) == AT_MOST:
            break
    return tuple(found.values())


def working_days(start: date, end: date) -> int:
    """Return how many days from Monday to Friday lie after the start, up to the end."""
    weeks, rest = divmod((end - start).days, 7)
    return weeks * 5 + sum((start.weekday() + day) % 7 < SATURDAY for day in range(1, rest + 1))


def _day(match: re.Match[str], today: date) -> date | None:
    """Return the day meant; None where there is no such day, as on 31 February."""
    if match["still"]:
        return today
    try:
        return next(read(match, today) for name, read in _READERS.items() if match[name])
    except (ValueError, OverflowError):
        return None


def _dated(today: date, day: str, month: int, year: str | None) -> date:
    """Without a year, the next such day counts; one of the last weeks is over, not next year's."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    this_year = date(today.year, month, int(day))
    over = (today - this_year).days > 90
    return this_year.replace(year=today.year + 1) if over else this_year


def _iso(match: re.Match[str], _today: date) -> date:
    return date(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"]))


def _dots(match: re.Match[str], today: date) -> date:
    return _dated(today, match["dot_d"], int(match["dot_m"]), match["dot_y"])


def _slashes(match: re.Match[str], today: date) -> date:
    """Day first as in Europe, unless only the other order makes a date."""
    first, second = match["one"], match["two"]
    day, month = (second, first) if int(second) > 12 else (first, second)
    return _dated(today, day, int(month), match["slash_y"])


def _month_of(word: str) -> int:
    return MONTHS[word.lower().rstrip(".")]


def _named(match: re.Match[str], today: date) -> date:
    return _dated(today, match["day_d"], _month_of(match["day_m"]), match["day_y"])


def _english(match: re.Match[str], today: date) -> date:
    return _dated(today, match["mon_d"], _month_of(match["mon_m"]), match["mon_y"])


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = WEEKDAYS[match["day"].lower()]
    if match["day_week"]:
        return _of_week(today, int(match["day_week"]), match["day_week_y"], wanted)
    ahead = (wanted - today.weekday()) % 7
    which = (match["which"] or "").lower()
    if which.startswith(("nächst", "next")) and ahead <= FRIDAY - today.weekday():
        # "Next Friday", said on Monday, is that of next week.
        ahead += 7
    return today + timedelta(days=ahead)


def _week(match: re.Match[str], today: date) -> date:
    return _of_week(today, int(match["number"]), match["number_y"], FRIDAY)


def _of_week(today: date, week: int, year: str | None, weekday: int) -> date:
    if year:
        return date.fromisocalendar(int(year), week, weekday + 1)
    this_year = date.fromisocalendar(today.isocalendar().year, week, weekday + 1)
    over = (today - this_year).days > 90
    return (
        date.fromisocalendar(today.isocalendar().year + 1, week, weekday + 1) if over else this_year
    )


def _end(match: re.Match[str], today: date) -> date:
    part, period = match["end"].lower(), match["period"].lower()
    later = bool(match["end_which"]) and match["end_which"].lower().startswith(
        ("nächst", "next", "kommend", "coming")
    )
    if period in {"tages", "day", "business"}:
        return today
    if period in {"woche", "week"}:
        return _friday(today, weeks=int(later))
    if period in {"jahres", "year"}:
        return _worked(date(today.year + later, 12, 31))
    if period in {"monats", "month"}:
        return _month_end(today, months=int(later))
    return _in_month(today, _month_of(period), part)


def _in_month(today: date, month: int, part: str) -> date:
    over = today.month - month > 2
    year = today.year + over
    if part.startswith(("anfang", "beginning")):
        return _worked(date(year, month, 10))
    if part.startswith("mi"):
        return _worked(date(year, month, 15))
    return _month_end(date(year, month, 1), months=0)


def _month_end_word(match: re.Match[str], today: date) -> date:
    word = match["month_end"].lower()
    if word.startswith(("woche", "week")):
        return _friday(today, weeks=0)
    if word.startswith(("jahr", "year")):
        return _worked(date(today.year, 12, 31))
    return _month_end(today, months=0)


def _following(match: re.Match[str], today: date) -> date:
    later = int(not match["next_which"].lower().startswith(("dies", "this")))
    if match["unit"].lower() in {"woche", "week"}:
        return _friday(today, weeks=later)
    return _month_end(today, months=later)


def _span(match: re.Match[str], today: date) -> date:
    written, kind = match["count"].lower(), match["kind"].lower()
    count = NUMBERS.get(written) or int(written)
    if kind in {"stunde", "hour", "std"}:
        return today + timedelta(days=count // 24)
    if kind in {"woche", "week"}:
        return today + timedelta(weeks=count)
    if kind in {"monat", "month"}:
        return today + timedelta(days=30 * count)
    if kind in {"tag", "day"}:
        return today + timedelta(days=count)
    return _after_working_days(today, count)


def _relative(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=TODAY[match["relative"].lower()])


def _after_working_days(today: date, count: int) -> date:
    day = today
    for _ in range(count):
        day += timedelta(days=1 if day.weekday() < FRIDAY else 7 - day.weekday())
    return day


def _friday(today: date, *, weeks: int) -> date:
    return max(today, today + timedelta(days=FRIDAY - today.weekday() + 7 * weeks))


def _month_end(today: date, *, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return _worked(date(year, month + 1, monthrange(year, month + 1)[1]))


def _worked(day: date) -> date:
    """Return the day, or the Friday before it when it is a weekend."""
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


_READERS: Mapping[str, Callable[[re.Match[str], date], date]] = {
    "iso": _iso,
    "dots": _dots,
    "slashes": _slashes,
    "named": _named,
    "english": _english,
    "weekday": _weekday,
    "week": _week,
    "end": _end,
    "month_end": _month_end_word,
    "following": _following,
    "span": _span,
    "relative": _relative,
}
