"""How the monitor words what was measured."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy

from hbu.lib import measuring
from hbu.lib.measuring import Sum
from hbu.lib.telling import told
from hbu.lib.words import whole_number
from kpis import alerting
from kpis import measures as read
from kpis.measures import MEASURES, MEGABYTES, PERCENT, SECONDS
from kpis.models import Alert

SPANS = {5: gettext_lazy("5 minutes"), 60: gettext_lazy("1 hour"), 1440: gettext_lazy("24 hours")}
FAMILIES = (
    (measuring.STAGE, gettext_lazy("Stages"), "stage_p95"),
    (measuring.HTTP, gettext_lazy("Pages"), "http_p95"),
    (measuring.TASK, gettext_lazy("Tasks of the workers"), "task_p95"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A reading beside its threshold."""

    code: str
    label: str
    about: str
    value: str
    threshold: str
    is_bad: bool
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    alert: Alert
    label: str
    value: str
    worst: str
    threshold: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    name: str
    runs: int
    mean: str
    p95: str
    errors: str
    is_slow: bool
    fails: bool


def span_of(said: str) -> int:
    span = whole_number(said)
    return span if span in SPANS else 5


def measures(now: datetime) -> list[Row]:
    """Return every reading; of many of one measure those that are bad, else the worst alone."""
    rows: list[Row] = []
    for code, readings in read.read_all(now).items():
        limit, measure = read.threshold(code), MEASURES[code]
        ordered = sorted(readings, key=lambda one: one.value, reverse=not measure.bad_below)
        bad = [one for one in ordered if measure.is_bad(one.value, limit)]
        rows += [
            Row(
                code,
                told(measure.label),
                one.about if one.value else "",
                worded(one.value, measure.unit),
                worded(limit, measure.unit),
                one in bad,
                one.url,
            )
            for one in bad or ordered[:1]
        ]
        if not ordered:
            quiet = worded(limit, measure.unit)
            rows.append(Row(code, told(measure.label), "", "–", quiet, is_bad=False, url=""))
    return rows


def alerts(rows: Iterable[Row]) -> list[Shown]:
    """Return the open alerts, the newest first, each with where its rows are."""
    urls = {(row.code, row.about): row.url for row in rows if row.is_bad}
    found = Alert.objects.open().select_related("seen_by")
    return [shown(one, urls.get((one.measure, one.about), "")) for one in found]


def shown(alert: Alert, url: str = "") -> Shown:
    measure = MEASURES.get(alert.measure)
    unit = measure.unit if measure else ""
    return Shown(
        alert,
        told(alerting.label(alert)),
        worded(alert.value, unit),
        worded(alert.worst, unit),
        worded(alert.threshold, unit),
        url,
    )


def paces(span: int) -> list[tuple[str, Sequence[Pace]]]:
    sums = measuring.within(span)
    return [
        (str(label), sorted(_paces(family, limit, sums), key=lambda one: (-one.runs, one.name)))
        for family, label, limit in FAMILIES
    ]


def _paces(family: str, limit: str, sums: measuring.Sums) -> Iterator[Pace]:
    bad: dict[str, int] = {}
    whole: dict[str, int] = {}
    depth = 3 if family == measuring.HTTP else 2
    for (name, *rest), one in measuring.family(sums, family, by=depth).items():
        amount = one.runs if family == measuring.HTTP else max(one.runs, one.count)
        whole[name] = whole.get(name, 0) + amount
        if _failed(family, rest[-1]):
            bad[name] = bad.get(name, 0) + amount
    for (name,), one in measuring.family(sums, family).items():
        yield _pace(name, one, 100 * bad.get(name, 0) / max(1, whole.get(name, 0)), limit)


def _failed(family: str, outcome: str) -> bool:
    return outcome >= "500" if family == measuring.HTTP else outcome != measuring.DONE


def _pace(name: str, one: Sum, errors: float, limit: str) -> Pace:
    return Pace(
        name=name,
        runs=one.runs,
        mean=worded(one.mean, SECONDS),
        p95=worded(one.p95, SECONDS),
        errors=worded(round(errors, 1), PERCENT) if errors else "",
        is_slow=one.p95 > read.threshold(limit),
        fails=bool(errors),
    )


def worded(value: float, unit: str) -> str:
    """Return a value as people read it."""
    if unit == SECONDS:
        return _time(value)
    if unit == MEGABYTES and value >= 1000:
        return f"{_number(value / 1000)} GB"
    return f"{_number(value)} {unit}".strip()


def _time(seconds: float) -> str:
    if not seconds or seconds >= 1:
        for size, unit in ((7200, "h"), (120, "min")):
            if seconds >= size:
                return f"{_number(seconds / (3600 if unit == 'h' else 60))} {unit}"
        return f"{_number(seconds)} s"
    return f"{number_format(seconds * 1000, 0 if seconds >= 0.01 else 1)} ms"


def _number(value: float) -> str:
    digits = 0 if value == int(value) or abs(value) >= 100 else 1
    return number_format(value, digits, use_l10n=True)
