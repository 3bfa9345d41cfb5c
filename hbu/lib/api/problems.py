"""Errors as problem bodies (RFC 9457), in one shape for all APIs of the house."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from hbu.lib.errors import DomainError

MEDIA_TYPE = "application/problem+json"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; what it does not know stays an error of ours."""
    if isinstance(error, DomainError):
        set_rollback()
        return problem(
            error.status,
            error.code,
            gettext(error.message) if error.message else "",
            errors=getattr(error, "errors", ()),
        )
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    return _of_framework(error)


def problem(
    status: int, code: str, detail: str, *, errors: Any = (), headers: dict[str, str] | None = None
) -> Response:
    body = {
        "type": f"{settings.HBU_SITE_URL}/api/docs/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(detail),
    }
    if errors:
        body["errors"] = list(errors)
    return Response(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.ValidationError):
        found = list(_flat(error.detail))
        detail = gettext("The request is not as it should be.")
        return problem(error.status_code, "invalid", detail, errors=found, headers=headers)
    code = error.get_codes()
    return problem(
        error.status_code,
        code if isinstance(code, str) else "invalid",
        str(error.detail),
        headers=headers,
    )


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Yield each error with the path of its field: lines[0].quantity."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = f"[{name}]" if isinstance(name, int) else f".{name}" if path else str(name)
            yield from _flat(inner, path if name == "non_field_errors" else path + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{path}[{index}]" if nested else path)
    else:
        code = getattr(detail, "code", "invalid")
        yield {"field": _writable(path), "code": code, "detail": _writable(str(detail))}


def _writable(text: str) -> str:
    """JSON may bring halves of characters, which no answer can hold when it quotes them."""
    return text.encode("utf-8", "replace").decode()
