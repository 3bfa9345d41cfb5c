"""Orders enter the books and are confirmed. Mail, shop, API and staff all come through here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.company.numbers import draw
from hbu.company.terms import terms
from hbu.journal.recording import record_many
from orders.data import Proposal, ProposedLine
from orders.models import Document, Order, OrderLine
from orders.services import filing
from orders.services.confirming import accept_doubts, confirm, confirm_as_asked, confirm_or_doubt
from orders.services.moving import MOVES, refusal
from shop.models import Customer

__all__ = [
    "MOVES",
    "Entry",
    "Particulars",
    "accept_doubts",
    "confirm",
    "confirm_as_asked",
    "confirm_or_doubt",
    "fill",
    "line_of",
    "order_of",
    "place",
    "refusal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a buyer says of himself beside what he buys; empty where the customer's row says it."""

    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    billing_address: Mapping[str, str] = field(default_factory=dict)
    delivery_address: Mapping[str, str] = field(default_factory=dict)
    payment: str = ""
    """Empty: as agreed with the customer."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal on its way into the books."""

    proposal: Proposal
    source: str
    language: str
    document: Document | None = None
    """Where it is filed already."""
    particulars: Particulars = Particulars()


def place(entries: Sequence[Entry], *, by: AbstractBaseUser | None = None) -> list[Order]:
    """Enter orders in the state CREATED, with their lines, document and doubts."""
    if not entries:
        return []
    with transaction.atomic():
        documents = _documents(entries)
        numbers = draw("B", len(entries))
        agreed = _agreed_payments(entries)
        until = timezone.localdate() + timedelta(days=terms().link_days)
        orders = Order.objects.bulk_create(
            order_of(entry, document, number, agreed, until, by)
            for entry, document, number in zip(entries, documents, numbers, strict=True)
        )
        OrderLine.objects.bulk_create(
            line_of(order, position, line)
            for order, entry in zip(orders, entries, strict=True)
            for position, line in enumerate(entry.proposal.lines, start=1)
        )
        record_many(
            "order.created",
            ((order, {"number": order.number, "doubts": len(order.doubts)}) for order in orders),
            actor=by,
        )
    return orders


def _documents(entries: Sequence[Entry]) -> list[Document]:
    """Return what each was read from; it is filed now where that was not done before."""
    loose = [entry for entry in entries if entry.document is None]
    filed = iter(filing.file([filing.Paper(entry.proposal.document) for entry in loose]))
    return [entry.document or next(filed) for entry in entries]


def _agreed_payments(entries: Iterable[Entry]) -> dict[int | None, str]:
    """How each customer pays unless he says otherwise."""
    customers = Customer.objects.filter(pk__in=[entry.proposal.customer_id for entry in entries])
    return dict(customers.values_list("pk", "payment"))


def order_of(
    entry: Entry,
    document: Document | None,
    number: str,
    agreed: Mapping[int | None, str],
    until: date,
    by: AbstractBaseUser | None = None,
) -> Order:
    """The order as it enters the books, not saved."""
    customer, said = entry.proposal.customer_id, entry.particulars
    order = Order(
        number=number,
        customer_id=customer,
        source=entry.source,
        document=document,
        language=entry.language,
        contact_name=said.contact_name[:120],
        contact_email=said.contact_email,
        contact_phone=said.contact_phone[:40],
        billing_address=dict(said.billing_address),
        delivery_address=dict(said.delivery_address),
        payment=said.payment or agreed.get(customer, Customer.Payment.INVOICE),
        note=said.note,
        token_until=until,
        created_by_id=by.pk if by else None,
    )
    fill(order, entry.proposal)
    return order


def fill(order: Order, proposal: Proposal) -> None:
    """Put what the document says and what it comes to at our prices into the order."""
    read = proposal.document
    order.reference = read.number[:80]
    order.currency = read.currency[:3] or "EUR"
    order.requested_date = read.requested_date
    order.tax_category = proposal.tax_category
    order.net, order.tax, order.gross = proposal.net, proposal.tax, proposal.gross
    order.doubts = [asdict(doubt) for doubt in proposal.doubts]


def line_of(order: Order, position: int, line: ProposedLine) -> OrderLine:
    article, read = line.match.article, line.read
    return OrderLine(
        order=order,
        position=position,
        product_id=article.id if article else None,
        sku=(article.sku if article else read.sku)[:60],
        name=(_name(order, line))[:200],
        quantity=line.quantity or read.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        total=line.total,
        price_reasons=[reason.as_json() for reason in line.price_reasons],
        score=line.match.score,
        candidates=[list(one) for one in line.match.candidates],
        reasons=[reason.as_json() for reason in line.match.reasons],
        source=read.source.snippet[:300],
    )


def _name(order: Order, line: ProposedLine) -> str:
    article = line.match.article
    if article is None:
        return line.read.name or line.read.sku
    return article.names[0 if order.language == "de" else -1]
