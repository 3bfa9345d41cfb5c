"""What our products cost a customer, and how the sale is taxed. Queries do not grow with either."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Q

from hbu.company.models import Company
from shop import pricing, taxing
from shop.data import Discounts, Offer, PricedLine, PriceTable, Tier, Treatment
from shop.models import Customer, DiscountTier, Product, Stock, TierPrice

Tiers = Mapping[int | None, Mapping[int, tuple[Tier, ...]]]
"""Price list (None: everybody) -> product -> its prices by quantity."""


def offers(products: Iterable[Product], customer: Customer | None = None) -> dict[int, Offer]:
    """Return what each product costs this customer and how many are free, in two queries.

    A discount that only the value of an order reaches is not in it: nobody knows that value yet.
    """
    products = list(products)
    costs = tables(products, customer)
    free = available(product.pk for product in products)
    percent = customer.discount_percent if customer else Decimal(0)
    found = {}
    for product in products:
        table = costs[product.pk]
        steps = pricing.steps_of(table, percent=percent, start=product.min_quantity)
        found[product.pk] = Offer(
            product.price, steps[0][1], tuple(steps[1:]), free.get(product.pk, 0)
        )
    return found


def priced(
    wanted: Sequence[tuple[Product, Decimal | int]], customer: Customer | None = None
) -> list[PricedLine]:
    """Price the lines of one cart or order for this customer, with its discount."""
    known = tables([product for product, _ in wanted], customer)
    off = discounts([customer])[customer.pk] if customer else pricing.NO_DISCOUNT
    return pricing.price_lines([(known[product.pk], quantity) for product, quantity in wanted], off)


def tables(products: Iterable[Product], customer: Customer | None = None) -> dict[int, PriceTable]:
    products = list(products)
    list_id = customer.price_list_id if customer else None
    known = tiers([list_id], products)
    return {
        product.pk: PriceTable(
            product.price,
            known[None].get(product.pk, ()),
            known[list_id].get(product.pk, ()) if list_id else (),
        )
        for product in products
    }


def tiers(lists: Iterable[int | None], products: Iterable[Product] | None = None) -> Tiers:
    """Return the prices by quantity for everybody and on these price lists."""
    found: dict[int | None, dict[int, tuple[Tier, ...]]] = defaultdict(dict)
    rows = TierPrice.objects.filter(
        Q(price_list=None) | Q(price_list__in={one for one in lists if one is not None})
    )
    if products is not None:
        rows = rows.filter(product__in=[product.pk for product in products])
    values = rows.order_by("from_quantity").values_list(
        "price_list_id", "product_id", "from_quantity", "price"
    )
    for list_id, product_id, since, price in values:
        known = found[list_id].get(product_id, ())
        found[list_id][product_id] = (*known, (since, price))
    return found


def discounts(customers: Iterable[Customer | None]) -> dict[int, Discounts]:
    known = {one.pk: one for one in customers if one is not None}
    by_value: dict[int, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    rows = DiscountTier.objects.filter(customer__in=known).order_by("from_net")
    for customer_id, since, percent in rows.values_list("customer_id", "from_net", "percent"):
        by_value[customer_id].append((since, percent))
    return {
        key: Discounts(one.discount_percent, tuple(by_value[key])) for key, one in known.items()
    }


def available(products: Iterable[int]) -> dict[int, int]:
    rows = Stock.objects.filter(product__in=list(products)).order_by()
    return {
        product_id: on_hand - reserved
        for product_id, on_hand, reserved in rows.values_list("product_id", "on_hand", "reserved")
    }


def home() -> str:
    """The country that we sell from."""
    return Company.objects.values_list("country", flat=True).first() or "DE"


def taxed(customer: Customer | None, *, ship_to: str = "", seller: str = "") -> Treatment:
    """How a sale to this customer is taxed; `ship_to`: the goods' country, where it is another."""
    seller = seller or home()
    if customer is None:
        return taxing.treatment(seller, ship_to or seller)
    vat_id = taxing.union_vat_id(customer.vat_id)
    return taxing.treatment(seller, ship_to or customer.country, vat_id)
