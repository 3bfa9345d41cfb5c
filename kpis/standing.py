"""How a figure stands against its target and its past. Pure: it knows neither Django nor figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

NEAR = 90.0
"""Percent of the target."""
STEADY = 0.02
"""A change by less than this share is none."""


class Status(StrEnum):
    GOOD = "good"
    NEAR = "near"
    MISSED = "missed"
    NONE = ""
    """There is no target, or nothing to compare with it."""


class Trend(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    STEADY = "steady"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a figure brings to the score."""

    code: str
    weight: int
    reached: float


def reached(value: float | None, target: float | None, *, less_is_better: bool) -> float | None:
    """Return how much of the target is reached, 0 to 100; None where there is nothing to compare."""
    if value is None or target is None:
        return None
    if (value <= target) if less_is_better else (value >= target):
        return 100.0
    most, least = (target, value) if less_is_better else (value, target)
    # Of nothing, or less than that, no share can be told.
    return max(0.0, 100.0 * most / least) if least > 0 else 0.0


def status(share: float | None) -> Status:
    if share is None:
        return Status.NONE
    if share >= 100:
        return Status.GOOD
    return Status.NEAR if share >= NEAR else Status.MISSED


def trend(value: float | None, before: float | None, *, less_is_better: bool) -> Trend:
    if value is None or before is None:
        return Trend.NONE
    change = value - before
    if abs(change) <= STEADY * max(abs(value), abs(before)):
        return Trend.STEADY
    return Trend.BETTER if (change < 0) == less_is_better else Trend.WORSE


def score(parts: Iterable[Weighed]) -> float | None:
    """Return the mean by weight; None where nothing has any."""
    known = list(parts)
    weights = sum(one.weight for one in known)
    return sum(one.weight * one.reached for one in known) / weights if weights else None
