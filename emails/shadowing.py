"""Which rules can never decide anything, by their shape alone.

A rule is unreachable when an earlier one that stops holds wherever it would; it is shadowed when
everything it says is said earlier by rules that hold wherever it would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emails.data import Rule
from emails.routing import says
from hbu.lib.conditions import implies


@dataclass(frozen=True, slots=True)
class Shadow:
    rule: Rule
    by: tuple[Rule, ...]
    """The earlier rules that leave it nothing."""
    stops: bool
    """Whether the earlier rule stops, so that this one is not even asked."""


def shadows(rules: Sequence[Rule], addresses: Mapping[str, str]) -> list[Shadow]:
    """Return the rules that decide nothing, in their order; `addresses` are those of departments.

    A rule for a department that is gone says nothing about it, so it overrules nobody.
    """
    found = []
    for place, rule in enumerate(rules):
        wider = [one for one in rules[:place] if implies(rule.condition, one.condition)]
        stopping = next((one for one in wider if one.stop), None)
        if stopping is not None:
            found.append(Shadow(rule, (stopping,), stops=True))
        elif by := _overruled_by(rule, wider, addresses):
            found.append(Shadow(rule, by, stops=False))
    return found


def _overruled_by(
    rule: Rule, wider: Sequence[Rule], addresses: Mapping[str, str]
) -> tuple[Rule, ...]:
    """Return who says earlier all that the rule says; nobody when something is left to it."""
    said = says(rule, addresses)
    first = [next((one for one in wider if field in says(one, addresses)), None) for field in said]
    if not said or rule.stop or None in first:
        return ()
    return tuple({one.id: one for one in first if one is not None}.values())
