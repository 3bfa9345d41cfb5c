"""The same again: what an order had goes into the cart, at the prices of today."""

from dataclasses import dataclass
from decimal import Decimal

from orders.models import Order, OrderLine
from shop import quantities
from shop.models import Cart, Customer
from shop.services import baskets, carts, selling


@dataclass(frozen=True, slots=True)
class Repeated:
    """What became of a line: in the cart, perhaps at another price or in whole packs, or gone."""

    line: OrderLine
    quantity: int
    was: Decimal
    price: Decimal | None
    """Of a piece today; None: it is not sold any more."""
    available: int = 0

    @property
    def gone(self) -> bool:
        return self.price is None

    @property
    def short(self) -> bool:
        return not self.gone and self.available < self.quantity


def repeat(order: Order, cart: Cart, customer: Customer | None) -> list[Repeated]:
    """Put the order's pieces into the cart and return what is different from then."""
    lines = list(order.lines.select_related("product").order_by("position"))
    sold = [line for line in lines if line.product and line.product.is_active]
    put = {line.pk: _put(cart, line, customer) for line in sold}
    products = [line.product for line in sold if line.product]
    offers = selling.offers(products, customer)
    return [
        Repeated(
            line,
            put[line.pk],
            line.unit_price,
            baskets.reached(offers[line.product_id], put[line.pk]),
            offers[line.product_id].available,
        )
        if line.pk in put and line.product_id
        else Repeated(line, 0, line.unit_price, None)
        for line in lines
    ]


def _put(cart: Cart, line: OrderLine, customer: Customer | None) -> int:
    pieces = min(int(line.quantity), quantities.MOST)
    sku = line.product.sku if line.product else line.sku
    return carts.add(cart, sku, pieces, customer=customer).quantity
