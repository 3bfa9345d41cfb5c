"""Stock moves by compare-and-swap, so that it is never promised twice (promise O1).

`Stock.reserved` is what the database refuses too much of; `Reservation` says who holds how much of
it. Whoever changes either has the product's stock row locked, in the order of their keys, so that
the sum of the reservations is always what is reserved and nobody waits in a circle.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable

from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Movement, Product, Reservation, Stock

SWEPT_AT_ONCE = 500


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
    with transaction.atomic():
        _lock(_sum(demands))
        _promise(demands)
        _note(demands, Movement.Kind.RESERVED, by)


def release(demands: Sequence[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Take promises back, for example of a cancelled order. Raises NotReserved."""
    with transaction.atomic():
        _unreserve(demands, on_hand=F("on_hand"))
        _note(demands, Movement.Kind.RELEASED, by)


def ship(demands: Sequence[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Reserved pieces leave the house. Raises NotReserved."""
    with transaction.atomic():
        _unreserve(demands, on_hand=F("on_hand") - _each(_sum(demands)))
        _note(demands, Movement.Kind.SHIPPED, by)


def hold(pieces: Mapping[int, int], *, until: datetime, reference: str) -> None:
    """Keep pieces (by product) for a buyer at the checkout, in place of what he held before.

    Raises OutOfStock, and then he holds what he held. A hold is no movement: it ends by itself.
    """
    demands = [Demand(product, count, reference) for product, count in pieces.items() if count]
    with transaction.atomic():
        _make_way(demands, reference)
        _promise(demands, until=until)


def let_go(reference: str) -> None:
    """Free whatever is held under this reference; nothing is as good as something.

    In the transaction that reserves the same pieces nobody can take them in between.
    """
    with transaction.atomic():
        _make_way((), reference)


def expire(now: datetime) -> int:
    """Free what was held and not bought in time; return how many reservations that were."""
    due = Reservation.objects.filter(expires_at__lte=now).order_by("expires_at")
    products = set(due.values_list("product_id", flat=True)[:SWEPT_AT_ONCE])
    if not products:
        return 0
    with transaction.atomic():
        _lock(products)
        # Only now does nobody else let go of them, or hold them longer.
        return _drop(due.filter(product__in=products))


def receive(
    product: Product, quantity: int, *, reference: str = "", by: AbstractBaseUser | None = None
) -> None:
    """Pieces come onto the shelf, from production or a supplier."""
    if quantity <= 0:
        raise DomainError("stock.nothing", N_("Say how many pieces came in."), status=400)
    with transaction.atomic():
        Stock.objects.get_or_create(product=product)
        demands = [Demand(product.pk, quantity, reference[:40])]
        _put_back(demands, Movement.Kind.PRODUCED, by)
        told = {"sku": product.sku, "quantity": quantity, "reference": reference}
        record("stock.received", product.stock, actor=by, **told)


def take_back(demands: Sequence[Demand], *, by: AbstractBaseUser | None = None) -> None:
    """Pieces that a customer returned lie on the shelf again."""
    with transaction.atomic():
        _put_back(demands, Movement.Kind.RETURNED, by)


def _put_back(demands: Sequence[Demand], kind: str, by: AbstractBaseUser | None) -> None:
    each = _sum(demands)
    _lock(each)
    _rows(each).update(on_hand=F("on_hand") + _each(each))
    _note(demands, kind, by)


def _make_way(demands: Iterable[Demand], reference: str) -> None:
    """Lock what is about to change and free what is held under the reference."""
    held = Reservation.objects.filter(reference=reference)
    products = {*_sum(demands), *held.values_list("product_id", flat=True)}
    _lock(products)
    _drop(held.filter(product__in=products))


def _promise(demands: Sequence[Demand], *, until: datetime | None = None) -> None:
    each = _sum(demands)
    enough = _rows(each).filter(on_hand__gte=F("reserved") + _each(each))
    if enough.update(reserved=F("reserved") + _each(each)) < len(each):
        raise OutOfStock
    _keep(_held(demands, 1), until)


def _unreserve(demands: Sequence[Demand], *, on_hand: Combinable) -> None:
    each = _sum(demands)
    _lock(each)
    left = _held(demands, -1)
    if any(count < 0 for count in left.values()):
        raise NotReserved
    promised = _rows(each).filter(reserved__gte=_each(each))
    if promised.update(reserved=F("reserved") - _each(each), on_hand=on_hand) < len(each):
        raise NotReserved
    _keep(left)


def _held(demands: Sequence[Demand], sign: int) -> dict[tuple[int, str], int]:
    """Return what each reference holds of each product once the demands are added or taken off."""
    pieces: dict[tuple[int, str], int] = defaultdict(int)
    for demand in demands:
        pieces[demand.product_id, demand.reference] += sign * demand.quantity
    for product, reference, count in _rows_of(pieces).values_list(
        "product_id", "reference", "quantity"
    ):
        if (product, reference) in pieces:
            pieces[product, reference] += count
    return dict(pieces)


def _keep(pieces: Mapping[tuple[int, str], int], until: datetime | None = None) -> None:
    """Write what each reference holds now; who holds nothing has no row."""
    gone = {pair for pair, count in pieces.items() if not count}
    rows = [one.pk for one in _rows_of(gone) if (one.product_id, one.reference) in gone]
    Reservation.objects.filter(pk__in=rows).delete()
    Reservation.objects.bulk_create(
        (
            Reservation(product_id=product, reference=reference, quantity=count, expires_at=until)
            for (product, reference), count in pieces.items()
            if count
        ),
        update_conflicts=True,
        unique_fields=["product", "reference"],
        update_fields=["quantity"],
    )


def _rows_of(pairs: Collection[tuple[int, str]]) -> "QuerySet[Reservation]":
    """The rows of these pairs of product and reference, and perhaps of some between them."""
    return Reservation.objects.filter(
        product__in={product for product, _ in pairs},
        reference__in={reference for _, reference in pairs},
    ).order_by()


def _drop(held: "QuerySet[Reservation]") -> int:
    pieces: dict[int, int] = defaultdict(int)
    rows = list(held)
    for one in rows:
        pieces[one.product_id] += one.quantity
    if rows:
        _rows(pieces).update(reserved=F("reserved") - _each(pieces))
        Reservation.objects.filter(pk__in=[one.pk for one in rows]).delete()
    return len(rows)


def _lock(products: Iterable[int]) -> None:
    list(_rows(products).select_for_update().order_by("product_id").values_list("pk"))


def _rows(products: Iterable[int]) -> "QuerySet[Stock]":
    return Stock.objects.filter(product_id__in=list(products)).order_by()


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
