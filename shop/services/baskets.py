"""What a cart comes to today, priced as an order of this customer would be."""

from dataclasses import dataclass, replace
from decimal import Decimal

from hbu.lib.reasons import Reason
from shop import pricing, quantities
from shop.data import Offer, PricedLine, Totals, Treatment
from shop.models import Cart, CartLine, Customer, Product, Reservation
from shop.services import selling


@dataclass(frozen=True, slots=True)
class Advice:
    """So many pieces more, and each costs so much less."""

    more: int
    percent: Decimal
    cheaper: bool
    """All of them together cost less than the fewer do now."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the cart as it stands today."""

    product: Product
    quantity: int
    unit: Decimal
    total: Decimal
    reasons: tuple[Reason, ...]
    offer: Offer
    was: Decimal | None = None
    """The price when it was put in, where it is another today."""
    advice: Advice | None = None
    problems: tuple[str, ...] = ()
    """min_quantity, pack_size, stock: what somebody should look at."""


@dataclass(frozen=True, slots=True)
class Basket:
    """A cart with today's prices."""

    items: tuple[Item, ...]
    gone: tuple[Product, ...]
    """In the cart, but sold no longer."""
    totals: Totals
    treatment: Treatment

    @property
    def orderable(self) -> bool:
        codes = {code for line in self.items for code in line.problems}
        return bool(self.items) and not self.gone and not codes & {"min_quantity", "pack_size"}

    @property
    def changed(self) -> bool:
        return any(line.was is not None for line in self.items)


def read(cart: Cart | None, customer: Customer | None = None) -> Basket:
    """Price what lies in the cart as an order of this customer would be priced now."""
    rows = list(cart.lines.select_related("product")) if cart else []
    gone = tuple(row.product for row in rows if not row.product.is_active)
    rows = [row for row in rows if row.product.is_active]
    products = [row.product for row in rows]
    offers = _with_kept(selling.offers(products, customer), cart)
    prices = selling.priced([(row.product, row.quantity) for row in rows], customer)
    treatment = selling.taxed(customer)
    lines = tuple(
        _line(row, offers[row.product_id], price) for row, price in zip(rows, prices, strict=True)
    )
    sums = ((one.total, treatment.rate_of(one.product.tax_rate)) for one in lines)
    return Basket(lines, gone, pricing.totals(sums), treatment)


def _with_kept(offers: dict[int, Offer], cart: Cart | None) -> dict[int, Offer]:
    """What is kept for this very cart at the checkout is free for its buyer."""
    if not offers or cart is None:
        return offers
    kept = Reservation.objects.filter(reference=cart.hold_reference)
    for product_id, pieces in kept.values_list("product_id", "quantity"):
        if product_id in offers:
            offer = offers[product_id]
            offers[product_id] = replace(offer, available=offer.available + pieces)
    return offers


def _line(row: CartLine, offer: Offer, price: PricedLine) -> Item:
    return Item(
        product=row.product,
        quantity=row.quantity,
        unit=price.unit,
        total=price.total,
        reasons=price.reasons,
        offer=offer,
        was=_was(row, offer),
        advice=advice(offer, row.quantity),
        problems=_problems(row, offer),
    )


def reached(offer: Offer, quantity: int) -> Decimal:
    """What a piece of so many costs, before a discount for the whole order's value."""
    return min((price for since, price in offer.tiers if since <= quantity), default=offer.price)


def advice(offer: Offer, quantity: int) -> Advice | None:
    """Where the next lower price is near: how many pieces more it takes. Near is up to twice."""
    now = reached(offer, quantity)
    for since, price in offer.tiers:
        if quantity < since <= 2 * quantity and price < now:
            percent = ((now - price) * 100 / now).quantize(Decimal("0.1"))
            return Advice(since - quantity, percent, since * price < quantity * now)
    return None


def _was(line: CartLine, offer: Offer) -> Decimal | None:
    today = reached(offer, line.quantity)
    return line.shown_price if line.shown_price not in (None, today) else None


def _problems(line: CartLine, offer: Offer) -> tuple[str, ...]:
    product = line.product
    found = quantities.corrections(
        line.quantity, pack_size=product.pack_size, min_quantity=product.min_quantity
    )
    return (*found, "stock") if offer.available < line.quantity else found
