"""What customers order: products in quantities that can be sold, at the prices they pay.

The sums are worked out here once more, apart from the shop's own pricing, so that the simulation
can tell whether the shop is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from emails.simulation.cast import Scene, Writer
from emails.simulation.papers import Paper, PaperLine
from hbu.company.entries import Customer, Product

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

    @property
    def net(self) -> Decimal:
        return sum((item.total for item in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return _round(self.net * TAX / 100, CENT)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


def fill(
    scene: Scene, customer: Customer | None, count: int, *, among: Sequence[Product] = ()
) -> Basket:
    """Return so many different products; an unknown customer pays the list price."""
    discount = customer.discount_percent if customer else Decimal(0)
    choices = among or scene.company.products
    products = scene.dice.sample(list(choices), min(count, len(choices)))
    return Basket(
        tuple(
            Item(product, _quantity(scene, product), price(product, discount))
            for product in products
        )
    )


def price(product: Product, discount_percent: Decimal) -> Decimal:
    return _round(product.price * (100 - discount_percent) / 100, UNIT)


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
        tax_rate=TAX,
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
