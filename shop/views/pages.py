"""Pages that the law asks for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shop.services import legal as texts
from shop.views.page import page


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who we are (§ 5 DDG)."""
    return page(request, "shop/imprint.html")


@require_safe
def legal(request: HttpRequest, kind: str) -> HttpResponse:
    pages = texts.pages((get_language() or "en")[:2])
    found = next((one for one in pages if one.kind == kind), None)
    if found is None:
        raise Http404
    return page(request, "shop/legal.html", {"text": found})
