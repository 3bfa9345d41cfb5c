"""Routing rules: read as sentences, written as conditions, every version kept."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from emails.admin.rule_version import versions_of
from emails.admin.trial import sections_of, slow_in_words
from emails.admin.wording import condition_in_words
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
from hbu.lib.telling import told


class Indented(json.JSONEncoder):
    """A condition as people can edit it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2, "ensure_ascii": False})


class RoutingRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    condition = forms.JSONField(
        label=_("Condition"),
        encoder=Indented,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14, "spellcheck": "false"}),
    )

    class Meta:
        model = RoutingRule
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose
        widgets = {"note": UnfoldAdminTextareaWidget(attrs={"rows": 2})}


class DaysForm(forms.Form):
    days = forms.IntegerField(
        label=_("Days"),
        initial=trying.DAYS,
        min_value=1,
        max_value=trying.MOST_DAYS,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"class": "max-w-32"}),
    )


@admin.register(RoutingRule)
class RoutingRuleAdmin(SectionsMixin, StaffAdmin):
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
                    "A tree of all, any and not; each leaf has field, op and value. The sentence "
                    "above shows how it is read."
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
        return [versions_of(rule), history(rule)]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_view)
        return [
            path("try/", view, name="emails_routingrule_try"),
            path("<int:pk>/try/", view, name="emails_routingrule_try"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if self._may_try(request, obj):
            key = [obj.pk] if obj else []
            context["try_url"] = reverse("admin:emails_routingrule_try", args=key)
            context["try_form"] = DaysForm()
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_try(self, request: HttpRequest, rule: RoutingRule | None) -> bool:
        if rule is None:
            return bool(self.has_add_permission(request))
        return bool(self.has_change_permission(request, rule))

    def try_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Try the rule as the form has it; a piece of the page that asked."""
        rule = None if pk is None else self.get_object(request, str(pk))
        if request.method != "POST" or (pk is not None and rule is None):
            raise Http404
        if not self._may_try(request, rule):
            raise PermissionDenied
        form = self.get_form(request, rule, change=rule is not None)(request.POST, instance=rule)
        days = DaysForm(request.POST)
        context: dict[str, Any] = {}
        if form.is_valid() and days.is_valid():
            tried = form.save(commit=False)
            report = trying.try_rule(tried, days=days.cleaned_data["days"], now=timezone.now())
            context["sections"] = sections_of(report, conditions.slow_patterns(tried.condition))
        else:
            context["problems"] = [*_problems(form), *_problems(days)]
        return TemplateResponse(request, "admin/emails/trial.html", context)

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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Traces of mails name rules; one that is no longer wanted is put out of force."""
        return False


def _problems(form: forms.BaseForm) -> list[tuple[str, list[str]]]:
    labels = {name: str(field.label) for name, field in form.fields.items()}
    return [
        (labels.get(name, ""), [str(one) for one in errors]) for name, errors in form.errors.items()
    ]


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
