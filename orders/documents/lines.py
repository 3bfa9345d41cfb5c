"""One order line, from the strings a document shows to numbers."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from orders.data import ReadLine
from orders.documents.numbers import Notation, unit_factor

_QUANTITY = re.compile(r"(\d[\d.,' ]*?)\s*(?:x\b|([^\W\d][^\d]{0,20})?)")
_PER = re.compile(r"\s*(?:/|\b(?:je|pro|per)\b)\s*")
_PER_PARTS = re.compile(r"(\d[\d.,]*)?\s*(.*)")
_CENT = Decimal("0.01")
_MAX_SOURCE = 300


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


def read_line(raw: RawLine, position: int, notation: Notation) -> ReadLine | None:
    """The line, or None where a stated number is none: half a line is not a line."""
    stated = _QUANTITY.fullmatch(raw.quantity.strip())
    quantity = notation.decimal(stated[1]) if stated else None
    if stated is None or quantity is None or not (raw.sku or raw.name):
        return None
    if _is_no_number(raw.total, notation) or _is_no_number(_PER.split(raw.price)[0], notation):
        return None
    unit = (raw.unit or stated[2] or "").strip(" .")
    price, total = _unit_price(raw, unit, notation), notation.decimal(raw.total)
    proven = price is not None and total is not None and line_total(quantity, price) == total
    return ReadLine(
        position=position,
        sku=raw.sku,
        name=raw.name,
        quantity=quantity,
        unit=unit,
        price=price,
        total=total,
        source=raw.source[:_MAX_SOURCE],
        ambiguous=notation.doubtful(stated[1]) and not proven,
    )


def line_total(quantity: Decimal, price: Decimal) -> Decimal:
    return (quantity * price).quantize(_CENT, ROUND_HALF_UP)


def _is_no_number(text: str, notation: Notation) -> bool:
    return bool(text.strip()) and notation.decimal(text) is None


def _unit_price(raw: RawLine, unit: str, notation: Notation) -> Decimal | None:
    """The net price of one stated unit, from prices like "85,00 je 100 Stk" less 10 %."""
    amount, *per = _PER.split(raw.price, maxsplit=1)
    price = notation.decimal(amount)
    if price is None:
        return None
    discount = notation.decimal(raw.discount.strip(" %")) or Decimal(0)
    units = _units_per_price(per[0] if per else raw.per, unit)
    return price * (100 - discount) / 100 / units


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
