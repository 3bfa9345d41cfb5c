"""Asking a view as somebody, without drawing the page: what counts is whether one is let in."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve

LOGINS = ("/admin/login/", "/shop/login/")
REFUSED = {401, 403, 404}


def ask(user, method, path, data=None, *, then=None):
    """Return the status: 302 stands for a login page alone. What was done is taken back.

    `then` is called before that, to look at what was done.
    """
    request = getattr(RequestFactory(), method.lower())(path, data or {}, **_kind(path, method))
    found = resolve(request.path_info)
    request.user, request.resolver_match, request.htmx = user, found, False
    request.session, request._messages = SessionStore(), CookieStorage(request)
    request._dont_enforce_csrf_checks = True
    request.csp_nonce = ""
    cache.clear()
    with transaction.atomic():
        try:
            response = found.func(request, *found.args, **found.kwargs)
            if then:
                then()
        except (Http404, PermissionDenied, SuspiciousOperation) as refusal:
            return {Http404: 404, PermissionDenied: 403}.get(type(refusal), 400), None
        finally:
            transaction.set_rollback(True)
    status = response.status_code
    if status in (301, 302) and not response.url.startswith(LOGINS):
        status = 303
    return status, response


def _kind(path, method):
    if path.startswith("/api/") and method != "GET":
        return {"content_type": "application/json"}
    return {}


def refused(status):
    return status in REFUSED or status == 302
