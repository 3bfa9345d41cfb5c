"""How pages of the shop are answered."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page that is somebody's own: no shared cache keeps it, no old copy is shown."""
    return own(render(request, template, context, status=status))


def own(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks, which puts a part into the page that is there."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
