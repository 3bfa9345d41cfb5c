"""The staff's start page, its live parts and the mail in the dialog."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
from hbu.lib.admin import Frame, seen_of
from hbu.lib.admin.shell import in_the_shell
from kpis import feeding, links, tiles, today, waiting
from kpis.feeding import Wanted


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that is fetched anew when one of its events happened."""

    name: str
    events: str
    permission: str
    read: Callable[[Any, datetime, Wanted], Any]

    @property
    def template(self) -> str:
        return f"kpis/parts/{self.name}.html"


def _work(user: Any, now: datetime, wanted: Wanted) -> dict[str, Any]:
    """Return what waits, each sort with the address that shows it alone."""
    work = waiting.waiting(user, now, wanted.sort)
    piles = [(pile, wanted.but(work=pile.code)) for pile in work.piles]
    return {"work": work, "piles": piles, "all": wanted.but(work="")}


MAILS = "new_email email_handled quarantine outgoing"
PARTS = [
    Part("tiles", f"{MAILS} case task order", "", lambda user, now, _: tiles.tiles(user, now)),
    Part(
        "feed", MAILS, "emails.view_email",
        lambda user, now, wanted: feeding.feed(user, today.midnight(now), wanted),
    ),
    Part(
        "waiting", "quarantine case task order outgoing system_status", "",
        _work,
    ),
    Part(
        "departments", "new_email case", "emails.view_email",
        lambda user, now, _: today.departments(user, now),
    ),
    Part("orders", "order", "orders.view_order", lambda user, now, _: today.orders(user, now)),
    Part(
        "mailboxes", "system_status", "emails.view_mailbox",
        lambda user, now, _: today.mailboxes(user, now),
    ),
]  # fmt: skip


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Today for staff; the shop for everybody else."""
    if request.user.is_active and request.user.is_staff:
        return _today(request)
    return redirect("shop:home")


def _today(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    wanted = Wanted.read(request.GET.dict())
    parts = {part["name"]: part for part in _read(request.user, PARTS, now, wanted)}
    context = {
        "title": _("Today"),
        "is_fullwidth": "1",
        "greeting": _greeting(now),
        "now": now,
        "parts": parts,
        "wanted": wanted,
        "choices": feeding.choices(request.user) if "feed" in parts else [],
    }
    return in_the_shell(request, "kpis/today.html", context)


@never_cache
@require_safe
@staff_member_required
def today_parts(request: HttpRequest) -> HttpResponse:
    """Return the named parts of the page, all of them when none is named."""
    names = request.GET.getlist("part")
    wanted = [part for part in PARTS if part.name in names or not names]
    asked = Wanted.read(request.GET.dict())
    parts = _read(request.user, wanted, timezone.now(), asked)
    return render(request, "kpis/parts.html", {"parts": list(parts)})


def _read(
    user: Any, parts: Iterable[Part], now: datetime, wanted: Wanted
) -> Iterator[dict[str, Any]]:
    for part in parts:
        if not part.permission or user.has_perm(part.permission):
            yield {
                "name": part.name,
                "events": part.events,
                "template": part.template,
                "content": part.read(user, now, wanted),
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
        Email.objects.visible_to(request.user)
        .select_related("department", "customer", "rule", "mailbox", "link__case")
        .prefetch_related("attachments", "answers", "link__case__orders"),
        pk=pk,
    )
    context = {"email": email, "admin_url": links.row(email), **_around(email, request.user)}
    if request.headers.get("HX-Request"):
        return render(request, "kpis/mail.html", context)
    return in_the_shell(request, "kpis/mail_page.html", context | {"title": str(email)})


def _around(email: Email, user: Any) -> dict[str, Any]:
    """Return what belongs to the mail, each with its address."""
    case = next(iter(seen_of([email.link.case] if hasattr(email, "link") else [], user)), None)
    marker = marks.marker(email)
    html = shown_html(email, email.attachments.all(), marker) if email.html_safe else ""
    return {
        "frame": Frame(html=html).document if html else "",
        "text": marks.marked(marker, email.text),
        "case": case and (case, links.row(case)),
        "orders": [(order, links.row(order)) for order in case.orders.all()] if case else [],
        "answers": [(letter, links.row(letter)) for letter in email.answers.all()],
    }
