"""What an order is promised for, and when it has to be where to keep that."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone

from hbu.company.calendar import calendar
from hbu.company.terms import terms
from hbu.lib.hours import Calendar, add_working_days
from orders import schedule
from orders.models import Milestone, Order, OrderLine
from shop.models import Product


def promise(orders: Sequence[Order]) -> None:
    """Promise each the customer's date where the slowest product allows it, and plan backwards.

    The promised date is set and not saved; the plan is. Costs as many queries for one as for many.
    """
    house, today, transit = calendar(), timezone.localdate(), terms().transit_days
    products = _products(orders)
    plans = []
    for order in orders:
        wanted = [products[one.product_id] for one in order.lines.all() if one.product_id]
        days = _days(wanted, transit)
        order.promised_date = _promised(house, today, days, order.requested_date)
        made_of = schedule.Terms(
            confirmed_on=today,
            promised_for=order.promised_date,
            transit_days=transit,
            lead_days=days,
            from_stock=all(product.from_stock for product in wanted),
        )
        plans.append((order, schedule.plan(house, made_of)))
    Milestone.objects.bulk_create(
        [
            Milestone(order=order, state=state, due_on=day)
            for order, plan in plans
            for state, day in plan.items()
        ],
        update_conflicts=True,
        unique_fields=["order", "state"],
        update_fields=["due_on"],
    )


def day_for(lines: Iterable[OrderLine], requested: date | None) -> date:
    """The day that an order of these lines would be promised for now; writes nothing."""
    wanted = Product.objects.only("lead_time_days").filter(pk__in=[one.product_id for one in lines])
    days = _days(wanted, terms().transit_days)
    return _promised(calendar(), timezone.localdate(), days, requested)


def _days(products: Iterable[Product], transit: int) -> int:
    return max([transit, *(product.lead_time_days for product in products)])


def _promised(house: Calendar, today: date, days: int, requested: date | None) -> date:
    earliest = add_working_days(house, today, days)
    return add_working_days(house, max(earliest, requested or earliest), 0)


def _products(orders: Sequence[Order]) -> dict[int, Product]:
    wanted = {line.product_id for order in orders for line in order.lines.all()}
    return Product.objects.only("lead_time_days", "from_stock").in_bulk(
        [product for product in wanted if product]
    )
