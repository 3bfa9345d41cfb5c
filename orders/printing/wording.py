"""Days, amounts and countries as the reader writes them."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

LOCALES = {"de": "de_DE", "en": "en_GB"}


def locale_of(language: str) -> str:
    return LOCALES.get(language[:2], LOCALES["en"])


def day(date: datetime.date | None, language: str) -> str:
    if date is None:
        return ""
    pattern = "dd.MM.yyyy" if language.startswith("de") else "d MMM yyyy"
    return str(format_date(date, pattern, locale_of(language)))


def money(amount: Decimal, language: str, currency: str = "") -> str:
    shown = format_decimal(amount, "#,##0.00", locale_of(language))
    return f"{shown}\u00a0{'€' if currency == 'EUR' else currency}" if currency else str(shown)


def price(amount: Decimal, language: str, places: int = 4) -> str:
    """A button may cost a fraction of a cent."""
    return str(format_decimal(amount, f"#,##0.{'0' * places}", locale_of(language)))


def places(prices: Iterable[Decimal]) -> int:
    """As many as let prices stand below each other: two, or four where one of them needs more."""
    return 2 if all(one == round(one, 2) for one in prices) else 4


def number(amount: Decimal | int, language: str) -> str:
    return str(format_decimal(amount, "#,##0.##", locale_of(language)))


def percent(rate: Decimal, language: str) -> str:
    return f"{format_decimal(rate, '0.##', locale_of(language))}\u00a0%"


def country(code: str, language: str) -> str:
    """In capitals, as the post abroad wants it (DIN 5008, UPU)."""
    name = Locale.parse(locale_of(language)).territories.get(code.upper(), code)
    return str(name).upper()


def iban(account: str) -> str:
    bare = account.replace(" ", "")
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))
