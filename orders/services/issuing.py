"""Entering an invoice or its correction into the books, with everything that it states."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import override

from hbu.company.numbers import draw
from hbu.company.terms import terms
from hbu.journal.recording import record
from orders import billing
from orders.models import Invoice, InvoiceLine, Order, Printout, Receivable
from orders.models.position import Sums
from orders.services import printing, trading
from orders.services.composing import parts
from shop.models import Customer

SERIES = {
    Invoice.Kind.INVOICE: "RE",
    Invoice.Kind.CREDIT_NOTE: "GS",
    Invoice.Kind.CANCELLATION: "ST",
}


def drawn_up(order: Order, customer: Customer) -> Invoice:
    """The invoice with copies of whom it concerns and on what terms; lines and sums come later.

    Raises DomainError where it would lack what it has to state.
    """
    with override(order.language):
        us, them = trading.seller(), trading.buyer(order, customer)
    there = trading.ship_to(order)
    trading.guard(order, customer, us, them, there)
    today = timezone.localdate()
    discount = customer.cash_discount_percent if customer.cash_discount_days else Decimal(0)
    if order.payment == Customer.Payment.PREPAYMENT:
        days, discount = terms().prepayment_days, Decimal(0)
    else:
        days = customer.payment_days
    until = today + timedelta(days=customer.cash_discount_days)
    return Invoice(
        kind=Invoice.Kind.INVOICE,
        order=order,
        customer=customer,
        language=order.language,
        issued_on=today,
        due_on=today + timedelta(days=days),
        delivered_on=_delivered_on(order, today),
        seller=asdict(us),
        buyer=asdict(them),
        ship_to=asdict(there),
        payment=order.payment,
        cash_discount_percent=discount,
        cash_discount_until=until if discount else None,
        order_reference=order.reference,
        buyer_reference=customer.buyer_reference,
        currency=order.currency,
        tax_category=order.tax_category,
    )


def _delivered_on(order: Order, today: date) -> date | None:
    """The day of the last delivery, or when the goods left; nothing is known of what is paid first.

    Only a supply within the EU has to name a day in any case (BR-IC-11): there it is the promised one.
    """
    days = [one.delivered_at or one.shipped_at for one in order.shipments.all()]
    if days:
        return timezone.localdate(max(days))
    if order.tax_category == Sums.Tax.INTRA_COMMUNITY:
        return order.promised_date or today
    return None


def sum_up(invoice: Invoice, rows: Iterable[InvoiceLine]) -> None:
    with override(invoice.language):
        reason = parts.untaxed(invoice.tax_category)
    made = billing.billed(((row.total, row.tax_rate) for row in rows), invoice.tax_category, reason)
    invoice.net, invoice.tax, invoice.gross = made.net, made.tax, made.gross
    invoice.taxes = [
        {
            "rate": str(row.rate),
            "basis": str(row.basis),
            "amount": str(row.amount),
            "category": row.category,
            "reason": row.reason,
        }
        for row in made.taxes
    ]


def enter(invoice: Invoice, rows: Sequence[InvoiceLine], by: AbstractBaseUser | None) -> Invoice:
    """Give a finished document its number, write it and tell of it; call in a transaction."""
    invoice.number = draw(SERIES[Invoice.Kind(invoice.kind)])[0]
    invoice.issued_by_id = by.pk if by else None
    invoice.save(force_insert=True)
    for row in rows:
        row.invoice = invoice
    InvoiceLine.objects.bulk_create(rows)
    record(
        "invoice.issued",
        invoice,
        actor=by,
        number=invoice.number,
        kind=str(invoice.kind),
        order=invoice.order.number,
        gross=str(invoice.gross),
    )
    printing.want(_printouts(invoice))
    return invoice


def claim(invoice: Invoice) -> Receivable:
    """What the customer owes us by the invoice, and when we first remind of it."""
    due, days = invoice.due_on or invoice.issued_on, terms().reminder_days
    return Receivable.objects.create(
        invoice=invoice,
        open_amount=invoice.gross,
        due_on=due,
        next_reminder_on=due + timedelta(days=int(days[0])) if days else None,
    )


def _printouts(invoice: Invoice) -> list[Printout]:
    kinds = {
        "invoice": Printout.Kind.INVOICE
        if invoice.kind == Invoice.Kind.INVOICE
        else Printout.Kind.CREDIT_NOTE
    }
    if invoice.customer.invoice_format == Customer.InvoiceFormat.XRECHNUNG:
        kinds["xrechnung"] = Printout.Kind.XRECHNUNG
    return [
        Printout(
            cause=f"invoice:{invoice.pk}:{name}",
            kind=kind,
            order=invoice.order,
            invoice=invoice,
            language=invoice.language,
        )
        for name, kind in kinds.items()
    ]
