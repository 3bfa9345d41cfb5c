"""Rules, their conditions and what they decide, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import Department
from emails import routing
from emails.labels import VALUE_LABELS
from emails.models import RoutingRule
from hbu.lib import conditions
from hbu.lib.admin.showing import Words
from hbu.lib.telling import plain

SAID: Mapping[str, Words] = {
    "department": _("department"),
    "sla": _("SLA"),
    "priority": _("priority"),
}


def condition_in_words(condition: Any) -> str:
    if not condition:
        return ""
    return conditions.in_words(condition, routing.FIELDS, VALUE_LABELS, translate=gettext)


class Names:
    """What codes are called; departments are read once for a page."""

    def __init__(self) -> None:
        self._departments = {one.code: one.name for one in Department.objects.all()}

    def value(self, field: str, value: Any) -> str:
        """Return a value of a mail's or a rule's field; "-" where it says nothing."""
        if field == "department":
            return self._departments.get(value, value) or "-"
        labels = VALUE_LABELS.get(field, {})
        known = isinstance(value, str) and value in labels
        return str(labels[value] if known else plain(value)) or "-"

    def outcome(self, outcome: Mapping[str, Any]) -> str:
        said = [(name, outcome[name]) for name in SAID if outcome.get(name)]
        return " · ".join(f"{SAID[name]}: {self.value(name, value)}" for name, value in said) or "-"

    def differences(
        self, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> list[tuple[str, str, str]]:
        """Return what two versions of a rule say differently: name, before and after."""
        titles = {column.name: str(column.verbose_name) for column in RoutingRule._meta.fields}
        return [
            (titles.get(name, name), self._said(name, before), self._said(name, after))
            for name in dict.fromkeys((*after, *before))
            if before.get(name) != after.get(name)
        ]

    def lines(self, content: Mapping[str, Any]) -> list[str]:
        return [condition_in_words(content.get("condition")), self.outcome(content)]

    def _said(self, name: str, content: Mapping[str, Any]) -> str:
        value = content.get(name)
        if name == "condition":
            return condition_in_words(value) or "-"
        return "-" if value is None else self.value(name, value)
