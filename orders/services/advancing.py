"""Orders move on by themselves where nothing is in the way, through the services that people use."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from hbu.journal.models import Event
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Milestone, Order, OrderLine, Receivable, Shipment
from orders.models.order import State
from orders.pace import ALL, BILL, HAND, IN_THE_FACTORY, Decision, next_step
from orders.services import fulfilling, invoicing, progressing
from orders.services.situations import loaded, situations

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""Of a run; what is left is found by the next one."""
ROUNDS = 12
"""More than there are steps: goods on the shelf pass several in one run."""
PATIENCE = timedelta(hours=1)
"""An order that could not move for a reason nobody foresaw is tried again after this."""
STUCK = "order.stuck"
_OVERTAKEN = frozenset({"order.wrong_state", "order.changed_meanwhile", "order.on_hold"})
_FAILED = N_("Its step failed; the log of the house says why")

Act = Callable[[Order], object]
ACTS: Mapping[str, Act] = {
    "plan": fulfilling.plan,
    "start_production": fulfilling.start_production,
    "finish_production": fulfilling.finish_production,
    "pack": fulfilling.pack,
    "ship": fulfilling.ship,
    "deliver": fulfilling.deliver,
    "follow": progressing.follow,
    BILL: invoicing.issue,
}


def advance(now: datetime, ids: Iterable[int] | None = None) -> int:
    """Move orders as far as nothing is in their way, those named or all that are due.

    Finds them with as many queries for one as for many. Two of these may run at once: who comes
    second is refused as everybody is. An order that fails stops no other; it says so in its
    history and on its page, and is tried again after an hour. Returns how many steps were taken.
    """
    today = timezone.localdate(now)
    keys = list(due(now, ids).values_list("pk", flat=True)[:MOST_AT_ONCE])
    steps = 0
    for _ in range(ROUNDS):
        orders = list(loaded(Order.objects.filter(pk__in=keys).order_by("pk"))) if keys else []
        decisions = _decide(orders, today)
        keys = [one.pk for one in orders if _take(one, decisions[one.pk].step)]
        if not keys:
            break
        steps += len(keys)
    return steps


def decision_of(order: Order, today: date) -> Decision:
    """What the order does next by itself, or what is in its way."""
    return _decide(list(loaded(Order.objects.filter(pk=order.pk))), today)[order.pk]


def stuck(order: Order) -> Event | None:
    """The last time it could not move although nothing was in its way; None if it moved since."""
    return failures([order.pk]).get(order.pk)


def failures(orders: Collection[int]) -> dict[int, Event]:
    """The same for the orders with these keys; those that moved since are left out."""
    told = Event.objects.filter(
        subject_type=Order._meta.label_lower,
        subject_id__in=orders,
        kind__in=(STUCK, "order.moved", "order.released"),
    )
    last = {one.subject_id: one for one in told.order_by("pk")}
    return {pk: one for pk, one in last.items() if one.kind == STUCK}


def due(now: datetime, ids: Iterable[int] | None = None) -> "QuerySet[Order]":
    """Orders that may have a step to take; the decision itself is orders.pace's."""
    orders = Order.objects.filter(on_hold=False, customer__isnull=False)
    if ids is not None:
        orders = orders.filter(pk__in=list(ids))
    return orders.filter(_by_state(timezone.localdate(now)), ~_failed_lately(now)).order_by("pk")


def _by_state(today: date) -> Q:
    by_itself = ~Q(customer__progression=HAND)
    all_the_way = Q(customer__progression=ALL)
    shipped = Exists(_lines(shipped__gt=0))
    coming = Exists(_parcels(expected_on__gt=today))
    in_time = _its_time(today) | _to_bill_in_advance()
    return (
        Q(state__in=IN_THE_FACTORY) & by_itself & _may_be_paid() & in_time
        | Q(state=State.PRODUCED) & all_the_way & _may_be_paid()
        | Q(state=State.PACKED) & all_the_way & _may_be_paid() & ~shipped & in_time
        | Q(state=State.SHIPPED) & all_the_way & (~coming | _to_bill())
        | Q(state=State.DELIVERED) & (all_the_way | ~_to_bill())
        | Q(state=State.INVOICED) & Exists(_owed()) & ~Exists(_owed(Receivable.UNPAID))
    )


def _its_time(today: date) -> Q:
    """Nothing has to be made for it, or the day of its next state has come."""
    made = Exists(_lines(product__from_stock=False))
    waits = Q()
    for state, after in (
        (State.PLANNED, State.IN_PRODUCTION),
        (State.IN_PRODUCTION, State.PRODUCED),
    ):
        waits |= Q(state=state) & made & _later(after, today)
    return ~Q(waits | Q(state=State.PACKED) & _later(State.SHIPPED, today))


def _later(state: State, today: date) -> Q:
    rows = Milestone.objects.filter(order=OuterRef("pk"), state=state, due_on__gt=today)
    return Q(Exists(rows))


def _may_be_paid() -> Q:
    """Everything but what is billed in advance and not paid."""
    return ~Q(Q(payment="prepayment") & Exists(_owed(Receivable.UNPAID)))


def _to_bill_in_advance() -> Q:
    return Q(payment="prepayment") & ~Q(Exists(_lines(invoiced__gt=F("credited"))))


def _to_bill() -> Q:
    return Q(Exists(_lines(shipped__gt=F("returned") + F("invoiced") - F("credited"))))


def _lines(**terms: object) -> "QuerySet[OrderLine]":
    return OrderLine.objects.filter(order=OuterRef("pk"), **terms)


def _parcels(**terms: object) -> "QuerySet[Shipment]":
    return Shipment.objects.filter(order=OuterRef("pk"), delivered_at=None, **terms)


def _owed(states: Iterable[str] = Receivable.State.values) -> "QuerySet[Receivable]":
    rows = Receivable.objects.filter(invoice__order=OuterRef("pk"), invoice__kind="invoice")
    return rows.filter(state__in=list(states))


def _failed_lately(now: datetime) -> Q:
    events = Event.objects.filter(
        subject_type=Order._meta.label_lower,
        subject_id=OuterRef("pk"),
        kind=STUCK,
        at__gt=now - PATIENCE,
    )
    return Q(Exists(events))


def _decide(orders: Iterable[Order], today: date) -> dict[int, Decision]:
    found = situations(orders, today)
    return {pk: next_step(situation) for pk, situation in found.items()}


def _take(order: Order, step: str) -> bool:
    """Take the step; False where there is none, or somebody was faster, or it failed."""
    act = ACTS.get(step)
    if act is None:
        return False
    before = order.state
    try:
        act(order)
    except DomainError as refusal:
        if refusal.code not in _OVERTAKEN:
            _note_stuck(order, refusal.message)
        return False
    except Exception:
        logger.exception("%s could not %s", order, step)
        _note_stuck(order, _FAILED)
        return False
    return step == BILL or bool(order.state != before)


def _note_stuck(order: Order, why: str) -> None:
    record(STUCK, order, number=order.number, **{"from": order.state}, why=why)
