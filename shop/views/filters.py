"""The filters beside the shelf, what is chosen of them, and the way to other pages of the list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hbu.lib import amounts
from shop.browsing import FACETS, Found, Wish
from shop.services import catalogue, house, wording

LEGENDS = {
    "category": gettext_lazy("Category"),
    "material": gettext_lazy("Material"),
    "colour": gettext_lazy("Colour"),
    "size": gettext_lazy("Size"),
}
NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,4})?")
MOST_AT_ONCE = 8
"""Of a filter's values; the others are a click away."""
AROUND = 2
"""Pages before and after this one that have a link of their own."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    legend: str
    first: tuple[Option, ...]
    """What is chosen and what there is most of."""
    rest: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the list; without a number what is left out."""

    number: int = 0
    address: str = ""
    current: bool = False


def drawn(wanted: Wish, found: Found, language: str) -> SafeString:
    facets = [facet for name in FACETS if (facet := _facet(name, wanted, found, language)).first]
    context = {"facets": facets, "wish": wanted}
    return mark_safe(render_to_string("shop/parts/filters.html", context))  # noqa: S308


def _facet(name: str, wanted: Wish, found: Found, language: str) -> Facet:
    chosen, counts = wanted.chosen(name), found.counts[name]
    values = {*counts, *chosen}
    options = [
        Option(
            value=value,
            label=label(name, value, language),
            count=counts.get(value, 0),
            chosen=value in chosen,
            swatch=wording.swatch(value) if name == "colour" else "",
        )
        for value in values
    ]
    ordered = sorted(options, key=_order(name))
    if len(ordered) <= MOST_AT_ONCE + 2:
        return Facet(name, str(LEGENDS[name]), tuple(ordered), ())
    most = max(MOST_AT_ONCE, len(chosen))
    frequent = sorted(ordered, key=lambda one: (not one.chosen, -one.count))[:most]
    rest = tuple(one for one in ordered if one not in frequent)
    return Facet(name, str(LEGENDS[name]), tuple(sorted(frequent, key=_order(name))), rest)


def _order(name: str) -> Any:
    if name == "size":
        return lambda one: _decimal(one.value)
    places = {one.code: place for place, one in enumerate(catalogue.categories())}
    return lambda one: (places.get(one.value, 0), one.label.casefold())


def _decimal(text: str) -> Decimal:
    # What is chosen comes from the address, where anything may stand.
    return Decimal(text) if NUMBER.fullmatch(text) else Decimal(0)


def label(name: str, value: str, language: str) -> str:
    """Return what a value of a filter is called."""
    if name == "category":
        return next((str(one) for one in catalogue.categories() if one.code == value), value)
    if name == "size":
        number = _decimal(value)
        return f"{amounts.number(number, language)} mm" if number else value
    return wording.word(value, language)


def chips(wanted: Wish, language: str) -> list[Chip]:
    """Return what is on, each with the way to have it off."""
    found = [
        Chip(label(name, value, language), address(wanted.but(**{name: chosen - {value}})))
        for name in FACETS
        for chosen in [wanted.chosen(name)]
        for value in sorted(chosen)
    ]
    return found + list(_other_chips(wanted, language))


def _other_chips(wanted: Wish, language: str) -> Iterator[Chip]:
    told = {
        "price_from": _("from %s"),
        "price_to": _("up to %s"),
    }
    for name, words in told.items():
        amount = getattr(wanted, name)
        if amount is not None:
            price = amounts.unit_price(amount, house.currency(), language)
            yield Chip(words % price, address(wanted.but(**{name: None})))
    if wanted.in_stock:
        yield Chip(_("In stock"), address(wanted.but(in_stock=False)))


def address(wanted: Wish, *, number: int = 1) -> str:
    """Return the address of a page of the list."""
    asked: list[tuple[str, str]] = [("q", wanted.text)]
    asked += [(name, value) for name in FACETS for value in sorted(wanted.chosen(name))]
    asked += [
        (name, f"{amount:f}")
        for name in ("price_from", "price_to")
        if (amount := getattr(wanted, name)) is not None
    ]
    asked += [
        ("stock", "1" if wanted.in_stock else ""),
        ("sort", wanted.sort),
        ("page", str(number) if number > 1 else ""),
    ]
    said = urlencode([(name, value) for name, value in asked if value])
    return f"{reverse('shop:products')}?{said}" if said else reverse("shop:products")


def pages(wanted: Wish, number: int, count: int) -> list[Leaf]:
    """Return the pages that are linked: the first, the last and those around this one."""
    if count < 2:
        return []
    near = {1, count, *range(max(number - AROUND, 1), min(number + AROUND, count) + 1)}
    leaves: list[Leaf] = []
    for one in sorted(near):
        if leaves and one > leaves[-1].number + 1:
            leaves.append(Leaf())
        leaves.append(Leaf(one, address(wanted, number=one), one == number))
    return leaves
