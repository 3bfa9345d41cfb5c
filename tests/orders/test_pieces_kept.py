"""Whatever is done to an order in whatever sequence, no piece is lost or made."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hbu.lib.errors import DomainError
from orders.models import Order
from orders.services import fulfilling, invoicing, reducing, returning, shipping
from orders.services.returning import Back
from shop.models import Movement, Stock
from tests.orders.books import AURORA, packed

pytestmark = pytest.mark.django_db
SKUS = (AURORA, "HB-1002")
COUNTS = st.integers(1, 120)
LINES = st.sampled_from(SKUS)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("ship"), LINES, COUNTS),
        st.tuples(st.just("deliver"), LINES, COUNTS),
        st.tuples(st.just("return"), LINES, COUNTS),
        st.tuples(st.just("reduce"), LINES, COUNTS),
        st.tuples(st.just("bill"), LINES, COUNTS),
        st.tuples(st.just("credit"), LINES, COUNTS),
        st.tuples(st.just("cancel"), LINES, COUNTS),
    ),
    max_size=14,
)


def do(order, act, sku, count):
    line = order.lines.get(sku=sku)
    match act:
        case "ship":
            shipping.send(order, {line.pk: count})
        case "deliver":
            for parcel in order.shipments.filter(delivered_at=None)[:1]:
                shipping.deliver(parcel)
        case "return":
            pieces = {line.pk: Back(count, restock=count % 2 == 0)}
            returning.take_back(order, pieces, reason="x")
        case "reduce":
            reducing.cancel_rest(order, {line.pk: count}, reason="x")
        case "bill":
            invoicing.issue(order, {line.pk: count})
        case "credit":
            for row in line.billed_in.filter(invoice__kind="invoice")[:1]:
                invoicing.credit(row.invoice, {row.pk: count}, reason="x")
        case "cancel":
            fulfilling.cancel(order, reason="x")


def moved(order, sku, kind):
    rows = Movement.objects.filter(reference=order.number, product__sku=sku, kind=kind)
    return sum(rows.values_list("quantity", flat=True))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_o1_no_sequence_of_steps_loses_or_makes_a_piece(company, acts):
    with transaction.atomic():
        before = dict(Stock.objects.values_list("product__sku", "on_hand"))
        order = packed((AURORA, 200), ("HB-1002", 100))
        for act, sku, count in acts:
            try:
                do(Order.objects.get(pk=order.pk), act, sku, count)
            except DomainError:
                continue
        order = Order.objects.get(pk=order.pk)
        for line in order.lines.all():
            stock = Stock.objects.get(product=line.product)
            assert line.shipped + line.cancelled <= line.quantity
            assert line.delivered <= line.shipped
            assert line.returned <= line.shipped
            assert line.credited <= line.invoiced <= line.quantity
            restocked = moved(order, line.sku, "returned")
            assert stock.on_hand == before[line.sku] - line.shipped + restocked
            ended = order.state == Order.State.CANCELLED
            left = Decimal(0) if ended else line.quantity - line.shipped - line.cancelled
            assert stock.reserved == left
            assert moved(order, line.sku, "shipped") == line.shipped
            assert restocked <= line.returned
        transaction.set_rollback(True)
