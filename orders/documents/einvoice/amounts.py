"""Amounts that a document states in several currencies."""

from collections.abc import Sequence
from decimal import Decimal

from orders.documents.einvoice.values import number
from orders.documents.einvoice.xml import Element, attribute, said


def in_currency(amounts: Sequence[Element], currency: str) -> Decimal | None:
    """The amount in this currency; one without a currency is in it; else the only one there is."""
    for wanted in (currency, ""):
        for one in amounts:
            if attribute(one, "currencyID") == wanted:
                return number(said(one))
    return number(said(amounts[0])) if len(amounts) == 1 else None
