"""A buyer orders in the shop or by a program: at our prices of this moment, all of it or nothing."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.company.terms import terms
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Doubt, Party, Proposal, ProposedLine, ReadDocument, ReadLine
from orders.models import Order, OrderLine
from orders.services import drafting, placing, refusing, scheduling
from shop.models import Customer, Reservation
from shop.services import guests, stock

INVOICE, PREPAYMENT = Customer.Payment.INVOICE, Customer.Payment.PREPAYMENT
NOTHING_SAID = placing.Particulars()
KNOWN_CONTACT = Doubt("known_contact", N_("A guest gave the mail address of a customer of ours"))
_OF_TRUST = frozenset({"over_limit", "credit_limit"})
"""Doubts about money that is paid before anything leaves the house."""
_NOBODY = 0
"""No row has this key."""


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


def place(purchase: Purchase, *, by: AbstractBaseUser | None = None) -> Order:
    """Enter the order and confirm it where nothing is in doubt.

    Raises SoldOut, PricesChanged, LinesRefused or another DomainError, and then nothing was done.
    """
    with transaction.atomic():
        if purchase.hold:
            stock.let_go(purchase.hold)
        customer, doubts = _customer_of(purchase.buyer)
        entry = _entry(purchase, _drafted(purchase, customer, doubts))
        order = placing.place([entry], by=by)[0]
        _confirm(order, entry.proposal)
    return order


def preview(purchase: Purchase) -> Preview:
    """The order that `place` would make now; raises what it raises, and writes nothing.

    What only the books can say, such as the credit limit, is looked at when it is placed.
    """
    customer = _as_customer(purchase.buyer)
    proposal = _with_kept(_drafted(purchase, customer), purchase.hold)
    entry = _entry(purchase, proposal)
    order = placing.order_of(entry, None, "", {}, timezone.localdate())
    lines = [
        placing.line_of(order, position, line)
        for position, line in enumerate(entry.proposal.lines, start=1)
    ]
    order.promised_date = scheduling.day_for(lines, order.requested_date)
    return Preview(order, lines)


def _drafted(purchase: Purchase, customer: Customer, doubts: tuple[Doubt, ...] = ()) -> Proposal:
    request = drafting.Request(
        _document(purchase, customer), customer, doubts, ship_to=_ship_to(purchase, customer)
    )
    return drafting.draft([request])[0]


def _entry(purchase: Purchase, proposal: Proposal) -> placing.Entry:
    """Raises DomainError where this cannot become an order."""
    refusing.refuse(proposal)
    payment = payment_of(purchase.buyer, purchase.particulars.payment, proposal.gross)
    return placing.Entry(
        _without(proposal, _OF_TRUST) if payment == PREPAYMENT else proposal,
        source=purchase.source,
        language=purchase.language,
        particulars=replace(purchase.particulars, payment=payment),
    )


def _as_customer(buyer: Customer | guests.Newcomer) -> Customer:
    """A guest as the customer that he would become; in no book."""
    if isinstance(buyer, Customer):
        return buyer
    limit = terms().guest_limit
    return Customer(
        pk=_NOBODY,
        name=buyer.company or buyer.name,
        country=buyer.country,
        vat_id=buyer.vat_id,
        is_guest=True,
        auto_confirm_limit=limit,
    )


def _with_kept(proposal: Proposal, hold: str) -> Proposal:
    """What is kept for this very buyer is there for him."""
    rows = Reservation.objects.filter(reference=hold) if hold else Reservation.objects.none()
    kept = dict(rows.values_list("product_id", "quantity"))
    if not kept:
        return proposal
    lines = tuple(_freed(line, kept) for line in proposal.lines)
    there = {
        line.read.position
        for line in lines
        if line.match.article and line.quantity <= line.match.article.available
    }
    doubts = (one for one in proposal.doubts if one.code != "stock" or one.position not in there)
    return replace(proposal, lines=lines, doubts=tuple(doubts))


def _freed(line: ProposedLine, kept: Mapping[int, int]) -> ProposedLine:
    article = line.match.article
    if article is None or article.id not in kept:
        return line
    more = replace(article, available=article.available + kept[article.id])
    return replace(line, match=replace(line.match, article=more))


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


def _without(proposal: Proposal, codes: frozenset[str]) -> Proposal:
    doubts = tuple(one for one in proposal.doubts if one.code not in codes)
    return replace(proposal, doubts=doubts)


def _confirm(order: Order, proposal: Proposal) -> None:
    if not proposal.certain:
        return
    placing.confirm_or_doubt([order])
    # Somebody was faster between our look at the shelf and this moment.
    if any(one["code"] == "stock.too_low" for one in order.doubts):
        raise refusing.SoldOut(refusing.shortages_of(order))
