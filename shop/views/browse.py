"""The shop's front and its shelf: search, filters, order, pages. All of it works without a script."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hbu.lib.reasons import N_
from shop import browsing
from shop.browsing import PAGE, Found, Wish
from shop.models import Customer
from shop.services import catalogue
from shop.views import cards, filters
from shop.views.page import own, page, wants_part
from shop.views.visitor import visitor

ON_THE_FRONT = 8
SORTED = {
    "": N_("Our order"),
    "name": N_("Name"),
    "price": N_("Price, lowest first"),
    "-price": N_("Price, highest first"),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    found = catalogue.shelf().find(Wish(), "")
    shown = catalogue.cards(found.groups[:ON_THE_FRONT], visitor(request).customer)
    return page(request, "shop/home.html", {"cards": cards.drawn(shown)})


@dataclass(frozen=True, slots=True)
class List:
    """A page of the list, drawn, and the filters beside it."""

    results: SafeString
    filters: SafeString


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    wanted = browsing.wish(dict(request.GET.lists()))
    language = (get_language() or "en")[:2]
    found = catalogue.shelf().find(wanted, language)
    pages = max(-(-len(found.groups) // PAGE), 1)
    number = _page_number(request.GET.get("page", ""), pages)
    customer = visitor(request).customer
    draw = _list if customer else _list_of_guests
    context = {
        "title": _title(wanted),
        "query": wanted.text,
        "shelf": _category(wanted) or ("" if wanted.text else "all"),
        "list": draw(wanted, found, (number, pages), language, customer),
    }
    if wants_part(request):
        return own(render(request, "shop/parts/list.html", context))
    return page(request, "shop/products.html", context)


def _list(
    wanted: Wish, found: Found, place: tuple[int, int], language: str, customer: Customer | None
) -> List:
    number, pages = place
    groups = found.groups[(number - 1) * PAGE : number * PAGE]
    context = {
        "title": _title(wanted),
        "query": wanted.text,
        "total": len(found.groups),
        "cards": cards.drawn(catalogue.cards(groups, customer)),
        "pages": filters.pages(wanted, number, pages),
        "chips": filters.chips(wanted, language),
        "sorts": [(code, _(name), code == wanted.sort) for code, name in SORTED.items()],
    }
    if not found.groups and wanted.text:
        context["meant"] = browsing.meant(catalogue.shelf().entries, wanted.text)
    results = render_to_string("shop/parts/results.html", context)
    return List(mark_safe(results), filters.drawn(wanted, found, language))  # noqa: S308


# All guests see the same, for as long as what was found is kept.
_list_of_guests = lru_cache(maxsize=128)(_list)


def _page_number(text: str, pages: int) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(10**6)):
        return 1
    return min(max(int(text), 1), pages)


def _category(wanted: Wish) -> str:
    return next(iter(wanted.category)) if len(wanted.category) == 1 else ""


def _title(wanted: Wish) -> str:
    if wanted.text:
        return _("Results for “%s”") % wanted.text
    code = _category(wanted)
    return next((str(one) for one in catalogue.categories() if one.code == code), _("All buttons"))
