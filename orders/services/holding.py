"""An order is put on hold: nothing of it moves until somebody releases or cancels it."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order
from orders.models.order import State
from orders.services import moving, progressing

ENDED = (State.CLOSED, State.CANCELLED)


def hold(order: Order, *, reason: str, by: AbstractBaseUser | None = None) -> None:
    """Put the order on hold. Raises DomainError without a reason, or when it is over already."""
    if not reason.strip():
        raise DomainError("order.no_reason", N_("Say why the order is put on hold."), status=400)
    with transaction.atomic():
        locked = moving.lock(order)
        if locked.state in ENDED:
            raise moving.refusal(locked)
        moving.free_to_move(locked)
        locked.on_hold, locked.hold_reason = True, reason.strip()[:300]
        moving.write(locked, ["on_hold", "hold_reason"])
        record("order.held", locked, actor=by, number=locked.number, reason=locked.hold_reason)
    moving.copy_back(order, locked)


def release(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """Let it move again, and follow what was delivered, billed or paid meanwhile."""
    with transaction.atomic():
        locked = moving.lock(order)
        if not locked.on_hold:
            raise DomainError("order.not_on_hold", N_("The order is not on hold any more."))
        reason, locked.on_hold, locked.hold_reason = locked.hold_reason, False, ""
        moving.write(locked, ["on_hold", "hold_reason"])
        record("order.released", locked, actor=by, number=locked.number, reason=reason)
        progressing.follow(locked, by=by)
    moving.copy_back(order, locked)
