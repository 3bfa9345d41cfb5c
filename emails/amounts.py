"""Sums of money in a text: "1.234,50 EUR", "EUR 99", "$1,200.00", "2,5 Mio. Euro"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from emails.data import Amount

LOOKED_AT = 20_000
AT_MOST = 20
CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "us-dollar": "USD", "£": "GBP", "gbp": "GBP", "pounds": "GBP", "chf": "CHF", "sfr": "CHF",
    "franken": "CHF", "pln": "PLN", "czk": "CZK", "dkk": "DKK", "sek": "SEK", "nok": "NOK",
    "¥": "JPY", "jpy": "JPY",
}  # fmt: skip
MULTIPLES = {"mio": 1_000_000, "million": 1_000_000, "millionen": 1_000_000, "tsd": 1_000}

# A space parts thousands only where it cannot part two numbers: "12 500 EUR" may be 12 times 500.
_NUMBER = r"(?<![\w.,])\d{1,3}(?:[.,'’\u00a0\u202f]\d{3}){1,4}(?:[.,]\d{1,2})?(?![\d])|(?<![\w.,])\d{1,12}(?:[.,]\d{1,4})?(?!\d)"
_CURRENCY = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_SPACE = r"[ \t\u00a0\u202f]{0,2}"
AMOUNT = re.compile(
    rf"(?<!\w)(?P<before>{_CURRENCY})\.?{_SPACE}(?P<last>{_NUMBER})"
    rf"|(?P<first>{_NUMBER})(?:,-{{1,2}})?"
    rf"(?:{_SPACE}(?P<times>mio|millionen|million|tsd)\.?(?!\w))?"
    rf"{_SPACE}(?P<after>{_CURRENCY})(?!\w)",
    re.IGNORECASE,
)


def find(text: str) -> tuple[Amount, ...]:
    """Return the different sums of a text in their order, the first twenty of them."""
    found: dict[tuple[Decimal, str], Amount] = {}
    for amount in _all(text[:LOOKED_AT]):
        found.setdefault((amount.value, amount.currency), amount)
        if len(found) == AT_MOST:
            break
    return tuple(found.values())


def _all(text: str) -> Iterator[Amount]:
    for match in AMOUNT.finditer(text):
        currency = CURRENCIES[(match["before"] or match["after"]).lower()]
        value = _value(match["last"] or match["first"])
        if match["times"]:
            value *= MULTIPLES[match["times"].lower()]
        yield Amount(match.group().strip(), value, currency)


def _value(written: str) -> Decimal:
    """Read a number as either language writes it: the last mark parts decimals, unless three
    digits follow it ("1.234"), which are thousands except behind a zero ("0,385")."""
    digits = re.sub(r"['’\u00a0\u202f]", "", written)
    whole, mark, rest = _parted(digits)
    if mark and (len(rest) != 3 or whole == "0"):
        return Decimal(f"{re.sub('[.,]', '', whole)}.{rest}")
    return Decimal(re.sub("[.,]", "", digits))


def _parted(digits: str) -> tuple[str, str, str]:
    at = max(digits.rfind("."), digits.rfind(","))
    return (digits[:at], digits[at], digits[at + 1 :]) if at >= 0 else (digits, "", "")
