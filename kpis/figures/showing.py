"""Figures in words: with units, as the reader writes numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, get_currency_symbol
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy

from kpis.definitions import How, Unit
from kpis.periods import Span
from kpis.standing import Status, Trend
from kpis.values import Measure
from shop.services.house import currency

NOTHING = "–"
STATUS: dict[Status, Promise] = {
    Status.GOOD: pgettext_lazy("target", "reached"),
    Status.NEAR: pgettext_lazy("target", "almost reached"),
    Status.MISSED: pgettext_lazy("target", "missed"),
    Status.NONE: pgettext_lazy("target", "no target"),
}
NO_VALUE = pgettext_lazy("target", "nothing to measure")
TREND: dict[Trend, Promise] = {
    Trend.BETTER: pgettext_lazy("trend", "better"),
    Trend.WORSE: pgettext_lazy("trend", "worse"),
    Trend.STEADY: pgettext_lazy("trend", "unchanged"),
    Trend.NONE: pgettext_lazy("trend", "no comparison"),
}
UNITS: dict[Unit, Promise] = {
    Unit.HOURS: pgettext_lazy("unit", "h"),
    Unit.POINTS: pgettext_lazy("unit", "points"),
}
WIDTH, HEIGHT = 120, 28


def told(value: float | None, unit: Unit) -> str:
    """Return a value with its unit; a dash where there is none."""
    if value is None:
        return NOTHING
    if unit == Unit.MONEY:
        return _money(value)
    return f"{count(value)}\u00a0{short(unit)}".rstrip("\u00a0")


def short(unit: Unit) -> str:
    """Return what stands behind a number of the unit, on the axis of a chart, too."""
    if unit == Unit.PERCENT:
        return "%"
    if unit == Unit.MONEY:
        return get_currency_symbol(currency(), locale=_language())
    return str(UNITS.get(unit, ""))


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _money(value: float) -> str:
    language = _language()
    pattern = "#,##0\u00a0¤" if language == "de" else "¤#,##0"
    return format_currency(
        Decimal(round(value)), currency(), pattern, locale=language, currency_digits=False
    )


def count(value: float) -> str:
    """Return a number with one digit behind the point, unless that is nought."""
    digits = 0 if round(value, 1) == round(value) else 1
    return number_format(round(value, digits), digits, use_l10n=True, force_grouping=True)


def days(span: Span) -> str:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (span.first, span.last))
    return first if first == last else f"{first} – {last}"


def status(measure: Measure) -> str:
    """Return its status as a word: never by colour alone."""
    if measure.value is None:
        return str(NO_VALUE)
    return str(STATUS[measure.status])


def comparison(measure: Measure) -> str:
    """Return how it stands against the time before."""
    if measure.trend == Trend.NONE:
        return ""
    before = told(measure.before, measure.kpi.unit)
    return gettext("%(trend)s, before: %(value)s") % {
        "trend": TREND[measure.trend],
        "value": before,
    }


def arrow(measure: Measure) -> str:
    if measure.value is None or measure.before is None or measure.trend == Trend.STEADY:
        return "→"
    return "↗" if measure.value > measure.before else "↘"


@dataclass(frozen=True, slots=True)
class Spark:
    """A course as a small drawing: lines between steps that have a value, dots where one stands alone."""

    lines: Sequence[str]
    dots: Sequence[tuple[float, float]]


def spark(measure: Measure, most: int = 30) -> Spark | None:
    """Return the drawing of a course; None where it has none."""
    if not measure.days or measure.kpi.how in (How.GROWTH, How.SCORE):
        return None
    steps = [one.value for one in measure.steps(-(-len(measure.span) // most))]
    known = [one for one in steps if one is not None]
    if not known:
        return None
    least, room = min(known), (max(known) - min(known)) or 1.0
    at = WIDTH / max(1, len(steps) - 1)
    points = [
        None if one is None else (round(index * at, 1), round(2 + (HEIGHT - 4) * (1 - (one - least) / room), 1))
        for index, one in enumerate(steps)
    ]  # fmt: skip
    runs = _runs(points)
    lines = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
    return Spark(lines, [run[0] for run in runs if len(run) == 1])


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]
