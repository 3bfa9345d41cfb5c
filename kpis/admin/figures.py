"""What figures should be, which staff may change, and what was kept of them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget

from hbu.lib.admin import ReadOnlyAdmin, StaffAdmin, column
from kpis.definitions import KPIS, How
from kpis.figures import showing
from kpis.models import Snapshot, Target


def label_of(code: str) -> str:
    return str(KPIS[code].label) if code in KPIS else code


class FigureFilter(DropdownFilter):
    title = _("figure")
    parameter_name = "kpi__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, kpi.label) for code, kpi in KPIS.items()]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.filter(kpi=self.value()) if self.value() else rows


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    kpi = forms.ChoiceField(
        label=_("figure"),
        choices=[(code, kpi.label) for code, kpi in KPIS.items()],
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Target
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose


@admin.register(Target)
class TargetAdmin(StaffAdmin):
    empty_words = _("No figure has a target yet.")
    form = TargetForm
    list_display = ("figure", "department", "shown")
    list_select_related = ("department",)
    list_filter = (FigureFilter, ("department", RelatedDropdownFilter))
    search_fields = ("kpi",)
    export_fields = ("kpi", "department__code", "value")
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "In the unit of the figure. A department without a target of its own has the "
                    "house's. Figures of the whole house may have one for a department, which is "
                    "shown to whoever looks at that department."
                ),
                "fields": ("kpi", "department", "value"),
            },
        ),
    )

    @column(_("figure"), ordering="kpi")
    def figure(self, target: Target) -> str:
        return label_of(target.kpi)

    @column(_("target"), ordering="value")
    def shown(self, target: Target) -> str:
        kpi = KPIS.get(target.kpi)
        return showing.told(target.value, kpi.unit) if kpi else f"{target.value:g}"


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    empty_words = _("Nothing has been counted yet. The clock of the house does so every minute.")
    list_display = ("figure", "day", "department", "part", "whole", "made_at")
    list_display_links = None
    list_select_related = ("department",)
    list_filter = (
        FigureFilter,
        ("department", RelatedDropdownFilter),
        ("day", RangeDateFilter),
    )
    date_hierarchy = "day"
    export_fields = ("kpi", "day", "department__code", "part", "whole", "made_at")

    @column(_("figure"), ordering="kpi")
    def figure(self, snapshot: Snapshot) -> str:
        if snapshot.kpi not in KPIS or KPIS[snapshot.kpi].how == How.SCORE:
            return snapshot.kpi
        url = reverse("kpis:figure", args=[snapshot.kpi])
        return format_html('<a href="{}">{}</a>', url, label_of(snapshot.kpi))

    def get_list_display_links(self, request: HttpRequest, list_display: Sequence[Any]) -> None:
        return None
