"""What a rule said at a time, what changed, and the way back."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.enums import ActionVariant

from emails.admin.wording import Names, condition_in_words
from emails.models import RoutingRule, RuleVersion
from emails.services import rules
from hbu.lib.admin import (
    Facts,
    PageAdmin,
    Prose,
    Section,
    Table,
    Transition,
    anchor,
    column,
    link,
    moment,
)
from hbu.lib.admin.showing import Words, address

SHOWN = 50

RESTORE = Transition(
    name="restore",
    label=_("Restore this version"),
    act=lambda version, by, _reason: rules.restore(version, by=by),
    possible=lambda version: version.version != version.rule.version,
    question=_(
        "The rule says again what it said then, at its place of then, as a new version. New mails "
        "are routed by it at once; those of the past stay where they are."
    ),
    icon="settings_backup_restore",
    variant=ActionVariant.PRIMARY,
)


@admin.register(RuleVersion)
class RuleVersionAdmin(PageAdmin):
    empty_words = _("No rule was saved yet.")
    list_display = ("rule", "version", "at", "by", "sentence")
    list_select_related = ("rule", "by")
    list_filter = (("rule", RelatedDropdownFilter),)
    ordering = ("-pk",)
    transitions = (RESTORE,)

    @column(_("content"))
    def sentence(self, version: RuleVersion) -> str:
        return condition_in_words(version.content.get("condition"))

    def _may(self, request: HttpRequest, _transition: Transition) -> bool:
        """Who may edit rules may restore them."""
        return request.user.has_perm("emails.change_routingrule")

    def sections(self, request: HttpRequest, version: RuleVersion) -> Sequence[Section]:
        said, names = version.content, Names()
        before = version.rule.versions.filter(version__lt=version.version).first()
        changed = names.differences(before.content, said) if before else []
        restored = names.differences(rules.content(version.rule), said)
        is_current = version.version == version.rule.version
        return [
            Prose(title=_("If"), text=condition_in_words(said.get("condition")) or "-"),
            Prose(title=_("Then"), text=names.outcome(said)),
            _changes(_("What changed with this version"), changed),
            *([] if is_current else [_changes(_("What restoring it would change"), restored)]),
            Facts(
                title=str(version),
                beside=True,
                items=(
                    (_("rule"), link(version.rule)),
                    (_("at"), moment(version.at)),
                    (_("by"), version.by or _("the house")),
                    (_("position"), said.get("position")),
                    (_("stop here"), _("yes") if said.get("stop") else _("no")),
                    (_("in force"), _("yes") if said.get("is_active") else _("no")),
                    (_("note"), said.get("note")),
                ),
            ),
        ]


def _changes(title: Words, rows: Sequence[Sequence[str]]) -> Table:
    return Table(
        title=title,
        headers=(_("what"), _("before"), _("after")),
        rows=rows,
        empty=_("Nothing."),
    )


def versions_of(rule: RoutingRule) -> Table:
    """The rule's versions, newest first, each with what changed."""
    names = Names()
    versions = list(rule.versions.select_related("by")[: SHOWN + 1])
    pairs = [*pairwise(versions), (versions[-1], None)] if versions else []
    return Table(
        title=_("What it said before"),
        headers=(_("version"), _("at"), _("by"), _("what changed")),
        rows=[
            (
                anchor(address(one), f"v{one.version}"),
                moment(one.at),
                one.by or _("the house"),
                _in_lines(before.content if before else {}, one.content, names),
            )
            for one, before in pairs[:SHOWN]
        ],
    )


def _in_lines(before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> str:
    if not before:
        sentence = condition_in_words(after.get("condition"))
        return format_html_join("", "<div>{}</div>", [(sentence,), (names.outcome(after),)])
    return format_html_join("", "<div>{}: {} → {}</div>", names.differences(before, after))
