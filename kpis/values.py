"""What figures come to: days that are over from their snapshots, all others counted now.

    values(user, Span.until_today(30)) -> {"sla_compliance": Measure(...), ...}

A snapshot counts where it was made after its day had ended. Whatever is missing, today always, is
counted from the rows, so that no figure waits for the clock that makes snapshots.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Q
from django.utils import timezone

from agents.models import Department
from agents.scope import departments_of
from kpis import standing
from kpis.counting import Departments, Key, Pair
from kpis.definitions import KPI, KPIS, Better, How
from kpis.models import Snapshot, Target
from kpis.periods import Span
from kpis.standing import Status, Trend, Weighed

User = AbstractUser | AnonymousUser
Days = Mapping[date, Pair]
"""Part and whole of each day, of those departments that were asked for."""
NOTHING: Pair = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure in a time."""

    code: str
    kpi: KPI
    span: Span
    value: float | None
    """None: there is nothing of which it could be made."""
    part: float = 0.0
    whole: float = 0.0
    before: float | None = None
    """Its value in the time before, of the same length."""
    target: float | None = None
    days: Days = field(default_factory=dict)
    """What each day of the time brought."""
    weighed: Sequence[Weighed] = ()
    """Of the overall score: what it is made of."""

    @property
    def reached(self) -> float | None:
        return standing.reached(self.value, self.target, less_is_better=self._less)

    @property
    def status(self) -> Status:
        return standing.status(self.reached)

    @property
    def trend(self) -> Trend:
        return standing.trend(self.value, self.before, less_is_better=self._less)

    @property
    def _less(self) -> bool:
        return self.kpi.better == Better.DOWN

    def steps(self, length: int) -> list["Measure"]:
        """Return its course, in steps of so many days."""
        return [_step(self, span) for span in self.span.cut(length)]


def values(user: User, span: Span, department: Department | None = None) -> dict[str, Measure]:
    """Return the figures that the person may see, of his or her departments or of one of them."""
    codes = [code for code in KPIS if may_see(user, code)]
    departments = scope_of(user, department)
    counted = _read([code for code in codes if KPIS[code].source], span, departments)
    targets = targets_of(department)
    found = {
        code: _measure(code, span, counted, targets)
        for code in codes
        if KPIS[code].how != How.SCORE
    }
    return {code: found.get(code) or _score(code, span, found, targets) for code in codes}


def measure(user: User, code: str, span: Span, department: Department | None = None) -> Measure:
    """Return one figure, counted from its rows now, whatever the snapshots say."""
    return divided(user, code, span, department)[0]


def divided(
    user: User, code: str, span: Span, department: Department | None = None
) -> tuple[Measure, list[tuple[Department, Measure]]]:
    """Return one figure, and the same for each of the person's departments; counted once."""
    kpi = KPIS[code]
    if kpi.how == How.SCORE:
        return values(user, span, department)[code], []
    base = kpi.of or code
    source = KPIS[base].source
    rows = source.count(Span(span.before.first, span.last)) if source else {}
    mine = {base: picked(KPIS[base], rows, scope_of(user, department))}
    found = _measure(code, span, mine, targets_of(department))
    return found, _by_department(user, code, span, rows) if kpi.by_department else []


def _by_department(
    user: User, code: str, span: Span, rows: Mapping[Key, Pair]
) -> list[tuple[Department, Measure]]:
    ours = departments_of(user)
    desks = Department.objects.all() if ours is None else Department.objects.filter(pk__in=ours)
    house, own = targets_by_department(code)
    found = []
    for desk in desks:
        target = own.get(desk.pk, house)
        targets = {} if target is None else {code: target}
        mine = {code: picked(KPIS[code], rows, {desk.pk})}
        found.append((desk, _measure(code, span, mine, targets)))
    return found


def may_see(user: User, code: str) -> bool:
    """Tell whether the person may see the figure: those of the whole house need the right to their rows."""
    kpi = KPIS[code]
    return kpi.by_department or user.has_perms(kpi.permissions)


def may_open(user: User, kpi: KPI) -> bool:
    return user.has_perms(kpi.permissions)


def rows_of(kpi: KPI, span: Span, departments: Departments) -> tuple[str, str]:
    """Return the addresses of the lists that were counted, for part and whole; empty for none."""
    if kpi.how == How.GROWTH:
        now, then = (rows_of(KPIS[kpi.of], one, departments)[0] for one in (span, span.before))
        return now, then
    return kpi.source.links(span, departments) if kpi.source else ("", "")


def scope_of(user: User, department: Department | None) -> Departments:
    return {department.pk} if department else departments_of(user)


def targets_of(department: Department | None) -> dict[str, float]:
    """Return the targets of a department, and those of the house where it has none of its own."""
    mine = department.pk if department else None
    rows = Target.objects.filter(department=None) | Target.objects.filter(department=mine)
    ours = sorted(
        rows.values_list("department", "kpi", "value"), key=lambda row: row[0] is not None
    )
    return {kpi: value for _department, kpi, value in ours}


def targets_by_department(code: str) -> tuple[float | None, dict[int, float]]:
    """Return the house's target of a figure, and those of departments that have their own."""
    rows = dict(Target.objects.filter(kpi=code).values_list("department", "value"))
    house = next((value for desk, value in rows.items() if desk is None), None)
    return house, {desk: value for desk, value in rows.items() if desk is not None}


def picked(kpi: KPI, rows: Mapping[Key, Pair], departments: Departments) -> dict[date, Pair]:
    """Return part and whole of each day; what belongs to the whole house is never divided."""
    splits = kpi.source.splits if kpi.source else (False, False)
    found: dict[date, Pair] = {}
    for (day, desk), (part, whole) in rows.items():
        ours = departments is None or desk in departments
        before = found.get(day, NOTHING)
        found[day] = (
            before[0] + (part if ours or not splits[0] else 0.0),
            before[1] + (whole if ours or not splits[1] else 0.0),
        )
    return found


def value_of(kpi: KPI, days: Days, span: Span) -> float | None:
    part, whole = total(kpi, days, span)
    if kpi.how in (How.SUM, How.LEVEL):
        return part
    if not whole:
        return None
    return part / whole * (100 if kpi.how == How.PERCENT else 1)


def total(kpi: KPI, days: Days, span: Span) -> Pair:
    if kpi.how == How.LEVEL:
        return days.get(span.last, NOTHING)
    ours = [pair for day, pair in days.items() if day in span]
    return sum(part for part, _whole in ours), sum(whole for _part, whole in ours)


def _step(whole: Measure, span: Span) -> Measure:
    kpi, days = whole.kpi, whole.days
    value = value_of(kpi, days, span)
    return Measure(whole.code, kpi, span, value, *total(kpi, days, span), target=whole.target)


def _measure(
    code: str, span: Span, counted: Mapping[str, Days], targets: Mapping[str, float]
) -> Measure:
    kpi = KPIS[code]
    target = targets.get(code)
    if kpi.how == How.GROWTH:
        days = counted[kpi.of]
        now, then = (total(KPIS[kpi.of], days, one)[0] for one in (span, span.before))
        value = 100 * (now / then - 1) if then > 0 else None
        return Measure(code, kpi, span, value, now, then, target=target)
    days = counted[code]
    return Measure(
        code,
        kpi,
        span,
        value_of(kpi, days, span),
        *total(kpi, days, span),
        before=value_of(kpi, days, span.before),
        target=target,
        days=days,
    )


def _score(
    code: str, span: Span, found: Mapping[str, Measure], targets: Mapping[str, float]
) -> Measure:
    then = {one.code: _weighed(one, one.before) for one in found.values()}
    now = {one.code: _weighed(one, one.value) for one in found.values()}
    weighed = [one for one in now.values() if one]
    return Measure(
        code,
        KPIS[code],
        span,
        standing.score(weighed),
        part=sum(one.weight * one.reached for one in weighed),
        whole=float(sum(one.weight for one in weighed)),
        before=standing.score(one for one in then.values() if one),
        target=targets.get(code),
        weighed=weighed,
    )


def _weighed(one: Measure, value: float | None) -> Weighed | None:
    less = one.kpi.better == Better.DOWN
    reached = standing.reached(value, one.target, less_is_better=less)
    if reached is None or not one.kpi.weight:
        return None
    return Weighed(one.code, one.kpi.weight, reached)


def _read(codes: Sequence[str], span: Span, departments: Departments) -> dict[str, Days]:
    """Return part and whole day by day, in the time and in that before."""
    both = Span(span.before.first, span.last)
    kept = _kept(codes, both, departments)
    return {code: _completed(KPIS[code], kept.get(code, {}), both, departments) for code in codes}


def _kept(codes: Iterable[str], span: Span, departments: Departments) -> dict[str, dict[Key, Pair]]:
    """Return what snapshots say of days that were over when they were made; one query.

    The house's own row tells that a day is known. Of departments their rows say the rest.
    """
    wanted = Q(department=None) | Q(department__in=departments or ())
    rows = Snapshot.objects.filter(wanted, kpi__in=codes, day__range=(span.first, span.last))
    columns = ("kpi", "day", "department", "part", "whole", "made_at")
    found: dict[str, dict[Key, Pair]] = {}
    zone = timezone.get_current_timezone()
    for code, day, desk, part, whole, made_at in rows.order_by().values_list(*columns):
        if made_at.astimezone(zone).date() > day:
            found.setdefault(code, {})[day, desk] = (part, whole)
    return found


def _completed(
    kpi: KPI, kept: Mapping[Key, Pair], span: Span, departments: Departments
) -> dict[date, Pair]:
    """Return the days from snapshots, and from the first that is missing on from the rows."""
    known = {day for day, desk in kept if desk is None}
    # The past was counted from its first day on: before that day there is nothing.
    first = min(known, default=span.first)
    missing = [day for day in span if day >= first and day not in known]
    found = _of_snapshots(kpi, kept, departments)
    if missing and kpi.source:
        gap = Span(missing[0], missing[-1])
        live = picked(kpi, kpi.source.count(gap), departments)
        found.update({day: live.get(day, NOTHING) for day in gap})
    return found


def _of_snapshots(kpi: KPI, kept: Mapping[Key, Pair], departments: Departments) -> dict[date, Pair]:
    """The house's row holds the sum of all; those of departments what belongs to them."""
    splits = kpi.source.splits if kpi.source else (False, False)
    found: dict[date, Pair] = {}
    for (day, desk), pair in kept.items():
        takes = [
            desk is None if departments is None or not split else desk in departments
            for split in splits
        ]
        before = found.get(day, NOTHING)
        found[day] = (before[0] + takes[0] * pair[0], before[1] + takes[1] * pair[1])
    return found
