"""The order's state follows its rows: what was shipped, delivered, billed and paid."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from orders.models import Invoice, Order, OrderLine, Receivable
from orders.progress import Pieces, Progress, follows, progress
from orders.services import moving

PAID = (Receivable.State.PAID, Receivable.State.SETTLED)


def follow(order: Order, *, by: AbstractBaseUser | None = None) -> None:
    """Let the state follow what was shipped, delivered, billed and paid.

    PACKED becomes SHIPPED when nothing is left to ship, SHIPPED becomes DELIVERED when all of it
    arrived, DELIVERED becomes INVOICED when all of it is billed, INVOICED becomes CLOSED when that
    is paid. Call it in the transaction of the cause. It does nothing where the rows do not say so
    or the order is on hold, and may be called twice.
    """
    with transaction.atomic():
        locked = moving.lock(order)
        done = progress_of(locked)
        while not locked.on_hold and (step := follows(locked.state, done, paid=is_paid(locked))):
            moving.move(locked, step, by)
    moving.copy_back(order, locked)


def progress_of(order: Order) -> Progress:
    return progress(map(pieces_of, order.lines.all()))


def pieces_of(line: OrderLine) -> Pieces:
    return Pieces(
        ordered=int(line.quantity),
        cancelled=line.cancelled,
        shipped=line.shipped,
        delivered=line.delivered,
        returned=line.returned,
        invoiced=line.invoiced,
        credited=line.credited,
    )


def receivables(orders: Iterable[Order]) -> "QuerySet[Receivable]":
    """What the orders' invoices ask for; a cancelled invoice asks for nothing."""
    rows = Receivable.objects.filter(invoice__order__in=orders, invoice__kind=Invoice.Kind.INVOICE)
    return rows.exclude(invoice__corrections__kind=Invoice.Kind.CANCELLATION)


def is_paid(order: Order) -> bool:
    """Whether there is an invoice, and nothing of any is open."""
    states = set(receivables([order]).values_list("state", flat=True))
    return bool(states) and states <= set(PAID)
