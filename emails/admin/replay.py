"""Stages gone again: asked for from the list of mails or for a period, applied or dropped."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from emails.admin import colours
from emails.admin.replay_page import can_be_applied, page_of, stage_in_words
from emails.models import Email, Replay
from emails.services.replay import running
from emails.services.replay.comparing import STAGES
from hbu.lib.admin import PageAdmin, Section, Transition, column, labelled
from hbu.lib.admin.showing import address
from hbu.lib.admin.transitions import NAMES_SHOWN
from hbu.lib.errors import DomainError

MOST_DAYS = 3650


APPLY_ALL = Transition(
    name="apply",
    label=_("Apply all"),
    act=lambda replay, by, _reason: running.apply_all(replay, by=by),
    possible=can_be_applied,
    question=_(
        "What differs is written, for all mails of this replay. Open cases that nobody has touched "
        "go along. Nothing is sent, no case is opened and no order is entered."
    ),
    icon="done_all",
    variant=ActionVariant.PRIMARY,
)
DROP = Transition(
    name="drop",
    label=_("Drop"),
    act=lambda replay, by, _reason: running.drop(replay, by=by),
    possible=lambda replay: replay.state == Replay.State.PREPARED,
    question=_("All mails stay as they are. The comparison stays to be read."),
    icon="delete_sweep",
    variant=ActionVariant.DANGER,
)


def _stages() -> list[tuple[str, str]]:
    return [(stage.name, gettext(stage.label)) for stage in STAGES.values()]


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Step"), choices=_stages, widget=UnfoldAdminSelectWidget)


class PeriodForm(forms.ModelForm):  # type: ignore[type-arg]
    stage = forms.ChoiceField(label=_("Step"), choices=_stages, widget=UnfoldAdminSelectWidget)
    days = forms.IntegerField(
        label=_("Mails of the last days"),
        initial=30,
        min_value=1,
        max_value=MOST_DAYS,
        widget=UnfoldAdminIntegerFieldWidget,
    )

    class Meta:
        model = Replay
        fields = ("stage",)

    def clean(self) -> dict[str, Any]:
        """Turn the days into the moment since when mails are replayed."""
        said: dict[str, Any] = super().clean() or {}
        if "days" in said:
            said["since"] = timezone.now() - timedelta(days=said["days"])
        return said


@admin.register(Replay)
class ReplayAdmin(PageAdmin):
    empty_words = _("Nothing was replayed yet. Choose mails in the inbox, or a period here.")
    form = PeriodForm
    list_display = ("stage_label", "at", "by", "since", "state_label", "progress", "differing")
    list_display_links = ("stage_label",)
    list_select_related = ("by",)
    list_filter = (("state", ChoicesDropdownFilter),)
    transitions = (APPLY_ALL, DROP)

    state_label = labelled("state", _("state"), colours.REPLAY)

    @column(_("step"), ordering="stage")
    def stage_label(self, replay: Replay) -> str:
        return stage_in_words(replay.stage)

    @column(_("compared"))
    def progress(self, replay: Replay) -> str:
        return gettext("%(done)d of %(total)d") % {"done": replay.done, "total": replay.total}

    @column(_("differences"), ordering="found")
    def differing(self, replay: Replay) -> int:
        return replay.found  # type: ignore[attr-defined,no-any-return] # counted with the list

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Replay]":
        rows: QuerySet[Replay] = super().get_queryset(request)
        return rows.defer("emails").annotate(found=Count("differences"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("emails.add_replay"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is not None:
            return []
        words = _("Nothing is written before you have seen what differs; nothing is ever sent.")
        return [(None, {"description": words, "fields": ("stage", "days")})]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self,
        request: HttpRequest,
        obj: Replay,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        said = form.cleaned_data
        asked = running.ask(said["stage"], since=said["since"], by=request.user)  # type: ignore[arg-type] # staff are logged in
        obj.pk = asked.pk

    def response_add(
        self, request: HttpRequest, obj: Replay, post_url_continue: str | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(address(obj))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Its history stands in the journal."""

    def sections(self, request: HttpRequest, replay: Replay) -> list[Section]:
        return page_of(replay)


@admin.action(description=_("Replay …"), permissions=["replay"])
def replay_chosen(
    model_admin: Any, request: HttpRequest, emails: "QuerySet[Email]"
) -> HttpResponse | None:
    """Ask which step, then ask for the comparison of the chosen mails."""
    form = StageForm(request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        keys = emails.values_list("pk", flat=True)
        try:
            asked = running.ask(form.cleaned_data["stage"], ids=keys, by=request.user)  # type: ignore[arg-type] # staff are logged in
        except DomainError as error:
            messages.error(request, gettext(error.message))
            return None
        return HttpResponseRedirect(address(asked))
    return _ask_which(model_admin, request, emails, form)


def _ask_which(
    model_admin: Any, request: HttpRequest, emails: "QuerySet[Email]", form: forms.Form
) -> HttpResponse:
    across = request.POST.get("select_across") == "1"
    keys = ["0"] if across else request.POST.getlist(ACTION_CHECKBOX_NAME)
    hidden = [("action", replay_chosen.__name__), ("confirmed", "1")]
    hidden += [("select_across", "1")] if across else []
    count = emails.count()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gettext("Replay"),
        "transition": SimpleNamespace(
            label=gettext("Replay"),
            question=gettext(
                "The step is done again on paper, by today's rules. You see what would differ "
                "before anything is written; nothing is ever sent."
            ),
        ),
        "form": form,
        "objects": list(emails.select_related(None).only("subject")[:NAMES_SHOWN]),
        "more": max(0, count - NAMES_SHOWN),
        "back": request.get_full_path(),
        "hidden": [*hidden, *((ACTION_CHECKBOX_NAME, key) for key in keys)],
    }
    return TemplateResponse(request, "admin/transition.html", context)
