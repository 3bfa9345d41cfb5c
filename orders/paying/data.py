"""What a payment and the open items say of themselves, and what is proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from hbu.lib.reasons import N_, Reason
from orders import references

ZERO = Decimal(0)
GRACE_DAYS = 2
"""So late a cash discount is still granted: transfers take a day."""
_SHORTEST = 5
"""Letters and digits of a number that is looked for in a transfer."""

NUMBER = N_("names the invoice")
NOT_OPEN = N_("names an invoice that is not open")
EXACT = N_("the amount is exact")
DISCOUNTED = N_("the amount less cash discount is exact")
LATE = N_("the cash discount was taken too late")
PART = N_("less than what is open")
MORE = N_("more than what is open; the rest stays with the payment")
ORDER = N_("names the order")
CUSTOMER = N_("names the customer's number")
ACCOUNT = N_("the customer paid from this account before")
NAME = N_("the name is like the customer's")
SEVERAL = N_("several invoices have this amount")
ALL_OPEN = N_("it is all that the customer has open")
UNSURE = N_("the sender is nobody we know for this customer")


@dataclass(frozen=True, slots=True)
class Payment:
    amount: Decimal
    booked_on: date
    currency: str = "EUR"
    purpose: str = ""
    end_to_end: str = ""
    party: str = ""
    iban: str = ""

    @property
    def text(self) -> str:
        return f"{self.end_to_end} \n {self.purpose}"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice that is not paid, or a credit note that nobody has used up yet."""

    id: int
    number: str
    customer_id: int
    open: Decimal
    """Below zero for a credit note: it lessens what is paid."""
    due_on: date
    currency: str = "EUR"
    customer: str = ""
    customer_number: str = ""
    order_number: str = ""
    order_reference: str = ""
    discount: Decimal = ZERO
    """What may be deducted in time; zero where a part was paid before."""
    discount_until: date | None = None

    @property
    def is_credit(self) -> bool:
        return self.open < 0

    def in_time(self, day: date) -> bool:
        last = self.discount_until
        return bool(self.discount and last and day <= last + timedelta(days=GRACE_DAYS))


@dataclass(frozen=True, slots=True)
class Part:
    """So much of the payment for an invoice, and so much cash discount beside it."""

    item: int
    amount: Decimal
    discount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Proposal:
    parts: tuple[Part, ...]
    score: float
    reasons: tuple[Reason, ...]
    certain: bool = False


@dataclass(frozen=True)
class Books:
    """What is open, and who paid from which account before."""

    items: Sequence[OpenItem]
    payers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Customers by IBAN."""

    @cached_property
    def by_running(self) -> dict[int, list[tuple[references.Number, OpenItem]]]:
        found: dict[int, list[tuple[references.Number, OpenItem]]] = {}
        for item in self.items:
            if number := references.parse(item.number):
                found.setdefault(number.running, []).append((number, item))
        return found

    @cached_property
    def by_word(self) -> dict[str, list[OpenItem]]:
        """By whatever else of ours or theirs a transfer may name, in plain letters and digits."""
        found: dict[str, list[OpenItem]] = {}
        for item in self.items:
            for word in {item.order_number, item.order_reference, item.customer_number}:
                known = plain(word)
                if len(known) >= _SHORTEST and any(map(str.isdigit, known)):
                    found.setdefault(known, []).append(item)
        return found

    @cached_property
    def by_customer(self) -> dict[int, list[OpenItem]]:
        found: dict[int, list[OpenItem]] = {}
        for item in sorted(self.items, key=lambda one: (one.due_on, one.id)):
            found.setdefault(item.customer_id, []).append(item)
        return found


def plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()
