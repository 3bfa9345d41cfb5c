"""A condition as people read it."""

from collections.abc import Callable, Mapping, Sequence

from hbu.lib.conditions.language import OPS, WITHOUT_VALUE, Condition
from hbu.lib.reasons import N_


def in_words(
    condition: Condition,
    labels: Mapping[str, str] | None = None,
    *,
    translate: Callable[[str], str] = N_,
) -> str:
    """Return the condition as a sentence: 'subject contains any of "a", "b" and not ...'."""
    if "not" in condition:
        return f"{translate(N_('not'))} ({in_words(condition['not'], labels, translate=translate)})"
    for group, word in (("all", N_("and")), ("any", N_("or"))):
        if group in condition:
            parts = [in_words(one, labels, translate=translate) for one in condition[group]]
            return _joined(parts, group, translate(word)) or translate(N_("always"))
    return _leaf_in_words(condition, labels or {}, translate)


def _joined(parts: Sequence[str], group: str, word: str) -> str:
    text = f" {word} ".join(parts)
    return f"({text})" if group == "any" and len(parts) > 1 else text


def _leaf_in_words(
    leaf: Condition, labels: Mapping[str, str], translate: Callable[[str], str]
) -> str:
    name, op, value = str(leaf.get("field")), str(leaf.get("op")), leaf.get("value")
    words = f"{translate(labels.get(name, name))} {translate(OPS.get(op, op))}"
    if op in WITHOUT_VALUE:
        return words
    values = value if isinstance(value, list | tuple) else (value,)
    return words + " " + ", ".join(f'"{one}"' for one in values)
