"""A figure as it is shown: a card of the overview, and the page of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from agents.models import Department
from kpis.counting import Departments
from kpis.definitions import KPIS, Better, How
from kpis.figures import showing
from kpis.values import Measure, may_open, rows_of

LONGEST_BY_DAY = 92
"""Longer times are shown week by week."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted: a number that opens its rows, where the person may open them."""

    label: str
    shown: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    measure: Measure
    url: str
    counts: Sequence[Count]
    for_all: bool
    """Not all departments are looked at, and this is a figure of the whole house."""

    @property
    def code(self) -> str:
        return self.measure.code

    @property
    def label(self) -> str:
        return str(self.measure.kpi.label)

    @property
    def value(self) -> str:
        return showing.told(self.measure.value, self.measure.kpi.unit)

    @property
    def target(self) -> str:
        if self.measure.target is None:
            return ""
        shown = showing.told(self.measure.target, self.measure.kpi.unit)
        if self.measure.kpi.better == Better.DOWN:
            return gettext("target: at most %s") % shown
        return gettext("target: at least %s") % shown

    @property
    def tone(self) -> str:
        return "" if self.measure.value is None else self.measure.status.value

    @property
    def status(self) -> str:
        return showing.status(self.measure)

    @property
    def trend(self) -> str:
        return self.measure.trend.value

    @property
    def comparison(self) -> str:
        return showing.comparison(self.measure)

    @property
    def arrow(self) -> str:
        return showing.arrow(self.measure)

    @property
    def spark(self) -> showing.Spark | None:
        return showing.spark(self.measure)

    @property
    def empty(self) -> str:
        """What is missing where there is no value."""
        if self.measure.value is not None:
            return ""
        if self.measure.kpi.how == How.SCORE:
            return gettext("No figure has a target and a value yet.")
        if self.measure.kpi.how == How.GROWTH:
            return gettext("No revenue in the time before.")
        what = self.measure.kpi.whole or self.measure.kpi.part
        return gettext("None in this time: %s.") % what


def card(user: Any, measure: Measure, departments: Departments, query: str) -> Card:
    """Return a figure with the rows it counts."""
    url = f"{reverse('kpis:figure', args=[measure.code])}?{query}"
    for_all = departments is not None and not measure.kpi.by_department
    return Card(measure, url, counts(user, measure, departments), for_all)


def counts(user: Any, measure: Measure, departments: Departments) -> list[Count]:
    """Return part and whole with the addresses of their rows."""
    kpi = measure.kpi
    urls = rows_of(kpi, measure.span, departments) if may_open(user, kpi) else ("", "")
    if kpi.how == How.SCORE:
        return []
    if kpi.how == How.GROWTH:
        now, then = (showing.told(one, KPIS[kpi.of].unit) for one in (measure.part, measure.whole))
        return [
            Count(pgettext("revenue", "now"), now, urls[0]),
            Count(pgettext("revenue", "before"), then, urls[1]),
        ]
    if kpi.how in (How.PERCENT, How.LEVEL):
        part = Count(str(kpi.part), showing.count(measure.part), urls[0])
        whole = Count(str(kpi.whole), showing.count(measure.whole), urls[1])
        return [part] if kpi.how == How.LEVEL else [part, whole]
    return [Count(str(kpi.part), showing.count(measure.whole), urls[0])]


@dataclass(frozen=True, slots=True)
class Weight:
    """A line of the arithmetic of the overall score."""

    label: str
    url: str
    value: str
    target: str
    reached: str
    weight: int
    points: str


def weights(score: Measure, found: Mapping[str, Measure], query: str) -> list[Weight]:
    return [
        Weight(
            str(KPIS[one.code].label),
            f"{reverse('kpis:figure', args=[one.code])}?{query}",
            showing.told(found[one.code].value, KPIS[one.code].unit),
            showing.told(found[one.code].target, KPIS[one.code].unit),
            showing.count(one.reached),
            one.weight,
            showing.count(one.weight * one.reached),
        )
        for one in sorted(score.weighed, key=lambda one: -one.weight)
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """A day of the history, or a week of a long one."""

    label: str
    value: str
    counts: Sequence[Count]


def course(measure: Measure) -> list[Measure]:
    if measure.kpi.how in (How.SCORE, How.GROWTH):
        return []
    return measure.steps(1 if len(measure.span) <= LONGEST_BY_DAY else WEEK)


def steps(user: Any, course: Sequence[Measure], departments: Departments) -> list[Step]:
    """Return the history, the newest first."""
    return [
        Step(
            showing.days(one.span),
            showing.told(one.value, one.kpi.unit),
            counts(user, one, departments),
        )
        for one in reversed(course)
    ]


def chart(measure: Measure, course: Sequence[Measure]) -> str:
    """Return what static/kpis/chart.js draws."""
    bars = measure.kpi.how in (How.SUM, How.LEVEL)
    values = [None if one.value is None else round(one.value, 2) for one in course]
    series: list[dict[str, Any]] = [{"label": str(measure.kpi.label), "values": values}]
    # Targets of amounts are those of the whole time, and no line across its days.
    if measure.target is not None and measure.kpi.how != How.SUM:
        line = {"values": [measure.target] * len(course), "dashed": True, "type": "line"}
        series.append({"label": gettext("target"), **line})
    return json.dumps(
        {
            "type": "bar" if bars else "line",
            "labels": [date_format(one.span.first, "d.m.") for one in course],
            "unit": showing.short(measure.kpi.unit),
            "series": series,
        }
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """A department beside the others."""

    name: str
    code: str
    card: Card
    share: float
    """Of the greatest value, for its bar."""


def desks(user: Any, found: Sequence[tuple[Department, Measure]], days: int) -> list[Desk]:
    values = [one.value for _desk, one in found if one.value is not None]
    greatest = max(values, default=0.0) or 1.0
    return [
        Desk(
            desk.name,
            desk.code,
            card(user, one, {desk.pk}, f"days={days}&department={desk.code}"),
            max(0.0, round(100 * (one.value or 0.0) / greatest, 1)),
        )
        for desk, one in found
    ]
