"""Workflow rules: when something happens to a case, what is done; every version kept."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from cases.admin.editors import ActionsField, ConditionMixin, case_condition
from cases.admin.workflow_figures import figures_of, keys_of
from cases.admin.workflow_trial import sections_of
from cases.admin.workflow_version import Said
from cases.models import RuleRun, WorkflowRule
from cases.services import choices, rehearsing, rules
from hbu.journal.history import history
from hbu.lib.admin import (
    Prose,
    Section,
    SectionsMixin,
    StaffAdmin,
    column,
    moment,
    nowrap,
    words_of,
)
from hbu.lib.admin.trying import TryMixin
from hbu.lib.admin.versions import versions_of


class WorkflowRuleForm(ConditionMixin, forms.ModelForm):  # type: ignore[type-arg]
    condition = case_condition()
    actions = ActionsField()

    class Meta:
        model = WorkflowRule
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {"note": UnfoldAdminTextareaWidget(attrs={"rows": 2})}


@admin.register(WorkflowRule)
class WorkflowRuleAdmin(TryMixin, SectionsMixin, StaffAdmin):
    days, most_days = rehearsing.DAYS, rehearsing.MOST_DAYS
    empty_words = _("There is no rule: the house does nothing by itself.")
    form = WorkflowRuleForm
    list_display = (
        "titled", "position", "occasion", "deeds", "is_active", "hit", "failed",
    )  # fmt: skip
    list_editable = ("position",)
    ordering_field = "position"
    list_filter = (
        ("trigger", ChoicesDropdownFilter),
        ("is_active", BooleanRadioFilter),
        ("stop", BooleanRadioFilter),
    )
    search_fields = ("name", "note")
    readonly_fields = ("version", "hits", "last_hit_at")
    in_journal = True
    change_form_after_template = "admin/cases/try_workflow.html"
    export_fields = (
        "position", "name", "trigger", "stop", "is_active", "version", "hits", "last_hit_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": (("name", "position"), "note", ("is_active", "stop"))}),
        (
            _("When"),
            {
                "description": _(
                    "Rules of the same occasion are asked in order; one that stops is the last. "
                    "Hours are plain hours, nights and holidays counted."
                ),
                "fields": ("trigger", ("since", "hours")),
            },
        ),
        (_("If"), {"fields": ("condition",)}),
        (
            _("Then"),
            {
                "description": _(
                    "Done in this order. An action that fails does not undo the others; the log "
                    "of runs says so, and it can be tried again there."
                ),
                "fields": ("actions",),
            },
        ),
        (_("So far"), {"fields": (("version", "hits", "last_hit_at"),)}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # Names are read once for a list.
        self._values = choices.of_conditions(), choices.of_actions()
        self._failed = RuleRun.objects.failed_by_rule()
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    @column(_("name"), ordering="name", header=True)
    def titled(self, rule: WorkflowRule) -> tuple[str, str]:
        return rule.name, rule.note

    @column(_("when, if"), ordering="trigger", header=True)
    def occasion(self, rule: WorkflowRule) -> tuple[str, str]:
        asks = choices.condition_in_words(rule.condition, self._values[0])
        return occasion_in_words(rule), asks

    @column(_("Then"))
    def deeds(self, rule: WorkflowRule) -> str:
        said = choices.actions_in_words(rule.actions, self._values[1])
        if rule.stop:
            said.append(gettext("stop here"))
        return format_html_join("", "<div>{}</div>", ((one,) for one in said))

    @column(_("hits"), ordering="hits", header=True)
    def hit(self, rule: WorkflowRule) -> tuple[str, str]:
        last = nowrap(moment(rule.last_hit_at)) if rule.last_hit_at else ""
        return number_format(rule.hits, force_grouping=True), last

    @column(_("failed"), label={"failed": "danger"})
    def failed(self, rule: WorkflowRule) -> tuple[str, str] | None:
        count = self._failed.get(rule.pk, 0)
        return ("failed", number_format(count, force_grouping=True)) if count else None

    def sections(self, request: HttpRequest, rule: WorkflowRule) -> list[Section]:
        said = "\n".join(
            f"{place}. {one}" for place, one in enumerate(choices.actions_in_words(rule.actions), 1)
        )
        return [
            Prose(title=occasion_in_words(rule), text=choices.condition_in_words(rule.condition)),
            Prose(title=_("Then"), text=said),
        ]

    def sections_below(self, request: HttpRequest, rule: WorkflowRule) -> list[Section]:
        return [figures_of(rule), *keys_of(rule.actions), versions_of(rule, Said()), history(rule)]

    def trial(self, request: HttpRequest, rule: WorkflowRule, days: int) -> list[Section]:
        report = rehearsing.try_rule(rule, days=days, now=timezone.now())
        return list(sections_of(report, rule, request.user))

    def save_model(
        self,
        request: HttpRequest,
        obj: WorkflowRule,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        rules.save(obj, by=request.user)  # type: ignore[arg-type] # staff are logged in


def occasion_in_words(rule: WorkflowRule) -> str:
    if rule.trigger != WorkflowRule.Trigger.TIME_SINCE:
        return str(words_of(rule, "trigger"))
    hours = number_format(rule.hours, None if rule.hours % 1 else 0)
    return gettext("%(hours)s hours %(since)s") % {"hours": hours, "since": words_of(rule, "since")}
