"""Who does nothing for a while is signed out: middleware, to stand below the one that knows the user."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from agents.services import sessions

Respond = Callable[[HttpRequest], HttpResponse]
# What open pages ask for by themselves; also whatever is named "…parts".
UNASKED = {"notifications:bell", "kpis:counters", "kpis:log_lines", "cases:case_here"}


def prolonged(get_response: Respond) -> Respond:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # An address that did not ask who is there, such as /health, costs no query for it.
        if request.session.accessed and not _by_itself(request):
            sessions.prolong(request.session, timezone.now())
        return response

    return middleware


def _by_itself(request: HttpRequest) -> bool:
    """Tell whether an open page asked, perhaps with nobody in front of it."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name.endswith("parts") or (name in UNASKED and "typing" not in request.POST)
