"""The page of a case: the conversation in the middle, what there is to know beside it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case
from cases.services import attending, bell, browsing, conversation, entering
from cases.views import composer, facts, steps
from cases.views.forms import NewCaseForm
from cases.views.guard import StaffRequest, case_of, staff
from emails.admin import marks
from emails.admin.frame import shown_html
from emails.models import Attachment, OutgoingEmail
from hbu.lib.admin import Frame
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.errors import DomainError
from hbu.lib.telling import told
from orders.admin.page_picture import page_picture
from orders.services import pictures

EVENTS = "case task order outgoing new_email email_handled"


@staff()
@require_safe
def page(request: StaffRequest, number: str) -> HttpResponse:
    case = case_of(request, number)
    if case.merged_into is not None:
        messages.info(request, gettext("%(old)s was put into this case.") % {"old": case.number})
        return HttpResponseRedirect(case.merged_into.get_absolute_url())
    bell.read_about(request.user, case)
    wanted = browsing.Wanted.read(request.GET)
    before, after = browsing.neighbours(request.user, wanted, case, timezone.now())
    context = {
        "title": case.number,
        "case": case,
        "wanted": wanted,
        "before": before,
        "after": after,
        **_parts(request, case),
        **composer.context(request, case),
    }
    return in_the_shell(request, "cases/case.html", context)


@staff()
@require_safe
def parts(request: StaffRequest, number: str) -> HttpResponse:
    """What lives on the page, to be put in the place of what stands there."""
    case = case_of(request, number)
    return render(request, "cases/case_parts.html", {"case": case, **_parts(request, case)})


def _parts(request: StaffRequest, case: Case) -> dict[str, Any]:
    return {
        "now": timezone.now(),
        "events": EVENTS,
        "conversation": conversation.conversation(case, whole="whole" in request.GET),
        **facts.context(request, case),
    }


@staff()
@require_POST
def do(request: StaffRequest, number: str) -> HttpResponse:
    """Do one thing with the case; scripts hear of a refusal as a problem, people as a message."""
    case = case_of(request, number)
    quietly = request.headers.get("X-Requested-With") == "fetch"
    try:
        said = steps.do(request, case)
    except DomainError as error:
        if quietly:
            return JsonResponse({"detail": told(error.message)}, status=error.status)
        messages.error(request, told(error.message))
        return HttpResponseRedirect(case.get_absolute_url())
    words = said.words if isinstance(said, steps.Written) else said
    url = _goes_on(request, case)
    if quietly and url == case.get_absolute_url():
        letter = _undoable(case, said.letter) if isinstance(said, steps.Written) else {}
        return JsonResponse({"said": str(words), "url": url, **letter})
    if words:
        messages.success(request, str(words))
    return JsonResponse({"url": url}) if quietly else HttpResponseRedirect(url)


def _undoable(case: Case, letter: OutgoingEmail) -> dict[str, Any]:
    return {
        "letter": letter.pk,
        "seconds": settings.HBU_UNDO_SECONDS,
        "take_back": reverse("cases:answer_take_back", args=[case.number]),
        "undo": gettext("Undo"),
    }


def _goes_on(request: StaffRequest, case: Case) -> str:
    """Where the person goes on: the case may be in another one by now, or somebody else's alone."""
    now = case.merged_into or case
    if Case.objects.visible_to(request.user).filter(pk=now.pk).exists():
        return now.get_absolute_url()
    return reverse("cases:inbox")


@staff("cases.add_case")
def new(request: StaffRequest) -> HttpResponse:
    """A case by hand, for whoever called or came by."""
    form = NewCaseForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            case = entering.enter(form.new_case(), by=request.user)
        except DomainError as error:
            form.add_error(None, gettext(error.message))
        else:
            words = gettext("%(number)s is opened for %(name)s.")
            messages.success(request, words % {"number": case.number, "name": case.department})
            return HttpResponseRedirect(_goes_on(request, case))
    context = {"title": _("New case"), "form": form}
    return in_the_shell(request, "cases/new.html", context, status=422 if form.errors else 200)


@staff()
@require_POST
def here(request: StaffRequest, number: str) -> HttpResponse:
    """The page says that it is open, and hears who else has it open."""
    case = case_of(request, number)
    if "gone" in request.POST:
        attending.gone(case, by=request.user)
        return HttpResponse(status=204)
    others = attending.here(case, by=request.user, typing="typing" in request.POST)
    return render(request, "cases/others.html", {"others": others})


@staff()
@require_safe
def mail(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """A mail as its sender laid it out, in a frame that runs and loads nothing (promise B6)."""
    email = get_object_or_404(case_of(request, number).emails, pk=pk)
    marker = marks.marker(email)
    html = shown_html(email, email.attachments.all(), marker) if email.html_safe else ""
    context = {
        "email": email,
        "frame": Frame(html=html).document if html else "",
        "text": email.text,
    }
    return render(request, "cases/mail.html", context)


@staff()
@require_safe
def file(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """An attachment, looked at without opening the file itself."""
    attachment = _file(request, number, pk)
    context = {
        "attachment": attachment,
        "pages": range(1, pictures.pages(attachment) + 1),
        "is_picture": attachment.content_type in {"image/png", "image/jpeg", "image/gif"},
        "number": number,
        "download": reverse("admin:emails_attachment", args=[attachment.pk]),
    }
    return render(request, "cases/file.html", context)


@staff()
@require_safe
def file_page(request: StaffRequest, number: str, pk: int, page: int) -> HttpResponse:
    return page_picture(_file(request, number, pk), page)


def _file(request: StaffRequest, number: str, pk: int) -> Attachment:
    case = case_of(request, number)
    found = Attachment.objects.filter(email__link__case=case, pk=pk).first()
    if found is None:
        raise Http404
    return found


@staff()
@require_safe
def people(request: StaffRequest, number: str) -> HttpResponse:
    """Colleagues whom a note may mention, by what was typed after the @."""
    case_of(request, number)
    if not request.user.has_perm("cases.change_case"):
        raise PermissionDenied
    typed = request.GET.get("q", "")[:40].lower()
    found = [
        {"name": one.user.get_username(), "full": one.name}
        for one in facts.colleagues()
        if typed in one.user.get_username().lower() or typed in one.name.lower()
    ]
    return JsonResponse({"people": found[:8]})
