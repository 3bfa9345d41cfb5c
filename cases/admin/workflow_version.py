"""What a workflow rule said at a time, what changed, and the way back."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.enums import ActionVariant

from cases.models import WorkflowRule, WorkflowVersion
from cases.services import choices, rules
from hbu.lib.admin import Facts, PageAdmin, Section, Table, Transition, anchor, link, moment
from hbu.lib.admin.showing import address
from hbu.lib.telling import plain

SHOWN = 50

RESTORE = Transition(
    name="restore",
    label=_("Restore this version"),
    act=lambda version, by, _reason: rules.restore(version, by=by),
    possible=lambda version: version.version != version.rule.version,
    question=_(
        "The rule says again what it said then, as a new version. It holds for what happens from "
        "now on; what it did before stays as it is."
    ),
    icon="settings_backup_restore",
    variant=ActionVariant.PRIMARY,
)


@admin.register(WorkflowVersion)
class WorkflowVersionAdmin(PageAdmin):
    empty_words = _("No rule was saved yet.")
    list_display = ("rule", "version", "at", "by")
    list_select_related = ("rule", "by")
    list_filter = (("rule", RelatedDropdownFilter),)
    ordering = ("-pk",)
    transitions = (RESTORE,)

    def _may(self, request: HttpRequest, _transition: Transition) -> bool:
        """Who may edit rules may restore them."""
        return request.user.has_perm("cases.change_workflowrule")

    def sections(self, request: HttpRequest, version: WorkflowVersion) -> Sequence[Section]:
        before = version.rule.versions.filter(version__lt=version.version).first()
        now = rules.content(version.rule)
        changes = differences(before.content if before else {}, version.content)
        return [
            Table(
                title=_("What changed with this version"),
                headers=(_("what"), _("before"), _("after")),
                rows=changes,
                empty=_("Nothing."),
            ),
            *(
                []
                if version.version == version.rule.version
                else [
                    Table(
                        title=_("What restoring it would change"),
                        headers=(_("what"), _("before"), _("after")),
                        rows=differences(now, version.content),
                        empty=_("Nothing."),
                    )
                ]
            ),
            Facts(
                title=str(version),
                beside=True,
                items=(
                    (_("rule"), link(version.rule)),
                    (_("at"), moment(version.at)),
                    (_("by"), version.by or _("the house")),
                ),
            ),
        ]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what two versions of a rule say differently: name, before and after."""
    titles = {one.name: str(one.verbose_name) for one in WorkflowRule._meta.fields}
    return [
        (titles.get(name, name), said(name, before.get(name)), said(name, after.get(name)))
        for name in rules.CONTENT
        if before.get(name) != after.get(name)
    ]


def said(name: str, value: Any) -> str:
    """Return what a version says of a field, in the reader's words."""
    if value in (None, ""):
        return "-"
    if name == "condition":
        return choices.condition_in_words(value)
    if name == "actions":
        rows = enumerate(choices.actions_in_words(value), 1)
        return format_html_join("", "<div>{}. {}</div>", rows)
    field = WorkflowRule._meta.get_field(name)
    labels = dict(field.choices or ())  # type: ignore[union-attr] # plain columns
    return str(labels.get(value, plain(value)))


def versions_of(rule: WorkflowRule) -> Table:
    """The rule's versions, newest first, each with what changed."""
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
                _in_lines(before.content if before else {}, one.content),
            )
            for one, before in pairs[:SHOWN]
        ],
    )


def _in_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if not before:
        rows = [(said("condition", after.get("condition")),), (said("actions", after["actions"]),)]
        return format_html_join("", "<div>{}</div>", rows)
    return format_html_join("", "<div>{}: {} → {}</div>", differences(before, after))
