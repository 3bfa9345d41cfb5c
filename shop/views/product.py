"""A product's own page: how it looks, what it costs this customer, and the way into the cart."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hbu.lib import amounts
from hbu.lib.reasons import Reason
from shop import pricing, quantities
from shop.browsing import Entry
from shop.data import Discounts, Offer
from shop.models import Customer, Product
from shop.services import carts, catalogue, house, selling, wording
from shop.views import cards
from shop.views.page import page
from shop.views.visitor import visitor

IN_JSON = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
SCHEMA_STOCK = {
    "available": "https://schema.org/InStock",
    "few": "https://schema.org/LimitedAvailability",
    "request": "https://schema.org/MadeToOrder",
}


@dataclass(frozen=True, slots=True)
class Variant:
    label: str
    address: str
    current: bool
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the price table."""

    since: int
    price: Decimal
    saved: int
    """Per cent less than the first row."""


@require_safe
def product(request: HttpRequest, sku: str) -> HttpResponse:
    found = get_object_or_404(Product.objects.select_related("category", "family"), sku=sku)
    if not found.is_active:
        return _gone(request, found)
    return page(request, "shop/product.html", context(request, found))


def _gone(request: HttpRequest, product: Product) -> HttpResponse:
    likely = catalogue.related(product, visitor(request).customer)
    shown = {"product": product, "related": cards.drawn(likely)}
    return page(request, "shop/product_gone.html", shown, status=410)


def context(request: HttpRequest, product: Product) -> dict[str, Any]:
    one = visitor(request)
    language = (get_language() or "en")[:2]
    offer = selling.offers([product], one.customer)[product.pk]
    supply = quantities.supply(offer.available, product.min_quantity)
    in_cart = carts.quantity_of(one.cart, product)
    return {
        "product": product,
        "offer": offer,
        "steps": _steps(product, offer),
        "reasons": _reasons(product, one.customer),
        "supply": supply,
        "supply_words": _(cards.SUPPLY[supply]),
        "colours": _variants(product, "colour", language),
        "sizes": _variants(product, "size", language),
        "description": _said(product, "description", language),
        "features": _said(product, "features", language),
        "facts": list(_facts(product, language)),
        "in_cart": in_cart,
        "first": carts.first_quantity(product),
        "most": carts.MOST,
        "shelf": product.category.code,
        "related": cards.drawn(catalogue.related(product, one.customer)),
        "data": _data(request, product, supply),
    }


def _steps(product: Product, offer: Offer) -> list[Step]:
    rows = [(product.min_quantity, offer.price), *offer.tiers]
    base = offer.price or Decimal(1)
    return [Step(since, price, int((base - price) * 100 / base)) for since, price in rows]


def _reasons(product: Product, customer: Customer | None) -> Sequence[Reason]:
    """Why this customer pays what he does, for the pieces he has to take."""
    if customer is None:
        return ()
    table = selling.tables([product], customer)[product.pk]
    reasons = pricing.price(table, product.min_quantity).reasons
    percent = customer.discount_percent
    if percent:
        reasons = (*reasons, *_own(percent))
    return reasons if len(reasons) > 1 else ()


def _own(percent: Decimal) -> Iterable[Reason]:
    _off, why = pricing.discount(Decimal(0), Discounts(percent))
    return [why] if why else []


def _said(product: Product, what: str, language: str) -> Any:
    """In the reader's language, else in the one there is."""
    spoken, other = ("de", "en") if language == "de" else ("en", "de")
    return getattr(product, f"{what}_{spoken}") or getattr(product, f"{what}_{other}")


def _facts(product: Product, language: str) -> Iterable[tuple[str, str]]:
    yield _("Article number"), product.sku
    if product.material:
        yield _("Material"), wording.word(product.material, language)
    if product.colour:
        yield _("Colour"), wording.word(product.colour, language)
    if product.size_mm:
        yield _("Size"), f"{amounts.number(product.size_mm, language)} mm"
    yield _("Pack"), _("%s pieces") % amounts.number(product.pack_size, language)
    yield _("Minimum quantity"), _("%s pieces") % amounts.number(product.min_quantity, language)
    yield _("Lead time"), _("%s working days") % amounts.number(product.lead_time_days, language)


def _variants(product: Product, facet: str, language: str) -> list[Variant]:
    """Return the family's colours or sizes, each a way to the variant that else is like this one."""
    family = catalogue.shelf().by_group.get(product.family_id or 0, ())
    own = next((one for one in family if one.id == product.pk), None)
    if own is None or len({one.value(facet) for one in family}) < 2:
        return []
    other = "size" if facet == "colour" else "colour"
    nearest: dict[str, Entry] = {}
    for one in sorted(family, key=lambda one: one.value(other) != own.value(other)):
        nearest.setdefault(one.value(facet), one)
    return [
        Variant(
            label=_label(one, facet, language),
            address=cards.product_address(one.sku),
            current=one.value(facet) == own.value(facet),
            swatch=wording.swatch(one.colour) if facet == "colour" else "",
        )
        for one in sorted(nearest.values(), key=lambda one: (one.size or 0, one.sku))
    ]


def _label(entry: Entry, facet: str, language: str) -> str:
    if facet == "colour":
        return wording.word(entry.colour, language) or "–"
    return f"{amounts.number(entry.size, language)} mm" if entry.size else "–"


def _data(request: HttpRequest, product: Product, supply: str) -> SafeString:
    """The product for search engines (schema.org), at the price for everybody."""
    said = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "sku": product.sku,
        "category": str(product.category),
        "material": product.material,
        "color": product.colour,
        "image": settings.HBU_SITE_URL + cards.picture_address(product.sku),
        "offers": {
            "@type": "Offer",
            "url": settings.HBU_SITE_URL + request.path,
            "price": f"{product.price.normalize():f}",
            "priceCurrency": house.currency(),
            "availability": SCHEMA_STOCK[supply],
            "eligibleQuantity": {
                "@type": "QuantitativeValue",
                "minValue": product.min_quantity,
                "unitCode": "C62",
            },
        },
    }
    return mark_safe(json.dumps(said, ensure_ascii=False).translate(IN_JSON))  # noqa: S308
