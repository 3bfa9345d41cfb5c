"""Invoices, cancellations and credit notes: issued once, without a gap in their numbers, never changed.

Each has a series of its own: RE, ST, GS. The number is drawn in the transaction that issues it, so
a failure gives it back (promise O5). A mistake is put right by another document that refers to the
first one; nothing is edited or deleted, which the database itself refuses.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders import billing
from orders.models import (
    Allocation,
    Invoice,
    InvoiceLine,
    Order,
    OrderLine,
    Receivable,
    Return,
)
from orders.models.order import State
from orders.services import crediting, issuing, moving, open_items, progressing, shipping
from orders.services.shipping import Part
from shop.models import Customer
from shop.pricing import line_total

_TOO_EARLY = (State.CREATED, State.CANCELLED)


def issue(
    order: Order, lines: Mapping[int, int] | None = None, *, by: AbstractBaseUser | None = None
) -> Invoice:
    """Bill what was shipped, or in advance what was ordered, and is not billed yet.

    `lines` bills so many pieces of some order lines only. Raises DomainError where there is nothing
    to bill, more is asked for than there is, or the invoice would lack what it has to state.
    """
    with transaction.atomic():
        locked = moving.lock(order)
        if locked.state in _TOO_EARLY:
            raise moving.refusal(locked)
        moving.free_to_move(locked)
        customer = _customer(locked)
        wanted = _parts(locked, lines)
        invoice = issuing.drawn_up(locked, customer)
        rows = [_row(at, part, locked) for at, part in enumerate(wanted, start=1)]
        issuing.sum_up(invoice, rows)
        if not invoice.gross:
            raise DomainError("invoice.nothing_due", N_("There is no invoice over nothing."))
        shipping.count(wanted, "invoiced", limit="quantity")
        moving.write(locked)
        issuing.enter(invoice, rows, by)
        issuing.claim(invoice)
        progressing.follow(locked, by=by)
    moving.copy_back(order, locked)
    return invoice


def cancel(invoice: Invoice, *, reason: str, by: AbstractBaseUser | None = None) -> Invoice:
    """Take an invoice back as a whole; what stood on it can be billed anew.

    Raises DomainError when it is paid in part or whole, credited in part, or cancelled already.
    """
    reason = _said(reason)
    with transaction.atomic():
        order = _lock_order_of(invoice)
        _uncorrected(invoice)
        if _allocated(invoice).exists():
            raise DomainError(
                "invoice.paid",
                N_(
                    "Payments are booked on this invoice. Take them back first, or credit its lines."
                ),
            )
        _free(invoice)
        correction = _correction(invoice, Invoice.Kind.CANCELLATION, reason)
        rows = [crediting.copied(line) for line in invoice.lines.order_by("position")]
        correction.net, correction.tax, correction.gross = invoice.net, invoice.tax, invoice.gross
        correction.taxes = invoice.taxes
        issuing.enter(correction, rows, by)
        _settle(invoice, correction, by)
        _tell(invoice, correction, by)
        progressing.follow(order, by=by)
    return correction


def credit(
    invoice: Invoice,
    lines: Mapping[int, int | Decimal],
    *,
    reason: str,
    by: AbstractBaseUser | None = None,
) -> Invoice:
    """Credit lines of an invoice, by their keys: pieces that came back or were cancelled as whole
    numbers, a reduction of the price as a net amount (Decimal).

    What the customer has paid already and does not owe any more is owed to him by the credit note.
    Raises DomainError for more than stands on the line.
    """
    reason = _said(reason)
    with transaction.atomic():
        order = _lock_order_of(invoice)
        if invoice.corrections.filter(kind=Invoice.Kind.CANCELLATION).exists():
            raise _cancelled()
        rows = crediting.rows(invoice, lines)
        correction = _correction(invoice, Invoice.Kind.CREDIT_NOTE, reason)
        issuing.sum_up(correction, rows)
        if not correction.gross:
            raise DomainError("invoice.nothing_credited", N_("Say what is credited."), status=400)
        issuing.enter(correction, rows, by)
        _settle(invoice, correction, by)
        _tell(invoice, correction, by)
        progressing.follow(order, by=by)
    return correction


def credit_return(goods: Return, *, by: AbstractBaseUser | None = None) -> list[Invoice]:
    """Credit what came back and was billed: one credit note for each invoice that it stood on."""
    with transaction.atomic():
        moving.lock(goods.order)
        wanted = crediting.billed_pieces(goods)
        if not wanted:
            raise DomainError(
                "invoice.nothing_to_credit", N_("Nothing of this is billed and not credited yet.")
            )
        return [
            credit(invoice, lines, reason=goods.reason, by=by) for invoice, lines in wanted.items()
        ]


def billable(order: Order) -> dict[int, int]:
    """How many pieces of each line can be billed now, by the line's key."""
    in_advance = order.payment == Customer.Payment.PREPAYMENT
    pieces = (
        (line.pk, billing.to_bill(progressing.pieces_of(line), in_advance=in_advance))
        for line in order.lines.all()
    )
    return {pk: quantity for pk, quantity in pieces if quantity}


def _customer(order: Order) -> Customer:
    if order.customer is None:
        raise DomainError("invoice.no_customer", N_("An order without a customer is not billed."))
    return order.customer


def _parts(order: Order, lines: Mapping[int, int] | None) -> list[Part]:
    allowed = billable(order)
    wanted = allowed if lines is None else {pk: count for pk, count in lines.items() if count}
    if not wanted:
        raise DomainError("invoice.nothing", N_("There is nothing to bill for this order now."))
    known = {line.pk: line for line in order.lines.order_by("position")}
    for pk, count in wanted.items():
        if pk not in known or not 0 < count <= allowed.get(pk, 0):
            raise DomainError(
                "invoice.too_much",
                N_("More is to be billed than was shipped and is not billed yet."),
            )
    return [Part(line, wanted[pk]) for pk, line in known.items() if pk in wanted]


def _row(position: int, part: Part, order: Order) -> InvoiceLine:
    line = part.line
    return InvoiceLine(
        position=position,
        order_line=line,
        product_id=line.product_id,
        sku=line.sku,
        name=line.name,
        quantity=Decimal(part.quantity),
        unit_price=line.unit_price,
        tax_rate=billing.rate_of(order.tax_category, line.tax_rate),
        total=line_total(line.unit_price, part.quantity),
    )


def _said(reason: str) -> str:
    if not reason.strip():
        raise DomainError("invoice.no_reason", N_("Say why the invoice is corrected."), status=400)
    return reason.strip()[:300]


def _lock_order_of(invoice: Invoice) -> Order:
    if invoice.kind != Invoice.Kind.INVOICE:
        raise DomainError("invoice.no_invoice", N_("Only an invoice can be corrected."))
    return moving.lock(invoice.order)


def _uncorrected(invoice: Invoice) -> None:
    kinds = set(invoice.corrections.values_list("kind", flat=True))
    if Invoice.Kind.CANCELLATION in kinds:
        raise _cancelled()
    if kinds:
        raise DomainError(
            "invoice.credited",
            N_("A part of this invoice is credited: credit the rest of it, too."),
        )


def _cancelled() -> DomainError:
    return DomainError("invoice.cancelled", N_("This invoice is cancelled already."))


def _allocated(invoice: Invoice) -> "QuerySet[Allocation]":
    return invoice.allocations.filter(taken_back_at=None)


def _free(invoice: Invoice) -> None:
    """What the invoice billed is not billed any more."""
    for line in invoice.lines.all():
        pieces = int(line.quantity)
        billed = OrderLine.objects.filter(billed_in=line, invoiced__gte=F("credited") + pieces)
        if not billed.update(invoiced=F("invoiced") - pieces):
            raise DomainError(
                "invoice.credited",
                N_("A part of this invoice is credited: credit the rest of it, too."),
            )


def _correction(invoice: Invoice, kind: str, reason: str) -> Invoice:
    """A document that states the same parties and refers to the invoice."""
    return Invoice(
        kind=kind,
        order=invoice.order,
        customer=invoice.customer,
        refers_to=invoice,
        reason=reason,
        language=invoice.language,
        issued_on=timezone.localdate(),
        delivered_on=invoice.delivered_on,
        seller=invoice.seller,
        buyer=invoice.buyer,
        ship_to=invoice.ship_to,
        payment=invoice.payment,
        order_reference=invoice.order_reference,
        buyer_reference=invoice.buyer_reference,
        currency=invoice.currency,
        tax_category=invoice.tax_category,
    )


def _settle(invoice: Invoice, correction: Invoice, by: AbstractBaseUser | None) -> None:
    """Lower what is open of the invoice; what is left beyond it we owe the customer."""
    owed = Receivable.objects.get(invoice=invoice)
    used = min(owed.open_amount, correction.gross)
    if used:
        open_items.lessen(invoice, used, on=None, by=by)
    if left := correction.gross - used:
        Receivable.objects.create(invoice=correction, open_amount=left, due_on=correction.issued_on)


def _tell(invoice: Invoice, correction: Invoice, by: AbstractBaseUser | None) -> None:
    record(
        "invoice.corrected",
        invoice,
        actor=by,
        number=invoice.number,
        kind=str(correction.kind),
        by=correction.number,
        reason=correction.reason,
    )
