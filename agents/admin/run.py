"""Consultations: what an agent was shown and what it proposed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    DropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from agents.models import AgentRun
from hbu.lib.admin import Facts, Notice, PageAdmin, Prose, Section, Table, link, moment
from hbu.lib.admin.showing import Words
from hbu.lib.telling import named, plain, told

ACTIONS: dict[str, Words] = {
    "reply": _("reply"),
    "draft_order": _("enter the order"),
    "draft_quotation": _("enter the quotation"),
    "hand_over": _("hand over"),
    "ask": _("ask a person"),
    "close": _("close"),
}
NAMES: dict[str, Words] = {
    "answered_before": _("answered before"),
    "automatic": _("automatic"),
    "case": _("case"),
    "confidence": _("confidence"),
    "confirm": _("confirm if certain"),
    "customer": _("customer"),
    "department": _("department"),
    "documents": _("documents"),
    "kind": _("kind"),
    "language": _("language"),
    "look_first": _("a person looks first"),
    "oem": _("OEM"),
    "invoices": _("invoices"),
    "open_invoices": _("open invoices"),
    "open_orders": _("open orders"),
    "unclear_invoices": _("names another's invoice, or may be forged"),
    "order": _("order"),
    "priority": _("priority"),
    "quotation": _("quotation"),
    "reason": _("why"),
    "remembered": _("kept in mind"),
    "send": _("send if certain"),
    "sender_name": _("from"),
    "subject": _("subject"),
    "template": _("template"),
    "title": _("what is to do"),
    "variables": _("values"),
}
# Values that are ours: codes, and reasons that were marked for translation.
OURS = {"automatic", "kind", "priority", "reason", "title"}
WENT = {"well", "corrected", "failed"}


class WentFilter(DropdownFilter):
    title = _("how it went")
    parameter_name = "went"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("well", _("without an error, nobody changed it")),
            ("corrected", _("changed by a person")),
            ("failed", _("with an error")),
        ]

    def queryset(self, request: HttpRequest, rows: Any) -> "QuerySet[AgentRun]":
        asked = self.value()
        found: QuerySet[AgentRun] = getattr(rows, asked)() if asked in WENT else rows
        return found


@admin.register(AgentRun)
class AgentRunAdmin(PageAdmin):
    empty_words = _("Nobody has been consulted yet.")
    list_display = ("case_number", "agent", "at", "seconds", "error", "corrected_at")
    list_select_related = ("agent",)
    list_filter = (("agent", RelatedDropdownFilter), WentFilter, ("at", RangeDateTimeFilter))
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
                rows=[(told(one),) for one in run.outcome.get("reasons", ())],
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
                    (_("seconds"), number_format(run.seconds, 3)),
                    (_("changed by a person"), moment(run.corrected_at)),
                ),
            ),
            Facts(
                title=_("What it was shown"),
                beside=True,
                items=[_named(name, value) for name, value in shown.items()],
            ),
        ]


def _action(action: Mapping[str, Any]) -> tuple[Any, str]:
    given = (_named(name, value) for name, value in action.items() if name != "do" and value)
    details = ", ".join(f"{name}: {value}" for name, value in given)
    return ACTIONS.get(action["do"], action["do"]), details


def _named(name: str, value: Any) -> tuple[Words, str]:
    return NAMES.get(name, name), named(str(value)) if name in OURS else plain(value)
