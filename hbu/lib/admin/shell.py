"""Pages of staff that are not the admin's own, in its shell and with its menu."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hbu.csp import RELAXED


def in_the_shell(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page in the admin's shell, though it is not under the admin's address."""
    response = render(request, template, admin.site.each_context(request) | context, status=status)
    response._csp_replace = RELAXED  # type: ignore[attr-defined] # django-csp's own name
    return response
