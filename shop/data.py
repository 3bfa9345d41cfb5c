"""The shapes of pricing, taxing and selling. No Django here."""

from dataclasses import dataclass
from decimal import Decimal

from hbu.lib.reasons import Reason

Tier = tuple[int, Decimal]
"""From this quantity on, the net price of a piece."""


@dataclass(frozen=True, slots=True)
class Price:
    unit: Decimal
    """Net price of one piece for this customer and quantity."""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceTable:
    """What a piece of one product costs, by quantity and before any discount."""

    list_price: Decimal
    tiers: tuple[Tier, ...] = ()
    """For everybody."""
    agreed: tuple[Tier, ...] = ()
    """On the customer's price list; one from the first piece on takes the list price's place."""


@dataclass(frozen=True, slots=True)
class Discounts:
    """What comes off: the best of the customer's own and what the order's value reaches."""

    percent: Decimal = Decimal(0)
    by_value: tuple[tuple[Decimal, Decimal], ...] = ()
    """(from this net value of the order on, per cent)."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    unit: Decimal
    total: Decimal
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as one customer may buy it today."""

    list_price: Decimal
    price: Decimal
    """Of one piece for this customer, at the minimum quantity."""
    tiers: tuple[Tier, ...]
    """Where a piece becomes cheaper for this customer."""
    available: int


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a sale is taxed."""

    category: str
    """UNCL 5305, as EN 16931 uses it (BT-151): S, K, AE, G."""
    rate: Decimal | None
    """Per cent; None: the rate of the product."""
    reason: str
    """Marked for translation; what an invoice has to state (BT-120)."""

    def rate_of(self, product_rate: Decimal) -> Decimal:
        return product_rate if self.rate is None else self.rate


@dataclass(frozen=True, slots=True)
class Totals:
    """Net, tax and gross of a document; tax is rounded once per rate (EN 16931, BR-CO-17)."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_by_rate: tuple[tuple[Decimal, Decimal], ...] = ()
