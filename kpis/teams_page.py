"""The page of the teams, and giving a case to somebody by drag or by keyboard."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.models import Agent
from agents.scope import departments_of
from cases.services import assigning
from cases.views import inbox
from cases.views.guard import StaffRequest, case_of, staff
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from kpis import teams

EVENTS = "case agent"


@require_safe
@staff("agents.view_department")
def page(request: StaffRequest) -> HttpResponse:
    found = teams.teams(request.user)
    context = {
        "title": _("Teams"),
        "parts": [_part(request, team) for team in found],
        "choices": teams.choices(found),
        "may_assign": request.user.has_perm("cases.change_case"),
    }
    return in_the_shell(request, "kpis/teams/page.html", context)


@require_safe
@staff("agents.view_department")
def parts(request: StaffRequest) -> HttpResponse:
    names = request.GET.getlist("part")
    found = [_part(request, team) for team in teams.teams(request.user)]
    wanted = [part for part in found if part["name"] in names or not names]
    return render(request, "kpis/parts.html", {"parts": wanted})


def _part(request: HttpRequest, team: teams.Team) -> dict[str, Any]:
    user: Any = request.user
    return {
        "name": f"team-{team.department.code}",
        "events": EVENTS,
        "template": "kpis/teams/team.html",
        "content": {
            "team": team,
            "may_assign": user.has_perm("cases.change_case"),
            "may_open": user.has_perm("cases.view_case"),
        },
    }


@require_POST
@staff("cases.change_case")
def assign(request: StaffRequest) -> HttpResponse:
    """Give a case to a colleague, or to nobody, in one of the departments that the person sees."""
    case = case_of(request, request.POST.get("case", ""))
    try:
        to = inbox.assignee(request.POST.get("to", ""), request)
        _guard(request, to)
        department = inbox.desk(request.POST.get("department", ""))
        ours = departments_of(request.user)
        if ours is not None and department.pk not in ours:
            raise DomainError("department.unknown", N_("There is no such department."), status=400)
        was = request.POST.get("was", "")
        assigning.assign(
            case, department=department, assignee=to, was=int(was or 0), by=request.user
        )
    except (DomainError, ValueError) as error:
        words = _(getattr(error, "message", N_("That is not possible.")))
        return JsonResponse({"detail": words}, status=getattr(error, "status", 400))
    name = to.name if to else _("nobody")
    words = _("%(case)s is given to %(name)s.") % {"case": case.number, "name": name}
    return JsonResponse({"said": words})


def _guard(request: StaffRequest, to: Agent | None) -> None:
    if to is not None and to.kind != Agent.Kind.HUMAN:
        raise DomainError("agent.software", N_("Cases are given to people."), status=400)
