"""A rule that is not saved yet, tried on mails of the past: what would come of it.

The rules as they are and as they would be are asked about the same facts. A condition that stands
in both is evaluated once, so a trial costs hardly more than routing the mails again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from emails import routing
from emails.data import Route, Rule
from emails.routing import Facts
from hbu.lib.conditions import TOO_SLOW, Condition, Patience, Result, evaluate


@dataclass(frozen=True, slots=True)
class Houses:
    """What routing needs to know beside the rules."""

    addresses: Mapping[str, str]
    fallback: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One mail that would be treated differently: each field before and after."""

    email: int
    changes: Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class Tally:
    """How one rule fared."""

    hits: int = 0
    decided: int = 0
    timeouts: int = 0
    overruled_by: Counter[int] = field(default_factory=Counter)
    """How often each earlier rule had said already what this one says."""


@dataclass(slots=True)
class Trial:
    """What a trial found; filled by `look`, mail for mail."""

    tried: int
    """The id of the rule that is tried; 0 for a new one."""
    before: Sequence[Rule]
    after: Sequence[Rule]
    houses: Houses
    mails: int = 0
    gained: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    changed: list[Effect] = field(default_factory=list)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """How many mails go from one value of a field to another: (field, before, after)."""
    tallies: dict[int, Tally] = field(default_factory=dict)
    _edited: list[Rule] = field(init=False)

    def __post_init__(self) -> None:
        kept = {id(rule) for rule in self.before} & {id(rule) for rule in self.after}
        self._edited = [one for one in (*self.before, *self.after) if id(one) not in kept]

    def look(self, email: int, facts: Facts) -> None:
        """Route one mail by both sets of rules and note what differs.

        Where no rule holds that stands in one set only, both lead to the same.
        """
        self.mails += 1
        memory = _Memory()
        after = self._route(self.after, facts, memory)
        if not any(memory(rule.condition, facts, Patience()).hit for rule in self._edited):
            self._count(after)
            return
        before = self._route(self.before, facts, memory)
        self._note_rule(email, before, after)
        if changes := differences(before, after):
            self.changed.append(Effect(email, changes))
            self.moves.update((name, *values) for name, values in changes.items())
        self._count(after)

    def _route(self, rules: Sequence[Rule], facts: Facts, memory: "_Memory") -> Route:
        houses = self.houses
        return routing.route(
            rules, facts, fallback=houses.fallback, addresses=houses.addresses, ask=memory
        )

    def _note_rule(self, email: int, before: Route, after: Route) -> None:
        had, has = decides(before, self.tried), decides(after, self.tried)
        if has and not had:
            self.gained.append(email)
        elif had and not has:
            self.lost.append(email)

    def _count(self, route: Route) -> None:
        for entry in route.trace:
            # What comes before all rules is none that could be idle.
            if entry["rule_id"] is None:
                continue
            tally = self.tallies.setdefault(entry["rule_id"], Tally())
            tally.hits += entry["hit"]
            tally.decided += bool(entry["applied"])
            tally.timeouts += any(check["error"] == TOO_SLOW for check in entry["checks"])
            if entry["overruled"] and not entry["applied"]:
                tally.overruled_by.update(set(_who_said(route, entry["overruled"])))

    @property
    def idle(self) -> list[tuple[Rule, Tally]]:
        """Return the rules that hit mails and decided nothing about any of them."""
        found = ((rule, self.tallies.get(rule.id, Tally())) for rule in self.after)
        return [(rule, tally) for rule, tally in found if tally.overruled_by and not tally.decided]


def decides(route: Route, rule: int) -> bool:
    return any(entry["rule_id"] == rule and entry["applied"] for entry in route.trace)


def differences(before: Route, after: Route) -> dict[str, tuple[str, str]]:
    """Return the outcome of two routes where they differ."""
    pairs = {
        "department": (before.department, after.department),
        "sla": (before.sla, after.sla),
        "priority": (before.priority.value, after.priority.value),
    }
    return {name: values for name, values in pairs.items() if values[0] != values[1]}


def replaced(
    rules: Iterable[tuple[int, Rule]], tried: tuple[int, Rule] | None, gone: int
) -> list[Rule]:
    """Return the rules in order without `gone` and with the one that is tried at its place.

    Each comes with its position; at equal positions the older rule is asked first, a new one last.
    """
    rest = [one for one in rules if one[1].id != gone]
    both = [*rest, tried] if tried else rest
    return [rule for _, rule in sorted(both, key=lambda one: (one[0], one[1].id or float("inf")))]


def _who_said(route: Route, fields: Iterable[str]) -> Iterable[int]:
    for entry in route.trace:
        if entry["rule_id"] is not None and any(name in entry["applied"] for name in fields):
            yield entry["rule_id"]


class _Memory:
    """Asks each condition once about the same facts."""

    def __init__(self) -> None:
        self._results: dict[int, Result] = {}

    def __call__(self, condition: Condition, facts: Facts, patience: Patience) -> Result:
        key = id(condition)
        if key not in self._results:
            self._results[key] = evaluate(condition, facts, patience)
        return self._results[key]
