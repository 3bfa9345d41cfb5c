"""What the house recommends: one page, on which it is settled, too."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from agents.models import Department
from agents.scope import departments_of
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.errors import DomainError
from kpis import tasks
from kpis.advice.rules import RULES
from kpis.advice.telling import advice
from kpis.models import Recommendation
from kpis.services import recommending

logger = logging.getLogger(__name__)
SEE, SETTLE = "kpis.view_recommendation", "kpis.change_recommendation"
SETTLED_SHOWN = 20
LOW = Recommendation.Priority.LOW


@never_cache
@require_safe
@staff_member_required
@permission_required(SEE, raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    """Show what is open, the most urgent first, and below it what was settled of late."""
    context = {
        "title": _("Recommendations"),
        "departments": _departments(request),
        "rules": list(RULES.values()),
        "query": request.GET.urlencode(),
        **_shown(request),
    }
    return in_the_shell(request, "kpis/advice/page.html", context)


@never_cache
@require_safe
@staff_member_required
@permission_required(SEE, raise_exception=True)
def living(request: HttpRequest) -> HttpResponse:
    """Return the list alone, as it is now."""
    return render(request, "kpis/advice/list.html", _shown(request))


@never_cache
@require_POST
@staff_member_required
@permission_required(SETTLE, raise_exception=True)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is done, or that it will not be done and why."""
    row = get_object_or_404(recommending.seen_by(request.user), pk=pk)
    reason, by = request.POST.get("reason", ""), request.user
    try:
        if request.POST.get("verb") == "dismiss":
            recommending.dismiss(row, by=by, reason=reason)  # type: ignore[arg-type] # staff
        else:
            recommending.done(row, by=by, reason=reason)  # type: ignore[arg-type] # staff
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        messages.success(request, _("Settled. It is kept below, with what was said."))
    return _back(request)


@never_cache
@require_POST
@staff_member_required
@permission_required(SETTLE, raise_exception=True)
def look(request: HttpRequest) -> HttpResponse:
    """Let the rules be asked now and not only at night."""
    try:
        tasks.recommend.delay()
        messages.info(request, _("All rules are asked again; what they find appears here."))
    except OperationalError:
        logger.warning("The broker is away; the rules are asked at night.")
        messages.error(request, _("That did not work; the rules are asked again at night."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("department", "")
    query = f"?{urlencode({'department': code})}" if code else ""
    return redirect(f"{reverse('kpis:recommendations')}{query}")


def _shown(request: HttpRequest) -> dict[str, Any]:
    code, user = request.GET.get("department", ""), request.user
    rows = recommending.seen_by(user)
    if code:
        rows = rows.filter(department__code=code)
    # What people decided stands above what went by itself.
    settled = (
        rows.exclude(state=Recommendation.State.OPEN)
        .alias(went=Q(state=Recommendation.State.GONE))
        .order_by("went", "-settled_at", "-pk")
    )
    found = advice(rows.filter(state=Recommendation.State.OPEN), user)
    return {
        "open": found,
        "pressing": [one for one in found if one.row.priority != LOW],
        "low": [one for one in found if one.row.priority == LOW],
        "settled": advice(settled[:SETTLED_SHOWN], user),
        "department": code,
        "may_settle": user.has_perm(SETTLE),
    }


def _departments(request: HttpRequest) -> list[Department]:
    ours = departments_of(request.user)
    return [one for one in Department.objects.all() if ours is None or one.pk in ours]
