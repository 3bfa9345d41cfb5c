from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from agents.models import Agent
from hbu.lib.admin import StaffAdmin, column, labelled


@admin.register(Agent)
class AgentAdmin(StaffAdmin):
    empty_words = _("Nobody works here yet.")
    list_display = ("name", "kind_label", "role", "serves", "user", "is_active")
    list_select_related = ("user",)
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("departments", RelatedDropdownFilter),
        ("is_active", BooleanRadioFilter),
    )
    search_fields = ("name", "role", "user__username")
    autocomplete_fields = ("user", "departments")
    export_fields = ("name", "kind", "role", "is_active")
    fieldsets = (
        (None, {"fields": (("name", "kind"), ("role", "user"), "departments", "is_active")}),
    )
    kind_label = labelled("kind", _("kind"), {"human": "info", "software": "primary"})

    @column(_("serves"))
    def serves(self, agent: Agent) -> str:
        return ", ".join(one.name for one in agent.departments.all())

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Agent]":
        rows: QuerySet[Agent] = super().get_queryset(request)
        return rows.prefetch_related("departments")
