"""What staff do with their own login."""

from typing import cast

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.services import sessions
from hbu.lib.admin.shell import in_the_shell

STEP = {
    "label": _("Sign out everywhere"),
    "question": _(
        "You are signed out here and in every other browser. Keys of programs go on working."
    ),
}


@never_cache
@staff_member_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        user = cast(User, request.user)
        # First, or the answer would look for a session that is gone.
        logout(request)
        sessions.end_all(user, by=user)
        return redirect("admin:index")
    context = {"title": STEP["label"], "transition": STEP, "back": reverse("kpis:start")}
    return in_the_shell(request, "admin/transition.html", context)
