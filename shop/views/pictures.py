"""Pictures of products, drawn when somebody looks."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from shop.models import Product
from shop.pictures import draw, look

KEPT_SECONDS = 86_400
"""As long as a browser does not ask again; a product rarely changes its colour."""
LOOKS = (
    "sku", "material", "colour", "size_mm", "name_de", "name_en", "description_de",
    "description_en",
)  # fmt: skip


@require_safe
def picture(request: HttpRequest, sku: str) -> HttpResponseBase:
    product = get_object_or_404(Product.objects.only(*LOOKS), sku=sku)
    drawn = drawing(product)
    etag = f'"{hashlib.sha256(drawn.encode()).hexdigest()[:32]}"'
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    shown = get_conditional_response(request, etag=etag, response=response)
    return response if shown is None else shown


def drawing(product: Product) -> str:
    words = (product.name_de, product.name_en, product.description_de, product.description_en)
    seen = look(
        sku=product.sku,
        material=product.material,
        colour=product.colour,
        size_mm=product.size_mm,
        words=" ".join(words),
    )
    return draw(seen, title=product.sku)
