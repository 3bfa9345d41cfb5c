"""Who is at the door while a request is answered: the journal notes it by itself."""

from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse

from hbu.journal.recording import from_address
from hbu.lib.callers import ip_of

Respond = Callable[[HttpRequest], HttpResponse]


def remembered(get_response: Respond) -> Respond:
    """Middleware to stand below the one that knows the user."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with from_address(_address(request), request):
            return get_response(request)

    return middleware


def _address(request: HttpRequest) -> str | None:
    """A server behind a socket knows none."""
    try:
        return str(ip_address(ip_of(request)))
    except ValueError:
        return None
