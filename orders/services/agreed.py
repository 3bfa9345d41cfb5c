"""What was agreed in a quotation, as the order that it becomes."""

from dataclasses import replace

from django.db.models import F

from hbu.lib.reasons import N_, Reason
from orders.data import Proposal, ProposedLine, ReadDocument, ReadLine
from orders.models import Order, Quotation, QuotationLine
from orders.services import drafting

AS_QUOTED = N_("As quoted")
_AGREED = frozenset(
    {
        "not_an_order", "no_number", "currency", "weak_match", "odd_quantity", "min_quantity",
        "pack_size", "pack_unit", "price_differs", "totals_differ", "over_limit", "date_in_past",
    }
)  # fmt: skip
"""Doubts that a quotation settled when it was sent."""


def proposal_of(quotation: Quotation, *, order: int | None = None) -> Proposal:
    """What the order would be today, at the prices and sums of the quotation.

    `order`: the one that it became, which is no duplicate of itself.
    """
    lines = list(quotation.lines.all())
    read = tuple(
        ReadLine(line.position, line.sku, "", line.quantity, unit="Stück") for line in lines
    )
    document = ReadDocument(
        kind="order",
        format="quotation",
        number=quotation.reference,
        currency=quotation.currency,
        lines=read,
    )
    proposal = drafting.draft([drafting.Request(document, quotation.customer, order=order)])[0]
    return replace(
        proposal,
        lines=tuple(
            _at_quoted_price(one, line, quotation.number)
            for one, line in zip(proposal.lines, lines, strict=True)
        ),
        tax_category=quotation.tax_category,
        net=quotation.net,
        tax=quotation.tax,
        gross=quotation.gross,
        doubts=tuple(doubt for doubt in proposal.doubts if doubt.code not in _AGREED),
    )


def keep(order: Order) -> None:
    """Let our lists not count for the order's lines, whatever a person changes in them later."""
    order.lines.update(agreed_price=F("unit_price"))


def _at_quoted_price(one: ProposedLine, line: QuotationLine, number: str) -> ProposedLine:
    return replace(
        one,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        total=line.total,
        quantity=line.quantity,
        price_reasons=(Reason(AS_QUOTED, number),),
    )
