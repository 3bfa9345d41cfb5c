"""Does a condition hold for these facts, and what was looked at to know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import regex

from hbu.lib.conditions.language import (
    GROUPS,
    MAX_DEPTH,
    MAX_TEXT,
    SECONDS_PER_MATCH,
    SHOWN,
    TOO_SLOW,
    Condition,
)
from hbu.lib.reasons import N_
from hbu.lib.words import fold, pattern


@dataclass(frozen=True, slots=True)
class Check:
    """One leaf as it was looked at."""

    field: str
    op: str
    value: Any
    actual: str
    hit: bool
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Result:
    hit: bool
    checks: tuple[Check, ...]

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(f"{check.field}: {check.error}" for check in self.checks if check.error)


def evaluate(condition: Condition, facts: Mapping[str, object]) -> Result:
    """Return whether the condition holds, with every leaf that had to be looked at."""
    checks: list[Check] = []
    return Result(_holds(condition, facts, checks, 1) is True, tuple(checks))


def _holds(
    node: object, facts: Mapping[str, object], checks: list[Check], depth: int
) -> bool | None:
    """Return True, False, or None when an error left it open.

    Three values (Kleene), because "not (too slow)" must not become a hit.
    """
    if not isinstance(node, Mapping) or depth > MAX_DEPTH:
        checks.append(Check("", "", None, "", hit=False, error=N_("not a condition")))
        return None
    if "not" in node:
        inner = _holds(node["not"], facts, checks, depth + 1)
        return None if inner is None else not inner
    for group in GROUPS:
        if isinstance(node.get(group), list | tuple):
            return _group(node[group], facts, checks, depth, decisive=group == "any")
    check = _look(node, facts)
    checks.append(check)
    return None if check.error else check.hit


def _group(
    nodes: Sequence[object],
    facts: Mapping[str, object],
    checks: list[Check],
    depth: int,
    *,
    decisive: bool,
) -> bool | None:
    """One True decides "any", one False decides "all"; the rest is then not looked at."""
    outcome: bool | None = not decisive
    for node in nodes:
        held = _holds(node, facts, checks, depth + 1)
        if held is decisive:
            return decisive
        outcome = None if held is None else outcome
    return outcome


def _look(leaf: Condition, facts: Mapping[str, object]) -> Check:
    name, op, value = str(leaf.get("field", "")), str(leaf.get("op", "")), leaf.get("value")
    actual = facts.get(name)
    try:
        hit, shown = _try(op, actual, value)
    except TimeoutError:
        error = TOO_SLOW
    except regex.error:
        error = N_("bad pattern")
    except (AttributeError, KeyError, TypeError, InvalidOperation):
        error = N_("cannot be compared")
    else:
        return Check(name, op, value, shown, hit)
    return Check(name, op, value, _shorten(_text(actual)), hit=False, error=error)


def _try(op: str, actual: object, value: Any) -> tuple[bool, str]:
    text = _text(actual)
    if op in SEARCHES:
        searched = text if op == "matches" else fold(text)
        start = SEARCHES[op](searched, value)
        return start >= 0, _shorten(searched if len(text) > SHOWN else text, start)
    return COMPARISONS[op](actual, value), _shorten(text)


# Searches: where in the text it was found, or -1.


def _contains(folded: str, value: str) -> int:
    return folded.find(fold(value))


def _contains_any(folded: str, words: Sequence[str]) -> int:
    match = _starts(tuple(words)).search(folded) if words else None
    return match.start() if match else -1


def _matches(text: str, value: str) -> int:
    match = _compiled(value).search(text, timeout=SECONDS_PER_MATCH)
    return match.start() if match else -1


@lru_cache(maxsize=256)
def _starts(words: tuple[str, ...]) -> Any:
    return pattern(f"{word.strip()}*" for word in words)


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Any:
    return regex.compile(expression, regex.IGNORECASE)


# Comparisons: of one value, or of any in a list.


def _is(actual: object, value: object) -> bool:
    return any(_key(one) == _key(value) for one in _values(actual))


def _in(actual: object, values: Sequence[object]) -> bool:
    wanted = {_key(value) for value in values}
    return any(_key(one) in wanted for one in _values(actual))


def _number(value: object) -> Decimal:
    return Decimal(str(value))


def _exists(actual: object) -> bool:
    return actual is not None and actual != "" and actual != () and actual != []


SEARCHES: Mapping[str, Callable[[str, Any], int]] = {
    "contains": _contains,
    "contains_any": _contains_any,
    "matches": _matches,
}
COMPARISONS: Mapping[str, Callable[[object, Any], bool]] = {
    "is": _is,
    "is_not": lambda actual, value: not _is(actual, value),
    "in": _in,
    "greater": lambda actual, value: _number(actual) > _number(value),
    "less": lambda actual, value: _number(actual) < _number(value),
    "exists": lambda actual, _: _exists(actual),
    "true": lambda actual, _: bool(actual),
    "false": lambda actual, _: not actual,
}


def _values(actual: object) -> Sequence[object]:
    return actual if isinstance(actual, list | tuple) else (actual,)


def _key(value: object) -> str:
    return "" if value is None else fold(str(value)[:MAX_TEXT]).strip()


def _text(actual: object) -> str:
    return "\n".join("" if one is None else str(one) for one in _values(actual))[:MAX_TEXT]


def _shorten(text: str, start: int = 0) -> str:
    """Return what fits, around the place that was found."""
    if len(text) <= SHOWN:
        return text
    begin = min(max(0, start - SHOWN // 4), len(text) - SHOWN)
    return f"…{text[begin + 1 : begin + SHOWN]}" if begin else f"{text[: SHOWN - 1]}…"
