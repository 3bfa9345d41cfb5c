"""Routing rules are changed here only, so that every mail's trace names a version that is kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case, F, Value, When

from agents.models import Department
from emails.data import Route
from emails.models import RoutingRule, RuleVersion
from hbu.journal.recording import record, record_many
from hbu.lib.conditions import NO_TIME_LEFT, TOO_SLOW
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

CONTENT = (
    "position", "name", "note", "condition", "department", "sla", "priority", "stop", "is_active",
)  # fmt: skip
HEALTH = {"problem": "", "problem_at": None, "timeouts": 0}


def save(rule: RoutingRule, *, by: AbstractBaseUser | None, restored: int | None = None) -> None:
    """Write the rule as its next version; how often it hit is left alone, what failed forgiven."""
    with transaction.atomic():
        if rule.pk is None:
            rule.version = 1
            rule.save()
        else:
            held = RoutingRule.objects.select_for_update().get(pk=rule.pk)
            rule.version = held.version + 1
            for name, sound in HEALTH.items():
                setattr(rule, name, sound)
            rule.save(update_fields=[*CONTENT, *HEALTH, "version"])
        _keep(rule, by)
        told = {"restored": restored} if restored else {}
        record("rule.changed", rule, actor=by, name=rule.name, version=rule.version, **told)


def _keep(rule: RoutingRule, by: AbstractBaseUser | None) -> None:
    RuleVersion.objects.create(
        rule=rule, version=rule.version, content=content(rule), by_id=by.pk if by else None
    )


def content(rule: RoutingRule) -> dict[str, Any]:
    said = {name: getattr(rule, name) for name in CONTENT if name != "department"}
    return {**said, "department": rule.department.code if rule.department else ""}


def restore(version: RuleVersion, *, by: AbstractBaseUser | None) -> None:
    """Let the rule say again what it said then, as a new version. Raises DomainError."""
    rule = RoutingRule.objects.get(pk=version.rule_id)
    if rule.version == version.version:
        raise DomainError("rule.current", N_("The rule says this already."))
    code = version.content.get("department", "")
    department = Department.objects.filter(code=code).first()
    if code and department is None:
        raise DomainError("rule.department_gone", N_("The department of this version is gone."))
    said = {name: value for name, value in version.content.items() if name in CONTENT}
    for name, value in {**said, "department": department}.items():
        setattr(rule, name, value)
    if RoutingRule.objects.filter(name=rule.name).exclude(pk=rule.pk).exists():
        raise DomainError("rule.name_taken", N_("Another rule has this name now."))
    save(rule, by=by, restored=version.version)


def note(routes: Iterable[Route], now: datetime) -> None:
    """Count who hit, and write down which rules had problems. Call inside a transaction."""
    entries = [entry for route in routes for entry in route.trace]
    _count_hits(
        Counter(entry["rule_id"] for entry in entries if entry["hit"] and entry["rule_id"]), now
    )
    troubled = [entry for entry in entries if _problems(entry)]
    if troubled:
        _note_problems(troubled, now)


def _count_hits(hits: Mapping[int, int], now: datetime) -> None:
    """With one statement: two workers that lock rules one after the other could wait for ever."""
    if hits:
        more = Case(*(When(pk=rule, then=Value(count)) for rule, count in hits.items()))
        RoutingRule.objects.filter(pk__in=hits).update(hits=F("hits") + more, last_hit_at=now)


def _problems(entry: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a rule; that others left it no time is not its fault."""
    return [one for one in entry["problems"] if not one.endswith(NO_TIME_LEFT)]


def _note_problems(entries: Iterable[Mapping[str, Any]], now: datetime) -> None:
    last: dict[int, tuple[int, str]] = {}
    timeouts: Counter[int] = Counter()
    for entry in entries:
        problems = _problems(entry)
        last[entry["rule_id"]] = (entry["version"], "; ".join(problems)[:300])
        timeouts[entry["rule_id"]] += any(one.endswith(TOO_SLOW) for one in problems)
    held = RoutingRule.objects.select_for_update().filter(pk__in=last).order_by("pk")
    news = []
    for rule in held:
        version, problem = last[rule.pk]
        if rule.version != version:
            # It was changed meanwhile; what was wrong may be right now.
            continue
        if not rule.problem:
            news.append((rule, {"name": rule.name, "error": problem}))
        rule.problem, rule.problem_at = problem, now
        rule.timeouts += timeouts[rule.pk]
        rule.save(update_fields=[*HEALTH])
    record_many("rule.troubled", news)
