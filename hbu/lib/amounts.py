"""Money and numbers as the reader writes them (CLDR)."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, format_decimal

CENT = Decimal("0.01")


@lru_cache(maxsize=8192)
def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount in cents: 1.234,50 €."""
    return format_currency(amount, currency, locale=language)


@lru_cache(maxsize=8192)
def unit_price(amount: Decimal, currency: str, language: str) -> str:
    """The price of a piece, with the fractions of a cent that it has: 0,345 €."""
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    return format_currency(
        amount.quantize(Decimal(1).scaleb(-digits)),
        currency,
        locale=language,
        decimal_quantization=False,
    )


@lru_cache(maxsize=8192)
def number(value: Decimal | int, language: str) -> str:
    return format_decimal(value, locale=language)


@lru_cache(maxsize=1024)
def typed(value: Decimal, language: str) -> str:
    """As people type it into a field: without separators of thousands."""
    return format_decimal(value, locale=language, group_separator=False)
