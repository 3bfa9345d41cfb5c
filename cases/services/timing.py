"""Rules of time: so many hours have passed since something, and nobody had to do a thing for it.

Hours are plain hours, nights and holidays counted. A rule is asked once for each moment from which
it counts, when its hours are over; not about moments that were over when it was saved, so that a
new rule says nothing about ten thousand old cases.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from cases.models import Case, RuleRun, StatusChange, WorkflowRule, WorkflowVersion
from cases.services import ruling
from cases.services.ruling import Occasion

LOOKS_BACK = timedelta(days=7)
"""A house that stood still for longer does not make up for all of it."""
AT_ONCE = 200
KEPT_MISSES = 200
FRESH = timedelta(hours=1)


def waiting() -> list[int]:
    """Return the rules of time that are in force: the sweep's list."""
    rows = WorkflowRule.objects.filter(is_active=True, trigger=WorkflowRule.Trigger.TIME_SINCE)
    return list(rows.values_list("pk", flat=True))


def ask(rules: Iterable[int], now: datetime | None = None) -> None:
    """Ask rules of time about the cases whose hours are over; repeatable."""
    now = now or timezone.now()
    for rule in WorkflowRule.objects.filter(pk__in=list(rules), is_active=True):
        ruling.act(occasions(rule, now), only=rule.pk)


def occasions(rule: WorkflowRule, now: datetime) -> list[Occasion]:
    return [
        Occasion(
            case=pk,
            trigger=WorkflowRule.Trigger.TIME_SINCE,
            cause=f"time:{moment.isoformat()}",
            at=moment + timedelta(hours=rule.hours),
        )
        for pk, moment in due(rule, now)
    ]


def due(rule: WorkflowRule, now: datetime) -> list[tuple[int, datetime]]:
    """Return cases whose hours are over and that the rule was not asked about since, with the moment
    from which it counts; the longest over first."""
    waits = timedelta(hours=rule.hours)
    begins = max(_saved_at(rule), now - LOOKS_BACK)
    rows = since(rule, begins - waits, now - waits)
    # What the rule did while it was one of events is no answer.
    asked = RuleRun.objects.filter(
        rule=rule, case=OuterRef("pk"), at__gt=OuterRef("moment"), cause__startswith="time:"
    )
    found = rows.exclude(Exists(asked)).order_by("moment", "pk")
    return list(found.values_list("pk", "moment")[:AT_ONCE])


def since(rule: WorkflowRule, after: datetime, until: datetime) -> "QuerySet[Any]":
    """Return cases with the moment from which the rule counts, where it lies in the span."""
    rows: QuerySet[Any] = Case.objects.filter(merged_into=None)
    if rule.since == WorkflowRule.Since.STATUS:
        last = StatusChange.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk")
        changed = StatusChange.objects.filter(at__gt=after, at__lte=until)
        rows = rows.filter(pk__in=changed.values("case")).annotate(
            moment=Subquery(last.values("at")[:1])
        )
    else:
        rows = rows.annotate(moment=F(rule.since))
    return rows.filter(moment__gt=after, moment__lte=until)


def _saved_at(rule: WorkflowRule) -> datetime:
    kept = WorkflowVersion.objects.filter(rule=rule, version=rule.version)
    found = kept.values_list("at", flat=True).first()
    # Without a version nobody saved it: it begins with today.
    return found or timezone.now()


def forget(now: datetime) -> None:
    """Keep of the misses of each rule the newest only, and all that may still be needed: a rule of
    time is not asked again about a moment that it was asked about."""
    for rule in WorkflowRule.objects.all():
        is_of_time = rule.trigger == WorkflowRule.Trigger.TIME_SINCE
        needed = now - (LOOKS_BACK + timedelta(days=1) if is_of_time else FRESH)
        misses = RuleRun.objects.filter(rule=rule, outcome=RuleRun.Outcome.MISSED)
        newest = misses.order_by("-pk").values_list("pk", flat=True)[KEPT_MISSES : KEPT_MISSES + 1]
        edge = next(iter(newest), None)
        if edge is not None:
            misses.filter(pk__lte=edge, at__lt=needed).delete()
