"""What of an invoice is credited: pieces that the customer does not have, or a part of the price."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import F, QuerySet
from django.utils.translation import gettext, override

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders import billing
from orders.models import Invoice, InvoiceLine, OrderLine, Return
from orders.services import progressing


def rows(invoice: Invoice, lines: Mapping[int, int | Decimal]) -> list[InvoiceLine]:
    """The lines of a credit note, numbered; counts the pieces as credited. Raises DomainError."""
    known = {line.pk: line for line in invoice.lines.order_by("position")}
    if not set(lines) <= set(known):
        raise DomainError("invoice.no_such_line", N_("The invoice has no such line."), status=400)
    left = rests(invoice, known.values())
    found = [
        _credited_line(line, lines[pk], left[pk]) for pk, line in known.items() if lines.get(pk)
    ]
    for position, row in enumerate(found, start=1):
        row.position = position
    return found


def rests(invoice: Invoice, lines: Iterable[InvoiceLine]) -> dict[int, billing.Left]:
    """What of each line is not credited yet; a reduction of the price names no product."""
    credits = InvoiceLine.objects.filter(
        invoice__refers_to=invoice, invoice__kind=Invoice.Kind.CREDIT_NOTE
    )
    known = defaultdict(list)
    for one in credits:
        pieces = one.quantity if one.product_id else Decimal(0)
        known[one.order_line_id].append((pieces, one.total))
    return {
        line.pk: billing.left(line.quantity, line.total, known[line.order_line_id])
        for line in lines
    }


def _credited_line(line: InvoiceLine, wanted: int | Decimal, rest: billing.Left) -> InvoiceLine:
    row = copied(line)
    if isinstance(wanted, Decimal):
        row.product_id, row.sku, row.quantity = None, "", Decimal(1)
        row.unit_price = row.total = wanted.quantize(billing.CENT)
        row.name = _reduction(line)
    else:
        if not 0 < wanted <= rest.quantity:
            raise _too_much()
        row.quantity = Decimal(wanted)
        row.unit_price, row.total = billing.credited(line.unit_price, wanted, rest)
        _give_back(line, wanted)
    if not 0 < row.total <= rest.total:
        raise _too_much()
    return row


def _reduction(line: InvoiceLine) -> str:
    with override(line.invoice.language):
        return (gettext("Price reduction: %(name)s") % {"name": line.name})[:200]


def _give_back(line: InvoiceLine, pieces: int) -> None:
    """Pieces are credited when the customer does not have them; for all else prices are reduced."""
    order_line = OrderLine.objects.get(billed_in=line)
    if pieces > progressing.pieces_of(order_line).to_credit:
        raise DomainError(
            "invoice.not_returned",
            N_(
                "Only pieces that came back or were cancelled are credited as pieces; otherwise "
                "credit an amount."
            ),
        )
    OrderLine.objects.filter(pk=order_line.pk).update(credited=F("credited") + pieces)


def _too_much() -> DomainError:
    return DomainError(
        "invoice.too_much_credited", N_("More is to be credited than is left on the line.")
    )


def copied(line: InvoiceLine) -> InvoiceLine:
    return InvoiceLine(
        position=line.position,
        order_line_id=line.order_line_id,
        product_id=line.product_id,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        total=line.total,
    )


def open_lines(invoice: Invoice) -> list[tuple[InvoiceLine, billing.Left, int]]:
    """Each line with what is not credited yet, and how many pieces of it may be."""
    lines = list(invoice.lines.select_related("order_line").order_by("position"))
    left = rests(invoice, lines)
    return [
        (line, left[line.pk], min(left[line.pk].quantity, _returned(line.order_line)))
        for line in lines
    ]


def _returned(line: OrderLine | None) -> int:
    return progressing.pieces_of(line).to_credit if line else 0


def billed_pieces(goods: Return) -> dict[Invoice, dict[int, int]]:
    """Which invoices the returned pieces stood on, the newest first."""
    found: dict[Invoice, dict[int, int]] = {}
    for returned in goods.lines.select_related("line"):
        left = min(returned.quantity, progressing.pieces_of(returned.line).to_credit)
        for line in _invoiced(returned.line):
            rest = rests(line.invoice, [line])[line.pk].quantity
            if pieces := min(left, rest):
                found.setdefault(line.invoice, {})[line.pk] = pieces
                left -= pieces
    return found


def _invoiced(line: OrderLine) -> "QuerySet[InvoiceLine]":
    invoices = InvoiceLine.objects.filter(order_line=line, invoice__kind=Invoice.Kind.INVOICE)
    standing = invoices.exclude(invoice__corrections__kind=Invoice.Kind.CANCELLATION)
    return standing.select_related("invoice__order", "invoice__customer").order_by("-pk")
