"""/health, /stats and /metrics: open to who watches the house, a single word to everybody else."""

from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from kpis import health as house
from kpis import metrics
from kpis.alerting import WATCH

# A reverse proxy connects from loopback too and says so with one of these.
PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    report = house.report(timezone.now())
    code = 503 if report["status"] == "failing" else 200
    if not may_watch(request):
        report = {"status": "ok" if report["status"] == "ok" else "not ok"}
    return JsonResponse(report, status=code)


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Answer at all: the process runs."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    is_ready = house.ready()
    return JsonResponse(
        {"status": "ok" if is_ready else "failing"}, status=200 if is_ready else 503
    )


@never_cache
@require_safe
def stats(request: HttpRequest) -> HttpResponse:
    if not may_watch(request):
        return _forbidden()
    return JsonResponse(house.stats(timezone.now()))


@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    if not may_watch(request):
        return _forbidden()
    return HttpResponse(metrics.exposition(timezone.now()), content_type=CONTENT_TYPE_LATEST)


def _forbidden() -> HttpResponse:
    """Say no as RFC 9457 wants it said to programs."""
    problem = {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": _("For staff, or with the monitoring token."),
    }
    return JsonResponse(problem, status=403, content_type="application/problem+json")


def may_watch(request: HttpRequest) -> bool:
    # The person comes last: who is logged in is a question to a database that may be away.
    return has_token(request) or _is_at_home(request) or _is_staff(request)


def has_token(request: HttpRequest) -> bool:
    scheme, _space, bearer = request.headers.get("Authorization", "").partition(" ")
    token = settings.HBU_MONITOR_TOKEN
    # Only as a header: addresses end in access logs.
    known = bool(token) and scheme.lower() == "bearer"
    return known and constant_time_compare(bearer.strip(), token)


def _is_at_home(request: HttpRequest) -> bool:
    if settings.PRODUCTION or any(name in request.headers for name in PROXIED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _is_staff(request: HttpRequest) -> bool:
    try:
        return request.user.is_active and request.user.is_staff and request.user.has_perm(WATCH)
    except DatabaseError:
        return False
