"""What the composer asks for while somebody writes, and what becomes of the letter.

Scripts get small parts of the page or JSON, and refusals as {"detail": ...} with their status;
without scripts every POST ends on the page of the case with a message.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case
from cases.services import answering
from cases.services.answering import addressing
from cases.views.guard import case_of, staff
from emails import courtesy
from emails.data import File
from emails.models import Email, OutgoingEmail, RoyalTemplate
from emails.templating import VARIABLES
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.telling import told
from hbu.lib.words import whole_number

Step = Callable[[HttpRequest, Case], HttpResponse]
View = Callable[[HttpRequest, str], HttpResponse]


def _step(view: Step) -> View:
    """For staff who may write, in a case that they see; a refusal is told, not raised."""

    @wraps(view)
    def stepped(request: HttpRequest, number: str) -> HttpResponse:
        case = case_of(request, number)
        try:
            return view(request, case)
        except DomainError as error:
            return _refused(request, case, error)

    guarded: View = staff("cases.answer_case")(stepped)
    return guarded


def _refused(request: HttpRequest, case: Case, error: DomainError) -> HttpResponse:
    if not _quietly(request):
        messages.error(request, told(error.message))
        return HttpResponseRedirect(case.get_absolute_url())
    said: dict[str, object] = {"code": error.code, "detail": told(error.message)}
    if isinstance(error, answering.Discourteous):
        said["score"] = error.points.score
        said["findings"] = [
            {"rule": gettext(one.rule), "excerpt": one.excerpt, "hint": gettext(one.hint)}
            for one in error.points.findings
            if not one.ok
        ]
    return JsonResponse(said, status=error.status)


def _me(request: HttpRequest) -> AbstractUser:
    """Staff are logged in."""
    return cast("AbstractUser", request.user)


def _quietly(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch" or "HX-Request" in request.headers


def _composed(request: HttpRequest, case: Case) -> answering.Composed:
    """Read the composer's form. Raises DomainError."""
    form = request.POST
    email, mode = _email(request, case), form.get("mode", answering.Mode.REPLY)
    language = form.get("language", "")
    if language not in answering.SPOKEN:
        language = answering.language_of(case, email)
    below = answering.quoted(mode, email, language) if form.get("quote", "1") != "0" else ""
    return answering.Composed(
        mode=mode,
        answers=email,
        to=addressing.typed(form.get("to", "")),
        cc=addressing.typed(form.get("cc", "")),
        bcc=addressing.typed(form.get("bcc", "")),
        subject=form.get("subject", ""),
        text=form.get("text", ""),
        quoted=below,
        files=tuple(
            answering.of_ticket(case, one, by=_me(request)) for one in form.getlist("files")
        ),
        language=language,
        template=form.get("template", ""),
        key=form.get("key", ""),
        invite_rating=form.get("invite_rating") == "1",
    )


def _email(request: HttpRequest, case: Case) -> Email | None:
    pk = request.POST.get("answers", "")
    mails = (case.merged_into or case).emails
    return mails.filter(pk=whole_number(pk)).first()


@require_POST
@_step
def lint(request: HttpRequest, case: Case) -> HttpResponse:
    """How courteous the text is so far, rule by rule, and what to know about its readers."""
    composed = _composed(request, case)
    points = answering.check(
        composed.text,
        subject=composed.subject,
        language=composed.language,
        case=case,
        to=composed.to[0] if composed.to else "",
    )
    context = {
        "points": points,
        "good": points.score >= courtesy.LEAVES_UNSEEN,
        "wrong": [
            {"rule": gettext(one.rule), "excerpt": one.excerpt, "hint": gettext(one.hint)}
            for one in points.findings
            if not one.ok
        ],
        "right": [gettext(one.rule) for one in points.findings if one.ok],
        "placeholder": answering.placeholder(composed.subject, composed.text),
        "warnings": [told(one) for one in answering.warnings(case, composed)]
        if composed.readers
        else [],
    }
    return render(request, "cases/composing/lint.html", context)


@require_POST
@_step
def keep(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep what was typed so far."""
    form = request.POST
    said = {
        name: form[name] for name in ("mode", "to", "cc", "bcc", "subject", "text") if name in form
    }
    files = [answering.of_ticket(case, one, by=_me(request)) for one in form.getlist("files")]
    answering.keep(case, _me(request), answers=_email(request, case), files=files, **said)
    return render(request, "cases/composing/kept.html", {"now": timezone.now()})


@require_POST
@_step
def discard(request: HttpRequest, case: Case) -> HttpResponse:
    answering.drop(case, _me(request))
    if _quietly(request):
        return HttpResponse(status=204)
    return HttpResponseRedirect(case.get_absolute_url())


@require_POST
@_step
def upload(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep the files of the field `file`; what comes back goes into the form."""
    files = [answering.store(one, by=_me(request)) for one in request.FILES.getlist("file")[:20]]
    return render(request, "cases/composing/files.html", {"files": ticketed(request, case, files)})


def ticketed(request: HttpRequest, case: Case, files: Iterable[File]) -> list[dict[str, object]]:
    """Return files as the part `cases/composing/files.html` shows them in the composer's form."""
    return [{"file": one, "ticket": answering.ticket(case, one, by=_me(request))} for one in files]


@require_safe
@_step
def attachable(request: HttpRequest, case: Case) -> HttpResponse:
    """The papers and attachments of the case, to choose from."""
    offered = [
        {
            "label": one.label,
            "file": one.file,
            "ticket": answering.ticket(case, one.file, by=_me(request)),
        }
        for one in answering.attachable(case)
    ]
    return render(request, "cases/composing/attachable.html", {"offered": offered})


@require_safe
@_step
def fill(request: HttpRequest, case: Case) -> HttpResponse:
    """A text of ours, filled: subject, text, and what the books could not fill."""
    pk = request.GET.get("template", "")
    known = RoyalTemplate.objects.filter(by_hand=True)
    template = get_object_or_404(known, pk=whole_number(pk))
    to = addressing.typed(request.GET.get("to", ""))
    filled = answering.fill(case, template, by=_me(request), to=to[0] if to else "")
    missing = [
        {"name": name, "label": gettext(VARIABLES.get(name, name))} for name in filled.missing
    ]
    return JsonResponse(
        {
            "subject": filled.subject,
            "text": filled.text,
            "missing": missing,
            "language": template.language,
            "template": template.code,
        }
    )


@require_POST
@_step
def send(request: HttpRequest, case: Case) -> HttpResponse:
    """Into the outbox; for some seconds it can be taken back."""
    form = request.POST
    composed = _composed(request, case)
    if form.get("answers") and composed.answers is None:
        raise DomainError("email.moved", N_("Somebody moved this mail meanwhile."))
    letter = answering.send(
        case,
        composed,
        by=_me(request),
        then=form.get("then", ""),
        despite=form.get("despite") == "1",
        close_tasks=form.get("close_tasks") == "1",
    )
    if not _quietly(request):
        messages.success(request, gettext("The letter is on its way."))
        return HttpResponseRedirect(case.get_absolute_url())
    return JsonResponse(
        {
            "letter": letter.pk,
            "said": gettext("The letter leaves in %(seconds)d seconds.")
            % {"seconds": settings.HBU_UNDO_SECONDS},
            "seconds": settings.HBU_UNDO_SECONDS,
            "take_back": reverse("cases:answer_take_back", args=[case.number]),
            "status": case.status,
        }
    )


@require_POST
@_step
def take_back(request: HttpRequest, case: Case) -> HttpResponse:
    """The letter named by `letter` stays here, and the draft is back."""
    pk = request.POST.get("letter", "")
    mine = OutgoingEmail.objects.filter(created_by_id=_me(request).pk)
    letter = get_object_or_404(mine, pk=whole_number(pk))
    composed = answering.take_back(letter, by=_me(request))
    said = gettext("The letter stays here; your draft is back.")
    if not _quietly(request):
        messages.success(request, said)
        return HttpResponseRedirect(case.get_absolute_url())
    return JsonResponse(
        {
            "said": said,
            "mode": composed.mode,
            "answers": composed.answers.pk if composed.answers else None,
            "to": ", ".join(composed.to),
            "cc": ", ".join(composed.cc),
            "bcc": ", ".join(composed.bcc),
            "subject": composed.subject,
            "text": composed.text,
            "key": composed.key,
        }
    )
