"""Agents at work: the page of all of them, of one, and the buttons that start, pause and drain."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.models import Agent, AgentMemory
from agents.services import remembering, running
from cases.views.guard import StaffRequest, staff
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.errors import DomainError
from hbu.lib.words import whole_number
from kpis import one_agent, workforce

SEE, RUN = "agents.view_agent", "agents.run_agent"
EVENTS = "agent new_email email_handled case outgoing"
VERBS = {"start": running.start, "pause": running.pause, "drain": running.drain}


@require_safe
@staff(SEE)
def page(request: StaffRequest) -> HttpResponse:
    context = {"title": _("Agents at work"), "parts": _all(request, timezone.now())}
    return in_the_shell(request, "kpis/agents/page.html", context)


@require_safe
@staff(SEE)
def page_parts(request: StaffRequest) -> HttpResponse:
    return _asked(request, _all(request, timezone.now()))


def _all(request: StaffRequest, now: datetime) -> list[dict[str, Any]]:
    user = request.user
    shown = {"may_run": user.has_perm(RUN), "sees": _sees(user)}
    return [
        _part("software", {**shown, "agents": workforce.software(user, now)}),
        _part("people", {**shown, "people": workforce.people(user, now)}),
    ]


@require_safe
@staff(SEE)
def one(request: StaffRequest, pk: int) -> HttpResponse:
    agent = _agent(pk)
    context = {"title": agent.name, "agent": agent, "parts": _one(request, agent, timezone.now())}
    return in_the_shell(request, "kpis/agents/one.html", context)


@require_safe
@staff(SEE)
def one_parts(request: StaffRequest, pk: int) -> HttpResponse:
    return _asked(request, _one(request, _agent(pk), timezone.now()))


def _one(request: StaffRequest, agent: Agent, now: datetime) -> list[dict[str, Any]]:
    user = request.user
    sees = _sees(user)
    shown = {"may_run": user.has_perm(RUN), "sees": sees, "agent": agent}
    (known,) = workforce.software(user, now, [agent.pk])
    parts = [_part("head", {**shown, "known": known})]
    if sees["runs"]:
        days, runs = one_agent.days(user, agent, now), one_agent.last_runs(user, agent)
        parts.append(_part("runs", {**shown, "known": known, "days": days, "runs": runs}))
    if sees["mails"]:
        waits = one_agent.queue(user, agent, now)
        parts.append(_part("queue", {**shown, "known": known, "waits": waits}))
    return [*parts, _part("memory", {**shown, "memories": one_agent.memories(user, agent)})]


def _sees(user: Any) -> dict[str, bool]:
    """A number is a link only for who may open its rows."""
    names = {"runs": "agents.view_agentrun", "mails": "emails.view_email"}
    return {
        name: user.has_perm(permission)
        for name, permission in {**names, "cases": "cases.view_case"}.items()
    }


def _part(name: str, content: dict[str, Any]) -> dict[str, Any]:
    template = f"kpis/agents/{name}.html"
    return {"name": name, "events": EVENTS, "template": template, "content": content}


def _asked(request: HttpRequest, parts: list[dict[str, Any]]) -> HttpResponse:
    names = request.GET.getlist("part")
    wanted = [part for part in parts if part["name"] in names or not names]
    return render(request, "kpis/parts.html", {"parts": wanted})


def _agent(pk: int) -> Agent:
    return get_object_or_404(Agent, pk=pk, kind=Agent.Kind.SOFTWARE)


@require_POST
@staff(RUN)
def turn(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """Start, pause or drain an agent."""
    if verb not in VERBS:
        raise Http404
    agent = _agent(pk)
    try:
        VERBS[verb](agent, by=request.user)
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        state = agent.get_state_display()
        messages.success(request, _("%(name)s: %(state)s.") % {"name": agent, "state": state})
    return _back(request, agent)


@require_POST
@staff(RUN)
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an agent forget what it keeps in mind about an address."""
    agent = _agent(pk)
    asked = request.POST.get("memory", "")
    seen = AgentMemory.objects.visible_to(request.user).filter(agent=agent)
    row = get_object_or_404(seen, pk=whole_number(asked))
    try:
        remembering.forget(row, by=request.user)
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        messages.success(request, _("Forgotten."))
    return HttpResponseRedirect(reverse("kpis:agent", args=[agent.pk]))


def _back(request: HttpRequest, agent: Model) -> HttpResponse:
    here = reverse("kpis:agent", args=[agent.pk])
    return HttpResponseRedirect(here if "here" in request.POST else reverse("kpis:agents"))
