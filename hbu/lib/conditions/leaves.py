"""The leaves of a condition: what it asks about, and which patterns it tries."""

from collections.abc import Iterator, Mapping
from typing import Any

from hbu.lib.conditions.language import GROUPS, MAX_DEPTH, Condition


def leaves(condition: Any, depth: int = 1) -> Iterator[Condition]:
    """Yield the leaves of what may be no condition at all; nothing below the greatest depth."""
    if not isinstance(condition, Mapping) or depth > MAX_DEPTH:
        return
    if "not" in condition:
        yield from leaves(condition["not"], depth + 1)
        return
    nodes = next((condition[group] for group in GROUPS if group in condition), None)
    if nodes is None:
        yield condition
    for node in nodes if isinstance(nodes, list | tuple) else ():
        yield from leaves(node, depth + 1)


def fields_of(condition: Any) -> frozenset[str]:
    return frozenset(str(leaf.get("field")) for leaf in leaves(condition))
