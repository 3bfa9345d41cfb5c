"""The shapes of pricing. No Django here."""

from dataclasses import dataclass
from decimal import Decimal

from hbu.lib.reasons import Reason


@dataclass(frozen=True, slots=True)
class Price:
    unit: Decimal
    """Net price of one piece for this customer and quantity."""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """Net, tax and gross of a document; tax is rounded once per rate (EN 16931, BR-CO-17)."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_by_rate: tuple[tuple[Decimal, Decimal], ...] = ()
