"""How far we trust a customer: what is open and what is ordered stays below the credit limit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F, Sum
from django.db.models.functions import Coalesce

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order, OrderLine, Receivable
from orders.models.order import State
from shop.models import Customer

CREDIT_LIMIT = "credit_limit"
_NOT_BINDING = (State.CREATED, State.CLOSED, State.CANCELLED)
_CENT = Decimal("0.01")


class OverLimit(DomainError):
    """A person decides whether we trust the customer with this order, too."""

    def __init__(self, order: Order, exposure: Decimal, limit: Decimal) -> None:
        super().__init__(
            CREDIT_LIMIT, N_("Open invoices and orders together are above the credit limit")
        )
        self.order_id = order.pk
        self.evidence = f"{exposure.quantize(_CENT)} > {limit}"


def check(orders: Sequence[Order]) -> None:
    """Raise OverLimit for the first order that takes its customer above the limit.

    What is paid before it leaves the house needs no credit. The customers' rows are held until the
    transaction ends, so that no two of their orders are weighed against the same open sums.
    """
    asking = [order for order in orders if order.payment == Customer.Payment.INVOICE]
    limits = _limits({order.customer_id for order in asking})
    if not limits:
        return
    exposure = exposure_of(limits)
    for order in asking:
        limit = limits.get(order.customer_id or 0)
        if limit is None or order.customer_id is None:
            continue
        exposure[order.customer_id] += order.gross
        if exposure[order.customer_id] > limit:
            raise OverLimit(order, exposure[order.customer_id], limit)


def exposure_of(customers: Iterable[int]) -> defaultdict[int, Decimal]:
    """Return what each customer owes us and what he has ordered that is not billed yet.

    Invoices stay where they were issued: what a customer owes that was put into another one, the
    other one owes.
    """
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    keys = list(customers)
    whose = Coalesce("invoice__customer__merged_into", "invoice__customer")
    open_ones = Receivable.objects.owed_to_us().annotate(whose=whose).filter(whose__in=keys)
    by_customer = open_ones.order_by().values_list("whose")
    for customer, owed in by_customer.annotate(Sum("open_amount")):
        sums[customer] += owed
    for customer, ordered in _ordered(keys):
        sums[customer] += Decimal(ordered).quantize(_CENT)
    return sums


def _limits(customers: Iterable[int | None]) -> dict[int, Decimal]:
    known = [one for one in customers if one is not None]
    rows = Customer.objects.select_for_update(no_key=True).filter(
        pk__in=known, credit_limit__isnull=False
    )
    return {row.pk: row.credit_limit for row in rows.order_by("pk") if row.credit_limit is not None}


def _ordered(customers: Sequence[int]) -> Iterable[tuple[int, Decimal]]:
    left = F("quantity") - F("cancelled") - F("invoiced")
    gross = left * F("unit_price") * (100 + F("tax_rate")) / 100
    money = DecimalField(max_digits=20, decimal_places=6)
    lines = (
        OrderLine.objects.filter(
            order__customer__in=customers, order__payment=Customer.Payment.INVOICE
        )
        .exclude(order__state__in=_NOT_BINDING)
        .filter(quantity__gt=F("cancelled") + F("invoiced"))
    )
    found: Iterable[tuple[int, Decimal]] = (
        lines.order_by()
        .values_list("order__customer")
        .annotate(sum=Sum(ExpressionWrapper(gross, output_field=money)))
    )
    return found
