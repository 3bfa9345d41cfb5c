"""The page on which a customer says how satisfied he or she is; for whoever holds the link."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from cases.models import Case
from cases.services import answering, rating
from hbu.lib import limits
from hbu.lib.callers import ip_of
from hbu.lib.errors import DomainError
from hbu.lib.telling import told
from shop.views.page import page

GUESSES, SECONDS = 30, 3600


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the stars and writes nothing, whatever follows links in mails; POST keeps them."""
    case = _case(request, token)
    with override(answering.language_of(case)):
        return _posted(request, case) if request.method == "POST" else _shown(request, case)


def _case(request: HttpRequest, token: str) -> Case:
    """Who guesses too often sees nothing more for an hour."""
    ip = ip_of(request)
    found = None
    if limits.counted("rating", ip) < GUESSES:
        found = rating.case_of(token.replace("\0", ""))
    if found is None:
        limits.count("rating", ip, seconds=SECONDS)
        raise Http404
    return found


def _posted(request: HttpRequest, case: Case) -> HttpResponse:
    given = rating.given(case)
    stars = given.stars if given else _stars(request.POST.get("stars", ""))
    try:
        rating.rate(case, stars, comment=request.POST.get("comment", ""))
    except DomainError as error:
        return _shown(request, case, error=told(error.message), status=error.status)
    return _private(HttpResponseRedirect(request.path))


def _shown(request: HttpRequest, case: Case, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "case": case,
        "given": rating.given(case),
        "chosen": _stars(request.GET.get("stars", "")),
        "scale": tuple(reversed(rating.STARS)),
        "error": error,
    }
    return _private(page(request, "cases/rating.html", context, status=status))


def _stars(said: str) -> int:
    return int(said) if said in {"1", "2", "3", "4", "5"} else 0


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a key: it is told to no other site and found by no search."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
