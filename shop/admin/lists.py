"""Lists of words, typed one a line."""

from typing import Any

from django import forms
from django.db import models
from unfold.widgets import UnfoldAdminTextareaWidget


class LinesField(forms.CharField):
    """A JSON list of texts as people write one: each on a line of its own."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **options: Any) -> None:
        """Take what a field of the model says, also how its JSON is written, which is of no use."""
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override] # a list of lines
        lines = (line.strip() for line in (super().to_python(value) or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


LISTS: dict[type, dict[str, Any]] = {
    models.JSONField: {
        "form_class": LinesField,
        "widget": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    }
}
"""For an admin whose JSON fields are lists of texts."""
