"""Pages behind a link that only its holder knows (promise O7)."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404, HttpRequest

from hbu.lib import limits
from hbu.lib.callers import ip_of
from orders.models import Order, Quotation
from orders.services import links

GUESSES, SECONDS = 30, 3600
R = TypeVar("R")


def visited(request: HttpRequest, token: str) -> Order:
    """Return the order of a link. What is unknown, revoked or too old is the same nothing."""
    return _found(request, token, links.order_of)


def quotation(request: HttpRequest, token: str) -> Quotation:
    return _found(request, token, links.quotation_of)


def _found(request: HttpRequest, token: str, lookup: Callable[[str], R | None]) -> R:
    """Who guesses too often sees nothing more for an hour, not even what exists."""
    ip = ip_of(request)
    found = None
    if limits.counted("link", ip) < GUESSES:
        found = lookup(token.replace("\0", ""))
    if found is None:
        limits.count("link", ip, seconds=SECONDS)
        raise Http404
    return found
