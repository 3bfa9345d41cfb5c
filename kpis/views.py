"""The staff's start page, its live parts and the mail in the dialog."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from csp.decorators import csp_replace
from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from emails.html import sanitise
from emails.models import Email
from hbu.company.models import Company
from hbu.csp import RELAXED
from kpis import links, tiles, today, waiting

# These pages live in the admin's shell, though not under its address.
in_the_shell = csp_replace(RELAXED)

# A mail is shown in a frame without scripts that may load nothing at all.
FRAME = (
    '<!doctype html><html><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy"'
    " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name="referrer" content="no-referrer"><base target="_blank"></head>'
    '<body style="font: 15px/1.5 sans-serif; margin: 12px; overflow-wrap: anywhere">'
    "{}</body></html>"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that is fetched anew when one of its events happened."""

    name: str
    events: str
    permission: str
    read: Callable[[Any, datetime], Any]

    @property
    def template(self) -> str:
        return f"kpis/parts/{self.name}.html"


PARTS = [
    Part(
        "tiles",
        "new_email email_handled quarantine case task order outgoing",
        "",
        tiles.tiles,
    ),
    Part(
        "feed",
        "new_email email_handled quarantine outgoing",
        "emails.view_email",
        lambda _user, now: today.feed(now),
    ),
    Part(
        "waiting",
        "quarantine task order outgoing",
        "",
        lambda user, _now: waiting.waiting(user),
    ),
    Part(
        "departments",
        "new_email case",
        "emails.view_email",
        lambda _user, now: today.departments(now),
    ),
    Part("orders", "order", "orders.view_order", lambda _user, now: today.orders(now)),
    Part(
        "mailboxes",
        "system_status",
        "emails.view_mailbox",
        lambda _user, now: today.mailboxes(now),
    ),
]


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Today for staff; a friendly door for everybody else."""
    if request.user.is_active and request.user.is_staff:
        return today_page(request)
    return render(request, "kpis/welcome.html", {"company": Company.objects.first()})


@in_the_shell
def today_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    parts = {part["name"]: part for part in _read(request.user, PARTS, now)}
    context = {"title": _("Today"), "greeting": _greeting(now), "now": now, "parts": parts}
    return render(request, "kpis/today.html", admin.site.each_context(request) | context)


@never_cache
@require_safe
@staff_member_required
def today_parts(request: HttpRequest) -> HttpResponse:
    """Return the named parts of the page, all of them when none is named."""
    names = request.GET.getlist("part")
    wanted = [part for part in PARTS if part.name in names or not names]
    parts = _read(request.user, wanted, timezone.now())
    return render(request, "kpis/parts.html", {"parts": list(parts)})


def _read(user: Any, parts: Iterable[Part], now: datetime) -> Iterator[dict[str, Any]]:
    for part in parts:
        if not part.permission or user.has_perm(part.permission):
            yield {
                "name": part.name,
                "events": part.events,
                "template": part.template,
                "content": part.read(user, now),
            }


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 11:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


@never_cache
@require_safe
@vary_on_headers("HX-Request")
@staff_member_required
@permission_required("emails.view_email", raise_exception=True)
@in_the_shell
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a mail: its facts alone for the dialog, else on a page of their own."""
    email = get_object_or_404(
        Email.objects.select_related(
            "department", "customer", "rule", "mailbox", "link__case"
        ).prefetch_related("attachments", "answers", "link__case__orders"),
        pk=pk,
    )
    context = {"email": email, "admin_url": links.row(email), **_around(email)}
    if request.headers.get("HX-Request"):
        return render(request, "kpis/mail.html", context)
    shell = admin.site.each_context(request) | {"title": str(email)}
    return render(request, "kpis/mail_page.html", shell | context)


def _around(email: Email) -> dict[str, Any]:
    """Return what belongs to the mail, each with its address."""
    case = email.link.case if hasattr(email, "link") else None
    return {
        "frame": FRAME.format(sanitise(email.html_safe)[0]) if email.html_safe else "",
        "case": case and (case, links.row(case)),
        "orders": [(order, links.row(order)) for order in case.orders.all()] if case else [],
        "answers": [(letter, links.row(letter)) for letter in email.answers.all()],
    }
