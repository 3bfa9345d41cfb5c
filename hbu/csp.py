"""The admin's pages need more than the house's policy allows: Unfold's Alpine evaluates attributes."""

from collections.abc import Callable

from csp.constants import NONCE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# No 'unsafe-inline' for scripts: nothing a stranger wrote can become one. No nonce beside
# 'unsafe-inline' either, for then browsers would ignore the latter (CSP level 3).
RELAXED = {"script-src": [SELF, NONCE, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


def relaxed_under_the_admin(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware to stand below csp.middleware.CSPMiddleware, which writes the header."""
    prefix = reverse("admin:index")

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(prefix):
            response._csp_replace = RELAXED  # type: ignore[attr-defined] # django-csp's own name
        return response

    return middleware
