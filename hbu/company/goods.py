"""What company.yaml says of what we sell. No Django here."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from hbu.company.entry import Entry, LocalText
from hbu.company.fields import Code, Line, Millimetres, Percent, UnitPrice
from hbu.lib.reasons import N_

Quantity = Annotated[int, Field(ge=1, le=100_000_000)]


def _falling(prices: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    ordered = sorted(prices.items())
    if any(more[1] >= fewer[1] for fewer, more in pairwise(ordered)):
        raise ValueError(N_("more pieces must cost less a piece"))
    return dict(ordered)


Prices = Annotated[dict[Quantity, UnitPrice], AfterValidator(_falling)]
"""From this quantity on: the price of a piece."""


class Category(Entry):
    code: Code
    name: LocalText
    description: LocalText | None = None


class Family(Entry):
    """Products that differ in size or colour alone."""

    code: Code
    name: LocalText


class Features(Entry):
    de: list[Line] = []
    en: list[Line] = []

    @model_validator(mode="after")
    def in_both_languages(self) -> Self:
        if len(self.de) != len(self.en):
            raise ValueError(N_("not the same number of features in both languages"))
        return self


class Product(Entry):
    sku: Annotated[str, Field(min_length=1, max_length=40)]
    category: Code
    family: Code = ""
    name: LocalText
    description: LocalText | None = None
    features: Features = Features()
    material: str = Field(default="", max_length=40)
    colour: str = Field(default="", max_length=40)
    size_mm: Millimetres | None = None
    price: UnitPrice
    tiers: Prices = {}
    """For everybody."""
    tax_rate: Percent = Decimal(19)
    pack_size: int = Field(default=1, ge=1)
    min_quantity: int = Field(default=1, ge=1)
    stock: int = Field(default=0, ge=0)
    from_stock: bool = True
    """Made to order where it is false: production takes a step of its own."""
    lead_time_days: int = Field(default=5, ge=0, le=365)

    @model_validator(mode="after")
    def cheaper_by_quantity(self) -> Self:
        if self.tiers and max(self.tiers.values()) >= self.price:
            raise ValueError(N_("a tier price is not below the list price"))
        return self


class PriceList(Entry):
    """Prices agreed with a group of customers."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=80)]
    prices: dict[str, Prices] = Field(min_length=1)
    """Our article number -> prices; one from the first piece on takes the list price's place."""
