"""An order is confirmed: its pieces are promised to it, it gets its dates, and the customer is told."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from hbu.company.terms import terms
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all
from orders.models import Order, Printout
from orders.models.order import State
from orders.services import addressing, credit, moving, printing, scheduling
from shop.services import stock


def confirm(
    orders: Sequence[Order], *, by: AbstractBaseUser | None = None, trusted: bool = False
) -> None:
    """Confirm orders: reserve their pieces and promise a date; all of them or none.

    Raises DomainError when an order is in doubt or on hold, has been moved meanwhile, stock is too
    low or, unless a person has `trusted` the customer with it, above the credit limit.
    """
    if not orders:
        return
    with transaction.atomic():
        locked = _lock(orders)
        for order in locked:
            _guard(order)
        if not trusted:
            credit.check(locked)
        stock.reserve(demands(locked), by=by)
        scheduling.promise(locked)
        _fill_in(locked)
        _write(locked)
        printing.want(map(_confirmation, locked))
        record_many(
            "order.confirmed",
            ((one, {"number": one.number, "gross": str(one.gross)}) for one in locked),
            actor=by,
        )
    fresh = {order.pk: order for order in locked}
    for order in orders:
        moving.copy_back(order, fresh[order.pk])


def confirm_or_doubt(orders: Sequence[Order]) -> None:
    """Confirm orders that nothing spoke against; one that the books refuse now waits in doubt.

    Between the proposal and this moment another order may have taken the last pieces.
    """
    try:
        confirm(orders)
    except DomainError:
        for order in orders:
            _confirm_or_doubt(order)


def confirm_as_asked(order: Order, *, by: AbstractBaseUser) -> None:
    """A person confirms. Above the credit limit the order then says so and can be accepted.

    Raises what `confirm` raises.
    """
    try:
        confirm([order], by=by)
    except credit.OverLimit as error:
        _doubt(order, error)
        raise


def accept_doubts(order: Order, *, by: AbstractBaseUser) -> None:
    """A person has looked: the order stands as it is shown, and is confirmed. Raises DomainError."""
    try:
        with transaction.atomic():
            locked = _lock([order])[0]
            if locked.state != State.CREATED:
                raise moving.refusal(locked)
            accepted, locked.doubts = locked.doubts, []
            moving.write(locked, ["doubts"])
            record("order.doubts_accepted", locked, actor=by, doubts=accepted)
            trusted = any(one["code"] == credit.CREDIT_LIMIT for one in accepted)
            confirm([locked], by=by, trusted=trusted)
    except credit.OverLimit as error:
        # Nobody was shown this doubt yet, so nobody accepted it.
        _doubt(order, error)
        raise
    moving.copy_back(order, locked)


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
    return list(rows.prefetch_related("lines", "customer__addresses").order_by("pk"))


def _guard(order: Order) -> None:
    if order.state != State.CREATED:
        raise moving.refusal(order)
    moving.free_to_move(order)
    if order.customer_id is None:
        raise DomainError("order.no_customer", N_("Choose the customer before you confirm."))
    lines = order.lines.all()
    if not lines or any(line.product_id is None for line in lines):
        raise DomainError("order.unknown_product", N_("Choose a product for every line first."))
    if any(line.quantity != int(line.quantity) for line in lines):
        raise DomainError("order.broken_pieces", N_("We sell whole pieces only."))
    if order.doubts:
        raise DomainError("order.in_doubt", N_("A person has to look at the doubts first."))


def _fill_in(orders: Sequence[Order]) -> None:
    """What the order did not say is as the customer's row says it, from now on for good."""
    now = timezone.now()
    until = timezone.localdate() + timedelta(days=terms().link_days)
    for order in orders:
        order.confirmed_at = now
        order.billing_address = order.billing_address or addressing.billing(order.customer)
        order.delivery_address = order.delivery_address or addressing.delivery(order.customer)
        order.token_until = order.token_until or until


def _write(orders: Sequence[Order]) -> None:
    try:
        with transaction.atomic():
            moving.swap(orders, "confirm")
    except IntegrityError:
        # The database holds what no look beforehand could: a_reference_is_confirmed_once.
        raise DomainError(
            "order.reference_taken",
            N_("An order of this customer with the same number is confirmed already."),
        ) from None
    filled_in = ["confirmed_at", "promised_date", "token_until"]
    save_all(orders, [*filled_in, "billing_address", "delivery_address"])


def _confirmation(order: Order) -> Printout:
    return Printout(
        cause=f"order:{order.pk}:confirmation:1",
        kind=Printout.Kind.CONFIRMATION,
        order=order,
        language=order.language,
    )


def _confirm_or_doubt(order: Order) -> None:
    try:
        confirm([order])
    except DomainError as error:
        _doubt(order, error)


def _doubt(order: Order, error: DomainError) -> None:
    """Let the order wait for a person, unless somebody has confirmed or cancelled it meanwhile."""
    with transaction.atomic():
        locked = moving.lock(order)
        if locked.state == State.CREATED:
            doubt: dict[str, Any] = {"code": error.code, "what": error.message, "position": 0}
            doubt["evidence"] = getattr(error, "evidence", "")
            others = [one for one in locked.doubts if one["code"] != error.code]
            locked.doubts = [*others, doubt]
            moving.write(locked, ["doubts"])
            record("order.doubted", locked, number=locked.number, why=error.code)
    moving.copy_back(order, locked)
