"""Pieces come back. What is credited for them is for invoicing to say."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from hbu.company.numbers import draw
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order, Return, ReturnLine
from orders.services import moving, progressing, shipping
from shop.services import stock


@dataclass(frozen=True, slots=True)
class Back:
    quantity: int
    restock: bool
    """Whether the pieces are good enough for the shelf."""


def take_back(
    order: Order,
    pieces: Mapping[int, Back],
    *,
    reason: str,
    by: AbstractBaseUser | None = None,
    seen: int | None = None,
) -> Return:
    """Note what came back, by the keys of the lines; what is restocked is for sale again.

    Raises DomainError without a reason, on hold, when the order changed since `seen`, or when more
    would come back than was shipped.
    """
    if not reason.strip():
        raise DomainError("order.no_reason", N_("Say why the goods came back."), status=400)
    with transaction.atomic():
        locked = moving.lock(order, seen=seen)
        moving.free_to_move(locked)
        parts = shipping.parts_of(locked, {pk: back.quantity for pk, back in pieces.items()})
        shipping.count(parts, "returned", limit="shipped")
        kept = [part for part in parts if pieces[part.line.pk].restock]
        stock.take_back(shipping.demands(locked, kept), by=by)
        goods = Return.objects.create(
            number=draw("R")[0],
            order=locked,
            reason=reason.strip()[:300],
            by_id=by.pk if by else None,
        )
        ReturnLine.objects.bulk_create(
            ReturnLine(goods=goods, line=part.line, quantity=part.quantity, restocked=part in kept)
            for part in parts
        )
        moving.write(locked)
        record(
            "goods.returned",
            goods,
            actor=by,
            number=goods.number,
            order=locked.number,
            lines=[f"{part.line.position}: {part.quantity} × {part.line.sku}" for part in parts],
            reason=goods.reason,
        )
        progressing.follow(locked, by=by)
    moving.copy_back(order, locked)
    return goods
