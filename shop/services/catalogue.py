"""What stands on the shelf, and how each product is shown to a customer.

Searching, filters, counts and the order of the list come from a copy of the catalogue that each
process keeps for some seconds; so they cost no query, with ten products or ten thousand. What guests see on
a page of the list is as old as that; a customer's prices, a product's own page and the cart are read
anew each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nlargest
from typing import Any

from hbu.lib.keeping import kept
from shop import browsing, quantities
from shop.browsing import Entry, Found, Wish
from shop.data import Offer
from shop.models import Category, Customer, Product
from shop.services import selling

KEPT_SECONDS = 15.0
REMEMBERED = 500
"""Wishes whose answers are kept along with the shelf."""
READ = (
    "id", "sku", "family_id", "name_de", "name_en", "category__code", "category__name_de",
    "category__name_en", "material", "colour", "size_mm", "price",
    "stock__on_hand", "stock__reserved",
)  # fmt: skip
SHOWN_OF_PRODUCT = (
    "sku", "name_de", "name_en", "material", "colour", "size_mm",
    "price", "min_quantity", "pack_size", "lead_time_days", "family",
)  # fmt: skip


@dataclass(slots=True)
class Shelf:
    entries: tuple[Entry, ...]
    by_group: dict[int, tuple[Entry, ...]]
    answers: dict[tuple[Wish, str], Found] = field(default_factory=dict)

    def find(self, wanted: Wish, language: str) -> Found:
        """Return what fits; the same wish is answered once."""
        key = (wanted, language if wanted.sort == "name" else "")
        found = self.answers.get(key)
        if found is None:
            found = browsing.find(self.entries, wanted)
            if wanted.sort == "name":
                groups = browsing.by_name(found.groups, language)
                found = Found(tuple(groups), found.counts)
            if len(self.answers) < REMEMBERED:
                self.answers[key] = found
        return found


@dataclass(frozen=True, slots=True)
class Card:
    """A family, or a product that has none, as the list shows it."""

    product: Product
    offer: Offer
    variants: tuple[Entry, ...]
    supply: str
    is_from: bool
    """Others of the family, or more pieces, have another price."""
    lowest: Decimal


@kept(KEPT_SECONDS)
def shelf() -> Shelf:
    rows = Product.objects.on_sale().order_by("category__position", "category__code", "sku")
    entries = tuple(_entry(*row) for row in rows.values_list(*READ).iterator(chunk_size=2000))
    by_group: dict[int, list[Entry]] = {}
    for entry in entries:
        by_group.setdefault(entry.group, []).append(entry)
    return Shelf(entries, {group: tuple(ones) for group, ones in by_group.items()})


def _entry(*row: Any) -> Entry:
    (key, sku, family, name_de, name_en, category, category_de, category_en,
     material, colour, size, price, on_hand, reserved) = row  # fmt: skip
    sizes = (f"{size:.1f} mm", f"{size:.1f} mm".replace(".", ","), f"{size:g} mm") if size else ()
    said = (sku, name_de, name_en, material, colour, category_de, category_en, *sizes)
    return Entry(
        id=key,
        sku=sku,
        group=family or -key,
        names=(name_de, name_en),
        category=category,
        material=material,
        colour=colour,
        size=size,
        price=price,
        in_stock=(on_hand or 0) > (reserved or 0),
        words=" ".join(browsing.fold(str(one)) for one in said if one),
    )


@kept(KEPT_SECONDS)
def categories() -> tuple[Category, ...]:
    return tuple(Category.objects.filter(products__is_active=True).distinct())


def cards(groups: Sequence[Sequence[Entry]], customer: Customer | None) -> list[Card]:
    """Show each group by the face it was found with, in three queries however many there are."""
    known = shelf()
    cheapest = [min(group, key=lambda one: one.price) for group in groups]
    wanted = {one.id for group in groups for one in group[:1]} | {one.id for one in cheapest}
    products = (
        Product.objects.on_sale()
        .select_related("family")
        .only(*SHOWN_OF_PRODUCT)
        .in_bulk(list(wanted))
    )
    offers = selling.offers(products.values(), customer)
    return [
        _card(products[group[0].id], offers, low.id, known.by_group.get(group[0].group, ()))
        for group, low in zip(groups, cheapest, strict=True)
        # Taken off the shelf since the copy was made.
        if group[0].id in products
    ]


def _card(
    product: Product, offers: dict[int, Offer], cheapest: int, variants: tuple[Entry, ...]
) -> Card:
    offer = offers[product.pk]
    low = min(offer.price, offers[cheapest].price if cheapest in offers else offer.price)
    return Card(
        product=product,
        offer=offer,
        variants=variants,
        supply=quantities.supply(offer.available, product.min_quantity),
        is_from=low < offer.price or len({one.price for one in variants}) > 1,
        lowest=low,
    )


def related(product: Product, customer: Customer | None, *, count: int = 4) -> list[Card]:
    """Others of the same category; what is of the same material or colour first."""
    known = shelf()
    own = product.family_id or -product.pk
    others = [
        ones
        for group, ones in known.by_group.items()
        if group != own and any(one.category == product.category.code for one in ones)
    ]
    likest = nlargest(count, others, key=lambda ones: _likeness(product, ones[0]))
    return cards(likest, customer)


def _likeness(product: Product, other: Entry) -> int:
    return 2 * (other.material == product.material) + (other.colour == product.colour)
