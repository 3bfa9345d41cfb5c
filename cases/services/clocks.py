"""The clocks of cases, computed from their history and kept where queries can reach them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cases import sla
from cases.models import Case, SLAMark, SLAPolicy, SLAResult, StatusChange
from cases.services import promising
from cases.sla import Clock, ClockName, State
from hbu.company.calendar import calendars
from hbu.journal.catching_up import missed
from hbu.journal.models import Event
from hbu.lib.hours import Calendar, next_open
from hbu.lib.rows import save_all

Mark = tuple[str, int, datetime]
"""Clock, percent and since when the clock ran: a level that was told."""
KEPT = (
    "policy_id", "first_response_due_at", "update_due_at", "resolution_due_at", "next_deadline_at",
    "next_alarm_at", "standing",
)  # fmt: skip
# Their first letter leaves at once, by itself.
ANSWERED_AT_ONCE = {Case.Channel.SHOP, Case.Channel.PROGRAM}
Standing = Case.Standing
AT_ONCE = 500
# When what we promise, or when we work, is no longer what it was.
COUNTED_ANEW = ("config.added", "config.changed", "config.removed", "company.loaded")
PROMISES = {
    "agents.department", "cases.slapolicy", "company.company", "company.holiday",
    "company.openinghours", "company.workcalendar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks of a case at a moment, with all that they were read from."""

    case: Case
    now: datetime
    policy: SLAPolicy | None
    calendar: Calendar
    clocks: Sequence[Clock]
    marks: Collection[Mark] = frozenset()
    results: Sequence[SLAResult] = ()

    @property
    def open_clocks(self) -> list[Clock]:
        return [clock for clock in self.clocks if not clock.ended]

    @property
    def levels(self) -> list[int]:
        """At which percents somebody has to hear of it, or the standing changes."""
        steps = [step.percent for step in self.policy.steps.all()] if self.policy else []
        return sorted({*sla.WARNINGS, sla.BREACH, *steps})

    def reached(self, clock: Clock) -> list[int]:
        """The levels that a clock reached and that were not told yet, lowest first."""
        found = []
        for percent in self.levels:
            at = clock.reaches(percent, self.calendar)
            told = (clock.name, percent, clock.since) in self.marks
            if at is not None and at <= self.now and not told:
                found.append(percent)
        return found


def refresh(cases: Iterable[int]) -> None:
    """Compute deadlines and standing of cases anew, and write the results of clocks that ended.

    Call inside the transaction of whatever changed: status, department, priority, an answer, a
    customer's mail. The number of queries is fixed.
    """
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=list(cases)).order_by("pk")
    readings = read(rows, timezone.now())
    changed = [one.case for one in readings if _keep(one)]
    save_all(changed, ["policy" if name == "policy_id" else name for name in KEPT])
    _write_results(readings)


def recompute(cases: Iterable[int]) -> None:
    """The same for cases at which nothing happened, but around them; repeatable."""
    with transaction.atomic():
        refresh(cases)


def counted(events: Collection[int]) -> list[int]:
    """Return the cases that events of `COUNTED_ANEW` concern: all that are open, or none."""
    if not Event.objects.filter(pk__in=events, subject_type__in=PROMISES).exists():
        return []
    return list(Case.objects.open().order_by("pk").values_list("pk", flat=True))


def uncounted() -> list[int]:
    """Return open cases with a promise that were never counted: those from before there were clocks."""
    rows = Case.objects.open().filter(standing=Standing.NONE, policy__is_active=True)
    return list(rows.filter(merged_into=None).values_list("pk", flat=True)[:AT_ONCE])


def overlooked(now: datetime) -> list[int]:
    """Return changes of what we promise that a lost bell left unnoticed."""
    return missed("clocks", COUNTED_ANEW, now)


def readable(case: Case, now: datetime) -> Reading:
    """Return the clocks of one case, with the stretches that add up to each number."""
    found = read(Case.objects.filter(pk=case.pk), now)
    return found[0] if found else Reading(case, now, None, calendars()[None], ())


def read(rows: QuerySet[Case], now: datetime) -> list[Reading]:
    """Read the clocks of cases. The number of queries is fixed."""
    cases = list(promising.with_named(rows.select_related("department")))
    if not cases:
        return []
    pks = [case.pk for case in cases]
    policies, found = promising.choose(cases), calendars()
    histories, marks, results = _histories(pks), _marks(pks), _results(pks)
    readings = []
    for case in cases:
        policy = policies.get(case.pk)
        calendar = found.get(case.department.calendar_id) or found[None]
        known = results[case.pk]
        clocks = _clocks(case, histories[case.pk], calendar, policy, now, known)
        readings.append(Reading(case, now, policy, calendar, clocks, marks[case.pk], known))
    return readings


def _clocks(
    case: Case,
    changes: Sequence[tuple[datetime, str]],
    calendar: Calendar,
    policy: SLAPolicy | None,
    now: datetime,
    results: Sequence[SLAResult],
) -> list[Clock]:
    if policy is None or case.merged_into_id:
        return []
    targets = sla.Targets(
        first_response=None if case.channel in ANSWERED_AT_ONCE else policy.first_response_minutes,
        update=policy.update_minutes,
        resolution=policy.resolution_minutes,
    )
    history = sla.History(
        opened_at=case.opened_at,
        changes=changes or _standing_still(case),
        first_response_at=case.first_response_at,
        customer_wrote_at=case.customer_wrote_at,
        answered_at=case.answered_at,
    )
    clocks = sla.read(history, calendar, targets, now)
    # What ended is judged by what was promised then, whatever we promise since.
    ends = {(clock.name, clock.since, clock.until) for clock in clocks if clock.ended}
    then = {
        row.clock: row.promised_minutes
        for row in results
        if (row.clock, row.since, row.ended_at) in ends
    }
    return sla.read(history, calendar, replace(targets, **then), now) if then else clocks


def _standing_still(case: Case) -> Sequence[tuple[datetime, str]]:
    """A case from before there was a history is taken to have stood as it stands now."""
    since = case.closed_at if case.status == Case.Status.CLOSED else None
    return [(case.resolved_at or since or case.opened_at, case.status)]


def _histories(pks: Sequence[int]) -> dict[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    rows = StatusChange.objects.filter(case__in=pks).order_by("at", "pk")
    for pk, at, status in rows.values_list("case_id", "at", "status"):
        found[pk].append((at, status))
    return found


def _marks(pks: Sequence[int]) -> dict[int, set[Mark]]:
    found: dict[int, set[Mark]] = defaultdict(set)
    rows = SLAMark.objects.filter(case__in=pks)
    for pk, clock, percent, since in rows.values_list("case_id", "clock", "percent", "since"):
        found[pk].add((clock, percent, since))
    return found


def _results(pks: Sequence[int]) -> dict[int, list[SLAResult]]:
    found: dict[int, list[SLAResult]] = defaultdict(list)
    for row in SLAResult.objects.filter(case__in=pks):
        found[row.case_id].append(row)
    return found


def _keep(reading: Reading) -> bool:
    """Note on the case what was read; return whether that is news."""
    case = reading.case
    before = [getattr(case, name) for name in KEPT]
    due = {clock.name: clock.due_at for clock in reading.clocks if _is_shown(clock)}
    still = [clock.due_at for clock in reading.open_clocks if clock.due_at]
    case.policy_id = reading.policy.pk if reading.policy else None
    case.first_response_due_at = due.get(ClockName.FIRST_RESPONSE)
    case.update_due_at = due.get(ClockName.UPDATE)
    case.resolution_due_at = due.get(ClockName.RESOLUTION)
    case.next_deadline_at = min(still, default=None)
    case.next_alarm_at = min(_alarms(reading), default=None)
    case.standing = standing(reading)
    return before != [getattr(case, name) for name in KEPT]


def _is_shown(clock: Clock) -> bool:
    """When a first answer and a solution were due stays to be seen; of later answers only what is."""
    return clock.name != ClockName.UPDATE or not clock.ended


def _alarms(reading: Reading) -> Iterator[datetime]:
    """When the sweep has to look: at levels that come, and at those that nobody was told of.

    Nobody is told anything while the department is closed, so no alarm lies outside its hours.
    """
    for clock in reading.open_clocks:
        for percent in reading.levels:
            at = clock.reaches(percent, reading.calendar)
            told = (clock.name, percent, clock.since) in reading.marks
            if at is None or (told and at <= reading.now):
                continue
            yield next_open(reading.calendar, max(at, reading.now))


def standing(reading: Reading) -> str:
    """How the case stands: by the clocks that still run; when all have ended, by how they did."""
    clocks, running = reading.clocks, reading.open_clocks
    if not clocks:
        return Standing.NONE
    if any(clock.state == State.BREACHED for clock in running or clocks):
        return Standing.BREACHED
    if not running or (_is_done(reading.case) and all(clock.rests for clock in running)):
        return Standing.MET if all(clock.kept for clock in clocks) else Standing.BREACHED
    if any(not clock.rests and clock.percent >= min(sla.WARNINGS) for clock in running):
        return Standing.AT_RISK
    return Standing.PAUSED if all(clock.rests for clock in running) else Standing.ON_TRACK


def _is_done(case: Case) -> bool:
    return case.status in Case.DONE


def _write_results(readings: Sequence[Reading]) -> None:
    """One row for each clock that ended; a case that was taken up again has not ended."""
    ended, gone = [], []
    for reading in readings:
        known = {(row.clock, row.since): row for row in reading.results}
        for clock in reading.clocks:
            before, row = known.get((clock.name, clock.since)), _result(reading.case, clock)
            if row and _is_news(row, before):
                ended.append(row)
            elif before and not row:
                gone.append(before.pk)
    if ended:
        SLAResult.objects.bulk_create(
            ended,
            update_conflicts=True,
            unique_fields=["case", "clock", "since"],
            update_fields=["ended_at", "minutes", "promised_minutes", "kept"],
        )
    if gone:
        SLAResult.objects.filter(pk__in=gone).delete()


def _result(case: Case, clock: Clock) -> SLAResult | None:
    """How a clock ended. One that is over its time ends with the case, too: late and never."""
    never = not clock.ended and _is_done(case) and not clock.kept
    if not clock.ended and not never:
        return None
    return SLAResult(
        case=case,
        clock=clock.name,
        since=clock.since,
        ended_at=(case.resolved_at or clock.until) if never else clock.until,
        minutes=clock.used_minutes,
        promised_minutes=clock.promised,
        kept=clock.kept,
    )


def _is_news(row: SLAResult, known: SLAResult | None) -> bool:
    fields = ("ended_at", "minutes", "promised_minutes", "kept")
    return known is None or any(getattr(row, name) != getattr(known, name) for name in fields)
