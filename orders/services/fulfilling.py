"""From the confirmed order to the closed one: one service for each transition.

Each locks the row, checks the guard, changes the state, records the event. Who comes second is told
who was faster (promise O3).
"""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django_fsm import TransitionNotAllowed

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order
from orders.services.placing import demands, refusal
from shop.services import stock

Effect = Callable[[Order, AbstractBaseUser | None], None]


def plan(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "plan", by)


def start_production(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "start_production", by)


def finish_production(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "finish_production", by)


def pack(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "pack", by)


def ship(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """The reserved pieces leave the shelf together with the order."""
    _move(order, "ship", by, lambda one, user: stock.ship(demands([one]), by=user))


def deliver(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "deliver", by)


def invoice(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "invoice", by)


def close(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    _move(order, "close", by)


def cancel(order: Order, *, reason: str, by: AbstractBaseUser | None = None) -> None:
    """Cancel an order that has not been shipped; what was reserved for it is free again."""
    if not reason.strip():
        raise DomainError("order.no_reason", N_("Say why the order is cancelled."), status=400)
    _move(order, "cancel", by, _free_stock, reason=reason.strip())


def _free_stock(order: Order, by: AbstractBaseUser | None) -> None:
    if order.confirmed_at is not None:
        stock.release(demands([order]), by=by)


def _move(
    order: Order,
    transition: str,
    by: AbstractBaseUser | None,
    effect: Effect | None = None,
    reason: str = "",
) -> None:
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        before = locked.state
        try:
            getattr(locked, transition)()
        except TransitionNotAllowed:
            raise refusal(locked) from None
        if effect is not None:
            effect(locked, by)
        locked.save(update_fields=["state"])
        data = {"number": locked.number, "from": before, "to": locked.state}
        record("order.moved", locked, actor=by, reason=reason, **data)
    order.__dict__.update(locked.__dict__)
