"""What a rule said at a time, what changed, and the way back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from emails.admin.wording import Names, condition_in_words
from emails.models import RoutingRule, RuleVersion
from emails.services import rules
from hbu.lib.admin import Prose, Section, column
from hbu.lib.admin.showing import Words
from hbu.lib.admin.versions import Content, VersionAdmin, restoring

RESTORE = restoring(
    rules.restore,
    _(
        "The rule says again what it said then, at its place of then, as a new version. New mails "
        "are routed by it at once; those of the past stay where they are."
    ),
)


@admin.register(RuleVersion)
class RuleVersionAdmin(VersionAdmin):
    list_display = ("rule", "version", "at", "by", "sentence")
    transitions = (RESTORE,)
    may_restore = "emails.change_routingrule"

    @column(_("content"))
    def sentence(self, version: RuleVersion) -> str:
        return condition_in_words(version.content.get("condition"))

    def reader(self) -> Names:
        return Names()

    def content(self, rule: RoutingRule) -> Content:
        return rules.content(rule)

    def sections(self, request: HttpRequest, version: RuleVersion) -> Sequence[Section]:
        said, names = version.content, Names()
        return [
            Prose(title=_("If"), text=condition_in_words(said.get("condition")) or "-"),
            Prose(title=_("Then"), text=names.outcome(said)),
            *super().sections(request, version),
        ]

    def facts(self, version: RuleVersion) -> Sequence[tuple[Words, Any]]:
        said = version.content
        return (
            (_("position"), said.get("position")),
            (_("stop here"), _("yes") if said.get("stop") else _("no")),
            (_("in force"), _("yes") if said.get("is_active") else _("no")),
            (_("note"), said.get("note")),
        )
