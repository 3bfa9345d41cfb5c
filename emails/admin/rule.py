"""Routing rules: read as sentences, written as conditions, every version kept."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from emails import routing
from emails.admin.trial import sections_of, slow_in_words
from emails.admin.wording import Names, condition_in_words
from emails.labels import VALUE_LABELS
from emails.models import RoutingRule
from emails.services import rules, trying
from hbu.journal.history import history
from hbu.lib import conditions
from hbu.lib.admin import (
    Notice,
    Prose,
    Section,
    SectionsMixin,
    StaffAdmin,
    column,
    moment,
    nowrap,
    words_of,
)
from hbu.lib.admin.conditions import ConditionField, ConditionWidget
from hbu.lib.admin.trying import TryMixin
from hbu.lib.admin.versions import versions_of
from hbu.lib.telling import told

SORTS = {"known_customer": "yes_no", "oem": "yes_no", "has_pdf": "yes_no", "size": "number"}


class RoutingRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    condition = ConditionField(
        label=_("Condition"),
        widget=ConditionWidget(routing.FIELDS, lambda: VALUE_LABELS, SORTS),
    )

    class Meta:
        model = RoutingRule
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {"note": UnfoldAdminTextareaWidget(attrs={"rows": 2})}


@admin.register(RoutingRule)
class RoutingRuleAdmin(TryMixin, SectionsMixin, StaffAdmin):
    days, most_days = trying.DAYS, trying.MOST_DAYS
    empty_words = _("There is no rule: every mail goes to the fallback department.")
    form = RoutingRuleForm
    list_display = (
        "titled", "position", "sentence", "outcome", "is_active", "hit", "health",
    )  # fmt: skip
    list_editable = ("position",)
    ordering_field = "position"
    list_select_related = ("department",)
    list_filter = (
        ("department", RelatedDropdownFilter),
        ("is_active", BooleanRadioFilter),
        ("stop", BooleanRadioFilter),
    )
    search_fields = ("name", "note")
    readonly_fields = ("version", "hits", "last_hit_at")
    in_journal = True
    change_form_after_template = "admin/emails/try_rule.html"
    export_fields = (
        "position", "name", "department__code", "sla", "priority", "stop", "is_active", "version",
        "hits", "last_hit_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": (("name", "position"), "note", "is_active")}),
        (
            _("If"),
            {
                "description": _(
                    "Put it together from words; groups may stand in groups. The sentence below "
                    "shows how it is read."
                ),
                "fields": ("condition",),
            },
        ),
        (
            _("Then"),
            {
                "description": _(
                    "The first rule that sets a field wins it; empty fields say nothing."
                ),
                "fields": (("department", "sla"), ("priority", "stop")),
            },
        ),
        (_("So far"), {"fields": (("version", "hits", "last_hit_at"),)}),
    )

    @column(_("name"), ordering="name", header=True)
    def titled(self, rule: RoutingRule) -> tuple[str, str]:
        return rule.name, rule.note

    @column(_("if"))
    def sentence(self, rule: RoutingRule) -> str:
        return condition_in_words(rule.condition)

    @column(_("Then"), ordering="department__name_de")
    def outcome(self, rule: RoutingRule) -> str:
        said = (
            rule.department,
            rule.sla and f"{gettext('SLA')}: {rule.sla}",
            rule.priority and f"{gettext('priority')}: {words_of(rule, 'priority')}",
            rule.stop and gettext("stop here"),
        )
        return format_html_join("", "<div>{}</div>", ((one,) for one in said if one))

    @column(_("hits"), ordering="hits", header=True)
    def hit(self, rule: RoutingRule) -> tuple[str, str]:
        last = nowrap(moment(rule.last_hit_at)) if rule.last_hit_at else ""
        return number_format(rule.hits, force_grouping=True), last

    @column(_("health"), label={"slow": "danger", "trouble": "warning"})
    def health(self, rule: RoutingRule) -> tuple[str, str] | None:
        if rule.is_too_slow:
            return "slow", gettext("too slow")
        return ("trouble", told(rule.problem)) if rule.problem else None

    def sections(self, request: HttpRequest, rule: RoutingRule) -> list[Section]:
        return [*_notices(rule), Prose(title=_("If"), text=condition_in_words(rule.condition))]

    def sections_below(self, request: HttpRequest, rule: RoutingRule) -> list[Section]:
        return [versions_of(rule, Names()), history(rule)]

    def trial(self, request: HttpRequest, rule: RoutingRule, days: int) -> list[Section]:
        report = trying.try_rule(rule, days=days, now=timezone.now())
        return list(sections_of(report, conditions.slow_patterns(rule.condition)))

    def save_model(
        self,
        request: HttpRequest,
        obj: RoutingRule,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        rules.save(obj, by=request.user)  # type: ignore[arg-type] # staff are logged in
        for pattern in conditions.slow_patterns(obj.condition):
            messages.warning(request, slow_in_words(pattern))


def _notices(rule: RoutingRule) -> Iterator[Notice]:
    """A rule that cannot be asked says so until it is changed."""
    if not rule.problem:
        return
    title = gettext("This rule is too slow") if rule.is_too_slow else gettext("This rule failed")
    words = gettext(
        "%(problem)s, last on %(at)s. Where a rule cannot be asked, it does not hold; %(timeouts)d "
        "mails ran out of time since it was changed."
    )
    details = {
        "problem": told(rule.problem),
        "at": moment(rule.problem_at),
        "timeouts": rule.timeouts,
    }
    yield Notice(title=title, text=words % details, colour="danger")
