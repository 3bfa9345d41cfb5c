"""Does one condition follow from another, whatever the facts are.

The answer is careful: True is certain, False only means that it does not show from the shape. An
unreachable rule that nobody names is a pity; a good one that is called unreachable misleads.
"""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from hbu.lib.conditions.language import Condition
from hbu.lib.words import fold

Seen = dict[tuple[int, int], bool]


def implies(first: Condition, second: Condition) -> bool:
    """Return whether the second holds wherever the first does. Both may be saved (`validate`)."""
    return _implies(first, second, {})


def _implies(first: Condition, second: Condition, seen: Seen) -> bool:
    """Each pair of nodes is compared once, so the work is the product of their sizes."""
    key = (id(first), id(second))
    if key not in seen:
        seen[key] = first == second or any(step(first, second, seen) for step in STEPS)
    return seen[key]


def _every_part_follows(first: Condition, second: Condition, seen: Seen) -> bool:
    return "all" in second and all(_implies(first, one, seen) for one in second["all"])


def _some_part_follows(first: Condition, second: Condition, seen: Seen) -> bool:
    return "any" in second and any(_implies(first, one, seen) for one in second["any"])


def _from_every_case(first: Condition, second: Condition, seen: Seen) -> bool:
    return "any" in first and all(_implies(one, second, seen) for one in first["any"])


def _from_some_part(first: Condition, second: Condition, seen: Seen) -> bool:
    return "all" in first and any(_implies(one, second, seen) for one in first["all"])


def _denied(first: Condition, second: Condition, seen: Seen) -> bool:
    both = "not" in first and "not" in second
    return both and _implies(second["not"], first["not"], seen)


def _leaves(first: Condition, second: Condition, _seen: Seen) -> bool:
    if "field" not in first or first["field"] != second.get("field"):
        return False
    rule = LEAVES.get((str(first.get("op")), str(second.get("op"))))
    return rule is not None and rule(first.get("value"), second.get("value"))


STEPS = (
    _every_part_follows, _some_part_follows, _from_every_case, _from_some_part, _denied, _leaves,
)  # fmt: skip


def _key(value: object) -> str:
    return fold(str(value)).strip()


def _among(values: Collection[object], wanted: Collection[object]) -> bool:
    return {_key(one) for one in values} <= {_key(one) for one in wanted}


def _stands_in(text: object, part: object) -> bool:
    return fold(str(part)) in _key(text)


# What one comparison of a field says about another of the same field: (first, second).
LEAVES: Mapping[tuple[str, str], Callable[[Any, Any], bool]] = {
    ("is", "is"): lambda one, other: _key(one) == _key(other),
    ("is", "in"): lambda one, others: _among([one], others),
    ("is", "exists"): lambda one, _: bool(_key(one)),
    ("in", "in"): _among,
    ("in", "is"): lambda some, one: _among(some, [one]),
    ("in", "exists"): lambda some, _: all(_key(one) for one in some),
    ("is_not", "is_not"): lambda one, other: _key(one) == _key(other),
    ("contains", "contains"): lambda text, part: fold(str(part)) in fold(str(text)),
    ("contains", "exists"): lambda _text, _: True,
    ("is", "contains"): _stands_in,
    ("contains_any", "contains_any"): _among,
    ("contains_any", "exists"): lambda _words, _: True,
    ("greater", "greater"): lambda one, other: Decimal(str(one)) >= Decimal(str(other)),
    ("less", "less"): lambda one, other: Decimal(str(one)) <= Decimal(str(other)),
    ("true", "true"): lambda _, __: True,
    ("false", "false"): lambda _, __: True,
}
