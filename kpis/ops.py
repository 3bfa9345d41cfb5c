"""What administrators watch the house with: the monitor and the log. Both only read."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.views.guard import StaffRequest, staff
from hbu.lib.admin.shell import in_the_shell
from kpis import alerting, logbook, paces
from kpis.alerting import WATCH
from kpis.logbook import Wanted
from kpis.models import Alert

PAST = 20
EVENTS = {"alerts": "alert", "measures": "alert system_status", "paces": "", "past": "alert"}


@require_safe
@staff(WATCH)
def monitor(request: StaffRequest) -> HttpResponse:
    context = {"title": _("Monitor"), **_monitor(request, timezone.now())}
    return in_the_shell(request, "kpis/ops/monitor.html", context)


@require_safe
@staff(WATCH)
def monitor_parts(request: StaffRequest) -> HttpResponse:
    return render(request, "kpis/ops/monitor_parts.html", _monitor(request, timezone.now()))


def _monitor(request: StaffRequest, now: datetime) -> dict[str, Any]:
    span = paces.span_of(request.GET.get("span", ""))
    ended = Alert.objects.exclude(ended_at=None).select_related("seen_by")
    past = Paginator(ended, PAST).get_page(request.GET.get("page"))
    rows = paces.measures(now)
    return {
        "now": now,
        "span": span,
        "spans": paces.SPANS,
        "events": EVENTS,
        "alerts": paces.alerts(rows),
        "measures": rows,
        "paces": paces.paces(span),
        "past": past,
        "ended": [paces.shown(alert) for alert in past],
    }


@require_POST
@staff(WATCH)
def seen(request: StaffRequest, pk: int) -> HttpResponse:
    alerting.see(get_object_or_404(Alert, pk=pk), by=request.user)
    return redirect("kpis:monitor")


@require_safe
@staff(WATCH)
def logs(request: StaffRequest) -> HttpResponse:
    wanted = Wanted.of(request.GET)
    entries, end = logbook.newest(wanted)
    context = {
        "title": _("Log"),
        "wanted": wanted,
        "query": urlencode(wanted.asked),
        "levels": logbook.LEVELS[1:],
        "entries": entries,
        "end": end,
    }
    return in_the_shell(request, "kpis/ops/logs.html", context)


@require_safe
@staff(WATCH)
def log_lines(request: StaffRequest) -> HttpResponse:
    """Return what was written since the page last asked; 204 where that is nothing."""
    wanted = Wanted.of(request.GET)
    entries, end = logbook.since(request.GET.get("after", ""), wanted)
    context = {"entries": entries, "wanted": wanted}
    response = (
        render(request, "kpis/ops/log_lines.html", context) if entries else HttpResponse(status=204)
    )
    response["X-Log-End"] = end
    return response
