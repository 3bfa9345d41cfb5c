"""Pieces of a confirmed order that will not be shipped after all."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order
from orders.models.order import State
from orders.services import moving, progressing, shipping
from shop.services import stock

CONFIRMED_TO_PACKED = (
    State.CONFIRMED,
    State.PLANNED,
    State.IN_PRODUCTION,
    State.PRODUCED,
    State.PACKED,
)


def cancel_rest(
    order: Order,
    quantities: Mapping[int, int] | None = None,
    *,
    reason: str,
    by: AbstractBaseUser | None = None,
    seen: int | None = None,
) -> None:
    """Cancel pieces that were not shipped, by the keys of the lines; without any named, all of them.

    What was reserved for them is free again, and an order of which nothing else is left to ship is
    SHIPPED. Raises DomainError without a reason, when it is on hold or changed since `seen`, or
    when nothing at all would be left of the order: then the order itself is to be cancelled.
    """
    if not reason.strip():
        raise DomainError("order.no_reason", N_("Say why pieces are cancelled."), status=400)
    with transaction.atomic():
        locked = moving.lock(order, seen=seen)
        if locked.state not in CONFIRMED_TO_PACKED:
            raise moving.refusal(locked)
        moving.free_to_move(locked)
        parts = shipping.parts_of(locked, quantities)
        shipping.count(parts, "cancelled", limit="quantity", less=["shipped"])
        if not any(line.wanted for line in progressing.progress_of(locked).lines):
            raise DomainError(
                "order.nothing_left", N_("Nothing would be left: cancel the whole order instead.")
            )
        stock.release(shipping.demands(locked, parts), by=by)
        moving.write(locked)
        lines = [f"{part.line.position}: {part.quantity} × {part.line.sku}" for part in parts]
        told = {"number": locked.number, "lines": lines, "reason": reason.strip()}
        record("order.reduced", locked, actor=by, **told)
        progressing.follow(locked, by=by)
    moving.copy_back(order, locked)
