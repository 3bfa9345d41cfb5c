"""Stock moves by compare-and-swap, so that it is never promised twice (promise O1)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.expressions import Combinable

from hbu.lib.errors import DomainError
from shop.models import Movement, Stock


@dataclass(frozen=True, slots=True)
class Demand:
    product_id: int
    quantity: int
    reference: str


class OutOfStock(DomainError):
    def __init__(self) -> None:
        super().__init__("stock.too_low", "There is not enough stock for this any more.")


def reserve(demands: Iterable[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Promise pieces to orders, all or none, with one statement. Raises OutOfStock."""
    demands = list(demands)
    pieces = _sum(demands)
    with transaction.atomic():
        rows = Stock.objects.filter(product_id__in=pieces)
        enough = rows.filter(on_hand__gte=F("reserved") + _each(pieces))
        if enough.update(reserved=F("reserved") + _each(pieces)) < len(pieces):
            raise OutOfStock
        _note(demands, Movement.Kind.RESERVED, by)


def release(demands: Iterable[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Take promises back, for example of a cancelled order."""
    demands = list(demands)
    pieces = _sum(demands)
    with transaction.atomic():
        Stock.objects.filter(product_id__in=pieces).update(reserved=F("reserved") - _each(pieces))
        _note(demands, Movement.Kind.RELEASED, by)


def ship(demands: Iterable[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Reserved pieces leave the house."""
    demands = list(demands)
    pieces = _sum(demands)
    with transaction.atomic():
        Stock.objects.filter(product_id__in=pieces).update(
            on_hand=F("on_hand") - _each(pieces), reserved=F("reserved") - _each(pieces)
        )
        _note(demands, Movement.Kind.SHIPPED, by)


def _sum(demands: Iterable[Demand]) -> dict[int, int]:
    pieces: dict[int, int] = defaultdict(int)
    for demand in demands:
        pieces[demand.product_id] += demand.quantity
    return dict(pieces)


def _each(pieces: Mapping[int, int]) -> Combinable:
    """The quantity of each product as one expression."""
    return Case(
        *(When(product_id=product, then=Value(count)) for product, count in pieces.items()),
        default=Value(0),
        output_field=IntegerField(),
    )


def _note(demands: Iterable[Demand], kind: str, by: AbstractBaseUser | None) -> None:
    Movement.objects.bulk_create(
        Movement(
            product_id=demand.product_id,
            kind=kind,
            quantity=demand.quantity,
            reference=demand.reference,
            by_id=by.pk if by else None,
        )
        for demand in demands
    )
