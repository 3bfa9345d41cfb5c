"""A condition as people read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hbu.lib.conditions.language import OPS, WITHOUT_VALUE, Condition
from hbu.lib.reasons import N_

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Words:
    """What fields and their values are called, and in which language."""

    fields: Mapping[str, str]
    values: Mapping[str, Mapping[Any, object]]
    translate: Callable[[str], str]


def in_words(
    condition: Condition,
    fields: Mapping[str, str] = NOTHING,
    values: Mapping[str, Mapping[Any, object]] = NOTHING,
    *,
    translate: Callable[[str], str] = N_,
) -> str:
    """Return the condition as a sentence: 'subject contains any of "a", "b" and not ...'."""
    return _sentence(condition, Words(fields, values, translate))


def _sentence(condition: Condition, words: Words, around: str = "") -> str:
    """Return the sentence of a node that stands in the group `around`."""
    if "not" in condition:
        return f"{words.translate(N_('not'))} ({_sentence(condition['not'], words)})"
    for group, word in (("all", N_("and")), ("any", N_("or"))):
        if group in condition:
            parts = [_sentence(one, words, group) for one in condition[group]]
            text = f" {words.translate(word)} ".join(parts) or words.translate(N_("always"))
            mixed = around not in {"", group} and len(parts) > 1
            return f"({text})" if mixed else text
    return _leaf(condition, words)


def _leaf(leaf: Condition, words: Words) -> str:
    name, op, value = str(leaf.get("field")), str(leaf.get("op")), leaf.get("value")
    said = f"{words.translate(words.fields.get(name, name))} {words.translate(OPS.get(op, op))}"
    if op in WITHOUT_VALUE:
        return said
    values = value if isinstance(value, list | tuple) else (value,)
    called = words.values.get(name, NOTHING)
    return said + " " + ", ".join(f'"{called.get(one, one)}"' for one in values)
