"""Does a condition hold for these facts, and what was looked at to know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from time import thread_time
from typing import Any

import regex

from hbu.lib.conditions.language import (
    GROUPS,
    MAX_DEPTH,
    MAX_TEXT,
    NO_TIME_LEFT,
    SECONDS_PER_ASKING,
    SECONDS_PER_MATCH,
    SHOWN,
    TOO_SLOW,
    Condition,
)
from hbu.lib.reasons import N_
from hbu.lib.words import fold, pattern, word_end


@dataclass(frozen=True, slots=True)
class Check:
    """One leaf as it was looked at."""

    field: str
    op: str
    value: Any
    actual: str
    hit: bool
    error: str = ""
    found: str = ""
    """The words of a text that were searched for and stood there."""
    denied: bool = False
    """Whether it stands under a "not", so that a miss speaks for the rule."""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Result:
    hit: bool
    checks: tuple[Check, ...]

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(f"{check.field}: {check.error}" for check in self.checks if check.error)


class Patience:
    """The seconds of CPU that are left for patterns; share one among all rules of a mail."""

    def __init__(self, seconds: float = SECONDS_PER_ASKING) -> None:
        self.left = seconds

    def search(self, expression: str, text: str) -> Any:
        """Return the match or None. Raises TimeoutError, and OutOfPatience when none is left."""
        if self.left <= 0:
            raise OutOfPatience
        started = thread_time()
        try:
            return _compiled(expression).search(text, timeout=min(SECONDS_PER_MATCH, self.left))
        finally:
            self.left -= thread_time() - started


class OutOfPatience(Exception):
    """Earlier patterns took all the time there was."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """One condition being asked: of which facts, with how much time, and what was looked at."""

    facts: Mapping[str, object]
    patience: Patience
    checks: list[Check]


def evaluate(
    condition: Condition, facts: Mapping[str, object], patience: Patience | None = None
) -> Result:
    """Return whether the condition holds, with every leaf that had to be looked at."""
    asking = _Asking(facts, patience or Patience(), [])
    held = _holds(condition, asking, 1, denied=False)
    return Result(held is True, tuple(asking.checks))


def _holds(node: object, asking: _Asking, depth: int, *, denied: bool) -> bool | None:
    """Return True, False, or None when an error left it open.

    Three values (Kleene), because "not (too slow)" must not become a hit.
    """
    if not isinstance(node, Mapping) or depth > MAX_DEPTH:
        asking.checks.append(Check("", "", None, "", hit=False, error=N_("not a condition")))
        return None
    if "not" in node:
        inner = _holds(node["not"], asking, depth + 1, denied=not denied)
        return None if inner is None else not inner
    for group in GROUPS:
        if isinstance(node.get(group), list | tuple):
            return _group(node, group, asking, depth, denied=denied)
    check = _look(node, asking, denied=denied)
    asking.checks.append(check)
    return None if check.error else check.hit


def _group(
    node: Condition, group: str, asking: _Asking, depth: int, *, denied: bool
) -> bool | None:
    """One True decides "any", one False decides "all"; the rest is then not looked at."""
    decisive = group == "any"
    outcome: bool | None = not decisive
    for one in node[group]:
        held = _holds(one, asking, depth + 1, denied=denied)
        if held is decisive:
            return decisive
        outcome = None if held is None else outcome
    return outcome


def _look(leaf: Condition, asking: _Asking, *, denied: bool) -> Check:
    name, op, value = str(leaf.get("field", "")), str(leaf.get("op", "")), leaf.get("value")
    actual = asking.facts.get(name)
    try:
        hit, shown, found = _try(op, actual, value, asking.patience)
    except TimeoutError:
        error = TOO_SLOW
    except OutOfPatience:
        error = NO_TIME_LEFT
    except regex.error:
        error = N_("bad pattern")
    except (AttributeError, KeyError, TypeError, InvalidOperation):
        error = N_("cannot be compared")
    else:
        return Check(name, op, value, shown, hit, found=found, denied=denied)
    return Check(name, op, value, _shorten(_text(actual)), hit=False, error=error, denied=denied)


def _try(op: str, actual: object, value: Any, patience: Patience) -> tuple[bool, str, str]:
    text = _text(actual)
    if op not in SEARCHES:
        return COMPARISONS[op](actual, value), _shorten(text), ""
    folded = text if op == "matches" else fold(text)
    start, end = SEARCHES[op](folded, value, patience)
    # Folding may have moved the place; then only the folded text can show it.
    legible = text if len(text) == len(folded) else folded
    if start < 0:
        return False, _shorten(text), ""
    return True, _shorten(legible, start), _whole_words(legible, start, end)


def _whole_words(text: str, start: int, end: int) -> str:
    """Return what was found, to the end of its last word: rules look for beginnings."""
    return " ".join(text[start : word_end(text, end)].split())[:FOUND_SHOWN]


# Searches: where in the text it was found, or NOWHERE.

NOWHERE = (-1, -1)
FOUND_SHOWN = 80


def _contains(folded: str, value: str, _patience: Patience) -> tuple[int, int]:
    wanted = fold(value)
    start = folded.find(wanted)
    return (start, start + len(wanted)) if start >= 0 else NOWHERE


def _contains_any(folded: str, words: Sequence[str], _patience: Patience) -> tuple[int, int]:
    match = _starts(tuple(words)).search(folded) if words else None
    return match.span() if match else NOWHERE


def _matches(text: str, value: str, patience: Patience) -> tuple[int, int]:
    match = patience.search(value, text)
    return match.span() if match else NOWHERE


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


SEARCHES: Mapping[str, Callable[[str, Any, Patience], tuple[int, int]]] = {
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
