"""Consultations: what an agent was shown and what it proposed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter

from agents.models import AgentRun
from hbu.lib.admin import Facts, Notice, PageAdmin, Prose, Section, Table, link, moment

ACTIONS = {
    "reply": _("reply"),
    "draft_order": _("enter the order"),
    "hand_over": _("hand over"),
    "ask": _("ask a person"),
    "close": _("close"),
}


@admin.register(AgentRun)
class AgentRunAdmin(PageAdmin):
    empty_words = _("Nobody has been consulted yet.")
    list_display = ("case_number", "agent", "at", "seconds", "error")
    list_select_related = ("agent",)
    list_filter = (("agent", RelatedDropdownFilter), ("at", RangeDateTimeFilter))
    search_fields = ("case_number", "error")
    date_hierarchy = "at"
    export_fields = ("case_number", "agent__name", "at", "seconds", "error")

    def sections(self, request: HttpRequest, run: AgentRun) -> Sequence[Section]:
        shown = {name: value for name, value in run.brief.items() if name != "text"}
        return [
            *([Notice(title=_("It failed"), text=run.error, colour="danger")] if run.error else []),
            Table(
                title=_("Proposed"),
                headers=(_("action"), _("details")),
                rows=[_action(one) for one in run.outcome.get("actions", ())],
                empty=_("Nothing was proposed."),
            ),
            Table(
                title=_("Reasons"),
                headers=(_("why"),),
                rows=[(gettext(one),) for one in run.outcome.get("reasons", ())],
                empty=_("No reasons were given."),
            ),
            Prose(title=_("The mail it was shown"), text=run.brief.get("text", "")),
            Facts(
                title=_("Consultation"),
                beside=True,
                items=(
                    (_("agent"), link(run.agent)),
                    (_("case"), run.case_number),
                    (_("at"), moment(run.at)),
                    (_("seconds"), f"{run.seconds:.3f}"),
                ),
            ),
            Facts(
                title=_("What it was shown"),
                beside=True,
                items=[(name, _plain(value)) for name, value in shown.items()],
            ),
        ]


def _action(action: Mapping[str, Any]) -> tuple[Any, str]:
    details = [
        f"{name}: {_plain(value)}" for name, value in action.items() if name != "do" and value
    ]
    return ACTIONS.get(action["do"], action["do"]), ", ".join(details)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
