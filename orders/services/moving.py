"""How an order changes: its row is locked, and written only as it was seen (promise O3).

Every change counts `Order.version` up; the write names the state and the version it saw, so that of
two who were shown the same order one wins, on a database without row locks, too.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, F, PositiveIntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django_fsm import TransitionNotAllowed, can_proceed

from hbu.journal.models import Event
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from orders.models import Milestone, Order

MOVES = ("order.moved", "order.confirmed")


def lock(order: Order, *, seen: int | None = None) -> Order:
    """Return the order as it is now, ours until the transaction ends.

    `seen` is the version that was shown to whoever wants the change; raises when it is another now.
    """
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if seen is not None and seen != locked.version:
        raise overtaken(locked)
    return locked


def free_to_move(order: Order) -> None:
    """Raise where the order is on hold: then nothing moves but its release and its cancellation."""
    if order.on_hold:
        said = gettext("%(number)s is on hold: %(reason)s")
        told = {"number": order.number, "reason": order.hold_reason}
        raise DomainError("order.on_hold", said % told)


def fits(order: Order, transition: str) -> None:
    """Raise where the state of a locked order does not allow the step."""
    if not can_proceed(getattr(order, transition), check_conditions=False):
        raise refusal(order)


def move(
    order: Order,
    transition: str,
    by: AbstractBaseUser | None = None,
    *,
    reason: str = "",
    fields: Sequence[str] = (),
) -> None:
    """Take a locked order over one transition of its life, note when, and record it.

    `fields` are written with the state.
    """
    before = order.state
    try:
        getattr(order, transition)()
    except TransitionNotAllowed:
        raise refusal(order) from None
    write(order, ["state", *fields], was=before)
    reach([order])
    data = {"number": order.number, "from": before, "to": order.state}
    record("order.moved", order, actor=by, reason=reason, **data)


def write(order: Order, fields: Iterable[str] = (), *, was: str = "") -> None:
    """Write fields of a locked order and count the change. Raises when somebody was faster."""
    values: dict[str, Any] = {name: getattr(order, name) for name in fields}
    seen = Order.objects.filter(pk=order.pk, state=was or order.state, version=order.version)
    if not seen.update(version=order.version + 1, **values):
        raise overtaken(order)
    order.version += 1


def swap(orders: Sequence[Order], transition: str) -> None:
    """Take locked orders of one state over the same transition with one statement."""
    before = orders[0].state
    for order in orders:
        getattr(order, transition)()
    versions = Case(
        *(When(pk=order.pk, then=Value(order.version)) for order in orders),
        output_field=PositiveIntegerField(),
    )
    seen = Order.objects.filter(
        pk__in=[order.pk for order in orders], state=before, version=versions
    )
    if seen.order_by().update(state=orders[0].state, version=F("version") + 1) < len(orders):
        raise overtaken(orders[0])
    for order in orders:
        order.version += 1
    reach(orders)


def reach(orders: Iterable[Order]) -> None:
    """Note that the orders have reached their states now; what was due when stays as planned."""
    now = timezone.now()
    Milestone.objects.bulk_create(
        [Milestone(order=order, state=order.state, reached_at=now) for order in orders],
        update_conflicts=True,
        unique_fields=["order", "state"],
        update_fields=["reached_at"],
    )


def overtaken(order: Order) -> DomainError:
    """Tell who looked at an order that somebody changed since."""
    said = gettext("%(number)s was changed meanwhile; look at it again.")
    return DomainError("order.changed_meanwhile", said % {"number": order.number})


def refusal(order: Order) -> DomainError:
    """Tell the second of two who was faster and what the order is now (promise O3)."""
    moves = Event.objects.about(order).filter(kind__in=MOVES).select_related("actor")
    last = moves.first()
    who = f" ({last.actor}, {timezone.localtime(last.at):%H:%M})" if last and last.actor else ""
    said = gettext("%(number)s is %(state)s%(who)s; this step does not fit.")
    told = {"number": order.number, "state": order.get_state_display(), "who": who}
    return DomainError("order.wrong_state", said % told)


def copy_back(order: Order, locked: Order) -> None:
    """Let the caller's object show what was saved."""
    order.__dict__.update(locked.__dict__)
