"""Every request gets an id and is measured, by the name of its address and never by its path."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hbu.lib import measuring, tracing

HEADER = "X-Request-ID"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOWHERE = "unrouted"
"""Files, and addresses that are none."""


def watched(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware to stand before all others."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name, began = tracing.request_id(request.headers.get(HEADER, "")), time.perf_counter()
        # Not taken back afterwards: Django logs a refusal when the last middleware is done.
        tracing.begin(request_id=name)
        response = get_response(request)
        response[HEADER] = name
        measuring.observe(
            measuring.HTTP,
            _view(request),
            request.method if request.method in METHODS else "other",
            str(response.status_code),
            seconds=time.perf_counter() - began,
        )
        return response

    return middleware


def _view(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name or match._func_path if match else NOWHERE
