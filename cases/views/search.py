"""The search of the house: what is found while typing, and the page with all of it."""

from urllib.parse import urlencode

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.finding import LONGEST_QUESTION
from cases.models import SearchEntry
from cases.services import searching
from cases.services.searching import COUNTED
from hbu.lib.admin.shell import in_the_shell

WHILE_TYPING = 3
OF_EACH = 5
OF_ONE = 100


@never_cache
@require_safe
@staff_member_required
def page(request: HttpRequest) -> HttpResponse:
    """Some of each kind; with `kind` many of that one."""
    words, kind = _words(request), request.GET.get("kind", "")
    kinds = [kind] if kind in SearchEntry.Kind.values else []
    groups = searching.groups(request.user, words, kinds=kinds, limit=OF_ONE if kinds else OF_EACH)
    context = {
        "title": _("Search"),
        "words": words,
        "search_words": words,
        "groups": [(group, _address(words, group.kind)) for group in groups],
        "only": kinds and SearchEntry.Kind(kinds[0]).label,
        "all": _address(words),
        "most": COUNTED,
    }
    return in_the_shell(request, "cases/search.html", context)


@never_cache
@require_safe
@staff_member_required
def suggest(request: HttpRequest) -> HttpResponse:
    """The first hits, below the box."""
    words = _words(request)
    groups = searching.groups(request.user, words, limit=WHILE_TYPING) if words else []
    context = {"groups": groups, "words": words, "all": _address(words)}
    return render(request, "cases/suggest.html", context)


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_QUESTION]


def _address(words: str, kind: str = "") -> str:
    said = {"q": words, "kind": kind}
    asked = urlencode({name: value for name, value in said.items() if value}, errors="replace")
    return f"{reverse('cases:search')}?{asked}"
