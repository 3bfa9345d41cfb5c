"""What customers order: products in quantities that can be sold, at the prices they pay.

The sums are worked out here once more, apart from the shop's own pricing, so that the simulation
can tell whether the shop is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from emails.simulation.cast import Scene, Writer
from emails.simulation.papers import Paper, PaperLine
from hbu.company.entries import CompanyFile
from hbu.company.goods import Product
from hbu.company.partners import Customer

CENT = Decimal("0.01")
UNIT = Decimal("0.0001")
TAX = Decimal(19)


@dataclass(frozen=True, slots=True)
class Item:
    product: Product
    quantity: int
    unit_price: Decimal

    @property
    def total(self) -> Decimal:
        return _round(self.unit_price * self.quantity, CENT)


@dataclass(frozen=True, slots=True)
class Basket:
    items: tuple[Item, ...]
    tax_rate: Decimal = TAX

    @property
    def net(self) -> Decimal:
        return sum((item.total for item in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return _round(self.net * self.tax_rate / 100, CENT)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


def fill(
    scene: Scene, customer: Customer | None, count: int, *, among: Sequence[Product] = ()
) -> Basket:
    """Return so many different products; an unknown customer pays the list price."""
    choices = among or scene.company.products
    products = scene.dice.sample(list(choices), min(count, len(choices)))
    wanted = [(product, _quantity(scene, product)) for product in products]
    return priced(scene.company, customer, wanted)


def priced(
    company: CompanyFile, customer: Customer | None, wanted: Sequence[tuple[Product, int]]
) -> Basket:
    """Return the basket as its customer reckons it: tiers, then the discount, then the tax."""
    agreed = _agreed(company, customer)
    before = Basket(
        tuple(
            Item(product, quantity, price(product, quantity, agreed.get(product.sku, {})))
            for product, quantity in wanted
        )
    )
    off = _discount(customer, before.net)
    items = (
        Item(one.product, one.quantity, _round(one.unit_price * (100 - off) / 100, UNIT))
        for one in before.items
    )
    return Basket(tuple(items), _tax_rate(company, customer))


def price(product: Product, quantity: int, agreed: Mapping[int, Decimal]) -> Decimal:
    """Return what a piece costs before any discount: the lowest price that is reached."""
    usual = {} if 1 in agreed else {1: product.price}
    steps = (*usual.items(), *product.tiers.items(), *agreed.items())
    return min(at for since, at in steps if since <= quantity)


def _agreed(company: CompanyFile, customer: Customer | None) -> Mapping[str, Mapping[int, Decimal]]:
    code = customer.price_list if customer else ""
    return next((one.prices for one in company.price_lists if one.code == code), {})


def _discount(customer: Customer | None, value: Decimal) -> Decimal:
    if customer is None:
        return Decimal(0)
    reached = [percent for since, percent in customer.tiers.items() if since <= value]
    return max(customer.discount_percent, *reached) if reached else customer.discount_percent


def _tax_rate(company: CompanyFile, customer: Customer | None) -> Decimal:
    """None across a border: the firms of this play that sit abroad all have a VAT id."""
    abroad = customer is not None and customer.country != company.company.country
    return Decimal(0) if abroad else TAX


def order_paper(scene: Scene, writer: Writer, basket: Basket, number: str) -> Paper:
    """Return the purchase order for a basket, with our article numbers."""
    firm = writer.firm
    if firm is None:
        raise ValueError("only firms write purchase orders")
    slowest = max(item.product.lead_time_days for item in basket.items)
    return Paper(
        number=number,
        issued=scene.now.date(),
        buyer=firm,
        seller=scene.ourselves,
        lines=tuple(_line(item, scene.language) for item in basket.items),
        net=basket.net,
        tax=basket.tax,
        gross=basket.gross,
        tax_rate=basket.tax_rate,
        due=scene.workday(slowest + scene.dice.randint(5, 15)),
        language=scene.language,
    )


def _line(item: Item, language: str) -> PaperLine:
    name = item.product.name.in_language(language)
    return PaperLine(item.product.sku, name, item.quantity, item.unit_price, item.total)


def _quantity(scene: Scene, product: Product) -> int:
    least = -(-product.min_quantity // product.pack_size)
    packs = least + scene.pick((0, 0, 1, 2, 4)) * max(1, least // 2)
    return packs * product.pack_size


def _round(value: Decimal, places: Decimal) -> Decimal:
    return value.quantize(places, ROUND_HALF_UP)
