"""Stock moves by compare-and-swap, so that it is never promised twice (promise O1)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Movement, Stock


@dataclass(frozen=True, slots=True)
class Demand:
    product_id: int
    quantity: int
    reference: str


class OutOfStock(DomainError):
    def __init__(self) -> None:
        super().__init__("stock.too_low", N_("There is not enough stock for this any more."))


class NotReserved(DomainError):
    def __init__(self) -> None:
        super().__init__("stock.not_reserved", N_("These pieces are not reserved any more."))


def reserve(demands: Sequence[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Promise pieces to orders, all or none, with one statement. Raises OutOfStock."""
    each = _each(demands)
    with transaction.atomic():
        enough = _rows(demands).filter(on_hand__gte=F("reserved") + each)
        if enough.update(reserved=F("reserved") + each) < len(_sum(demands)):
            raise OutOfStock
        _note(demands, Movement.Kind.RESERVED, by)


def release(demands: Sequence[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Take promises back, for example of a cancelled order. Raises NotReserved."""
    with transaction.atomic():
        _unreserve(demands, on_hand=F("on_hand"))
        _note(demands, Movement.Kind.RELEASED, by)


def ship(demands: Sequence[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Reserved pieces leave the house. Raises NotReserved."""
    with transaction.atomic():
        _unreserve(demands, on_hand=F("on_hand") - _each(demands))
        _note(demands, Movement.Kind.SHIPPED, by)


def _unreserve(demands: Sequence[Demand], *, on_hand: Combinable) -> None:
    each = _each(demands)
    promised = _rows(demands).filter(reserved__gte=each)
    if promised.update(reserved=F("reserved") - each, on_hand=on_hand) < len(_sum(demands)):
        raise NotReserved


def _rows(demands: Iterable[Demand]) -> QuerySet[Stock]:
    return Stock.objects.filter(product_id__in=_sum(demands)).order_by()


def _sum(demands: Iterable[Demand]) -> dict[int, int]:
    pieces: dict[int, int] = defaultdict(int)
    for demand in demands:
        pieces[demand.product_id] += demand.quantity
    return dict(pieces)


def _each(demands: Iterable[Demand]) -> Combinable:
    """The quantity of each product as one expression."""
    return Case(
        *(When(product_id=product, then=Value(count)) for product, count in _sum(demands).items()),
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
