"""Staff enter an order by hand: a call, a fax, a visit. It takes the way of every other order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import Party, ReadDocument, ReadLine
from orders.models import Order
from orders.services import drafting, placing
from shop.models import Customer


@dataclass(frozen=True, slots=True)
class Wanted:
    sku: str
    quantity: Decimal


def enter(
    customer: Customer,
    lines: Sequence[Wanted],
    *,
    by: AbstractBaseUser,
    reference: str = "",
    requested_date: date | None = None,
    note: str = "",
) -> Order:
    """Enter an order in the state CREATED; what is doubtful about it is named as of any other.

    Raises DomainError when there is nothing in it, or a quantity is none.
    """
    if not lines:
        raise DomainError("order.no_lines", N_("There is nothing in the order."), status=400)
    if any(not one.quantity.is_finite() or one.quantity <= 0 for one in lines):
        said = N_("Each line needs a quantity above nothing.")
        raise DomainError("order.no_pieces", said, status=400)
    document = ReadDocument(
        kind="order",
        format=str(Order.Source.STAFF),
        number=reference.strip(),
        date=timezone.localdate(),
        requested_date=requested_date,
        buyer=Party(name=customer.name, identifier=customer.number),
        lines=tuple(
            ReadLine(position, one.sku.strip(), "", one.quantity, unit="Stück")
            for position, one in enumerate(lines, start=1)
        ),
        note=note,
    )
    with transaction.atomic():
        proposal = drafting.draft([drafting.Request(document, customer)])[0]
        entry = placing.Entry(
            proposal,
            source=Order.Source.STAFF,
            language=customer.language,
            particulars=placing.Particulars(note=note),
        )
        return placing.place([entry], by=by)[0]
