"""Conditions and actions are put together from words; without a script the JSON stays editable."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext
from unfold.widgets import UnfoldAdminTextareaWidget

from hbu.lib.conditions.language import (
    MAX_DEPTH,
    OPS,
    WITH_LIST,
    WITH_NUMBER,
    WITHOUT_VALUE,
)

Choices = Mapping[str, Mapping[Any, object]]
# What may be asked of a field, by its sort; the first is offered first.
OPS_OF: Mapping[str, tuple[str, ...]] = {
    "text": ("contains", "contains_any", "is", "is_not", "in", "matches", "exists"),
    "choice": ("is", "is_not", "in", "exists"),
    "number": ("greater", "less", "is", "exists"),
    "yes_no": ("true", "false"),
}


class Indented(json.JSONEncoder):
    """JSON as people can edit it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2, "ensure_ascii": False})


class EditorWidget(UnfoldAdminTextareaWidget):
    """A text of JSON that a script turns into an editor; what it needs to know goes along as data."""

    kind = ""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": 10, "spellcheck": "false", **(attrs or {})})

    def knowledge(self) -> dict[str, Any]:
        raise NotImplementedError

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        known = json.dumps(self.knowledge(), ensure_ascii=False)
        marked = {**(attrs or {}), f"data-{self.kind}": known}
        context: dict[str, Any] = super().get_context(name, value, marked)
        return context


class ConditionWidget(EditorWidget):
    """Edits the tree of a condition. `sorts`: of fields that are no texts (number, yes_no); fields
    for which `choices` knows values are chosen from them, texts among them are only proposed."""

    kind = "hb-condition"

    class Media:
        css = {"all": ["hbu/royal.css", "hbu/conditions.css"]}
        js = ("hbu/editor.js", "hbu/conditions.js")

    def __init__(
        self,
        fields: Mapping[str, str],
        choices: Callable[[], Choices] = dict,
        sorts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.fields, self.choices, self.sorts = fields, choices, sorts or {}

    def knowledge(self) -> dict[str, Any]:
        choices = self.choices()
        return {
            "fields": [self._field(name, label, choices) for name, label in self.fields.items()],
            "ops": {code: gettext(words) for code, words in OPS.items()},
            "opsOf": OPS_OF,
            "withoutValue": sorted(WITHOUT_VALUE),
            "withList": sorted(WITH_LIST),
            "withNumber": sorted(WITH_NUMBER),
            "maxDepth": MAX_DEPTH,
            "words": words(),
        }

    def _field(self, name: str, label: str, choices: Choices) -> dict[str, Any]:
        known = choices.get(name)
        sort = self.sorts.get(name) or ("text" if known is None else "choice")
        values = [[str(code), str(said)] for code, said in (known or {}).items()]
        return {"name": name, "label": gettext(label), "sort": sort, "values": values}


class ConditionField(forms.JSONField):
    """A condition in a form: put together from words, kept as JSON."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"encoder": Indented, **options})


def words() -> dict[str, str]:
    """Return what the script says, in the reader's language."""
    return {
        "all": gettext("all of these hold"),
        "any": gettext("one of these holds"),
        "isNot": gettext("not"),
        "and": gettext("and"),
        "or": gettext("or"),
        "always": gettext("always"),
        "add": gettext("Condition"),
        "addGroup": gettext("Group"),
        "addAction": gettext("Action"),
        "remove": gettext("Remove"),
        "up": gettext("Move up"),
        "down": gettext("Move down"),
        "into": gettext("Into a group"),
        "out": gettext("Out of the group"),
        "asText": gettext("As text (JSON)"),
        "asWords": gettext("As words"),
        "field": gettext("Field"),
        "op": gettext("Comparison"),
        "value": gettext("Value"),
        "perLine": gettext("one word a line"),
        "commas": gettext("words, with commas between them"),
        "choose": pgettext("in a list", "choose"),
        "unreadable": gettext("This text is no JSON that could be shown as words."),
        "nothing": gettext("Nothing yet: it holds always."),
        "noActions": gettext("Nothing yet: add an action."),
        "keys": gettext("Alt with the arrow keys moves a row."),
        "what": gettext("What is done"),
    }
