"""What rules are shown and what they find. Knows no rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any


class Priority(IntEnum):
    HIGH = 1
    MEDIUM = 2
    LOW = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A number that speaks for it, and the list of its rows."""

    label: str
    count: int
    url: str
    may: str
    """The permission that opens the list."""

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "count": self.count, "url": self.url, "may": self.may}


@dataclass(frozen=True, slots=True)
class Found:
    about: str
    priority: Priority
    impact: float
    act: str
    """Where somebody can do something about it."""
    evidence: Sequence[Evidence]
    department: int | None = None
    words: Mapping[str, Any] = field(default_factory=dict)
    """What the sentences of the rule need."""

    def facts(self) -> dict[str, Any]:
        evidence = [one.as_json() for one in self.evidence]
        return {"words": dict(self.words), "act": self.act, "evidence": evidence}


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure of a department, or of the house, beside its target."""

    kpi: str
    code: str
    """Of the department; empty for the house."""
    department: int | None
    value: float
    target: float
    reached: float
    """Percent of the target."""
    rows: int
    """Of how many rows it is a share, or the mean."""
    sort: str
    """share, hours or points: what it is measured in."""
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A routing rule in force."""

    id: int
    name: str
    department: int | None
    since: datetime
    """From then on it says what it says."""
    last_hit: datetime | None
    asked: int
    """Mails that any rule routed in the time that is looked at."""
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template that letters were written from."""

    code: str
    letters: int
    back: int
    """After how many of them the customer wrote again within days."""
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Release:
    """Letters of a template that the house wrote and a person let go or stopped."""

    template: str
    code: str
    department: int | None
    released: int
    stopped: int
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Letters of a department that have waited for a person for days."""

    code: str
    department: int | None
    letters: int
    oldest: datetime
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product of which there was not enough, again and again."""

    sku: str
    name: Mapping[str, str]
    """By language."""
    orders: int
    pieces: int
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Outages:
    """A mailbox that could not be read."""

    address: str
    department: int
    spans: Sequence[tuple[datetime, datetime]]
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Wandering:
    """Cases of a kind that went from desk to desk."""

    kind: str
    cases: int
    act: str
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Debt:
    """A customer with invoices that are overdue."""

    number: str
    name: str
    invoices: int
    amount: float
    reminders: int
    act: str
    evidence: Sequence[Evidence]
