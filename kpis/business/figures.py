"""The figures of the overview: what each measure came to, and how that compares with before."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from hbu.lib import amounts
from kpis.business.measures import MEASURES, MONEY, PERCENT, PIECES, Asked, Measure
from kpis.periods import Span
from shop.services.house import currency

Sums = Mapping[date, tuple[Decimal, int]]
NOTHING = (Decimal(0), 0)
FINE = Decimal("0.1")
BY_DAY, BY_WEEK, STEPS = 31, 186, 12
"""Up to so many days a chart goes day by day, or week by week; longer ones have so many steps."""


@dataclass(frozen=True, slots=True)
class Number:
    """A value, of how many rows it is made, and where they are."""

    value: Decimal | None
    count: int
    shown: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    now: Number
    before: Number


@dataclass(frozen=True, slots=True)
class Figure:
    code: str
    label: str
    formula: str
    unit: str
    now: Number
    before: Number
    change: str
    """How it compares; empty where there is nothing to compare with."""
    way: str
    """up, down or same."""
    counted: Number | None
    """Of a share: the rows that counted."""
    steps: list[Step]

    @property
    def chart(self) -> str:
        """What static/kpis/chart.js draws."""
        now = [_drawn(one.now) for one in self.steps]
        before = [_drawn(one.before) for one in self.steps]
        bars = "line" if self.unit == PERCENT else "bar"
        said = {
            "type": "line",
            "labels": [one.label for one in self.steps],
            "unit": {MONEY: currency(), PERCENT: "%"}.get(self.unit, ""),
            "series": [
                {"label": gettext("this time"), "values": now, "type": bars},
                {"label": gettext("the time before"), "values": before, "dashed": True},
            ],
        }
        return json.dumps(said)


def figures(asked: Asked) -> list[Figure]:
    """Return the figures that the person may see; one query each."""
    return [
        _figure(code, measure, asked)
        for code, measure in MEASURES.items()
        if asked.user.has_perm(measure.permission) and (measure.desk or not asked.department)
    ]


def _figure(code: str, measure: Measure, asked: Asked) -> Figure:
    sums = measure.sums(asked)
    now = _number(measure, asked, asked.span, sums)
    before = _number(measure, asked, asked.span.before, sums)
    change, way = compared(measure.unit, now.value, before.value)
    step = step_of(len(asked.span))
    pairs = zip(asked.span.cut(step), asked.span.before.cut(step), strict=True)
    return Figure(
        code=code,
        label=str(measure.label),
        formula=str(measure.formula),
        unit=measure.unit,
        now=now,
        before=before,
        change=change,
        way=way,
        counted=_counted(measure, asked, sums),
        steps=[
            Step(
                _label(one), _number(measure, asked, one, sums), _number(measure, asked, old, sums)
            )
            for one, old in pairs
        ],
    )


def step_of(days: int) -> int:
    """Return into pieces of how many days a chart cuts a time."""
    if days <= BY_DAY:
        return 1
    return 7 if days <= BY_WEEK else -(-days // STEPS)


def _number(measure: Measure, asked: Asked, span: Span, sums: Sums) -> Number:
    part, count = total(sums, span)
    value = value_of(measure.unit, part, count)
    return Number(value, count, shown(measure.unit, value), measure.url(asked, span))


def _counted(measure: Measure, asked: Asked, sums: Sums) -> Number | None:
    if not measure.counted:
        return None
    part, _all = total(sums, asked.span)
    url = measure.url(asked, asked.span, **measure.counted)
    return Number(part, int(part), shown(PIECES, part), url)


def total(sums: Sums, span: Span) -> tuple[Decimal, int]:
    found = [sums[day] for day in sums if day in span]
    return sum((part for part, _ in found), Decimal(0)), sum(count for _, count in found)


def value_of(unit: str, part: Decimal, count: int) -> Decimal | None:
    """None where there is nothing of which it could be a share."""
    if unit != PERCENT:
        return part
    return 100 * part / count if count else None


def shown(unit: str, value: Decimal | None) -> str:
    if value is None:
        return "–"
    language = (get_language() or "en")[:2]
    if unit == MONEY:
        return amounts.money(value.quantize(amounts.CENT), currency(), language)
    if unit == PIECES:
        return amounts.number(int(value), language)
    return f"{amounts.number(value.quantize(FINE), language)} %"


def compared(unit: str, now: Decimal | None, before: Decimal | None) -> tuple[str, str]:
    """Return by how much it changed and which way; shares by points, all else by percent."""
    if now is None or before is None or (unit != PERCENT and not before):
        return "", "same"
    if unit != PERCENT:
        gap = (100 * (now - before) / abs(before)).quantize(FINE)
        said = f"{_signed(gap)} %"
    else:
        gap = (now - before).quantize(FINE)
        said = f"{_signed(gap)} {pgettext('share', 'points')}"
    return (said, "up" if gap > 0 else "down") if gap else (gettext("unchanged"), "same")


def _signed(gap: Decimal) -> str:
    said = amounts.number(abs(gap), (get_language() or "en")[:2])
    return f"+{said}" if gap > 0 else f"−{said}"


def _label(span: Span) -> str:
    return date_format(span.first, "SHORT_DATE_FORMAT")


def _drawn(number: Number) -> float | None:
    return None if number.value is None else round(float(number.value), 2)


def lines(figures: Iterable[Figure]) -> Iterator[tuple[Any, ...]]:
    """Yield the figures step by step as rows of a file."""
    for one in figures:
        yield one.label, "", one.now.count, _rounded(one.now), _rounded(one.before)
        for step in one.steps:
            now, before = _rounded(step.now), _rounded(step.before)
            yield one.label, step.label, step.now.count, now, before


def _rounded(number: Number) -> Decimal | None:
    return None if number.value is None else number.value.quantize(amounts.CENT)
