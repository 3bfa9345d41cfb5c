"""Routing rules: read as sentences, written as conditions, every version kept."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from emails import routing
from emails.labels import VALUE_LABELS
from emails.models import RoutingRule, RuleVersion
from emails.services import rules
from hbu.journal.history import history
from hbu.lib import conditions
from hbu.lib.admin import (
    Prose,
    ReadOnlyInline,
    Section,
    SectionsMixin,
    StaffAdmin,
    column,
)


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


class VersionInline(ReadOnlyInline):
    model = RuleVersion
    fields = ("version", "at", "by", "said")
    readonly_fields = fields
    verbose_name_plural = _("What it said before")

    @column(_("content"))
    def said(self, version: RuleVersion) -> str:
        kept = version.content
        sentence = in_words(kept.get("condition") or {})
        outcome = " · ".join(
            str(VALUE_LABELS.get(name, {}).get(kept[name], kept[name]))
            for name in ("department", "sla", "priority")
            if kept.get(name)
        )
        return format_html("{}<br>→ {}", sentence, outcome or "-")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by")


@admin.register(RoutingRule)
class RoutingRuleAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("There is no rule: every mail goes to the fallback department.")
    form = RoutingRuleForm
    list_display = (
        "name", "position", "sentence", "department", "sla", "priority", "stop", "is_active", "hits",
        "last_hit_at",
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
    inlines = (VersionInline,)
    in_journal = True
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

    @column(_("if"))
    def sentence(self, rule: RoutingRule) -> str:
        return in_words(rule.condition)

    def sections(self, request: HttpRequest, rule: RoutingRule) -> list[Section]:
        return [Prose(title=_("If"), text=in_words(rule.condition))]

    def sections_below(self, request: HttpRequest, rule: RoutingRule) -> list[Section]:
        return [history(rule)]

    def save_model(
        self,
        request: HttpRequest,
        obj: RoutingRule,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        rules.save(obj, by=request.user)  # type: ignore[arg-type] # staff are logged in

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Traces of mails name rules; one that is no longer wanted is put out of force."""
        return False


def in_words(condition: Any) -> str:
    if not condition:
        return ""
    return conditions.in_words(condition, routing.FIELDS, VALUE_LABELS, translate=gettext)
