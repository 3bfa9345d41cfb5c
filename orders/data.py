"""The shapes of documents and of orders on their way into the books. No Django here."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from hbu.lib.reasons import Reason
from shop.data import Tier


class CheckState(StrEnum):
    OK = "ok"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: CheckState
    detail: str = ""
    part: str = ""
    """Of the three checks of an e-invoice: format, rules or content; empty for other documents."""
    rule: str = ""
    """The rule's id where a standard names it, for example BR-CO-10 (EN 16931)."""


Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the page's width and height, from its upper left corner."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where in the document something stands."""

    snippet: str = ""
    page: int = 0
    """From 1; 0 where the document has no pages (XML, a mail's text)."""
    box: Box | None = None
    path: str = ""
    """The element or cell it was read from, where there is one: an XPath, "Order!B7"."""
    score: float = 1.0
    """0 to 1: how certain the reading is."""


@dataclass(frozen=True, slots=True)
class Party:
    """Buyer or seller as the document states them."""

    name: str = ""
    identifier: str = ""
    """The number under which the other side keeps them: customer or supplier number."""
    vat_id: str = ""
    tax_number: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    contact: str = ""
    email: str = ""
    phone: str = ""
    iban: str = ""
    trading_name: str = ""
    """Where it differs from the name in the register (BT-28, BT-45)."""
    legal_id: str = ""
    """The number in the commercial register (BT-30, BT-47)."""
    endpoint: str = ""
    """The electronic address, with its scheme (BT-34, BT-49)."""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One row of the tax breakdown (EN 16931, BG-23)."""

    rate: Decimal | None
    """Per cent."""
    basis: Decimal | None = None
    amount: Decimal | None = None
    category: str = ""
    """UNCL 5305: S, Z, E, AE, K, G, O."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """An allowance (negative) or a charge on the whole document (BG-20, BG-21), net."""

    amount: Decimal
    reason: str = ""


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
    source: Source = Source()
    ambiguous: bool = False
    """The quantity can be read in two ways ("1,000") and nothing in the document decides."""
    score: float = 1.0
    """0 to 1: how certain the whole line is; a person should look at it below 0.9."""
    buyer_sku: str = ""
    """The buyer's own article number, where the document states both."""
    gtin: str = ""
    discount: Decimal | None = None
    """Per cent, already taken off `price`."""
    tax_rate: Decimal | None = None
    requested_date: datetime.date | None = None
    line_id: str = ""
    """As the document numbers it, "1.2"; `position` is always a number (BT-126)."""
    note: str = ""
    order_line: str = ""
    """The line of our order that it bills (BT-132)."""
    sums_up: bool = True
    """Its total counts; false for headings, subtotals and parts told for information."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    kind: str
    """order, invoice or other."""
    format: str
    """pdf, text, xlsx, csv, order-x, ubl, zugferd ..."""
    number: str = ""
    date: datetime.date | None = None
    requested_date: datetime.date | None = None
    currency: str = "EUR"
    buyer: Party = Party()
    seller: Party = Party()
    buyer_reference: str = ""
    lines: tuple[ReadLine, ...] = ()
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    checks: tuple[Check, ...] = ()
    error: str = ""
    payable: Decimal | None = None
    prepaid: Decimal | None = None
    due_date: datetime.date | None = None
    taxes: tuple[TaxLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    order_reference: str = ""
    """The order an invoice bills (BT-13)."""
    preceding: str = ""
    """The invoice a credit note or correction refers to (BT-25)."""
    type_code: str = ""
    """UNCL 1001: 380 invoice, 381 credit note, 384 correction, 220 order ..."""
    profile: str = ""
    """The specification the document claims to follow (BT-24)."""
    note: str = ""
    sources: dict[str, Source] = field(default_factory=dict, hash=False)
    """Where each field of the head stands, by the names of this class ("number", "gross")."""
    delivery_date: datetime.date | None = None
    """When it was delivered or rendered (BT-72)."""
    period: tuple[datetime.date | None, datetime.date | None] = (None, None)
    """The time that is billed, from and to (BG-14)."""
    payment_terms: str = ""
    attachments: tuple[str, ...] = ()
    """Names of the files that an XML document carries (BG-24)."""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON: amounts and dates as strings."""
        plain: dict[str, Any] = _DOCUMENT.dump_python(self, mode="json")
        return plain

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ReadDocument":
        """The document again; raises pydantic.ValidationError for anything else."""
        return _DOCUMENT.validate_python(stored)


_DOCUMENT = TypeAdapter(ReadDocument)


@dataclass(frozen=True, slots=True)
class Article:
    """A product as matching and pricing see it."""

    id: int
    sku: str
    names: tuple[str, ...]
    price: Decimal
    tax_rate: Decimal
    """Per cent, for example 19."""
    tiers: tuple[Tier, ...] = ()
    """What a piece costs everybody from a quantity on."""
    pack_size: int = 1
    min_quantity: int = 1
    available: int = 0
    aliases: tuple[str, ...] = ()
    """Article numbers under which this customer orders it."""
    known_as: tuple[str, ...] = ()
    """Names under which this customer orders it, where no number stands beside them."""
    traits: tuple[str, ...] = ()
    """What tells it from others beside its names: material, colour, size ("18 mm")."""


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
    price_reasons: tuple[Reason, ...] = ()


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
    tax_category: str = "S"
    """How the sale is taxed (EN 16931, BT-151)."""

    @property
    def certain(self) -> bool:
        return bool(self.lines) and not self.doubts
