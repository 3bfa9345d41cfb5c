"""What a workflow rule said at a time, what changed, and the way back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from cases.models import WorkflowRule, WorkflowVersion
from cases.services import choices, rules
from hbu.lib.admin.versions import Content, VersionAdmin, restoring
from hbu.lib.telling import plain

RESTORE = restoring(
    rules.restore,
    _(
        "The rule says again what it said then, as a new version. It holds for what happens from "
        "now on; what it did before stays as it is."
    ),
)


@admin.register(WorkflowVersion)
class WorkflowVersionAdmin(VersionAdmin):
    transitions = (RESTORE,)
    may_restore = "cases.change_workflowrule"

    def reader(self) -> "Said":
        return Said()

    def content(self, rule: WorkflowRule) -> Content:
        return rules.content(rule)


class Said:
    """What versions say, in the reader's words."""

    def __init__(self) -> None:
        self._conditions, self._actions = choices.of_conditions(), choices.of_actions()

    def differences(
        self, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> list[tuple[str, str, str]]:
        titles = {one.name: str(one.verbose_name) for one in WorkflowRule._meta.fields}
        return [
            (titles[name], self._field(name, before.get(name)), self._field(name, after.get(name)))
            for name in rules.CONTENT
            if before.get(name) != after.get(name)
        ]

    def lines(self, content: Mapping[str, Any]) -> list[str]:
        return [self._field(name, content.get(name)) for name in ("condition", "actions")]

    def _field(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return "-"
        if name == "condition":
            return choices.condition_in_words(value, self._conditions)
        if name == "actions":
            rows = enumerate(choices.actions_in_words(value, self._actions), 1)
            return format_html_join("", "<div>{}. {}</div>", rows)
        labels = dict(WorkflowRule._meta.get_field(name).choices or ())  # type: ignore[union-attr] # plain columns
        return str(labels.get(value, plain(value)))
