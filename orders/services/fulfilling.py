"""From the confirmed order to the closed one: one service for each transition.

Each locks the row, checks the guard, changes the state, records the event. Who comes second is told
who was faster (promise O3). What the state says of pieces and money must be so: an order is not
INVOICED before its pieces are billed, nor CLOSED before they are paid.
"""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order
from orders.models.order import State
from orders.progress import Progress
from orders.services import moving, progressing, shipping
from shop.services import stock

Guard = Callable[[Order, Progress], None]


def plan(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "plan", by)


def start_production(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "start_production", by)


def finish_production(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "finish_production", by)


def pack(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "pack", by)


def ship(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """All that is left leaves the house in one parcel."""
    shipping.send(order, by=by)


def deliver(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """Every parcel of the order has arrived."""
    shipping.deliver_all(order, by=by)


def invoice(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """All that was shipped is billed; what is paid already is closed with it."""
    with transaction.atomic():
        _move(order, "invoice", by, _is_billed)
        progressing.follow(order, by=by)


def close(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "close", by, _is_settled)


def cancel(order: Order, *, reason: str, by: AbstractBaseUser | None = None) -> None:
    """Cancel an order of which nothing was shipped; what was reserved for it is free again.

    An order on hold is cancelled, too. Raises DomainError when something of it was shipped or is
    billed.
    """
    if not reason.strip():
        raise DomainError("order.no_reason", N_("Say why the order is cancelled."), status=400)
    with transaction.atomic():
        locked = moving.lock(order)
        moving.fits(locked, "cancel")
        _may_be_cancelled(locked)
        locked.on_hold, locked.hold_reason = False, ""
        moving.move(locked, "cancel", by, reason=reason.strip(), fields=["on_hold", "hold_reason"])
        if locked.confirmed_at is not None:
            left = shipping.parts_left(locked)
            stock.release(shipping.demands(locked, left), by=by)
    moving.copy_back(order, locked)


def _may_be_cancelled(order: Order) -> None:
    done = progressing.progress_of(order)
    if order.state == State.PACKED and done.begun:
        raise DomainError(
            "order.partly_shipped",
            N_("Part of the order has left the house; cancel what is left of it instead."),
        )
    if any(line.billed for line in done.lines):
        raise DomainError("order.billed", N_("The order is billed; cancel its invoice first."))


def _is_billed(order: Order, done: Progress) -> None:
    if not done.billed:
        raise DomainError("order.not_billed", N_("Not all that was shipped is billed yet."))


def _is_settled(order: Order, done: Progress) -> None:
    if not progressing.is_paid(order):
        raise DomainError("order.not_settled", N_("Its invoices are not paid yet."))
    if done.to_credit:
        raise DomainError("order.not_credited", N_("What came back is not credited yet."))


def _move(
    order: Order, transition: str, by: AbstractBaseUser | None, guard: Guard | None = None
) -> None:
    with transaction.atomic():
        locked = moving.lock(order)
        moving.fits(locked, transition)
        moving.free_to_move(locked)
        if guard is not None:
            guard(locked, progressing.progress_of(locked))
        moving.move(locked, transition, by)
    moving.copy_back(order, locked)
