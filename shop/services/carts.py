"""What somebody wants to buy, until he does: kept beyond the closed browser, merged at login.

Quantities are pieces, in whole packs from the minimum on. The price that a line remembers is what was
shown, never what is charged (promise O6).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop import quantities
from shop.models import Cart, CartLine, Customer, Product
from shop.models.cart import new_token
from shop.services import baskets, selling

KEPT = timedelta(days=180)
MOST = quantities.MOST
MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a wish: how many pieces lie in the cart now, and why not just as many."""

    product: Product
    asked: int
    quantity: int
    corrected: tuple[str, ...] = ()
    """min_quantity, pack_size: it was rounded up to what we sell."""


# Whose cart


def of_user(user: AbstractBaseUser) -> Cart | None:
    return Cart.objects.filter(user=user.pk).first()


def of_guest(token: str) -> Cart | None:
    """Return the cart that a cookie names. One that belongs to a login is opened by login alone."""
    return Cart.objects.filter(token=token, user=None).first() if token else None


def new(user: AbstractBaseUser | None = None) -> Cart:
    if user is None:
        return Cart.objects.create()
    return Cart.objects.get_or_create(user_id=user.pk)[0]


# What lies in it


def add(
    cart: Cart, sku: str, asked: object, *, had: int | None = None, customer: Customer | None = None
) -> Put:
    """Put pieces in. `had`: how many lay there when the page was made.

    So the second of two clicks finds its pieces in the cart and adds none. Raises DomainError.
    """
    pieces = quantities.parse(asked)
    product = _on_sale(sku)
    with transaction.atomic():
        lines = _lock(cart)
        line = lines.get(product.pk)
        there = line.quantity if line else 0
        if had is not None and there == _sold(product, had + pieces) and there > had:
            return Put(product, pieces, there)
        if line is None and len(lines) >= MOST_LINES:
            raise DomainError(
                "cart.full", N_("This cart is full. Please order what is in it first.")
            )
        if there + pieces > MOST:
            raise quantities.BadQuantity
        return _write(cart, product, there + pieces, customer)


def change(cart: Cart, sku: str, asked: object, *, customer: Customer | None = None) -> Put:
    """Have so many pieces from now on. Raises DomainError; also when it was taken out meanwhile."""
    pieces = quantities.parse(asked)
    product = _on_sale(sku)
    with transaction.atomic():
        if product.pk not in _lock(cart):
            raise DomainError("cart.not_in_it", N_("This is not in your cart any more."))
        return _write(cart, product, pieces, customer)


def remove(cart: Cart, sku: str) -> bool:
    """Take it out; whether it was there."""
    with transaction.atomic():
        _lock(cart)
        gone, _each = CartLine.objects.filter(cart=cart, product__sku=sku).delete()
        _touch(cart)
    return bool(gone)


def clear(cart: Cart) -> None:
    """All of it was ordered."""
    with transaction.atomic():
        CartLine.objects.filter(cart=cart).delete()
        _touch(cart)


def count(cart: Cart) -> int:
    return cart.lines.count()


def quantity_of(cart: Cart | None, product: Product) -> int:
    line = CartLine.objects.filter(cart=cart, product=product).first() if cart else None
    return line.quantity if line else 0


def first_quantity(product: Product) -> int:
    """Return the fewest pieces that somebody can buy."""
    return _sold(product, product.min_quantity)


def _on_sale(sku: str) -> Product:
    product = Product.objects.on_sale().filter(sku=sku).first()
    if product is None:
        raise DomainError("product.gone", N_("This article is not sold any more."), status=404)
    return product


def _lock(cart: Cart) -> dict[int, CartLine]:
    Cart.objects.select_for_update().get(pk=cart.pk)
    return {line.product_id: line for line in CartLine.objects.filter(cart=cart)}


def _sold(product: Product, quantity: int) -> int:
    return quantities.whole_packs(
        quantity, pack_size=product.pack_size, min_quantity=product.min_quantity
    )


def _write(cart: Cart, product: Product, asked: int, customer: Customer | None) -> Put:
    quantity = _sold(product, asked)
    offer = selling.offers([product], customer)[product.pk]
    CartLine.objects.update_or_create(
        cart=cart,
        product=product,
        defaults={"quantity": quantity, "shown_price": baskets.reached(offer, quantity)},
    )
    _touch(cart)
    corrected = quantities.corrections(
        asked, pack_size=product.pack_size, min_quantity=product.min_quantity
    )
    return Put(product, asked, quantity, corrected)


def _touch(cart: Cart) -> None:
    Cart.objects.filter(pk=cart.pk).update(updated_at=timezone.now())


def accept_prices(cart: Cart, customer: Customer | None = None) -> None:
    """The buyer has seen today's prices."""
    with transaction.atomic():
        _lock(cart)
        _show_prices(cart, customer)


# At login, and after a long time


def merge(token: str, user: AbstractBaseUser, *, customer: Customer | None = None) -> None:
    """Whoever logged in keeps what he had, and gets what he collected as a guest added to it."""
    with transaction.atomic():
        guest = Cart.objects.select_for_update().filter(token=token, user=None).first()
        if guest is None:
            return
        own = Cart.objects.select_for_update().filter(user=user.pk).first()
        if own is None:
            # The guest's token opens nothing any more.
            own = Cart.objects.create(user_id=user.pk, token=new_token())
        _pour(guest, own)
        guest.delete()
        _show_prices(own, customer)
        _touch(own)


def _pour(guest: Cart, own: Cart) -> None:
    there = {line.product_id: line for line in own.lines.all()}
    for line in guest.lines.select_related("product"):
        before = there.get(line.product_id)
        pieces = min(line.quantity + (before.quantity if before else 0), MOST)
        if before is None and len(there) >= MOST_LINES:
            continue
        mixed = before or CartLine(cart=own, product=line.product)
        # Two times a minimum is one; packs stay whole up to the most.
        mixed.quantity = _sold(line.product, pieces)
        mixed.shown_price = line.shown_price
        mixed.save()
        there[line.product_id] = mixed


def _show_prices(cart: Cart, customer: Customer | None) -> None:
    """Prices of a login are other ones than a guest's: no news, so nobody is asked about it."""
    lines = list(cart.lines.select_related("product"))
    offers = selling.offers([line.product for line in lines], customer)
    for line in lines:
        line.shown_price = baskets.reached(offers[line.product_id], line.quantity)
    CartLine.objects.bulk_update(lines, ["shown_price"])


def sweep(now: datetime | None = None) -> int:
    """Throw away carts that nobody touched for half a year."""
    old = Cart.objects.filter(updated_at__lt=(now or timezone.now()) - KEPT)
    return old.delete()[1].get("shop.Cart", 0)
