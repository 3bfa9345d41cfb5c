"""How much of each invoice is open: read for whoever matches, changed in one place only."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.auth.models import AbstractBaseUser

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Allocation, Invoice, Receivable
from orders.paying.amounts import filled
from orders.paying.data import Books, OpenItem, Part

CENT = Decimal("0.01")
ZERO = Decimal(0)


def books(ibans: Iterable[str]) -> Books:
    """All that is open, and whose customers paid from these accounts before."""
    rows = Receivable.objects.unpaid().select_related("invoice__order", "invoice__customer")
    return Books(tuple(map(_item, rows)), _payers({iban for iban in ibans if iban}))


def without(known: Books, allocations: Iterable[Allocation]) -> Books:
    """The books after these were allocated."""
    touched = {one.invoice_id for one in allocations}
    rows = Receivable.objects.unpaid().filter(invoice__in=touched)
    fresh = [_item(row) for row in rows.select_related("invoice__order", "invoice__customer")]
    return replace(known, items=(*(one for one in known.items if one.id not in touched), *fresh))


def spread(amount: Decimal, invoices: Iterable[Invoice]) -> tuple[Part, ...]:
    """An amount on these invoices, credit notes first and then the longest due."""
    rows = Receivable.objects.unpaid().filter(invoice__in=list(invoices))
    items = [_item(row) for row in rows.select_related("invoice__order", "invoice__customer")]
    return filled(amount, items)


def discount_of(receivable: Receivable) -> Decimal:
    """The cash discount on an invoice of which nothing was paid yet, in time or not."""
    invoice = receivable.invoice
    if not invoice.cash_discount_percent or receivable.open_amount != invoice.gross:
        return ZERO
    share = invoice.gross * invoice.cash_discount_percent / 100
    return share.quantize(CENT, ROUND_HALF_UP)


def lessen(
    invoice: Invoice, by_amount: Decimal, *, on: date | None, by: AbstractBaseUser | None
) -> None:
    """Take an amount off what is open, or put it back where it is below zero.

    Call in the transaction of the cause. Who comes second is refused: what is open is written only
    where it still is what was read.
    """
    row = Receivable.objects.select_for_update().get(invoice=invoice)
    seen, before = row.open_amount, row.state
    row.open_amount = (seen - by_amount).quantize(CENT)
    if row.open_amount < 0:
        raise DomainError("invoice.less_is_open", N_("Less than that is open of the invoice."))
    row.state = _state(row)
    paid = row.state == Receivable.State.PAID
    row.paid_on = (row.paid_on or on) if paid else None
    moved = Receivable.objects.filter(pk=row.pk, open_amount=seen).update(
        open_amount=row.open_amount, state=row.state, paid_on=row.paid_on
    )
    if not moved:
        raise DomainError(
            "invoice.changed", N_("Somebody else was faster: look at it as it stands now.")
        )
    if paid and before != row.state and invoice.kind == Invoice.Kind.INVOICE:
        record("invoice.paid", invoice, actor=by, number=invoice.number, gross=str(invoice.gross))


def _state(row: Receivable) -> str:
    was_paid = row.invoice.allocations.filter(taken_back_at=None).exists()
    if row.open_amount == 0:
        return Receivable.State.PAID if was_paid else Receivable.State.SETTLED
    return Receivable.State.PARTLY if was_paid else Receivable.State.OPEN


def _item(row: Receivable) -> OpenItem:
    invoice = row.invoice
    is_credit = invoice.kind != Invoice.Kind.INVOICE
    return OpenItem(
        id=invoice.pk,
        number=invoice.number,
        customer_id=invoice.customer_id,
        open=-row.open_amount if is_credit else row.open_amount,
        due_on=row.due_on,
        currency=invoice.currency,
        customer=invoice.customer.name,
        customer_number=invoice.customer.number,
        order_number=invoice.order.number,
        order_reference=invoice.order_reference or invoice.order.reference,
        discount=ZERO if is_credit else discount_of(row),
        discount_until=invoice.cash_discount_until,
    )


def _payers(ibans: set[str]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    rows = Allocation.objects.filter(entry__iban__in=ibans, taken_back_at=None, amount__gt=0)
    for iban, customer in rows.values_list("entry__iban", "invoice__customer").distinct():
        found.setdefault(iban, set()).add(customer)
    return {iban: frozenset(customers) for iban, customers in found.items()}
