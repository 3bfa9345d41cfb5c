"""The composer of a case page: closed until somebody writes, or with what he wrote before."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.services import answering, macros
from cases.views.composing import ticketed
from cases.views.guard import StaffRequest, case_of, staff
from hbu.lib.errors import DomainError
from hbu.lib.words import whole_number


def context(request: StaffRequest, case: Case) -> dict[str, Any]:
    """What the page shows at first."""
    user = request.user
    draft = answering.draft_of(case, user) if user.has_perm("cases.answer_case") else None
    return {
        "composer": _form(request, case, answering.composed_of(draft)) if draft else None,
        "macros": macros.offered(user, case) if user.has_perm("cases.change_case") else [],
    }


@staff("cases.answer_case")
@require_safe
def compose(request: StaffRequest, number: str) -> HttpResponse:
    """The form for a letter: an answer to one mail or to all its readers, a forward, a new one."""
    case = case_of(request, number)
    pk = request.GET.get("answers", "")
    answers = case.emails.filter(pk=whole_number(pk)).first()
    mode = request.GET.get("mode", answering.Mode.REPLY)
    user = request.user
    try:
        composed = answering.prepare(case, mode=mode, answers=answers, by=user)
    except DomainError as error:
        return JsonResponse({"detail": gettext(error.message)}, status=error.status)
    form = _form(request, case, composed)
    return render(request, "cases/composing/form.html", {"case": case, "composer": form})


def _form(request: StaffRequest, case: Case, composed: answering.Composed) -> dict[str, Any]:
    return {
        "letter": composed,
        "to": ", ".join(composed.to),
        "cc": ", ".join(composed.cc),
        "bcc": ", ".join(composed.bcc),
        "files": ticketed(request, case, composed.files),
        "templates": answering.offered(case),
        "most": settings.HBU_MAX_ENCLOSED_BYTES,
    }
