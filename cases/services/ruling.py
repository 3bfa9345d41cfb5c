"""The house acts by itself: what happened to a case is asked of the workflow rules, in order.

An event is asked once for a case: what every rule came to is written with what was done, in one
transaction. What a rule does is recorded with the rule's name, how deep and which rules led to it;
no rule is set off by what it did itself, however indirectly, and none deeper than MOST_DEEP.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import perf_counter

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case as When
from django.db.models import F, Min, Value
from django.db.models import When as If
from django.utils import timezone

from cases.models import Case, RuleRun, WorkflowRule
from cases.services import acting, knowing
from cases.triggers import MOST_DEEP, TRIGGERS
from hbu.journal.catching_up import missed
from hbu.journal.models import Event
from hbu.journal.recording import caused_by, record
from hbu.lib.chunks import together_or_alone
from hbu.lib.conditions import Patience, evaluate
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order

Trigger, Outcome = WorkflowRule.Trigger, RuleRun.Outcome
READER = "rules"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something happened to a case that rules may be waiting for."""

    case: int
    trigger: str
    cause: str
    at: datetime
    depth: int = 0
    chain: tuple[str, ...] = ()
    """The names of the rules that led here."""
    mail: int | None = None
    """The mail of which it tells, if it tells of one."""


def overlooked(now: datetime) -> list[int]:
    """Return events that no bell was heard for: the sweep's list."""
    return missed(READER, TRIGGERS, now)


def rule(events: Iterable[int]) -> None:
    """Ask the rules about events; repeatable. An occasion at which something breaks is asked alone,
    so that it keeps no other from its rules."""
    occasions = occasions_of(Event.objects.filter(pk__in=list(events)).order_by("pk"))
    act(occasions)


def act(occasions: Sequence[Occasion], *, only: int | None = None) -> None:
    """Ask the rules about the occasions; `only`: this rule alone."""
    rules = in_force({one.trigger for one in occasions}, only)
    occasions = [one for one in occasions if rules.get(one.trigger)]
    if not occasions:
        return
    together_or_alone(occasions, partial(_act, rules=rules))


def in_force(triggers: Iterable[str], only: int | None = None) -> dict[str, list[WorkflowRule]]:
    """Return the rules of each trigger, in order, with the moment since when there is each."""
    found: dict[str, list[WorkflowRule]] = defaultdict(list)
    rows = WorkflowRule.objects.filter(is_active=True, trigger__in=list(triggers))
    if only is not None:
        rows = rows.filter(pk=only)
    for one in rows.annotate(began=Min("versions__at")).order_by("position", "pk"):
        found[one.trigger].append(one)
    return found


def occasions_of(events: Iterable[Event]) -> list[Occasion]:
    """Return what the events are to rules: one occasion for each case that an event is about."""
    events = [event for event in events if event.kind in TRIGGERS]
    orders = {one.subject_id for one in events if one.subject_type == "orders.order"}
    of_orders: dict[int, list[int]] = defaultdict(list)
    for order, case in Order.cases.through.objects.filter(order__in=orders).values_list(
        "order_id", "case_id"
    ):
        of_orders[order].append(case)
    return [_occasion(event, case) for event in events for case in _cases(event, of_orders)]


def _cases(event: Event, of_orders: Mapping[int, Sequence[int]]) -> Sequence[int]:
    if event.subject_type == "cases.case":
        return [event.subject_id]
    return of_orders.get(event.subject_id, ()) if event.subject_type == "orders.order" else ()


def _occasion(event: Event, case: int) -> Occasion:
    mail = event.data.get("email")
    return Occasion(
        case=case,
        trigger=TRIGGERS[event.kind],
        cause=f"event:{event.pk}",
        at=event.at,
        depth=int(event.data.get("depth", 0)),
        chain=tuple(event.data.get("chain", ())),
        mail=mail if isinstance(mail, int) else None,
    )


@transaction.atomic
def _act(occasions: Sequence[Occasion], rules: Mapping[str, Sequence[WorkflowRule]]) -> None:
    # Held, so that a second bell for the same event waits and then finds its runs.
    held = Case.objects.select_for_update(of=("self",)).filter(
        pk__in={one.case for one in occasions}, merged_into=None
    )
    cases = {case.pk: case for case in held.order_by("pk")}
    asked = _asked(occasions, rules)
    fresh = [one for one in occasions if one.case in cases and (one.case, one.cause) not in asked]
    if not fresh:
        return
    desk = Desk.of(fresh, cases)
    for one in fresh:
        _ask(one, rules[one.trigger], desk)
    RuleRun.objects.bulk_create(desk.missed)
    _count(desk.hits)


def _asked(
    occasions: Sequence[Occasion], rules: Mapping[str, Sequence[WorkflowRule]]
) -> set[tuple[int, str]]:
    """Return what was asked before: one run of any of its rules settles an occasion for all, for
    those behind a rule that stops have none."""
    runs = RuleRun.objects.filter(
        rule__in=[rule.pk for some in rules.values() for rule in some],
        case__in={one.case for one in occasions},
        cause__in={one.cause for one in occasions},
    )
    return set(runs.values_list("case_id", "cause"))


class Desk:
    """What is known while a chunk of occasions is asked; read once, and anew for a case in which
    something was done."""

    def __init__(self, cases: Mapping[int, Case], facts: dict[int, dict[str, object]]) -> None:
        self.cases, self._facts = cases, facts
        self._mails: Mapping[int, Mapping[str, object]] = {}
        self.missed: list[RuleRun] = []
        self.hits: Counter[int] = Counter()

    @classmethod
    def of(cls, occasions: Sequence[Occasion], cases: Mapping[int, Case]) -> "Desk":
        desk = cls(cases, knowing.facts([cases[one.case] for one in occasions]))
        desk._mails = knowing.mail_facts(one.mail for one in occasions if one.mail)
        return desk

    def facts(self, one: Occasion) -> dict[str, object]:
        """The case as it stands now, with the mail that the occasion tells of."""
        mail = self._mails.get(one.mail, {}) if one.mail else {}
        return {**self._facts[one.case], **mail}

    def read_again(self, one: Occasion) -> None:
        self._facts |= knowing.facts([self.cases[one.case]])


def _ask(one: Occasion, rules: Sequence[WorkflowRule], desk: Desk) -> None:
    patience = Patience()
    for rule in rules:
        if rule.began and one.at < rule.began:  # type: ignore[attr-defined] # annotated
            continue
        run = judged(one, rule, desk.facts(one), patience)
        if run.outcome == Outcome.MISSED:
            desk.missed.append(run)
            continue
        if run.outcome == Outcome.TOO_DEEP:
            run.save()
            continue
        _do(run, rule, one, desk.cases[one.case])
        desk.hits[rule.pk] += 1
        desk.read_again(one)
        if rule.stop:
            return


def judged(
    one: Occasion, rule: WorkflowRule, facts: Mapping[str, object], patience: Patience
) -> RuleRun:
    """Return what a rule comes to on an occasion, not saved: MISSED, TOO_DEEP, or DONE when it is to
    act."""
    run = RuleRun(
        rule=rule, version=rule.version, case_id=one.case, cause=one.cause, depth=one.depth
    )
    if rule.condition:
        result = evaluate(rule.condition, facts, patience)
        run.checks = [check.as_json() for check in result.checks]
        run.error = "; ".join(result.errors)[:500]
        if not result.hit:
            run.outcome = Outcome.MISSED
            return run
    too_deep = one.depth >= MOST_DEEP or rule.name in one.chain
    run.outcome = Outcome.TOO_DEEP if too_deep else Outcome.DONE
    return run


def _do(run: RuleRun, rule: WorkflowRule, one: Occasion, case: Case) -> None:
    run.results = [{"action": dict(action), "error": ""} for action in rule.actions]
    # Saved first: its number names letters and notifications.
    run.save()
    _perform(run, case, (*one.chain, rule.name))


def _perform(
    run: RuleRun, case: Case, chain: Sequence[str], *, only: Collection[int] | None = None
) -> None:
    started, rule = perf_counter(), run.rule
    actions = [one["action"] for one in run.results]
    # What waits for days answers no mail: the one acknowledgement of a conversation is long spent.
    waited = rule.trigger == Trigger.TIME_SINCE
    weight = "commitment" if waited else acting.ACKNOWLEDGEMENT
    with caused_by(rule=rule.name, depth=run.depth + 1, chain=list(chain)):
        manner = acting.Manner(rule.name, weight, only)
        done = acting.perform(case, actions, by=None, via=f"rule:{run.pk}", manner=manner)
    places = range(len(actions)) if only is None else sorted(only)
    for place, one in zip(places, done, strict=True):
        run.results[place]["error"] = one.error
    _settle(run, started)


def _settle(run: RuleRun, started: float) -> None:
    errors = [one["error"] for one in run.results if one["error"]]
    run.outcome = Outcome.FAILED if errors else Outcome.DONE
    run.error = "; ".join(errors)[:500]
    run.seconds = round(perf_counter() - started, 3)
    run.save(update_fields=["results", "outcome", "error", "seconds"])


def again(run: RuleRun, *, by: AbstractBaseUser) -> None:
    """Try what failed once more; what was done stays done. Raises DomainError for any other run."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=run.case_id)
        held = RuleRun.objects.select_related("rule").get(pk=run.pk)
        if held.outcome != Outcome.FAILED:
            raise DomainError("rule.not_failed", N_("Only what failed is tried again."))
        record("workflow.retried", held.rule, actor=by, name=held.rule.name, case=case.number)
        failed = {place for place, one in enumerate(held.results) if one["error"]}
        _perform(held, case, [held.rule.name], only=failed)
    run.refresh_from_db()


def _count(hits: Mapping[int, int]) -> None:
    """With one statement: two workers that lock rules one after the other could wait for ever."""
    if hits:
        more = When(*(If(pk=rule, then=Value(count)) for rule, count in hits.items()))
        rows = WorkflowRule.objects.filter(pk__in=hits)
        rows.update(hits=F("hits") + more, last_hit_at=timezone.now())
