"""What the house recommends: found by its rules, kept while it is true, settled by people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AbstractUser, AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.scope import departments_of
from hbu.journal import live
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from kpis.advice.data import Found
from kpis.advice.returning import may_return
from kpis.advice.rules import RULES
from kpis.models import Recommendation, RecommendationQuerySet

State = Recommendation.State
Key = tuple[str, str]
"""A rule and what it speaks about."""
LONGEST_NAME, LONGEST_REASON = 80, 300


@dataclass(frozen=True, slots=True)
class Outcome:
    found: int
    gone: int


def seen_by(user: AbstractUser | AnonymousUser) -> RecommendationQuerySet:
    """Return what concerns the person's departments or the house, and whose rows he or she may see."""
    rules = [code for code, rule in RULES.items() if user.has_perm(rule.permission)]
    rows = Recommendation.objects.filter(rule__in=rules).select_related("department", "settled_by")
    ours = departments_of(user)
    return rows if ours is None else rows.filter(Q(department=None) | Q(department__in=ours))


def waiting(user: AbstractUser | AnonymousUser) -> int:
    """Return how many are open, of those that the person may see."""
    may = user.has_perm("kpis.view_recommendation")
    return seen_by(user).filter(state=State.OPEN).count() if may else 0


def look(now: datetime) -> Outcome:
    """Ask every rule: what is new is told, what is still so is brought up to date, the rest is gone."""
    found = {
        (code, one.about[:LONGEST_NAME]): one
        for code, rule in RULES.items()
        for one in rule.find(now)
    }
    with transaction.atomic():
        rows = Recommendation.objects.open().select_for_update()
        known = {(row.rule, row.about): row for row in rows}
        gone = [row for key, row in known.items() if key not in found]
        for key in found.keys() & known.keys():
            _refresh(known[key], found[key], now)
        fresh = _new({key: one for key, one in found.items() if key not in known}, now)
        _let_go(gone, now)
        record_many("recommendation.found", ((one, {"rule": one.rule}) for one in fresh))
        live.announce("kpi_update")
    return Outcome(len(fresh), len(gone))


def done(row: Recommendation, *, by: AbstractBaseUser, reason: str = "") -> None:
    """Somebody has done what was recommended. Raises DomainError."""
    _settle(row, State.DONE, by, reason)


def dismiss(row: Recommendation, *, by: AbstractBaseUser, reason: str) -> None:
    """Somebody decides against it, and says why. Raises DomainError."""
    if not reason.strip():
        said = N_("Say why, for whoever finds it again.")
        raise DomainError("recommendation.no_reason", said, status=400)
    _settle(row, State.DISMISSED, by, reason)


def _settle(row: Recommendation, state: State, by: AbstractBaseUser, reason: str) -> None:
    reason = reason.strip()[:LONGEST_REASON]
    with transaction.atomic():
        settled = Recommendation.objects.open().filter(pk=row.pk)
        if not settled.update(
            state=state, settled_at=timezone.now(), settled_by_id=by.pk, reason=reason
        ):
            said = N_("This was settled already, or is no longer so.")
            raise DomainError("recommendation.settled", said)
        record(f"recommendation.{state.value}", row, actor=by, rule=row.rule, reason=reason)
        live.announce("kpi_update")
    row.refresh_from_db()


def _refresh(row: Recommendation, found: Found, now: datetime) -> None:
    Recommendation.objects.filter(pk=row.pk).update(**_columns(found), seen_at=now)


def _new(found: Mapping[Key, Found], now: datetime) -> list[Recommendation]:
    last = _last_settled(found)
    rows = [
        Recommendation(rule=rule, about=about, effort=RULES[rule].effort, found_at=now,
                       seen_at=now, **_columns(one))
        for (rule, about), one in found.items()
        if _is_worth_saying(last.get((rule, about)), one, now)
    ]  # fmt: skip
    # Somebody else may look in the same moment; whoever is first tells it.
    Recommendation.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Recommendation.objects.open().filter(found_at=now))


def _is_worth_saying(last: Recommendation | None, found: Found, now: datetime) -> bool:
    return last is None or may_return(
        last.state, last.impact, last.settled_at, impact=found.impact, now=now
    )


def _last_settled(found: Mapping[Key, Found]) -> dict[Key, Recommendation]:
    abouts = {about for _rule, about in found}
    rows = Recommendation.objects.exclude(state=State.OPEN).filter(about__in=abouts)
    return {(row.rule, row.about): row for row in rows.order_by("settled_at", "pk")}


def _let_go(rows: list[Recommendation], now: datetime) -> None:
    keys = [row.pk for row in rows]
    Recommendation.objects.filter(pk__in=keys).update(state=State.GONE, settled_at=now)
    record_many("recommendation.gone", ((row, {"rule": row.rule}) for row in rows))


def _columns(found: Found) -> dict[str, Any]:
    return {
        "department_id": found.department,
        "facts": found.facts(),
        "priority": found.priority,
        "impact": found.impact,
    }
