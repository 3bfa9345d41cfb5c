"""A workflow rule is tried on what happened in the last days before it is saved. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from time import perf_counter
from typing import Any

from cases.models import Case, RuleRun, WorkflowRule
from cases.services import knowing, ruling, timing
from cases.services.ruling import Occasion
from cases.triggers import kinds_of
from hbu.journal.models import Event
from hbu.lib.conditions import Patience

DAYS, MOST_DAYS = 7, 365
MOST = 5000
PORTION = 200
SECONDS = 15.0
"""A page waits no longer; what was looked at until then is shown and said to be a part."""


@dataclass(frozen=True, slots=True)
class Would:
    """The rule would act upon a case, at a moment of the past."""

    case: Case
    at: datetime
    checks: Sequence[Mapping[str, Any]]
    too_deep: bool = False


@dataclass(slots=True)
class Report:
    days: int
    asked: int = 0
    would: list[Would] = field(default_factory=list)
    errors: set[str] = field(default_factory=set)
    partial: bool = False
    seconds: float = 0.0

    @property
    def cases(self) -> int:
        return len({one.case.pk for one in self.would})


def try_rule(rule: WorkflowRule, *, days: int, now: datetime) -> Report:
    """Ask a rule as the form has it, saved or not, about what happened in the last days, newest
    first. The cases are asked as they stand today, with the mail of then."""
    started = perf_counter()
    report = Report(days=days)
    occasions = _occasions(rule, now - timedelta(days=days), now)
    while portion := list(islice(occasions, PORTION)):
        _ask(rule, portion, report)
        if report.asked >= MOST or perf_counter() - started > SECONDS:
            report.partial = next(occasions, None) is not None
            break
    report.seconds = perf_counter() - started
    return report


def _occasions(rule: WorkflowRule, begins: datetime, now: datetime) -> Iterator[Occasion]:
    if rule.trigger == WorkflowRule.Trigger.TIME_SINCE:
        yield from _of_time(rule, begins, now)
        return
    events = Event.objects.filter(kind__in=kinds_of(rule.trigger), at__gte=begins).order_by("-pk")
    rows = events.iterator(PORTION)
    while portion := list(islice(rows, PORTION)):
        yield from ruling.occasions_of(portion)


def _of_time(rule: WorkflowRule, begins: datetime, now: datetime) -> Iterator[Occasion]:
    waits = timedelta(hours=rule.hours)
    rows = timing.since(rule, begins - waits, now - waits)
    for pk, moment in rows.order_by("-moment").values_list("pk", "moment")[: MOST + 1]:
        yield Occasion(pk, rule.trigger, f"time:{moment.isoformat()}", moment + waits)


def _ask(rule: WorkflowRule, occasions: Sequence[Occasion], report: Report) -> None:
    rows = Case.objects.filter(pk__in={one.case for one in occasions}, merged_into=None)
    cases = {case.pk: case for case in rows}
    facts = knowing.facts(list(cases.values()))
    mails = knowing.mail_facts(one.mail for one in occasions if one.mail)
    for one in occasions:
        if one.case not in cases:
            continue
        report.asked += 1
        seen = {**facts[one.case], **(mails.get(one.mail, {}) if one.mail else {})}
        run = ruling.judged(one, rule, seen, Patience())
        if run.error:
            report.errors.add(run.error)
        if run.outcome != RuleRun.Outcome.MISSED:
            too_deep = run.outcome == RuleRun.Outcome.TOO_DEEP
            report.would.append(Would(cases[one.case], one.at, run.checks, too_deep))
