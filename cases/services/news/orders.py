"""An order is confirmed, waits for a check, or is cancelled."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from agents.data import CHECK_THE_ORDER
from cases.models import Case
from cases.services import conversing, following, printouts, replying, telling
from cases.services.news import missing
from cases.services.telling import News
from emails.models import Email, OutgoingEmail
from emails.services import writing
from hbu.journal.models import Event
from orders.models import Order

State, Source = Order.State, Order.Source
RECEIVED, CANCELLED = "order_received", "order_cancelled"
BY_THEMSELVES = (Source.SHOP, Source.API)
"""Who orders there sees no colleague of ours and wants to hear that it arrived."""
_HAS_A_READER = (
    Q(cases__emails__isnull=False)
    | Q(quotation__cases__emails__isnull=False)
    | ~Q(source=Source.MAIL)
    | ~Q(contact_email="")
)


def tell_confirmed(ids: Iterable[int]) -> None:
    """Confirm to the customers, in their conversation, what was confirmed in the books.

    Where the letter must not leave or cannot be written, a task tells it to a person.
    """
    with transaction.atomic():
        held = _held(Order.objects.filter(pk__in=list(ids), confirmed_at__isnull=False))
        held = {pk: order for pk, order in held.items() if order.state != State.CANCELLED}
        conversing.follow_quotations(held.values())
        asked = _asked(held)
        if asked:
            _answer(asked, held)
        by_mail = {order.pk for order, _, _ in asked}
        decided = _decided_by_a_person(held, "order.confirmed")
        telling.tell(
            [
                _confirmed(order, by_person=order.pk in decided)
                for order in held.values()
                if order.pk not in by_mail and _is_ours_to_tell(order)
            ]
        )


def _held(orders: "Iterable[Order]") -> dict[int, Order]:
    """The lock keeps two doorbells for one order from writing at the same time."""
    rows = Order.objects.select_for_update(of=("self",)).select_related("customer", "document")
    keys = [order.pk for order in orders]
    return {order.pk: order for order in rows.filter(pk__in=keys).order_by("pk")}


def _asked(held: dict[int, Order]) -> list[tuple[Order, Case, Email]]:
    """The orders that came by mail, each with the mail that brought it."""
    links = Case.orders.through.objects.filter(order__in=held).select_related(
        "case__department", "case__customer", "case__policy"
    )
    found = [
        (held[link.order_id], link.case, replying.asking(held[link.order_id], link.case))
        for link in links
    ]
    return [(order, case, email) for order, case, email in found if email is not None]


def _answer(asked: Sequence[tuple[Order, Case, Email]], held: Collection[int]) -> None:
    paper = replying.stationery([email for _, _, email in asked])
    decided = _decided_by_a_person(held, "order.confirmed")
    letters = [
        replying.confirmation(order, email, case, paper, by_person=order.pk in decided)
        for order, case, email in asked
    ]
    writing.queue(letters, made=printouts.made(one.enclosures for one in letters))
    _hand_to_a_person([(order, case) for order, case, _ in asked if order.pk in decided])


def _hand_to_a_person(told: Sequence[tuple[Order, Case]]) -> None:
    """Open a task for each order whose customer hears nothing by itself."""
    causes = [replying.confirmation_cause(order) for order, _ in told]
    rows = OutgoingEmail.objects.filter(cause__in=causes).only("cause", "state", "reason")
    letters = {row.cause: row for row in rows}
    for order, case in told:
        letter = letters.get(replying.confirmation_cause(order))
        if letter is None:
            following.owe_confirmation(order, case, replying.UNWRITTEN)
        elif letter.state == OutgoingEmail.State.WITHHELD:
            following.owe_confirmation(order, case, letter.reason)


def _decided_by_a_person(orders: Collection[int], kind: str) -> set[int]:
    events = Event.objects.filter(
        kind=kind, subject_type=Order._meta.label_lower, subject_id__in=orders
    )
    return set(events.exclude(actor=None).values_list("subject_id", flat=True))


def _is_ours_to_tell(order: Order) -> bool:
    """A mail order without its mail was entered by somebody who answers it himself."""
    return order.source != Source.MAIL or bool(order.contact_email)


def _confirmed(order: Order, *, by_person: bool) -> News:
    return News(
        cause=replying.confirmation_cause(order),
        template=replying.CONFIRMATION,
        matter=order,
        variables=replying.order_facts(order),
        enclosures=(replying.confirmation_printed_as(order),),
        by_person=by_person,
    )


def unconfirmed(now: datetime) -> list[int]:
    """Return orders confirmed lately whose customers have no letter yet."""
    orders = Order.objects.filter(_HAS_A_READER, **missing.window(now, "confirmed_at"))
    return missing.keys(orders.exclude(state=State.CANCELLED), "order", "confirmed")


def tell_received(ids: Iterable[int]) -> None:
    """Thank for orders of the shop and the API that wait for a check, and ask for the check.

    The letter promises nothing; what needs no check is confirmed in the same moment.
    """
    with transaction.atomic():
        held = _held(_to_check().filter(pk__in=list(ids)))
        telling.tell([_received(order) for order in held.values() if order.state == State.CREATED])


def _received(order: Order) -> News:
    return News(
        cause=f"order:{order.pk}:received",
        template=RECEIVED,
        matter=order,
        variables=replying.order_facts(order),
        weight=telling.ACKNOWLEDGEMENT,
        owed=CHECK_THE_ORDER,
        why="; ".join(one["what"] for one in order.doubts),
    )


def _to_check() -> "QuerySet[Order]":
    return Order.objects.to_check().filter(source__in=BY_THEMSELVES).exclude(doubts=[])


def unreceived(now: datetime) -> list[int]:
    return missing.keys(
        _to_check().filter(**missing.window(now, "created_at")), "order", "received"
    )


def tell_cancelled(ids: Iterable[int]) -> None:
    """Tell customers who counted on an order that it is cancelled."""
    with transaction.atomic():
        held = _held(_cancelled().filter(pk__in=list(ids)))
        decided = _decided_by_a_person(held, "order.moved")
        telling.tell(
            [
                News(
                    cause=f"order:{order.pk}:cancelled",
                    template=CANCELLED,
                    matter=order,
                    variables=replying.order_facts(order),
                    by_person=order.pk in decided,
                )
                for order in held.values()
            ]
        )


def _cancelled() -> "QuerySet[Order]":
    """Of a mail that never became a promise nobody hears twice: whoever cancels it answers it."""
    counted_on = Q(confirmed_at__isnull=False) | Q(source__in=BY_THEMSELVES)
    return Order.objects.filter(_HAS_A_READER, counted_on, state=State.CANCELLED).distinct()


def uncancelled(now: datetime) -> list[int]:
    moved = Event.objects.filter(
        kind="order.moved", data__to=State.CANCELLED, **missing.window(now, "at")
    )
    return missing.keys(
        _cancelled().filter(pk__in=moved.values("subject_id")), "order", "cancelled"
    )
