"""An invoice, a credit note or a cancellation is issued; a reminder is written.

They go to where the customer wants invoices, else to whoever ordered.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from cases.services import replying, telling, wording
from cases.services.news import missing
from cases.services.news.shipments import hold_orders
from cases.services.telling import News
from orders.models import Invoice, Printout, Reminder
from shop.models import Customer

TEMPLATES: Mapping[str, str] = {
    Invoice.Kind.INVOICE: "invoice_issued",
    Invoice.Kind.CREDIT_NOTE: "credit_note_issued",
    Invoice.Kind.CANCELLATION: "invoice_cancelled",
}
REMINDERS = {1: "payment_reminder_1", 2: "payment_reminder_2", 3: "payment_reminder_3"}
DESK = "finance"
_RELATED = ("order__customer", "order__document", "customer", "refers_to")


def tell_issued(ids: Iterable[int]) -> None:
    with transaction.atomic():
        rows = Invoice.objects.filter(pk__in=list(ids)).select_related(*_RELATED).order_by("pk")
        hold_orders(invoice.order_id for invoice in rows)
        telling.tell([_issued(invoice) for invoice in rows])


def _issued(invoice: Invoice) -> News:
    return News(
        cause=f"invoice:{invoice.pk}:issued",
        template=TEMPLATES[invoice.kind],
        matter=invoice.order,
        variables=_facts(invoice),
        enclosures=missing.causes(invoice.printouts.all()),
        to_address=invoice.customer.invoice_email,
        by_person=invoice.issued_by_id is not None,
        desk=DESK,
    )


def _facts(invoice: Invoice) -> dict[str, object]:
    language = invoice.order.language
    discount = invoice.cash_discount_percent
    return {
        **replying.order_facts(invoice.order),
        **wording.sums(invoice, language),
        "document_number": invoice.number,
        "preceding_number": invoice.refers_to.number if invoice.refers_to else "",
        "due_date": wording.day(invoice.due_on, language),
        "prepayment": "1" if invoice.payment == Customer.Payment.PREPAYMENT else "",
        "cash_discount": wording.count(discount, language) if discount else "",
        "cash_discount_date": wording.day(invoice.cash_discount_until, language),
    }


def unissued(now: datetime) -> list[int]:
    return missing.keys(
        Invoice.objects.filter(**missing.window(now, "issued_at")), "invoice", "issued"
    )


def tell_reminded(ids: Iterable[int]) -> None:
    with transaction.atomic():
        related = [f"invoice__{name}" for name in _RELATED]
        rows = Reminder.objects.filter(pk__in=list(ids)).select_related(*related).order_by("pk")
        hold_orders(reminder.invoice.order_id for reminder in rows)
        telling.tell([_reminded(reminder) for reminder in rows])


def _reminded(reminder: Reminder) -> News:
    invoice = reminder.invoice
    language = invoice.order.language
    bills = invoice.printouts.filter(kind=Printout.Kind.INVOICE)
    return News(
        cause=f"reminder:{reminder.pk}:written",
        template=REMINDERS[reminder.level],
        matter=invoice.order,
        variables={
            **_facts(invoice),
            "open_amount": wording.money(reminder.open_amount, language),
            "fee": wording.money(reminder.fee, language) if reminder.fee else "",
            "to_pay": wording.money(reminder.open_amount + reminder.fee, language),
            "pay_until": wording.day(reminder.pay_until, language),
        },
        enclosures=(*missing.causes(reminder.printouts.all()), *missing.causes(bills)),
        to_address=invoice.customer.invoice_email,
        by_person=reminder.by_id is not None,
        desk=DESK,
    )


def unreminded(now: datetime) -> list[int]:
    since = (now - timedelta(days=missing.DAYS)).date()
    return missing.keys(Reminder.objects.filter(written_on__gte=since), "reminder", "written")
