"""What was changed by hand, as people read it: which field, what it was, what it is."""

from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import capfirst

# Already told by the change itself.
TOLD = {"before", "after", "model", "object"}


class Changed(NamedTuple):
    what: str
    before: str
    after: str


def changes_of(data: dict[str, Any]) -> list[Changed]:
    """Return the fields that a change by hand is about; nothing for other events."""
    before, after = data.get("before"), data.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    model = _model(str(data.get("model", "")))
    return [
        Changed(_named(model, name), before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
    ]


def words_of(data: dict[str, Any]) -> str:
    """Return the kind of thing in people's words, for `shop.customer`."""
    model = _model(str(data.get("model", "")))
    return str(capfirst(model._meta.verbose_name)) if model else str(data.get("model", ""))


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _named(model: type[Model] | None, name: str) -> str:
    """A field of the thing itself, or of a part of it: `app.model:key:field`."""
    label, key, field = (*name.split(":"), "", "")[:3]
    if key:
        part = _model(label)
        words = f"{part._meta.verbose_name if part else label} {key}"
        return f"{words}: {_named(part, field)}" if field else words
    try:
        return str(model._meta.get_field(name).verbose_name) if model else name  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name
