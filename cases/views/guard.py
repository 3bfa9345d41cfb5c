"""Who may come in: staff with the right, and only to cases that they see."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from cases.models import Case

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request that came past the guard: somebody of ours is logged in."""

    user: User


def staff(permission: str = "cases.view_case") -> Callable[[View], View]:
    """Let staff with the permission in, others to the login page or to 403; nothing is kept."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guard: View = never_cache(staff_member_required(guarded))
        return guard

    return decorate


def case_of(request: HttpRequest, number: str) -> Case:
    """Return a case that the person sees; what he or she does not see does not exist (404)."""
    seen = Case.objects.visible_to(request.user).select_related(
        "department", "assignee", "customer", "thread", "policy", "merged_into"
    )
    return get_object_or_404(seen, number=number)
