"""The cart: put in, change, take out. What is posted beside article and quantity is not read."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hbu.lib import amounts
from hbu.lib.errors import DomainError
from shop.models import Product
from shop.services import baskets, carts
from shop.services.carts import Put
from shop.views.page import own, page, wants_part
from shop.views.visitor import visitor

LONGEST_SKU = 40


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return page(request, "shop/cart.html", _basket(request))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    one, sku = visitor(request), _sku(request)
    try:
        put = carts.add(
            one.open_cart(),
            sku,
            request.POST.get("quantity", ""),
            had=_had(request),
            customer=one.customer,
        )
    except DomainError as refusal:
        return _refused(request, sku, refusal)
    if wants_part(request):
        return one.keep(own(_put_in(request, put.product, [_said(put)], in_cart=put.quantity)))
    messages.success(request, _said(put))
    return one.keep(redirect("shop:cart"))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    one, sku = visitor(request), _sku(request)

    def act() -> None:
        if one.cart is None:
            raise DomainError("cart.not_in_it", _("This is not in your cart any more."))
        asked = request.POST.get("quantity", "")
        put = carts.change(one.cart, sku, asked, customer=one.customer)
        if put.corrected:
            messages.warning(request, _corrected(put))

    return _done(request, act)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    one, sku = visitor(request), _sku(request)

    def act() -> None:
        if one.cart is not None and carts.remove(one.cart, sku):
            messages.success(request, _("%s was removed from your cart.") % sku)

    return _done(request, act)


def _done(request: HttpRequest, act: Callable[[], None]) -> HttpResponse:
    """Do it and show the cart; a refusal is told on it."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, f"{_sku(request)}: {_(refusal.message)}")
    one = visitor(request)
    one.__dict__.pop("cart_lines", None)
    if wants_part(request):
        context = _basket(request) | {"swap": True}
        return one.keep(own(render(request, "shop/parts/basket.html", context)))
    return one.keep(redirect("shop:cart"))


def _basket(request: HttpRequest) -> dict[str, Any]:
    one = visitor(request)
    return {"basket": baskets.read(one.cart, one.customer), "language": _language()}


def _put_in(
    request: HttpRequest,
    product: Product,
    said: list[SafeString],
    *,
    in_cart: int = 0,
    asked: str = "",
    status: int = 200,
) -> HttpResponse:
    visitor(request).__dict__.pop("cart_lines", None)
    context = {
        "product": product,
        "first": carts.first_quantity(product),
        "most": carts.MOST,
        "in_cart": in_cart,
        "asked": asked,
        "said": said,
        "level": "success" if status == 200 else "error",
        "swap": True,
    }
    return render(request, "shop/parts/put_in.html", context, status=status)


def _refused(request: HttpRequest, sku: str, refusal: DomainError) -> HttpResponse:
    product = Product.objects.on_sale().filter(sku=sku).first()
    said = _(refusal.message)
    if product is None or not wants_part(request):
        messages.error(request, said)
        onward = redirect("shop:product", sku) if product else redirect("shop:products")
        return _anew(onward["Location"]) if wants_part(request) else onward
    asked = request.POST.get("quantity", "")[:10]
    in_cart = carts.quantity_of(visitor(request).cart, product)
    shown = _put_in(
        request, product, [format_html("{}", said)], in_cart=in_cart, asked=asked, status=422
    )
    return own(shown)


def _anew(address: str) -> HttpResponse:
    """Have htmx load another page."""
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _sku(request: HttpRequest) -> str:
    return request.POST.get("sku", "").replace("\0", "")[:LONGEST_SKU]


def _had(request: HttpRequest) -> int | None:
    said = request.POST.get("had", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 8 else None


def _language() -> str:
    return (get_language() or "en")[:2]


def _said(put: Put) -> SafeString:
    pieces = amounts.number(put.quantity, _language())
    told = _("%(name)s: %(pieces)s pieces are in your cart.") % {
        "name": put.product.name,
        "pieces": pieces,
    }
    return format_html("{} {}", told, _corrected(put)) if put.corrected else format_html("{}", told)


def _corrected(put: Put) -> str:
    language = _language()
    if "pack_size" in put.corrected:
        said = _("We sell it in packs of %(pack)s: %(quantity)s pieces instead of %(asked)s.")
    else:
        said = _("We sell at least %(minimum)s pieces of it, so %(quantity)s instead of %(asked)s.")
    return said % {
        "pack": amounts.number(put.product.pack_size, language),
        "minimum": amounts.number(put.product.min_quantity, language),
        "quantity": amounts.number(put.quantity, language),
        "asked": amounts.number(put.asked, language),
    }
