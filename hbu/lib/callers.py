"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def ip_of(request: HttpRequest) -> str:
    """Return the caller's address; behind proxies of ours what the outermost of them saw.

    What X-Forwarded-For says beyond them anybody can write.
    """
    said = request.META.get("HTTP_X_FORWARDED_FOR", "")
    hops = [hop.strip() for hop in said.split(",") if hop.strip()]
    proxies = int(settings.REST_FRAMEWORK.get("NUM_PROXIES") or 0)
    if proxies and hops:
        return str(hops[-min(proxies, len(hops))])[:45]
    return str(request.META.get("REMOTE_ADDR", ""))
