"""May this condition be saved: shape, fields, values and bounds."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation

import regex

from hbu.lib.conditions.language import (
    GROUPS,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_VALUE,
    MAX_WORDS,
    OPS,
    SHOWN,
    WITH_LIST,
    WITH_NUMBER,
    WITH_TEXT,
    WITHOUT_VALUE,
    Condition,
)
from hbu.lib.conditions.leaves import leaves
from hbu.lib.reasons import N_


def validate(condition: object, fields: Collection[str]) -> list[str]:
    """Return what is wrong with a condition, in words; nothing when it may be saved."""
    problems = list(_problems(condition, fields, 1))
    if not problems and len(list(leaves(condition))) > MAX_LEAVES:
        problems.append(f"{N_('Too many conditions in one rule, at most')}: {MAX_LEAVES}")
    return problems


def _problems(node: object, fields: Collection[str], depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        yield f"{N_('Nested deeper than so many levels')}: {MAX_DEPTH}"
    elif not isinstance(node, Mapping):
        yield f"{N_('Not a condition')}: {str(node)[:SHOWN]}"
    elif "not" in node:
        yield from _strangers(node, {"not"})
        yield from _problems(node["not"], fields, depth + 1)
    elif group := next((name for name in GROUPS if name in node), ""):
        yield from _strangers(node, {group})
        yield from _group_problems(group, node[group], fields, depth)
    else:
        yield from _leaf_problems(node, fields)


def _strangers(node: Condition, known: set[str]) -> Iterator[str]:
    if extra := sorted(str(key) for key in node if key not in known):
        beside = N_("Cannot be read beside the rest")
        yield f"{', '.join(sorted(known))}: {beside}: {', '.join(extra)}"


def _group_problems(
    group: str, nodes: object, fields: Collection[str], depth: int
) -> Iterator[str]:
    if not isinstance(nodes, list | tuple):
        yield f"{group}: {N_('needs a list of conditions')}"
        return
    if group == "any" and not nodes:
        yield f"{group}: {N_('a list of nothing never holds')}"
    for node in nodes[: MAX_LEAVES + 1]:
        yield from _problems(node, fields, depth + 1)


def _leaf_problems(leaf: Condition, fields: Collection[str]) -> Iterator[str]:
    yield from _strangers(leaf, {"field", "op", "value"})
    name, op, value = leaf.get("field"), str(leaf.get("op")), leaf.get("value")
    if name not in fields:
        yield f"{N_('Unknown field')}: {str(name)[:SHOWN]}"
    if op not in OPS:
        yield f"{N_('Unknown comparison')}: {op[:SHOWN]}"
    elif op in WITH_LIST:
        yield from _list_problems(op, value)
    elif op not in WITHOUT_VALUE:
        yield from _value_problems(op, value)


def _list_problems(op: str, value: object) -> Iterator[str]:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_WORDS:
        yield f"{OPS[op]}: {N_('needs a list of words, at most')}: {MAX_WORDS}"
    elif any(not isinstance(word, str) or not word.strip() for word in value):
        yield f"{OPS[op]}: {N_('needs words that are not empty')}"
    elif any(len(word) > MAX_VALUE for word in value):
        yield f"{N_('A word is longer than so many letters')}: {MAX_VALUE}"


def _value_problems(op: str, value: object) -> Iterator[str]:
    if len(str(value)) > MAX_VALUE:
        yield f"{N_('A value is longer than so many letters')}: {MAX_VALUE}"
    elif op in WITH_TEXT and (not isinstance(value, str) or not value.strip()):
        yield f"{OPS[op]}: {N_('needs a text')}"
    elif op in WITH_NUMBER and not _is_number(value):
        yield f"{OPS[op]}: {N_('needs a number instead of')}: {value}"
    elif op == "matches":
        yield from _pattern_problems(str(value))
    elif not isinstance(value, str | int | float | Decimal):
        yield f"{OPS[op]}: {N_('needs one value')}"


def _pattern_problems(expression: str) -> Iterator[str]:
    try:
        regex.compile(expression)
    except regex.error as error:
        yield f"{N_('The pattern cannot be read')}: {error}"


def _is_number(value: object) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False
