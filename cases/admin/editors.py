"""Conditions about cases and actions, in forms."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import actions, facts
from cases.models.sla import validate_condition
from cases.services import choices
from hbu.lib.admin.conditions import ConditionField, ConditionWidget, EditorWidget, words
from hbu.lib.telling import told


def case_condition(**options: Any) -> ConditionField:
    """Return the form's field for a condition about cases; an empty one holds for every case."""
    return ConditionField(
        label=_("Condition"),
        required=False,
        empty_value={},
        validators=[validate_condition],
        widget=ConditionWidget(facts.FIELDS, choices.of_conditions, facts.SORTS),
        **options,
    )


class ConditionMixin:
    """A form whose condition may be left empty: it then holds always."""

    cleaned_data: dict[str, Any]

    def clean_condition(self) -> dict[str, Any]:
        return self.cleaned_data.get("condition") or {}


class ActionsWidget(EditorWidget):
    kind = "hb-actions"

    class Media:
        css = {"all": ["hbu/royal.css", "hbu/conditions.css"]}
        js = ("hbu/editor.js", "cases/actions.js")

    def knowledge(self) -> dict[str, Any]:
        known = choices.of_actions()
        return {
            "kinds": {kind: _spec(spec, known) for kind, spec in actions.KINDS.items()},
            "words": words(),
        }


def _spec(spec: actions.Action, known: choices.Named) -> dict[str, Any]:
    return {
        "label": gettext(spec.label),
        "fields": [
            {
                "name": field.name,
                "label": gettext(field.label),
                "sort": field.sort,
                "needed": field.needed,
                "most": field.most,
                "values": list(known.get(field.of, {}).items()),
            }
            for field in spec.fields
        ],
    }


class ActionsField(ConditionField):
    """What is done, put together from words, kept as JSON; only what there is may be saved."""

    widget = ActionsWidget

    def __init__(self, *, kinds: Collection[str] = actions.KINDS, **options: Any) -> None:
        super().__init__(**{"label": _("Actions"), "initial": list, **options})
        self.kinds = kinds

    def validate(self, value: Any) -> None:
        super().validate(value)
        problems = actions.validate(value, choices.of_actions(), kinds=self.kinds)
        if problems:
            raise ValidationError([_told(problem) for problem in problems])


def _told(problem: str) -> str:
    place, _colon, what = problem.partition(": ")
    return f"{place}: {told(what)}" if place.isdigit() else told(problem)
