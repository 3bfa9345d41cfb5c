"""What we promise, and how we kept it."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from cases import facts
from cases.admin.editors import ConditionMixin
from cases.models import EscalationStep, SLAPolicy, SLAResult
from cases.models.sla import validate_condition
from cases.services import choices
from cases.services.promising import STANDARD
from cases.templatetags.clocks import duration
from hbu.lib.admin import ReadOnlyAdmin, StaffAdmin, column, link, words_of
from hbu.lib.admin.conditions import ConditionField, ConditionWidget


def minutes(field: str, label: Any) -> Callable[[Any, Any], str]:
    @column(label, ordering=field)
    def shown(_admin: Any, obj: Any) -> str:
        return duration(getattr(obj, field))

    return shown


class PolicyWidget(ConditionWidget):
    def knowledge(self) -> dict[str, Any]:
        known = super().knowledge()
        known["words"]["nothing"] = gettext("Nothing yet: a routing rule has to name it.")
        return known


class PolicyForm(ConditionMixin, forms.ModelForm):  # type: ignore[type-arg] # generic for the checker alone
    condition = ConditionField(
        label=_("Condition"),
        required=False,
        empty_value={},
        validators=[validate_condition],
        widget=PolicyWidget(facts.FIELDS, choices.of_conditions, facts.SORTS),
        help_text=_("Empty: it holds only for cases whose routing rule names it."),
    )

    class Meta:
        model = SLAPolicy
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose


class StepInline(TabularInline):
    model = EscalationStep
    fields = ("percent", "whom", "person", "priority")
    autocomplete_fields = ("person",)
    extra = 0


@admin.register(SLAPolicy)
class SLAPolicyAdmin(StaffAdmin):
    empty_words = _("No promise of speed: cases have no deadlines.")
    form = PolicyForm
    inlines = (StepInline,)
    list_display = (
        "named", "position", "sentence", "first_response", "update", "resolution", "is_active",
    )  # fmt: skip
    list_editable = ("position",)
    ordering_field = "position"
    list_filter = (("is_active", BooleanRadioFilter),)
    search_fields = ("code", "name_de", "name_en")
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "What a routing rule names goes first. Else the first policy in force, by "
                    "position, whose condition holds; else “standard”."
                ),
                "fields": ("code", ("name_de", "name_en"), ("position", "is_active"), "condition"),
            },
        ),
        (
            _("What we promise"),
            {
                "description": _(
                    "Minutes count only while the department is open. The solution and later "
                    "answers rest while a case waits for the customer or a supplier; the first "
                    "answer does not."
                ),
                "fields": ("first_response_minutes", "update_minutes", "resolution_minutes"),
            },
        ),
    )

    first_response = minutes("first_response_minutes", _("first answer"))
    update = minutes("update_minutes", _("next answer"))
    resolution = minutes("resolution_minutes", _("solution"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # Names are read once for a list.
        self._values = choices.of_conditions()
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    @column(_("SLA policy"), ordering="code", header=True)
    def named(self, policy: SLAPolicy) -> tuple[str, str]:
        return str(policy), policy.code

    @column(_("holds where"))
    def sentence(self, policy: SLAPolicy) -> str:
        if not policy.condition:
            standard = policy.code == STANDARD
            return gettext("nothing else holds") if standard else gettext("a routing rule names it")
        return choices.condition_in_words(policy.condition, self._values)


@admin.register(SLAResult)
class SLAResultAdmin(ReadOnlyAdmin):
    """Counted by the reports; each number there opens this list."""

    empty_words = _("No clock has ended yet.")
    list_display = (
        "case_link", "clock_label", "policy", "department", "ended_at", "took", "promised", "kept",
    )  # fmt: skip
    list_display_links = None
    list_select_related = ("case__department", "case__policy")
    list_filter = (
        ("clock", ChoicesDropdownFilter),
        ("kept", BooleanRadioFilter),
        ("case__department", RelatedDropdownFilter),
        ("case__policy", RelatedDropdownFilter),
        ("ended_at", RangeDateTimeFilter),
    )
    search_fields = ("case__number", "case__title")
    date_hierarchy = "ended_at"
    export_fields = (
        "case__number", "clock", "since", "ended_at", "minutes", "promised_minutes", "kept",
    )  # fmt: skip
    # Days of the reports begin and end at these.
    periods = ("ended_at__gte", "ended_at__lt")

    took = minutes("minutes", _("took"))
    promised = minutes("promised_minutes", _("promised"))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        known = ("case__department__exact", "case__policy__exact", "case__policy__isnull")
        return lookup in (*self.periods, *known) or super().lookup_allowed(lookup, value, request)

    def get_list_display_links(self, request: HttpRequest, list_display: Sequence[Any]) -> None:
        return None

    @column(pgettext_lazy("sla", "clock"), ordering="clock")
    def clock_label(self, result: SLAResult) -> str:
        return words_of(result, "clock")

    @column(_("case"), ordering="case__number")
    def case_link(self, result: SLAResult) -> str:
        return link(result.case)

    @column(_("SLA"), ordering="case__policy")
    def policy(self, result: SLAResult) -> str:
        return str(result.case.policy or "-")

    @column(_("department"), ordering="case__department")
    def department(self, result: SLAResult) -> str:
        return str(result.case.department)
