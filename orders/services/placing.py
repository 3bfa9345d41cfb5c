"""Orders enter the books and are confirmed. Mail, shop, API and staff all come through here."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from hbu.company.calendar import calendar
from hbu.company.numbers import draw
from hbu.journal.models import Event
from hbu.journal.recording import record_many
from hbu.lib.errors import DomainError
from hbu.lib.hours import add_working_days
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all
from orders.data import Proposal, ProposedLine
from orders.models import Document, Order, OrderLine
from orders.models.order import State
from orders.services import filing
from shop.models import Product
from shop.services import stock

MOVES = ("order.moved", "order.confirmed")


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal on its way into the books."""

    proposal: Proposal
    source: str
    language: str
    document: Document | None = None
    """Where it is filed already."""


def place(entries: Sequence[Entry], *, by: AbstractBaseUser | None = None) -> list[Order]:
    """Enter orders in the state CREATED, with their lines, document and doubts."""
    if not entries:
        return []
    with transaction.atomic():
        documents = _documents(entries)
        numbers = draw("B", len(entries))
        orders = Order.objects.bulk_create(
            _order(entry, document, number, by)
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


def _order(entry: Entry, document: Document, number: str, by: AbstractBaseUser | None) -> Order:
    order = Order(
        number=number,
        customer_id=entry.proposal.customer_id,
        source=entry.source,
        document=document,
        language=entry.language,
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


def confirm(orders: Sequence[Order], *, by: AbstractBaseUser | None = None) -> None:
    """Confirm orders: reserve their pieces and promise a date; all of them or none.

    Raises DomainError when an order is in doubt, has been moved meanwhile, or stock is too low.
    """
    if not orders:
        return
    with transaction.atomic():
        locked = _lock(orders)
        for order in locked:
            _guard(order)
        stock.reserve(demands(locked), by=by)
        _promise_dates(locked)
        for order in locked:
            order.confirm()
            order.confirmed_at = timezone.now()
        _write_confirmed(locked)
        record_many(
            "order.confirmed",
            ((one, {"number": one.number, "gross": str(one.gross)}) for one in locked),
            actor=by,
        )
    _copy_back(orders, locked)


def confirm_or_doubt(orders: Sequence[Order]) -> None:
    """Confirm orders that nothing spoke against; one that the books refuse now waits in doubt.

    Between the proposal and this moment another order may have taken the last pieces.
    """
    try:
        confirm(orders)
    except DomainError:
        for order in orders:
            _confirm_or_doubt(order)


def _confirm_or_doubt(order: Order) -> None:
    try:
        confirm([order])
    except DomainError as error:
        order.doubts = [{"code": error.code, "what": error.message, "evidence": "", "position": 0}]
        order.save(update_fields=["doubts"])
        record_many("order.doubted", [(order, {"number": order.number, "why": error.code})])


def accept_doubts(order: Order, *, by: AbstractBaseUser) -> None:
    """A person has looked: the order stands as it is shown, and is confirmed. Raises DomainError."""
    with transaction.atomic():
        locked = _lock([order])[0]
        if locked.state != State.CREATED:
            raise refusal(locked)
        accepted, locked.doubts = locked.doubts, []
        locked.save(update_fields=["doubts"])
        record_many("order.doubts_accepted", [(locked, {"doubts": accepted})], actor=by)
        confirm([locked], by=by)
    _copy_back([order], [locked])


def demands(orders: Iterable[Order]) -> list[stock.Demand]:
    """Return what the orders take from stock."""
    return [
        stock.Demand(line.product_id, int(line.quantity), order.number)
        for order in orders
        for line in order.lines.all()
        if line.product_id is not None
    ]


def _lock(orders: Sequence[Order]) -> list[Order]:
    rows = Order.objects.select_for_update().filter(pk__in=[order.pk for order in orders])
    return list(rows.prefetch_related("lines").order_by("pk"))


def _guard(order: Order) -> None:
    if order.state != State.CREATED:
        raise refusal(order)
    if order.customer_id is None:
        raise DomainError("order.no_customer", N_("Choose the customer before you confirm."))
    lines = order.lines.all()
    if not lines or any(line.product_id is None for line in lines):
        raise DomainError("order.unknown_product", N_("Choose a product for every line first."))
    if any(line.quantity != int(line.quantity) for line in lines):
        raise DomainError("order.broken_pieces", N_("We sell whole pieces only."))
    if order.doubts:
        raise DomainError("order.in_doubt", N_("A person has to look at the doubts first."))


def refusal(order: Order) -> DomainError:
    """Tell the second of two who was faster and what the order is now (promise O3)."""
    moves = Event.objects.about(order).filter(kind__in=MOVES).select_related("actor")
    last = moves.first()
    who = f" ({last.actor}, {timezone.localtime(last.at):%H:%M})" if last and last.actor else ""
    said = gettext("%(number)s is %(state)s%(who)s; this step does not fit.")
    told = {"number": order.number, "state": order.get_state_display(), "who": who}
    return DomainError("order.wrong_state", said % told)


def _write_confirmed(orders: Sequence[Order]) -> None:
    try:
        with transaction.atomic():
            save_all(orders, ["state", "confirmed_at", "promised_date"])
    except IntegrityError:
        # The database holds what no look beforehand could: a_reference_is_confirmed_once.
        raise DomainError(
            "order.reference_taken",
            N_("An order of this customer with the same number is confirmed already."),
        ) from None


def _promise_dates(orders: Sequence[Order]) -> None:
    """Promise the customer's date where the slowest product's lead time allows it."""
    products = {one.product_id for one in demands(orders)}
    lead = dict(Product.objects.filter(pk__in=products).values_list("pk", "lead_time_days"))
    house, today = calendar(), timezone.localdate()
    for order in orders:
        days = max(lead[line.product_id] for line in order.lines.all() if line.product_id)
        earliest = add_working_days(house, today, days)
        wanted = max(earliest, order.requested_date or earliest)
        order.promised_date = add_working_days(house, wanted, 0)


def _copy_back(orders: Sequence[Order], locked: Sequence[Order]) -> None:
    """Let the caller's objects show what was saved."""
    fresh = {order.pk: order for order in locked}
    for order in orders:
        order.__dict__.update(fresh[order.pk].__dict__)
