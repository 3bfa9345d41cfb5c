"""Where orders stand, as rows tell it, for the decision on their next step."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from orders.models import Order, OrderLine
from orders.pace import Situation
from orders.services.progressing import PAID, progress_of, receivables
from shop.models import Customer

NEEDED = ("lines__product", "milestones", "shipments")
"""Rows of an order that the decision asks for, beside its customer."""


def loaded(orders: "QuerySet[Order]") -> "QuerySet[Order]":
    """With all that the decision asks for; as many queries for one order as for many."""
    return orders.select_related("customer").prefetch_related(*NEEDED)


def situations(orders: Iterable[Order], today: date) -> dict[int, Situation]:
    """Return the situation of each order; its customer and what is NEEDED are fetched already."""
    orders = list(orders)
    owed: dict[int, list[str]] = defaultdict(list)
    for order, state in receivables(orders).values_list("invoice__order", "state"):
        owed[order].append(state)
    return {order.pk: _situation(order, today, owed[order.pk]) for order in orders}


def _situation(order: Order, today: date, owed: Iterable[str]) -> Situation:
    done, states = progress_of(order), set(owed)
    left = [line for line in order.lines.all() if line.quantity > line.shipped + line.cancelled]
    on_the_way = [one.expected_on for one in order.shipments.all() if one.delivered_at is None]
    return Situation(
        state=order.state,
        today=today,
        on_hold=order.on_hold,
        hold_reason=order.hold_reason,
        doubtful=bool(order.doubts),
        progression=order.customer.progression if order.customer else "hand",
        from_stock=not any(_is_made(line) for line in left),
        in_advance=order.payment == Customer.Payment.PREPAYMENT,
        paid=bool(states) and states <= set(PAID),
        due={one.state: one.due_on for one in order.milestones.all() if one.due_on},
        part_shipped=done.begun,
        expected_on=max((day for day in on_the_way if day), default=None),
        billed=any(line.billed for line in done.lines),
        to_bill=done.to_bill,
        to_credit=done.to_credit,
    )


def _is_made(line: OrderLine) -> bool:
    return line.product is not None and not line.product.from_stock
