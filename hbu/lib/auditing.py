"""What is changed by hand, with what it was before, told to whoever listens.

The floor knows no journal: hbu.journal listens. Listeners are called inside the transaction of the
change, so that there is no change without its record.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, Model

from hbu.lib.secrets import SecretField

MASK = "•••"
SECRET_NAMES = {"password", "token", "claim", "secret", "hash", "digest", "key_hash"}
SECRET_ENDS = ("_password", "_token", "_secret", "_hash", "_digest")
SHORT = 200
BEFORE = 40
MOST_PARTS = 300


@dataclass(frozen=True, slots=True)
class Change:
    what: str
    """added, changed or removed."""
    subject: Model
    by: Any
    before: dict[str, str]
    after: dict[str, str]
    """By the names of fields; of a part of the subject `app.model:key:field`."""


@dataclass(frozen=True, slots=True)
class Export:
    model: type[Model]
    by: Any
    rows: int
    narrowed: str
    """The filters in force, as in the address."""


Listener = Callable[[Change | Export], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    _listeners.append(listener)
    return listener


def tell(fact: Change | Export) -> None:
    for listener in _listeners:
        listener(fact)


@dataclass(frozen=True, slots=True)
class Value:
    raw: str
    secret: bool = False


Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Picture:
    """What rows say at a moment: of the object itself, and of the parts its page edits with it."""

    values: Values
    parts: dict[str, tuple[str, Values]] = field(default_factory=dict)


def picture(obj: Model, parts: Iterable[Model] = ()) -> Picture:
    shown = {
        f"{part._meta.label_lower}:{part.pk}": (_title(part), _values(part))
        for part, _ in zip(parts, range(MOST_PARTS), strict=False)
    }
    return Picture(_values(obj), shown)


def _title(part: Model) -> str:
    if not part._meta.auto_created:
        return str(part)
    # A row of a relation is named by its two ends.
    ends = (one for one in part._meta.concrete_fields if one.is_relation)
    return " · ".join(str(getattr(part, one.name)) for one in ends)


def _values(obj: Model) -> Values:
    values = {
        one.name: Value(_raw(obj, one), is_secret(one))
        for one in obj._meta.concrete_fields
        if not one.primary_key
    }
    for many in obj._meta.many_to_many:
        names = sorted(str(one) for one in getattr(obj, many.name).all())
        values[many.name] = Value(", ".join(names))
    return values


def is_secret(field: "Field[Any, Any]") -> bool:
    name = field.name
    return isinstance(field, SecretField) or name in SECRET_NAMES or name.endswith(SECRET_ENDS)


def _raw(obj: Model, field: "Field[Any, Any]") -> str:
    value = getattr(obj, field.name if field.is_relation else field.attname)
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)


def difference(before: Picture, after: Picture) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was and what is, of what changed alone; secrets masked, long texts shortened."""
    was, now = _fields(before.values, after.values)
    for key in {**before.parts, **after.parts}:
        old, new = before.parts.get(key), after.parts.get(key)
        if old and new:
            was_part, now_part = _fields(old[1], new[1])
            was |= {f"{key}:{name}": text for name, text in was_part.items()}
            now |= {f"{key}:{name}": text for name, text in now_part.items()}
        elif old:
            was[key] = old[0][:SHORT]
        elif new:
            now[key] = new[0][:SHORT]
    return was, now


def _fields(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[dict[str, str], dict[str, str]]:
    was, now = {}, {}
    for name in {**before, **after}:
        old, new = before.get(name, Value("")), after.get(name, Value(""))
        if old.raw == new.raw:
            continue
        if old.secret or new.secret:
            was[name], now[name] = (MASK if one.raw else "" for one in (old, new))
        else:
            was[name], now[name] = _short(old.raw, new.raw)
    return was, now


def _short(old: str, new: str) -> tuple[str, str]:
    """Return both texts from a little before where they part."""
    if max(len(old), len(new)) <= SHORT:
        return old, new
    same = next(
        (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    start = max(0, same - BEFORE)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int) -> str:
    piece = text[start : start + SHORT]
    left = "… " if start and piece else ""
    return f"{left}{piece}{' …' if start + SHORT < len(text) else ''}"
