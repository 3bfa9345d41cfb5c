"""Products as cards. A card that says the same is drawn once: pages of many cards stay quick."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hbu.lib import amounts
from hbu.lib.reasons import N_
from shop.services import catalogue, house, wording

SWATCHES = 6
SUPPLY = {
    "available": N_("In stock"),
    "few": N_("Only a few left"),
    "request": N_("On request"),
}


@dataclass(frozen=True, slots=True)
class _Shown:
    address: str
    picture: str
    name: str
    material: str
    price: str
    is_from: bool
    tier: str
    supply: str
    stock: str
    swatches: tuple[tuple[str, str], ...]
    """(colour, its name)."""
    more: str
    """In how many variants there is more of it."""


def drawn(cards: Iterable[catalogue.Card]) -> list[SafeString]:
    language, currency = (get_language() or "en")[:2], house.currency()
    return [_html(_shown(card, language, currency), language) for card in cards]


@lru_cache(maxsize=4096)
def _html(card: _Shown, _language: str) -> SafeString:
    return mark_safe(render_to_string("shop/parts/card.html", {"card": card}))  # noqa: S308


def _shown(card: catalogue.Card, language: str, currency: str) -> _Shown:
    product, offer = card.product, card.offer
    tier = ""
    if offer.tiers:
        since, price = offer.tiers[-1]
        told = amounts.number(since, language), amounts.unit_price(price, currency, language)
        tier = _("%s from %s pieces") % (told[1], told[0])
    colours = dict.fromkeys(one.colour for one in card.variants if one.colour)
    return _Shown(
        address=product_address(product.sku),
        picture=picture_address(product.sku),
        name=_name(card),
        material=wording.word(product.material, language),
        price=amounts.unit_price(card.lowest, currency, language),
        is_from=card.is_from,
        tier=tier,
        supply=card.supply,
        stock=_(SUPPLY[card.supply]),
        swatches=tuple(
            (wording.swatch(colour), wording.word(colour, language))
            for colour in list(colours)[:SWATCHES]
        ),
        more=_more(len(card.variants)),
    )


def _name(card: catalogue.Card) -> str:
    """A family by its own name: the face's would name one size or colour of several."""
    family = card.product.family if len(card.variants) > 1 else None
    return str(family) if family else card.product.name


def _more(variants: int) -> str:
    if variants < 2:
        return ""
    return ngettext("%(count)d variant", "%(count)d variants", variants) % {"count": variants}


@lru_cache(maxsize=16_384)
def product_address(sku: str) -> str:
    return reverse("shop:product", args=[sku])


@lru_cache(maxsize=16_384)
def picture_address(sku: str) -> str:
    return reverse("shop:picture", args=[sku])
