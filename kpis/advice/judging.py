"""When there is something to recommend, how urgent it is and what it would bring. No Django here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from kpis.advice.data import (
    Aim,
    Debt,
    Found,
    Outages,
    Priority,
    Release,
    RuleUse,
    Shortage,
    TemplateUse,
    Waiting,
    Wandering,
)

MONTH = 30
LOOKED_AT = 60
"""Days."""
MONTHS = LOOKED_AT / MONTH
LATE = timedelta(days=2)

MISSED, FAR_MISSED = 90.0, 70.0
ROWS_OF_A_TARGET = 10
ASKED_IN_VAIN = 50
LETTERS_OF_A_TEMPLATE, MORE_THAN_OTHERS = 10, 0.2
RELEASED, STOPPED_SHARE = 8, 0.05
WAITING_LETTERS, VERY_LATE = 3, timedelta(days=5)
SHORTAGES, MANY_SHORTAGES = 3, 10
OUTAGES, HOURS_OUT = 3, 12.0
WANDERERS, MANY_WANDERERS = 5, 20
DEBTS, WARNED = 3, 2


def targets(aims: Iterable[Aim], _now: datetime) -> Iterator[Found]:
    """A figure reaches less than nine tenths of its target, over enough rows."""
    for one in aims:
        if one.reached >= MISSED or one.rows < ROWS_OF_A_TARGET:
            continue
        yield Found(
            about=f"{one.kpi}:{one.code}",
            priority=Priority.HIGH if one.reached < FAR_MISSED else Priority.MEDIUM,
            impact=_distance(one),
            act=one.act,
            evidence=one.evidence,
            department=one.department,
            words={
                "kpi": one.kpi,
                "value": one.value,
                "target": one.target,
                "sort": one.sort,
            },
        )


def _distance(one: Aim) -> float:
    """Of a share in rows, of hours over all rows, of points for each row."""
    gap = abs(one.target - one.value)
    if one.sort == "points":
        return round(gap, 1)
    return round(gap * one.rows / (100 if one.sort == "share" else 1))


def idle_rules(rules: Iterable[RuleUse], now: datetime) -> Iterator[Found]:
    """A rule as it stands was asked for two months and decided nothing."""
    start = now - timedelta(days=LOOKED_AT)
    for one in rules:
        is_young = one.since > start
        has_hit = one.last_hit is not None and one.last_hit > start
        if is_young or has_hit or one.asked < ASKED_IN_VAIN:
            continue
        yield Found(
            about=f"rule:{one.id}",
            priority=Priority.LOW,
            impact=round(one.asked / MONTHS),
            act=one.act,
            evidence=one.evidence,
            department=one.department,
            words={"rule": one.name, "days": LOOKED_AT},
        )


def answered_again(templates: Sequence[TemplateUse], _now: datetime) -> Iterator[Found]:
    """After letters of a template customers write again far more often than after all others."""
    letters, back = sum(one.letters for one in templates), sum(one.back for one in templates)
    for one in templates:
        rest = letters - one.letters
        if one.letters < LETTERS_OF_A_TEMPLATE or rest < LETTERS_OF_A_TEMPLATE:
            continue
        usual, share = (back - one.back) / rest, one.back / one.letters
        if share - usual < MORE_THAN_OTHERS:
            continue
        saved = (share - usual) * one.letters / MONTHS
        yield Found(
            about=one.code,
            priority=Priority.HIGH if saved >= MONTH else Priority.MEDIUM,
            impact=round(saved),
            act=one.act,
            evidence=one.evidence,
            words={"template": one.code, "share": 100 * share, "usual": 100 * usual},
        )


def let_go(releases: Iterable[Release], _now: datetime) -> Iterator[Found]:
    """Letters that the house writes are let go by a person, as good as always."""
    for one in releases:
        looked_at = one.released + one.stopped
        if one.released < RELEASED or one.stopped > STOPPED_SHARE * looked_at:
            continue
        yield Found(
            about=f"{one.template}:{one.code}",
            priority=Priority.MEDIUM,
            impact=round(one.released / MONTHS),
            act=one.act,
            evidence=one.evidence,
            department=one.department,
            words={"template": one.template, "released": one.released, "stopped": one.stopped},
        )


def waiting(desks: Iterable[Waiting], now: datetime) -> Iterator[Found]:
    """Several letters of a desk have waited for a person for more than two days."""
    for one in desks:
        if one.letters < WAITING_LETTERS:
            continue
        age = now - one.oldest
        yield Found(
            about=one.code or "house",
            priority=Priority.HIGH if age > VERY_LATE else Priority.MEDIUM,
            impact=one.letters,
            act=one.act,
            evidence=one.evidence,
            department=one.department,
            words={"letters": one.letters, "days": age.days},
        )


def shortages(products: Iterable[Shortage], _now: datetime) -> Iterator[Found]:
    """Orders for a product were held up again and again because there was not enough of it."""
    for one in products:
        if one.orders < SHORTAGES:
            continue
        yield Found(
            about=one.sku,
            priority=Priority.HIGH if one.orders >= MANY_SHORTAGES else Priority.MEDIUM,
            impact=round(one.orders / MONTHS, 1),
            act=one.act,
            evidence=one.evidence,
            words={
                "sku": one.sku,
                "name": dict(one.name),
                "orders": one.orders,
                "pieces": one.pieces,
            },
        )


def outages(mailboxes: Iterable[Outages], _now: datetime) -> Iterator[Found]:
    """A mailbox could not be read again and again, or for long."""
    for one in mailboxes:
        hours = sum((until - since).total_seconds() for since, until in one.spans) / 3600
        if len(one.spans) < OUTAGES and hours < HOURS_OUT:
            continue
        yield Found(
            about=one.address,
            priority=Priority.HIGH if hours >= HOURS_OUT else Priority.MEDIUM,
            impact=round(hours, 1),
            act=one.act,
            evidence=one.evidence,
            department=one.department,
            words={"mailbox": one.address, "times": len(one.spans)},
        )


def wandering(kinds: Iterable[Wandering], _now: datetime) -> Iterator[Found]:
    """Many cases of a kind went over two desks or more before somebody kept them."""
    for one in kinds:
        if one.cases < WANDERERS:
            continue
        yield Found(
            about=one.kind or "none",
            priority=Priority.HIGH if one.cases >= MANY_WANDERERS else Priority.MEDIUM,
            impact=one.cases,
            act=one.act,
            evidence=one.evidence,
            words={"kind": one.kind, "cases": one.cases},
        )


def debts(customers: Iterable[Debt], _now: datetime) -> Iterator[Found]:
    """A customer lets several invoices go past their day."""
    for one in customers:
        if one.invoices < DEBTS:
            continue
        yield Found(
            about=one.number,
            priority=Priority.HIGH if one.reminders >= WARNED else Priority.MEDIUM,
            impact=one.amount,
            act=one.act,
            evidence=one.evidence,
            words={"customer": one.name, "invoices": one.invoices},
        )


def desks_changed(desks: Sequence[str]) -> int:
    """Return how often a case went to another desk, by the desks that it was given to in order."""
    return sum(one != before for before, one in pairwise(desks))
