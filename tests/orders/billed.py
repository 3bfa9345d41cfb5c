"""Orders on their way through parcels to invoices."""

from decimal import Decimal

from orders.models import Order, Printout
from orders.services import fulfilling, invoicing, printing, shipping
from shop.models import Customer
from tests.orders.books import BERGER, confirmed

STEPS = ("plan", "start_production", "finish_production", "pack")


def customer(number: str = BERGER, **terms) -> Customer:
    Customer.objects.filter(number=number).update(**terms)
    return Customer.objects.get(number=number)


def packed(*wanted, **terms) -> Order:
    """An order that waits for its parcel."""
    order = confirmed(*wanted, **terms)
    for step in STEPS:
        getattr(fulfilling, step)(order)
    return order


def shipped(*wanted, **terms) -> Order:
    order = packed(*wanted, **terms)
    shipping.send(order)
    return order


def invoiced(*wanted, **terms):
    return invoicing.issue(shipped(*wanted, **terms))


def lines_of(order: Order):
    return list(order.lines.order_by("position"))


def printed(printout: Printout) -> Printout:
    printing.make([printout.pk])
    printout.refresh_from_db()
    return printout


def paper_of(invoice, kind="invoice") -> Printout:
    return Printout.objects.get(cause=f"invoice:{invoice.pk}:{kind}")


def D(amount) -> Decimal:
    return Decimal(str(amount))
