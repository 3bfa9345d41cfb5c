from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from agents.admin.buttons import RUNNING
from agents.admin.days import DaysFilter
from agents.models import Agent
from hbu.lib.admin import StaffAdmin, column, labelled


@admin.register(Agent)
class AgentAdmin(StaffAdmin):
    empty_words = _("Nobody works here yet.")
    list_display = ("name", "kind_label", "role", "serves", "user", "is_active", "stands")
    list_select_related = ("user",)
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("departments", RelatedDropdownFilter),
        ("is_active", BooleanRadioFilter),
        ("state", ChoicesDropdownFilter),
        DaysFilter,
    )
    search_fields = ("name", "role", "user__username")
    autocomplete_fields = ("user", "departments")
    readonly_fields = ("state", "state_at")
    export_fields = ("name", "kind", "role", "is_active", "state", "instances")
    fieldsets = (
        (None, {"fields": (("name", "kind"), ("role", "user"), "departments", "is_active")}),
        (
            _("Software"),
            {
                "description": _(
                    "It is started, paused and drained by the buttons above. An instance is a"
                    " portion of mails that it works on."
                ),
                "fields": (("state", "state_at"), "instances"),
            },
        ),
    )
    transitions = RUNNING
    kind_label = labelled("kind", _("kind"), {"human": "info", "software": "primary"})

    @column(_("state"))
    def stands(self, agent: Agent) -> str:
        return agent.get_state_display() if agent.kind == Agent.Kind.SOFTWARE else ""

    @column(_("serves"))
    def serves(self, agent: Agent) -> str:
        return ", ".join(one.name for one in agent.departments.all())

    @column(pgettext_lazy("agents", "days worked"))
    def worked(self, agent: Agent) -> str:
        """Shown where the list is asked for a time."""
        counted = getattr(agent, "days_worked", None)
        return "" if counted is None else str(counted)

    @column(pgettext_lazy("agents", "days"))
    def could_work(self, agent: Agent) -> str:
        days = getattr(agent, "days_there", None)
        return "" if days is None else str(days)

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        shown = super().get_list_display(request)
        return (*shown, "worked", "could_work") if DaysFilter.days_of(request) else shown

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Agent]":
        rows: QuerySet[Agent] = super().get_queryset(request)
        return rows.prefetch_related("departments")
