"""An e-invoice or e-order in the terms of EN 16931, whatever syntax it was written in.

Comments name the business terms (BT) and groups (BG). Amounts keep the decimals they were written
with, since their number is itself a rule. Empty means not stated.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Identifier:
    value: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    lines: tuple[str, ...] = ()
    city: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Trader:
    """Seller, buyer, tax representative or where the goods go."""

    name: str = ""
    trading_name: str = ""
    ids: tuple[Identifier, ...] = ()
    legal_id: Identifier = Identifier()
    vat_id: str = ""
    tax_number: str = ""
    address: Address | None = None
    contact: Contact | None = None
    endpoint: Identifier = Identifier()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Vat:
    category: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VatRow:
    """A row of the VAT breakdown (BG-23)."""

    vat: Vat = Vat()
    basis: Decimal | None = None
    amount: Decimal | None = None
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance or a charge, on the document (BG-20, BG-21) or on a line (BG-27, BG-28)."""

    is_charge: bool
    amount: Decimal | None = None
    base: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""
    reason_code: str = ""
    vat: Vat = Vat()


@dataclass(frozen=True, slots=True)
class Period:
    start: datetime.date | None = None
    end: datetime.date | None = None
    code: str = ""
    """BT-8, when VAT becomes chargeable, where UBL keeps it."""


@dataclass(frozen=True, slots=True)
class Price:
    net: Decimal | None = None
    """As stated, for `basis` units (BT-146)."""
    basis: Decimal | None = None
    """BT-149."""
    basis_unit: str = ""
    gross: Decimal | None = None
    discount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    id: str = ""
    name: str = ""
    description: str = ""
    note: str = ""
    seller_sku: str = ""
    buyer_sku: str = ""
    standard_id: Identifier = Identifier()
    quantity: Decimal | None = None
    unit: str = ""
    price: Price = Price()
    total: Decimal | None = None
    vats: tuple[Vat, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    period: Period | None = None
    order_line: str = ""
    requested_date: datetime.date | None = None
    sums_up: bool = True
    path: str = ""

    @property
    def vat(self) -> Vat:
        return self.vats[0] if self.vats else Vat()


@dataclass(frozen=True, slots=True)
class Payment:
    """How to pay (BG-16)."""

    code: str = ""
    accounts: tuple[str, ...] = ()
    """BT-84, where there is a group for one; an empty text is a group that names none."""
    has_card: bool = False
    has_mandate: bool = False
    """BG-19 in any part."""
    mandate: str = ""
    debited: str = ""
    """BT-91."""


@dataclass(frozen=True, slots=True)
class Attachment:
    reference: str = ""
    filename: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    lines: Decimal | None = None
    """BT-106."""
    allowances: Decimal | None = None
    charges: Decimal | None = None
    net: Decimal | None = None
    """BT-109."""
    tax: Decimal | None = None
    """BT-110, in the currency of the document."""
    accounting_tax: Decimal | None = None
    """BT-111, in the currency of BT-6."""
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole document."""

    number: str = ""
    date: datetime.date | None = None
    type_code: str = ""
    profile: str = ""
    """BT-24."""
    currency: str = ""
    """BT-5."""
    paid_in: str = ""
    """The currency of the amounts, where the document does not name one (older UBL)."""
    tax_currency: str = ""
    note: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    preceding: tuple[str, ...] = ()
    """BT-25; an empty text is a group that names none."""
    seller: Trader = Trader()
    buyer: Trader = Trader()
    representative: Trader | None = None
    payee: Trader | None = None
    ship_to: Trader | None = None
    delivery_date: datetime.date | None = None
    requested_date: datetime.date | None = None
    tax_point: str = ""
    """BT-7 or, where CII keeps it, BT-8."""
    tax_point_code: str = ""
    period: Period | None = None
    due_date: datetime.date | None = None
    payment_terms: str = ""
    payments: tuple[Payment, ...] = ()
    creditor_id: str = ""
    """BT-90."""
    attachments: tuple[Attachment, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    breakdown: tuple[VatRow, ...] = ()
    totals: Totals = Totals()
    lines: tuple[Line, ...] = ()
    cut: bool = False
    """There are more lines than were read."""
    places: dict[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    """The XPath and the text of what stands in the head, by the names of `ReadDocument`."""
