"""The staff's start page, its live parts and the mail in the dialog."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from emails.admin import marks
from emails.admin.frame import shown_html
from emails.models import Email
from hbu.csp import RELAXED
from hbu.lib.admin import Frame
from kpis import links, tiles, today, waiting


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


MAILS = "new_email email_handled quarantine outgoing"
PARTS = [
    Part("tiles", f"{MAILS} case task order", "", tiles.tiles),
    Part("feed", MAILS, "emails.view_email", today.feed),
    Part("waiting", "quarantine task order outgoing", "", waiting.waiting),
    Part("departments", "new_email case", "emails.view_email", today.departments),
    Part("orders", "order", "orders.view_order", today.orders),
    Part("mailboxes", "system_status", "emails.view_mailbox", today.mailboxes),
]


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Today for staff; the shop for everybody else."""
    if request.user.is_active and request.user.is_staff:
        return _today(request)
    return redirect("shop:home")


def _today(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    parts = {part["name"]: part for part in _read(request.user, PARTS, now)}
    context = {"title": _("Today"), "greeting": _greeting(now), "now": now, "parts": parts}
    return _in_the_shell(request, "kpis/today.html", context)


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
    return _in_the_shell(request, "kpis/mail_page.html", context | {"title": str(email)})


def _in_the_shell(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page in the admin's shell, though it is not under the admin's address."""
    response = render(request, template, admin.site.each_context(request) | context)
    response._csp_replace = RELAXED  # type: ignore[attr-defined] # django-csp's own name
    return response


def _around(email: Email) -> dict[str, Any]:
    """Return what belongs to the mail, each with its address."""
    case = email.link.case if hasattr(email, "link") else None
    marker = marks.marker(email)
    html = shown_html(email, email.attachments.all(), marker) if email.html_safe else ""
    return {
        "frame": Frame(html=html).document if html else "",
        "text": marks.marked(marker, email.text),
        "case": case and (case, links.row(case)),
        "orders": [(order, links.row(order)) for order in case.orders.all()] if case else [],
        "answers": [(letter, links.row(letter)) for letter in email.answers.all()],
    }
