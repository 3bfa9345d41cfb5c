"""The shapes of documents and of orders on their way into the books. No Django here."""

import datetime
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hbu.lib.reasons import Reason


class CheckState(StrEnum):
    OK = "ok"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: CheckState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as the document states it; nothing is guessed here."""

    position: int
    sku: str
    name: str
    quantity: Decimal
    unit: str = ""
    price: Decimal | None = None
    """Price of one unit, net."""
    total: Decimal | None = None
    source: str = ""
    """The snippet of the document the line was read from."""
    ambiguous: bool = False
    """The quantity can be read in two ways ("1,000") and nothing in the document decides."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    kind: str
    """order, invoice or other."""
    format: str
    """pdf, text ..."""
    number: str = ""
    date: datetime.date | None = None
    requested_date: datetime.date | None = None
    currency: str = "EUR"
    buyer: str = ""
    seller: str = ""
    buyer_reference: str = ""
    lines: tuple[ReadLine, ...] = ()
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    checks: tuple[Check, ...] = ()
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Article:
    """A product as matching and pricing see it."""

    id: int
    sku: str
    names: tuple[str, ...]
    price: Decimal
    tax_rate: Decimal
    """Per cent, for example 19."""
    pack_size: int = 1
    min_quantity: int = 1
    available: int = 0
    aliases: tuple[str, ...] = ()
    """Article numbers under which this customer orders it."""


@dataclass(frozen=True, slots=True)
class Match:
    article: Article | None
    score: float
    """0 to 1; certain from 0.9."""
    reasons: tuple[Reason, ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()
    """(sku, score) of those that came close."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person should look, and at which line (0: the whole order)."""

    code: str
    what: str
    evidence: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class ProposedLine:
    read: ReadLine
    match: Match
    unit_price: Decimal
    """Of one piece, by our price list."""
    tax_rate: Decimal
    total: Decimal
    quantity: Decimal = Decimal(0)
    """In pieces: 24 where the document says two dozen."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A document turned into what the order would be, with every doubt named."""

    document: ReadDocument
    customer_id: int | None
    lines: tuple[ProposedLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    doubts: tuple[Doubt, ...] = field(default=())

    @property
    def certain(self) -> bool:
        return bool(self.lines) and not self.doubts
