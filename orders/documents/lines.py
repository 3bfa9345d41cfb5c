"""One order line, from the strings a document shows to numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orders.data import ReadLine, Source
from orders.documents.dates import parse_date
from orders.documents.numbers import Notation, is_unit, unit_factor

_QUANTITY = re.compile(
    r"([-+]?\d[\d.,'’ ]{0,20}?-?)\s{0,3}(?:[x×]\b|([A-Z]\d{1,2}|[^\W\d][^\d(]{0,20}?)?\s*(?:\([^()]{0,30}\))?)"
)
_UNIT_FIRST = re.compile(r"([^\W\d]{1,10})\.?\s+(-?\d[\d.,'’ ]{0,20})")
_TIMES = re.compile(
    r"(\d[\d.,'’ ]{0,15}[^\W\d]{0,10}\.?)\s?[x×à@]\s?((?:[€$£]\s?)?\d[\d.,'’]{0,15}(?:\s?(?:[€$£]|EUR|USD|CHF|GBP))?)",
    re.IGNORECASE,
)
_PER = re.compile(r"\s*(?:/|\b(?:je|pro|per)\b)\s*")
_PER_PARTS = re.compile(r"(\d[\d.,]*)?\s*(.*)")
_EACH = re.compile(r"\s*\beach\b\.?\s*$", re.IGNORECASE)
_CENT = Decimal("0.01")
_MAX_SOURCE = 300
_MAX_RATE = 100
_MAX_DATE = 40
_BASES = (100, 1000, 10, 12, 144)


@dataclass(frozen=True, slots=True)
class Rebate:
    """A discount that is told apart from the line."""

    rate: Decimal
    """Per cent."""
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RawLine:
    """What stands in the columns, or in the sentence."""

    quantity: str
    sku: str = ""
    name: str = ""
    unit: str = ""
    price: str = ""
    per: str = ""
    discount: str = ""
    total: str = ""
    position: str = ""
    source: str = ""
    own: str = ""
    """The buyer's own article number."""
    gtin: str = ""
    tax: str = ""
    date: str = ""
    where: Source = field(default_factory=Source)
    certainty: float = 1.0
    """0 to 1: how sure it is that each value stands in its own column."""
    rebate: Rebate | None = None
    """Not yet taken off price and total."""

    def filled(self, values: Mapping[str, str]) -> "RawLine":
        """The line with those of the values for which it has none."""
        lacking: dict[str, Any] = {
            kind: text for kind, text in values.items() if text and not getattr(self, kind)
        }
        return replace(self, **lacking) if lacking else self


def _with_price(raw: RawLine) -> RawLine:
    """Quantity and price from one cell: "500 Stk x 0,85 EUR"."""
    found = None if raw.price else _TIMES.fullmatch(raw.quantity.strip())
    return replace(raw, quantity=found[1], price=found[2]) if found else raw


def read_line(
    raw: RawLine, position: int, notation: Notation, near: date | None = None
) -> ReadLine | None:
    """The line, or None where a stated number is none: half a line is not a line."""
    raw = _with_price(raw)
    amount, own_unit = _quantity(raw.quantity)
    quantity = notation.decimal(amount)
    if quantity is None or not (raw.sku or raw.name or raw.own):
        return None
    money = _EACH.sub("", raw.price)
    if _is_no_number(raw.total, notation) or _is_no_number(_PER.split(money)[0], notation):
        return None
    unit = (raw.unit or own_unit).strip(" .")
    total = notation.decimal(raw.total)
    price = _proven(quantity, _unit_prices(raw, unit, notation), total)
    line = ReadLine(
        position=position,
        sku=raw.sku,
        name=raw.name,
        quantity=quantity,
        unit=unit,
        price=price,
        total=total,
        source=raw.where if raw.where.snippet else Source(raw.source[:_MAX_SOURCE]),
        ambiguous=notation.doubtful(amount) and not is_proven(quantity, price, total),
        score=raw.certainty,
        buyer_sku=raw.own,
        gtin=raw.gtin if raw.gtin.isdigit() else "",
        discount=_rate(raw.discount, notation) or None,
        tax_rate=_rate(raw.tax, notation),
        requested_date=_day(raw.date, notation, near),
    )
    return _rebated(line, raw.rebate) if raw.rebate else line


def _day(text: str, notation: Notation, near: date | None) -> date | None:
    shown = text[:_MAX_DATE]
    return parse_date(shown, near=near, month_first=notation.month_first) if shown else None


def _rebated(line: ReadLine, rebate: Rebate) -> ReadLine:
    return replace(
        line,
        price=line.price and line.price * (100 - rebate.rate) / 100,
        total=line.total and line.total - rebate.amount,
        discount=rebate.rate,
    )


def _quantity(text: str) -> tuple[str, str]:
    """The number and its unit; the number is empty where there is none."""
    bare = text.strip()
    if (turned := _UNIT_FIRST.fullmatch(bare)) and is_unit(turned[1]):  # "PCE 500"
        return turned[2], turned[1]
    stated = _QUANTITY.fullmatch(bare)
    return (stated[1], stated[2] or "") if stated else ("", "")


def line_total(quantity: Decimal, price: Decimal) -> Decimal:
    return (quantity * price).quantize(_CENT, ROUND_HALF_UP)


def fits(quantity: Decimal, price: Decimal, total: Decimal) -> bool:
    """Whether the total is quantity times price; both rounding habits are in use."""
    return abs(quantity * price - total) <= _CENT


def is_proven(quantity: Decimal, price: Decimal | None, total: Decimal | None) -> bool:
    return price is not None and total is not None and fits(quantity, price, total)


def _proven(quantity: Decimal, prices: list[Decimal], total: Decimal | None) -> Decimal | None:
    """The price as stated, unless the total shows that it was meant another way."""
    if not prices or not total:
        return prices[0] if prices else None
    hundreds = [prices[-1] / basis for basis in _BASES]
    meant = (each for each in (*prices, *hundreds) if fits(quantity, each, total))
    return next(meant, prices[0])


def _is_no_number(text: str, notation: Notation) -> bool:
    return bool(text.strip()) and notation.decimal(text) is None


def _rate(text: str, notation: Notation) -> Decimal | None:
    rate = notation.decimal(text.strip(" %-"))
    return rate if rate is not None and 0 <= rate <= _MAX_RATE else None


def _unit_prices(raw: RawLine, unit: str, notation: Notation) -> list[Decimal]:
    """The net price of one stated unit, from prices like "85,00 je 100 Stk" less 10 %.

    As stated, then without what the titles say it is for, then without the discount: many a
    price list is titled "Preis/Stk" and means the dozen, or shows a discount already taken off.
    """
    amount, *per = _PER.split(_EACH.sub("", raw.price), maxsplit=1)
    price = notation.decimal(amount)
    if price is None:
        return []
    rest = (100 - (_rate(raw.discount, notation) or Decimal(0))) / 100
    units = _units_per_price(per[0] if per else raw.per, unit)
    return list(dict.fromkeys((price * rest / units, price * rest, price / units, price)))


def _units_per_price(per: str, unit: str) -> Decimal:
    """How many stated units the price is for: 100 in "je 100", 1/12 for dozens priced a piece."""
    parts = _PER_PARTS.fullmatch(per.strip())
    if parts is None or not per.strip():
        return Decimal(1)
    count = Decimal(re.sub("[.,]", "", parts[1] or "1"))
    basis, own = unit_factor(parts[2]), unit_factor(unit)
    if not parts[2] or basis is None or own is None:
        return count or Decimal(1)
    return (count or Decimal(1)) * basis / own
