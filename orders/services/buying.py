"""A cart becomes an order: its pieces are kept while the buyer looks, and bought once he says so."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.company.terms import terms
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order, OrderLine
from orders.services import checkout, placing, refusing
from shop import quantities
from shop.models import Cart, Customer
from shop.services import baskets, carts, guests, stock

EMPTY = N_("Your cart is empty.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a buyer said on his way through the checkout."""

    buyer: Customer | guests.Newcomer
    particulars: placing.Particulars
    language: str
    reference: str = ""
    requested_date: datetime.date | None = None

    @property
    def customer(self) -> Customer | None:
        return self.buyer if isinstance(self.buyer, Customer) else None


@dataclass(frozen=True, slots=True)
class Review:
    """The order as it would be now, with its pieces kept until a moment."""

    order: Order
    lines: Sequence[OrderLine]
    held_until: datetime.datetime
    seen: str
    """What the buyer was shown, in short; he buys that or nothing."""


class Changed(DomainError):
    def __init__(self) -> None:
        message = N_("Something changed since you looked. Please check your order once more.")
        super().__init__("checkout.changed", message)


def review(cart: Cart, wishes: Wishes) -> Review:
    """Show the order that would be made and keep its pieces.

    Raises what checkout.place raises: PricesChanged, SoldOut, LinesRefused, another DomainError.
    """
    purchase = _purchase(cart, wishes)
    shown = checkout.preview(purchase)
    until = timezone.now() + datetime.timedelta(minutes=terms().checkout_minutes)
    pieces = {line.product_id: int(line.quantity) for line in shown.lines if line.product_id}
    try:
        stock.hold(pieces, until=until, reference=cart.hold_reference)
    except stock.OutOfStock:
        # Somebody was faster in this moment; looked at again, it says which lines.
        checkout.preview(purchase)
        raise
    return Review(shown.order, shown.lines, until, _seen(purchase.items, shown.order, shown.lines))


def sums(cart: Cart, wishes: Wishes) -> Order:
    """The order that would be made, for what it comes to; keeps nothing and raises as `review`."""
    return checkout.preview(_purchase(cart, wishes)).order


def buy(cart: Cart, wishes: Wishes, seen: str, *, by: AbstractBaseUser | None = None) -> Order:
    """Place the order that the buyer was shown; raises DomainError, and then nothing was done."""
    with transaction.atomic():
        Cart.objects.select_for_update().get(pk=cart.pk)
        purchase = _purchase(cart, wishes)
        # Before any stock is touched: what is held is then all that will be locked.
        if not seen.startswith(_pieces(purchase.items)):
            raise Changed
        order = checkout.place(purchase, by=by)
        if seen != _seen(purchase.items, order, order.lines.order_by("position")):
            raise Changed
        carts.clear(cart)
    return order


def reduce(cart: Cart, customer: Customer | None) -> None:
    """Have as many of each article as there are, in whole packs; what is not there is taken out."""
    with transaction.atomic():
        Cart.objects.select_for_update().get(pk=cart.pk)
        stock.let_go(cart.hold_reference)
        basket = baskets.read(cart, customer)
        for gone in basket.gone:
            carts.remove(cart, gone.sku)
        for item in basket.items:
            left = _possible(item)
            if left == 0:
                carts.remove(cart, item.product.sku)
            elif left != item.quantity:
                carts.change(cart, item.product.sku, left, customer=customer)


def _possible(item: baskets.Item) -> int:
    product, free = item.product, max(item.offer.available, 0)
    if item.quantity <= free:
        return quantities.whole_packs(
            item.quantity, pack_size=product.pack_size, min_quantity=product.min_quantity
        )
    most = free - free % product.pack_size
    return most if most >= product.min_quantity else 0


def _purchase(cart: Cart, wishes: Wishes) -> checkout.Purchase:
    basket = baskets.read(cart, wishes.customer)
    if basket.gone:
        raise DomainError("cart.gone", N_("Some articles in your cart are not sold any more."))
    if not basket.items:
        raise DomainError("cart.empty", EMPTY)
    if basket.changed:
        raise refusing.PricesChanged(_news(basket.items))
    return checkout.Purchase(
        buyer=wishes.buyer,
        items=[_item(one) for one in basket.items],
        source=Order.Source.SHOP,
        language=wishes.language,
        particulars=wishes.particulars,
        reference=wishes.reference,
        requested_date=wishes.requested_date,
        hold=cart.hold_reference,
    )


def _item(item: baskets.Item) -> checkout.Item:
    return checkout.Item(sku=item.product.sku, quantity=item.quantity, price=item.unit)


def _news(items: Iterable[baskets.Item]) -> list[refusing.Change]:
    return [
        refusing.Change(
            position,
            item.product.sku,
            item.product.name,
            item.was,
            baskets.reached(item.offer, item.quantity),
        )
        for position, item in enumerate(items, start=1)
        if item.was is not None
    ]


def _pieces(items: Iterable[checkout.Item]) -> str:
    return _digest((one.sku, int(one.quantity)) for one in items)


def _seen(items: Iterable[checkout.Item], order: Order, lines: Iterable[OrderLine]) -> str:
    """The pieces, then the prices, the taxes, the sums and the way to pay."""
    told = [f"{one.sku} {one.unit_price:.4f} {one.tax_rate:.1f} {one.total:.2f}" for one in lines]
    sums = f"{order.net:.2f} {order.tax:.2f} {order.gross:.2f} {order.tax_category} {order.payment}"
    return f"{_pieces(items)}-{_digest([*told, sums])}"


def _digest(facts: Iterable[object]) -> str:
    words = "|".join(str(fact) for fact in facts)
    return hashlib.sha256(words.encode()).hexdigest()[:24]
