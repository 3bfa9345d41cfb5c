"""The bell, the list of notifications and how a person wants to hear."""

from typing import cast

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import AbstractUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.models import Notice
from cases.services import bell, wishing
from cases.views.notification_forms import forms_for
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.words import whole_number

A_PAGE = 50
FOLDER = "cases/notifications"


@never_cache
@staff_member_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything a person was told, folded, newest first."""
    user = _user(request)
    rows, kind = bell.shown(user), request.GET.get("kind", "")
    only_unread = request.GET.get("unread") == "1"
    if kind in Notice.values:
        rows = rows.filter(kind=kind)
    if only_unread:
        rows = rows.filter(read_at=None)
    found = Paginator(bell.folded(rows), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Notifications"),
        "page": found,
        "lines": bell.lines(user, found.object_list),
        "kinds": Notice.choices,
        "kind": kind,
        "only_unread": only_unread,
        "unread": bell.unread(user),
    }
    return in_the_shell(request, f"{FOLDER}/page.html", context)


@never_cache
@staff_member_required
@require_safe
def bell_part(request: HttpRequest) -> HttpResponse:
    """What drops down from the bell, with the number that stands on it."""
    user = _user(request)
    context = {"lines": bell.newest(user), "unread": bell.unread(user)}
    return render(request, f"{FOLDER}/bell.html", context)


@never_cache
@staff_member_required
@require_safe
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what a notification is about; it is read from then on."""
    user = _user(request)
    row = get_object_or_404(bell.shown(user), pk=pk)
    bell.read(user, [row.pk])
    (line,) = bell.lines(user, [{"newest": row.pk, "count": 1}])
    return redirect(line.words.url)


@staff_member_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark as read what the person has seen: everything up to the newest that was shown."""
    up_to = request.POST.get("up_to", "")
    bell.read_all(_user(request), up_to=whole_number(up_to))
    if request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return redirect("notifications:list")


@never_cache
@staff_member_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """How a person wants to hear of what."""
    user = _user(request)
    wishes, quiet = wishing.of([user.pk])[user.pk], wishing.quiet_of([user.pk])[user.pk]
    data = request.POST if request.method == "POST" else None
    kinds, hours = forms_for(user, wishes, quiet, data)
    if data is not None and kinds.is_valid() and hours.is_valid():
        wishing.choose(user, kinds.wishes(), hours.save(commit=False))
        messages.success(request, _("Kept: from now on you hear of things like this."))
        return redirect("notifications:settings")
    context = {
        "title": _("How I want to hear"),
        "kinds": kinds,
        "hours": hours,
        "address": user.email,
        "back": reverse("notifications:list"),
    }
    return in_the_shell(request, f"{FOLDER}/settings.html", context)


def _user(request: HttpRequest) -> AbstractUser:
    return cast(AbstractUser, request.user)
