"""Quotations: asked for, sent with a date until which they hold, accepted once or turned down.

A request is priced as an order would be; an accepted quotation becomes an order by the same way,
at the prices it names.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from hbu.company.numbers import draw
from hbu.company.terms import terms
from hbu.journal.models import Event
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all
from orders.data import Doubt, Proposal, ProposedLine, ReadDocument
from orders.models import Order, Printout, Quotation, QuotationLine
from orders.services import agreed, drafting, placing, printing
from shop.models import Customer

State = Quotation.State
OPEN = (State.REQUESTED, State.SENT)
MOVES = (
    "quotation.sent", "quotation.accepted", "quotation.declined", "quotation.expired",
)  # fmt: skip
PORTION = 200
NOTHING_SAID = placing.Particulars()
_OF_AN_ORDER = frozenset({"not_an_order", "no_number", "duplicate", "date_in_past"})
"""Doubts that an order would raise and a request for a quotation does not."""
_WORDING = N_("The wording leaves something open")
"""What a request does by its nature (orders.documents.failures)."""


def request(
    document: ReadDocument,
    customer: Customer | None,
    *,
    source: str,
    language: str,
    particulars: placing.Particulars = NOTHING_SAID,
    by: AbstractBaseUser | None = None,
) -> Quotation:
    """Enter what somebody wants to have quoted; sent at once where nothing is in doubt.

    What a person entered waits for the person to send it.
    """
    doubts = (_note(particulars.note),) if particulars.note else ()
    proposal = drafting.draft([drafting.Request(document, customer, doubts)])[0]
    entry = placing.Entry(proposal, source, language, particulars=particulars)
    with transaction.atomic():
        quotation = enter([entry], by=by)[0]
        if source != Order.Source.STAFF:
            offer_certain([quotation])
    return quotation


def _note(words: str) -> Doubt:
    return Doubt(
        "note", N_("The customer wrote something that only a person can answer"), words[:200]
    )


def enter(
    entries: Sequence[placing.Entry], *, by: AbstractBaseUser | None = None
) -> list[Quotation]:
    """Enter requests in the state REQUESTED, with their lines, prices and doubts."""
    if not entries:
        return []
    with transaction.atomic():
        quotations = Quotation.objects.bulk_create(
            _quotation(entry, number, by)
            for entry, number in zip(entries, draw("A", len(entries)), strict=True)
        )
        QuotationLine.objects.bulk_create(
            _line(quotation, position, line)
            for quotation, entry in zip(quotations, entries, strict=True)
            for position, line in enumerate(entry.proposal.lines, start=1)
        )
        record_many(
            "quotation.requested",
            ((one, {"number": one.number, "doubts": len(one.doubts)}) for one in quotations),
            actor=by,
        )
    return quotations


def _quotation(entry: placing.Entry, number: str, by: AbstractBaseUser | None) -> Quotation:
    proposal, said = entry.proposal, entry.particulars
    return Quotation(
        number=number,
        customer_id=proposal.customer_id,
        source=entry.source,
        document=entry.document,
        reference=proposal.document.number[:80],
        language=entry.language,
        contact_name=said.contact_name[:120],
        contact_email=said.contact_email,
        contact_phone=said.contact_phone[:40],
        note=said.note,
        doubts=[asdict(doubt) for doubt in doubts_of(proposal)],
        currency=proposal.document.currency[:3] or "EUR",
        tax_category=proposal.tax_category,
        net=proposal.net,
        tax=proposal.tax,
        gross=proposal.gross,
        created_by_id=by.pk if by else None,
    )


def doubts_of(proposal: Proposal) -> tuple[Doubt, ...]:
    """Why a person should look before the quotation is sent."""
    return tuple(
        one for one in proposal.doubts if one.code not in _OF_AN_ORDER and one.what != _WORDING
    )


def _line(quotation: Quotation, position: int, line: ProposedLine) -> QuotationLine:
    article, read = line.match.article, line.read
    name = article.names[0 if quotation.language == "de" else -1] if article else read.name
    return QuotationLine(
        quotation=quotation,
        position=position,
        product_id=article.id if article else None,
        sku=(article.sku if article else read.sku)[:60],
        name=(name or read.sku)[:200],
        quantity=line.quantity or read.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        total=line.total,
        price_reasons=[reason.as_json() for reason in line.price_reasons],
    )


def offer_certain(quotations: Iterable[Quotation]) -> None:
    """Send those that leave nothing in doubt; the others wait for a person."""
    certain = {one.pk: one for one in quotations if not one.doubts and one.customer_id}
    if not certain:
        return
    with transaction.atomic():
        rows = Quotation.objects.select_for_update().filter(pk__in=certain)
        held = [one for one in rows.prefetch_related("lines") if not _objection(one)]
        _send(held, timezone.localdate() + timedelta(days=terms().quotation_days))
    for one in held:
        certain[one.pk].__dict__.update(one.__dict__)


def offer(
    quotation: Quotation, *, valid_until: date | None = None, by: AbstractBaseUser | None = None
) -> None:
    """Promise the prices until a day and ask for the printed quotation; the letter follows.

    A person who sends it has looked at its doubts. Raises DomainError.
    """
    with transaction.atomic():
        held = _held(quotation, [State.REQUESTED])
        if objection := _objection(held):
            raise objection
        if held.doubts and by is None:
            raise DomainError("quotation.in_doubt", N_("A person has to look at the doubts first."))
        today = timezone.localdate()
        until = valid_until or held.valid_until or today + timedelta(days=terms().quotation_days)
        if until < today:
            raise DomainError("quotation.past", N_("It cannot hold until a day that has passed."))
        _send([held], until, by=by)
    quotation.__dict__.update(held.__dict__)


def _send(held: Sequence[Quotation], until: date, *, by: AbstractBaseUser | None = None) -> None:
    told = []
    for one in held:
        looked_at, one.doubts = one.doubts, []
        one.valid_until, one.state, one.sent_at = until, State.SENT, timezone.now()
        codes = [doubt["code"] for doubt in looked_at]
        told.append((one, {"number": one.number, "gross": str(one.gross), "doubts": codes}))
    save_all(held, ["valid_until", "doubts", "state", "sent_at"])
    printing.want(map(_printout, held))
    record_many("quotation.sent", told, actor=by)


def _printout(quotation: Quotation) -> Printout:
    return Printout(
        cause=printed_as(quotation),
        kind=Printout.Kind.QUOTATION,
        quotation=quotation,
        language=quotation.language,
    )


def printed_as(quotation: Quotation) -> str:
    """The cause of its printout."""
    return f"quotation:{quotation.pk}:1"


def _objection(quotation: Quotation) -> DomainError | None:
    """Why its lines cannot be offered as they are."""
    lines = quotation.lines.all()
    if not lines or any(line.product_id is None for line in lines):
        code, why = "unknown_product", N_("Choose a product for every line first.")
    elif any(line.quantity != int(line.quantity) for line in lines):
        code, why = "broken_pieces", N_("We sell whole pieces only.")
    elif any(line.unit_price <= 0 for line in lines):
        code, why = "no_price", N_("Set a price for every line first.")
    else:
        return None
    return DomainError(f"quotation.{code}", why)


def accept(quotation: Quotation, *, by: AbstractBaseUser | None = None) -> Order:
    """Return the order that a quotation becomes, at its prices; `by`: staff, for the customer.

    Raises DomainError when it holds no longer, or was accepted before: then `quotation.order` is
    what came of it.
    """
    with transaction.atomic():
        held = _held(quotation, [State.SENT])
        if held.valid_until and held.valid_until < timezone.localdate():
            raise DomainError(
                "quotation.expired", N_("This quotation holds no longer; please ask for a new one.")
            )
        proposal = agreed.proposal_of(held)
        order = placing.place([_entry(held, proposal)], by=by)[0]
        agreed.keep(order)
        held.order, held.state = order, State.ACCEPTED
        held.save(update_fields=["order", "state"])
        record("quotation.accepted", held, actor=by, number=held.number, order=order.number)
        if proposal.certain:
            placing.confirm_or_doubt([order])
    quotation.__dict__.update(held.__dict__)
    return order


def _entry(quotation: Quotation, proposal: Proposal) -> placing.Entry:
    said = placing.Particulars(
        contact_name=quotation.contact_name,
        contact_email=quotation.contact_email,
        contact_phone=quotation.contact_phone,
        note=quotation.note,
    )
    return placing.Entry(proposal, quotation.source, quotation.language, particulars=said)


def decline(quotation: Quotation, *, reason: str = "", by: AbstractBaseUser | None = None) -> None:
    """The customer does not want it, or we do not offer it. Raises DomainError."""
    with transaction.atomic():
        held = _held(quotation, OPEN)
        held.state = State.DECLINED
        held.save(update_fields=["state"])
        record("quotation.declined", held, actor=by, number=held.number, reason=reason.strip())
    quotation.__dict__.update(held.__dict__)


def expire(today: date) -> int:
    """Close what holds no longer; return how many there were."""
    with transaction.atomic():
        over = Quotation.objects.filter(state=State.SENT, valid_until__lt=today)
        rows = list(over.select_for_update().order_by("pk")[:PORTION])
        Quotation.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.EXPIRED)
        record_many("quotation.expired", ((row, {"number": row.number}) for row in rows))
    return len(rows)


def _held(quotation: Quotation, states: Collection[str]) -> Quotation:
    held = Quotation.objects.select_for_update().get(pk=quotation.pk)
    if held.state not in states:
        raise refusal(held)
    return held


def refusal(quotation: Quotation) -> DomainError:
    """Tell the second of two what the quotation is now, and who was faster (promise O3)."""
    moves = Event.objects.about(quotation).filter(kind__in=MOVES).select_related("actor")
    last = moves.first()
    who = f" ({last.actor}, {timezone.localtime(last.at):%H:%M})" if last and last.actor else ""
    said = gettext("%(number)s is %(state)s%(who)s; this step does not fit.")
    told = {"number": quotation.number, "state": quotation.get_state_display(), "who": who}
    return DomainError("quotation.wrong_state", said % told)
