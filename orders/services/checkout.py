"""A buyer orders in the shop or by a program: at our prices of this moment, all of it or nothing."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from hbu.company.terms import terms
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Doubt, Party, Proposal, ProposedLine, ReadDocument, ReadLine
from orders.models import Order, OrderLine
from orders.services import drafting, placing
from shop.models import Customer
from shop.services import guests, stock

INVOICE, PREPAYMENT = Customer.Payment.INVOICE, Customer.Payment.PREPAYMENT
NOTHING_SAID = placing.Particulars()
KNOWN_CONTACT = Doubt("known_contact", N_("A guest gave the mail address of a customer of ours"))
_OF_TRUST = frozenset({"over_limit", "credit_limit"})
"""Doubts about money that is paid before anything leaves the house."""
_OF_ORDER = frozenset({"price_differs", "stock"})
"""Doubts that name a line and are told in a way of their own."""
_BY_VALUE = "Discount for the value of the order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    sku: str
    quantity: Decimal | int
    price: Decimal | None = None
    """The price of a piece that the buyer saw; compared with ours, never charged (promise O6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What a buyer wants, by whichever door."""

    buyer: Customer | guests.Newcomer
    items: Sequence[Item]
    source: str
    language: str
    particulars: placing.Particulars = NOTHING_SAID
    reference: str = ""
    requested_date: datetime.date | None = None
    hold: str = ""
    """Under which the pieces are kept for this buyer already."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The order as it would be, which is in no book."""

    order: Order
    lines: Sequence[OrderLine]


@dataclass(frozen=True, slots=True)
class Shortage:
    position: int
    sku: str
    name: str
    wanted: int
    available: int
    pack_size: int = 1
    min_quantity: int = 1

    @property
    def possible(self) -> int:
        """As many as can be had, in whole packs."""
        most = self.available - self.available % self.pack_size
        return most if most >= self.min_quantity else 0


@dataclass(frozen=True, slots=True)
class Change:
    position: int
    sku: str
    name: str
    old: Decimal
    new: Decimal


class SoldOut(DomainError):
    def __init__(self, lines: Sequence[Shortage]) -> None:
        super().__init__("stock.too_low", N_("There is not enough stock for this any more."))
        self.lines = lines

    @property
    def errors(self) -> list[dict[str, str]]:
        """For programs, by line, as problem bodies have it."""
        return [
            _error(
                one.position, self.code, gettext("Available: %(count)s") % {"count": one.available}
            )
            for one in self.lines
        ]


class PricesChanged(DomainError):
    def __init__(self, lines: Sequence[Change]) -> None:
        super().__init__("price.changed", N_("Prices have changed. Please look at the new ones."))
        self.lines = lines

    @property
    def errors(self) -> list[dict[str, str]]:
        return [_error(one.position, self.code, f"{one.old} → {one.new}") for one in self.lines]


class LinesRefused(DomainError):
    """Lines that no order of ours can have: unknown articles, broken packs."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        message = N_("Some lines cannot be ordered as they are.")
        super().__init__("order.lines_refused", message, status=422)
        self.doubts = doubts

    @property
    def errors(self) -> list[dict[str, str]]:
        return [
            _error(
                one.position, one.code, ": ".join(filter(None, (gettext(one.what), one.evidence)))
            )
            for one in self.doubts
        ]


def _error(position: int, code: str, detail: str) -> dict[str, str]:
    return {"field": f"lines[{position - 1}]", "code": code, "detail": detail}


def place(purchase: Purchase, *, by: AbstractBaseUser | None = None) -> Order:
    """Enter the order and confirm it where nothing is in doubt.

    Raises SoldOut, PricesChanged, LinesRefused or another DomainError, and then nothing was done.
    """
    with transaction.atomic():
        if purchase.hold:
            stock.let_go(purchase.hold)
        customer, doubts = _customer_of(purchase.buyer)
        request = drafting.Request(
            _document(purchase, customer), customer, doubts, ship_to=_ship_to(purchase, customer)
        )
        proposal = drafting.draft([request])[0]
        _refuse(proposal)
        payment = payment_of(purchase.buyer, purchase.particulars.payment, proposal.gross)
        if payment == PREPAYMENT:
            proposal = _without(proposal, _OF_TRUST)
        entry = placing.Entry(
            proposal,
            source=purchase.source,
            language=purchase.language,
            particulars=replace(purchase.particulars, payment=payment),
        )
        order = placing.place([entry], by=by)[0]
        _confirm(order, proposal)
    return order


def preview(purchase: Purchase) -> Preview:
    """The very order that `place` would make now; raises what it raises. Writes nothing."""
    with transaction.atomic():
        order = place(purchase)
        shown = Preview(order, list(order.lines.order_by("position")))
        transaction.set_rollback(True)
    return shown


def payments(buyer: Customer | guests.Newcomer, gross: Decimal) -> list[str]:
    """Return how this buyer may pay, the usual way first."""
    if isinstance(buyer, Customer) and not buyer.is_guest:
        return [PREPAYMENT] if buyer.payment == PREPAYMENT else [INVOICE, PREPAYMENT]
    return [INVOICE, PREPAYMENT] if gross <= terms().guest_limit else [PREPAYMENT]


def payment_of(buyer: Customer | guests.Newcomer, wanted: str, gross: Decimal) -> str:
    offered = payments(buyer, gross)
    if wanted and wanted not in offered:
        message = N_("On invoice is not possible for this order. Please choose payment in advance.")
        raise DomainError("payment.not_offered", message, status=422)
    return wanted or offered[0]


def read_lines(items: Iterable[Item]) -> tuple[ReadLine, ...]:
    return tuple(
        ReadLine(position, one.sku, "", Decimal(one.quantity), price=one.price)
        for position, one in enumerate(items, start=1)
    )


def _customer_of(buyer: Customer | guests.Newcomer) -> tuple[Customer, tuple[Doubt, ...]]:
    if isinstance(buyer, Customer):
        return buyer, ()
    welcomed = guests.welcome(buyer)
    return welcomed.customer, (KNOWN_CONTACT,) if welcomed.known else ()


def _ship_to(purchase: Purchase, customer: Customer) -> str:
    address = purchase.particulars.delivery_address or purchase.particulars.billing_address
    return address.get("country", "") or customer.country


def _document(purchase: Purchase, customer: Customer) -> ReadDocument:
    said = purchase.particulars
    address = said.billing_address
    return ReadDocument(
        kind="order",
        format=purchase.source,
        number=purchase.reference,
        date=timezone.localdate(),
        requested_date=purchase.requested_date,
        buyer=Party(
            name=address.get("name", customer.name),
            identifier=customer.number,
            vat_id=customer.vat_id,
            street=address.get("street", customer.street),
            postcode=address.get("postcode", customer.postcode),
            city=address.get("city", customer.city),
            country=address.get("country", customer.country),
            contact=said.contact_name,
            email=said.contact_email,
            phone=said.contact_phone,
        ),
        lines=read_lines(purchase.items),
        note=said.note,
    )


def _refuse(proposal: Proposal) -> None:
    if not proposal.lines:
        raise DomainError("order.no_lines", N_("There is nothing in the order."), status=422)
    wrong = [one for one in proposal.doubts if one.position and one.code not in _OF_ORDER]
    if wrong:
        raise LinesRefused(wrong)
    changes = [_change(line) for line in proposal.lines if _is_news(line)]
    if changes:
        raise PricesChanged(changes)
    if any(one.code == "stock" for one in proposal.doubts):
        raise SoldOut(_shortages(proposal))


def _is_news(line: ProposedLine) -> bool:
    """Another price than the buyer saw; that a large order became cheaper needs no consent."""
    seen, price = line.read.price, line.unit_price
    if seen is None or seen == price:
        return False
    reached = any(reason.what == _BY_VALUE for reason in line.price_reasons)
    return not (price < seen and reached)


def _change(line: ProposedLine) -> Change:
    article = line.match.article
    sku, name = (article.sku, article.names[0]) if article else (line.read.sku, line.read.name)
    return Change(line.read.position, sku, name, line.read.price or Decimal(0), line.unit_price)


def _shortages(proposal: Proposal) -> list[Shortage]:
    short = {one.position for one in proposal.doubts if one.code == "stock"}
    return [
        Shortage(
            line.read.position,
            article.sku,
            article.names[0],
            int(line.quantity),
            max(article.available, 0),
            article.pack_size,
            article.min_quantity,
        )
        for line in proposal.lines
        if (article := line.match.article) and line.read.position in short
    ]


def _without(proposal: Proposal, codes: frozenset[str]) -> Proposal:
    doubts = tuple(one for one in proposal.doubts if one.code not in codes)
    return replace(proposal, doubts=doubts)


def _confirm(order: Order, proposal: Proposal) -> None:
    if not proposal.certain:
        return
    placing.confirm_or_doubt([order])
    # Somebody was faster between our look at the shelf and this moment.
    if any(one["code"] == "stock.too_low" for one in order.doubts):
        raise SoldOut(_left(order))


def _left(order: Order) -> list[Shortage]:
    from_stock = {line.product_id: line for line in order.lines.select_related("product__stock")}
    return [
        Shortage(
            line.position,
            line.sku,
            line.name,
            int(line.quantity),
            line.product.stock.available,
            line.product.pack_size,
            line.product.min_quantity,
        )
        for line in from_stock.values()
        if line.product and line.product.stock.available < line.quantity
    ]
