"""/kpis/: the figures at a glance, and the page of each."""

from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hbu.lib.admin.shell import in_the_shell
from kpis import links, values
from kpis.definitions import KPIS, How
from kpis.figures import cards, showing
from kpis.figures.asked import AskedForm
from kpis.models import Target

SEEN = "kpis.view_snapshot"
SCORE = "overall_score"
NEWS = "kpi_update"


@never_cache
@require_safe
@staff_member_required
@permission_required(SEEN, raise_exception=True)
def overview(request: HttpRequest) -> HttpResponse:
    form = AskedForm(request.user, request.GET)
    context = {"title": _("KPIs"), **_asked(form), "parts": [_figures(request, form)]}
    return in_the_shell(request, "kpis/figures/overview.html", context)


@never_cache
@require_safe
@staff_member_required
@permission_required(SEEN, raise_exception=True)
def overview_parts(request: HttpRequest) -> HttpResponse:
    form = AskedForm(request.user, request.GET)
    return render(request, "kpis/figures/parts.html", {"parts": [_figures(request, form)]})


@never_cache
@require_safe
@staff_member_required
@permission_required(SEEN, raise_exception=True)
def figure(request: HttpRequest, code: str) -> HttpResponse:
    form = AskedForm(request.user, request.GET)
    part = _figure(request, form, _known(request, code))
    context = {"title": str(KPIS[code].label), "code": code, **_asked(form), "parts": [part]}
    return in_the_shell(request, "kpis/figures/figure.html", context)


@never_cache
@require_safe
@staff_member_required
@permission_required(SEEN, raise_exception=True)
def figure_parts(request: HttpRequest, code: str) -> HttpResponse:
    form = AskedForm(request.user, request.GET)
    part = _figure(request, form, _known(request, code))
    return render(request, "kpis/figures/parts.html", {"parts": [part]})


def _known(request: HttpRequest, code: str) -> str:
    if code not in KPIS:
        raise Http404
    if not values.may_see(request.user, code):
        raise PermissionDenied
    return code


def _asked(form: AskedForm) -> dict[str, Any]:
    span, department = form.chosen()
    return {
        "form": form,
        "query": form.query,
        "span": span,
        "department": department,
        "when": showing.days(span),
        "when_before": showing.days(span.before),
    }


def _figures(request: HttpRequest, form: AskedForm) -> dict[str, Any]:
    span, department = form.chosen()
    found = values.values(request.user, span, department)
    departments = values.scope_of(request.user, department)
    shown = {
        code: cards.card(request.user, one, departments, form.query) for code, one in found.items()
    }
    score = shown.pop(SCORE)
    return {
        "name": "figures",
        "events": NEWS,
        "template": "kpis/figures/cards.html",
        "content": {
            "score": score,
            "weights": cards.weights(score.measure, found, form.query),
            "weighed": sum(one.weight for one in score.measure.weighed),
            "sum": showing.count(score.measure.part),
            "cards": list(shown.values()),
            "nothing": all(one.measure.value in (None, 0) for one in shown.values()),
        },
    }


def _figure(request: HttpRequest, form: AskedForm, code: str) -> dict[str, Any]:
    span, department = form.chosen()
    user = request.user
    departments = values.scope_of(user, department)
    found, desks = values.divided(user, code, span, department)
    course = cards.course(found)
    content = {
        "card": cards.card(user, found, departments, form.query),
        "kpi": found.kpi,
        "chart": cards.chart(found, course) if course else "",
        "steps": cards.steps(user, course, departments),
        "desks": cards.desks(user, desks, len(span)),
        "targets": links.rows(Target, kpi__exact=code) if user.has_perm("kpis.view_target") else "",
        **(_arithmetic(request, form) if found.kpi.how == How.SCORE else {}),
    }
    return {
        "name": "figure",
        "events": NEWS,
        "template": "kpis/figures/one.html",
        "content": content,
    }


def _arithmetic(request: HttpRequest, form: AskedForm) -> dict[str, Any]:
    content: dict[str, Any] = _figures(request, form)["content"]
    return {name: content[name] for name in ("weights", "weighed", "sum")}
