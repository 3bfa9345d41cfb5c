"""What a customer may see: his own, that of customers put into him, and nobody else's (promise O7)."""

from django.db.models import Q, QuerySet

from orders.models import Order, Printout, Quotation
from shop.models import Customer


def orders(customer: Customer | None) -> QuerySet[Order]:
    return Order.objects.filter(customer__in=_family(customer))


def quotations(customer: Customer | None) -> QuerySet[Quotation]:
    return Quotation.objects.filter(customer__in=_family(customer))


def printouts(customer: Customer | None) -> QuerySet[Printout]:
    """Documents that are made; reminders and delivery notes hang on their order."""
    return _made().filter(
        Q(order__customer__in=_family(customer))
        | Q(invoice__customer__in=_family(customer))
        | Q(shipment__order__customer__in=_family(customer))
        | Q(quotation__customer__in=_family(customer))
        | Q(reminder__invoice__customer__in=_family(customer))
    )


def printouts_of(order: Order) -> QuerySet[Printout]:
    return _made().filter(
        Q(order=order)
        | Q(invoice__order=order)
        | Q(shipment__order=order)
        | Q(reminder__invoice__order=order)
    )


def printouts_of_quotation(quotation: Quotation) -> QuerySet[Printout]:
    return _made().filter(quotation=quotation)


def _made() -> QuerySet[Printout]:
    return Printout.objects.filter(state=Printout.State.MADE)


def _family(customer: Customer | None) -> QuerySet[Customer]:
    """The customer and those that were put into it, however often."""
    if customer is None:
        return Customer.objects.none()
    keys = {customer.pk}
    while more := set(
        Customer.objects.filter(merged_into__in=keys)
        .exclude(pk__in=keys)
        .values_list("pk", flat=True)
    ):
        keys |= more
    return Customer.objects.filter(pk__in=keys)
