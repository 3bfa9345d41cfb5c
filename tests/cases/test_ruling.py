"""Workflow rules: what sets them off, in which order, once, and never round and round."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from agents.models import Agent
from cases.models import (
    Case,
    Note,
    RuleRun,
    StatusChange,
    WorkflowRule,
)
from cases.services import life, rehearsing, rules, ruling, timing
from cases.triggers import MOST_DEEP, TRIGGERS, kinds_of
from emails.models import Email
from hbu.company import schema
from hbu.journal.catching_up import SETTLED
from hbu.journal.models import Event
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.management import loading

pytestmark = pytest.mark.django_db
Outcome = RuleRun.Outcome
URGENT = {"kind": "priority", "to": "urgent"}


def tag(*words):
    return {"kind": "tag", "words": list(words)}


def when(field, op, value=None):
    return {"field": field, "op": op, "value": value}


@pytest.fixture
def make_case(department):
    def make(number="C-1", **values):
        case = Case.objects.create(
            number=number, title=values.pop("title", "Buttons"), department=department, **values
        )
        life.begin([case])
        return case

    return make


@pytest.fixture
def case(make_case):
    return make_case()


@pytest.fixture
def rule(clara):
    places = iter(range(10, 1000, 10))

    def make(name, trigger, *actions, condition=None, **values):
        made = WorkflowRule(
            name=name, trigger=trigger, actions=list(actions), condition=condition or {},
            position=next(places), **values,
        )  # fmt: skip
        rules.save(made, by=clara)
        return made

    return make


def ring(*events):
    """As the bell does it: ask about events, and then about what the rules did themselves."""
    last = max(event.pk for event in events)
    ruling.rule([event.pk for event in events])
    more = list(Event.objects.filter(pk__gt=last, kind__in=TRIGGERS).order_by("pk"))
    if more:
        ring(*more)


def opened(case, **data):
    return record("case.opened", case, number=case.number, **data)


def tags(case):
    return set(case.tags.values_list("name", flat=True))


@pytest.mark.parametrize("trigger", sorted(set(TRIGGERS.values())))
def test_c5_each_kind_of_event_sets_off_the_rules_of_its_trigger(trigger, case, rule):
    wanted = rule("wanted", trigger, tag("seen"))
    for other in set(TRIGGERS.values()) - {trigger}:
        rule(other, other, tag("wrong"))
    for kind in kinds_of(trigger):
        if not kind.startswith("order."):
            ring(record(kind, case, number=case.number))
    runs = RuleRun.objects.filter(rule=wanted)
    assert runs.count() == sum(not kind.startswith("order.") for kind in kinds_of(trigger))
    assert "wrong" not in tags(case)


def test_c5_an_order_of_a_case_sets_its_rules_off(company, rule, clara):
    from tests.work.mails import order_mail, take

    (brought,) = take(order_mail())
    case = brought.link.case
    order = case.orders.get()
    rule("shipped", "order_changed", tag("moved"), condition=when("order_state", "exists"))
    ring(record("order.moved", order, to="PACKED"))
    assert "moved" in tags(case)


def test_c5_an_event_is_acted_upon_once_however_often_the_bell_rings(case, rule):
    rule("note", "created", {"kind": "note", "text": "Hello"})
    event = opened(case)
    ruling.rule([event.pk])
    ruling.rule([event.pk, event.pk])
    assert Note.objects.count() == RuleRun.objects.count() == 1
    assert WorkflowRule.objects.get().hits == 1


def test_c5_the_sweep_finds_what_no_bell_was_heard_for(case, rule, monkeypatch):
    rule("note", "created", {"kind": "note", "text": "Hello"})
    ruling.overlooked(timezone.now())
    event = opened(case)
    found = ruling.overlooked(timezone.now() + SETTLED + timedelta(seconds=1))
    assert found == [event.pk]
    ruling.rule(found)
    assert Note.objects.count() == 1
    assert not ruling.overlooked(timezone.now() + SETTLED + timedelta(seconds=1))


def test_c5_rules_act_in_order_see_what_the_former_did_and_one_may_stop(case, rule):
    rule("first", "created", URGENT)
    rule("second", "created", tag("urgent"), condition=when("priority", "is", "urgent"), stop=True)
    rule("third", "created", tag("late"))
    ring(opened(case))
    assert tags(case) == {"urgent"}
    assert not RuleRun.objects.filter(rule__name="third").exists()
    # Another bell does not begin behind the rule that stops.
    ruling.rule(Event.objects.filter(kind="case.opened").values_list("pk", flat=True))
    assert tags(case) == {"urgent"}


def test_c5_what_did_not_hold_says_why(case, rule):
    rule("vip", "created", tag("vip"), condition=when("customer", "is", "Berger"))
    ring(opened(case))
    run = RuleRun.objects.get()
    assert (run.outcome, run.checks[0]["field"], run.results) == (Outcome.MISSED, "customer", [])
    assert WorkflowRule.objects.get().hits == 0


def test_c5_a_rule_sees_the_mail_that_set_it_off_not_a_later_one(case, rule, make_case):
    mails = [
        Email.objects.create(fingerprint=str(n), raw_sha256="", subject=subject)
        for n, subject in enumerate(["Storno", "Danke"])
    ]
    for mail in mails:
        case.links.create(email=mail)
    rule("storno", "mail_received", tag("storno"), condition=when("subject", "contains", "storno"))
    ring(*(record("case.joined", case, email=mail.pk) for mail in mails))
    assert tags(case) == {"storno"}
    assert RuleRun.objects.filter(outcome=Outcome.DONE).count() == 1


def test_zammad_4604_the_timeline_says_which_rule_did_it(case, rule):
    rule("Urgent ones", "created", URGENT)
    ring(opened(case))
    event = Event.objects.get(kind="case.prioritised")
    assert (event.actor, event.data["rule"], event.data["depth"]) == (None, "Urgent ones", 1)


def test_c5_two_rules_that_set_each_other_off_are_stopped_and_seen(case, rule, department):
    status = {"kind": "status", "to": "in_progress"}
    rule("to vendor", "status_changed", {"kind": "status", "to": "awaiting_vendor"},
         condition=when("status", "is", "in_progress"))  # fmt: skip
    rule("to us", "status_changed", status, condition=when("status", "is", "awaiting_vendor"))
    life.change([case], "in_progress")
    ring(Event.objects.get(kind="case.status_changed"))
    runs = RuleRun.objects.exclude(outcome=Outcome.MISSED)
    stopped = runs.filter(outcome=Outcome.TOO_DEEP)
    assert {run.rule.name for run in stopped} == {"to vendor", "to us"}
    assert not any(run.results for run in stopped)
    assert runs.filter(outcome=Outcome.DONE).count() == 3
    # The journal tells the whole chain.
    assert Event.objects.filter(data__chain=["to us", "to vendor"]).exists()


def test_c5_a_long_chain_of_rules_ends(case, rule):
    for step in range(MOST_DEEP + 2):
        words = {"kind": "assign", "person": f"p{step}"}
        rule(f"step {step}", "assigned", words)
        rule(f"{step}", "rated", tag(str(step)))
    event = record("case.assigned", case, depth=MOST_DEEP, chain=["a", "b"])
    ring(event)
    assert set(RuleRun.objects.values_list("outcome", flat=True)) == {Outcome.TOO_DEEP}


def test_c5_a_failing_action_is_told_spares_the_others_and_can_be_tried_again(
    case, rule, clara, department
):
    rule("desk", "created", {"kind": "assign", "person": "nobody"}, tag("seen"))
    ring(opened(case))
    run = RuleRun.objects.get()
    assert (run.outcome, [bool(one["error"]) for one in run.results]) == ("failed", [True, False])
    assert tags(case) == {"seen"}
    user = type(clara).objects.create_user("nobody")
    agent = Agent.objects.create(user=user, name="Nobody", kind=Agent.Kind.HUMAN)
    ruling.again(run, by=clara)
    case.refresh_from_db()
    assert (run.outcome, case.assignee) == (Outcome.DONE, agent)
    assert Event.objects.filter(kind="case.tagged").count() == 1
    assert Event.objects.get(kind="workflow.retried").actor == clara
    with pytest.raises(DomainError):
        ruling.again(run, by=clara)


def test_c5_an_occasion_that_breaks_keeps_no_other_from_its_rules(make_case, rule, monkeypatch):
    one, other = make_case("C-1"), make_case("C-2")
    rule("tagged", "created", tag("seen"))
    judged = ruling.judged

    def breaks(occasion, *args):
        if occasion.case == one.pk:
            raise RuntimeError("broken")
        return judged(occasion, *args)

    monkeypatch.setattr(ruling, "judged", breaks)
    ruling.rule([opened(one).pk, opened(other).pk])
    assert (tags(one), tags(other)) == (set(), {"seen"})


def test_c5_many_mails_cost_no_more_queries_than_few(
    make_case, rule, django_assert_max_num_queries
):
    for number in range(10):
        rule(f"rule {number}", "created", tag("x"), condition=when("kind", "is", f"{number}"))
    events = [opened(make_case(f"C-{number}")).pk for number in range(25)]
    with django_assert_max_num_queries(20):
        ruling.rule(events)
    assert RuleRun.objects.count() == 250


# Time


@pytest.fixture
def waits(rule):
    return rule(
        "Still there?", "time_since", tag("reminded"), hours=24, since="status",
        condition=when("status", "is", "awaiting_customer"),
    )  # fmt: skip


def later(hours):
    return timezone.now() + timedelta(hours=hours)


def test_c5_a_rule_of_time_acts_once_when_its_hours_are_over(case, waits):
    waits.since = WorkflowRule.Since.STATUS
    rules.save(waits, by=None)
    life.change([case], Case.Status.AWAITING_CUSTOMER)
    timing.ask([waits.pk], later(23))
    assert not RuleRun.objects.exists()
    timing.ask([waits.pk], later(25))
    assert tags(case) == {"reminded"}
    StatusChange.objects.update(at=timezone.now() - timedelta(hours=30))
    RuleRun.objects.update(at=timezone.now())
    timing.ask([waits.pk], later(25))
    assert RuleRun.objects.count() == 1


def test_c5_it_counts_anew_from_the_next_moment(case, rule, make_case):
    made = rule("wrote", "time_since", {"kind": "note", "text": "x"}, since="customer_wrote_at",
                hours=2)  # fmt: skip
    for hours in (0, 5):
        Case.objects.update(customer_wrote_at=later(hours))
        timing.ask([made.pk], later(hours + 3))
        RuleRun.objects.filter(at__gt=later(0) - timedelta(minutes=5)).update(at=later(hours + 3))
        timing.ask([made.pk], later(hours + 3))
    assert Note.objects.count() == 2


def test_c5_a_rule_of_events_that_becomes_one_of_time_is_asked_again(case, rule):
    made = rule("there", "created", tag("seen"))
    ring(opened(case))
    made.trigger, made.since, made.hours = "time_since", "opened_at", 2
    made.actions = [tag("waited")]
    rules.save(made, by=None)
    for _ in range(2):
        timing.ask([made.pk], later(3))
    assert tags(case) == {"seen", "waited"}
    assert RuleRun.objects.count() == 2


def test_c5_a_new_rule_of_time_stirs_up_no_old_cases(case, rule, make_case):
    StatusChange.objects.update(at=timezone.now() - timedelta(hours=200))
    made = rule("late", "time_since", tag("late"), hours=24, since="opened_at")
    Case.objects.update(opened_at=timezone.now() - timedelta(hours=200))
    timing.ask([made.pk], later(1))
    assert not RuleRun.objects.exists()
    assert timing.waiting() == [made.pk]


def test_c5_misses_are_kept_within_bounds(case, rule, monkeypatch):
    monkeypatch.setattr(timing, "KEPT_MISSES", 3)
    made = rule("never", "created", tag("x"), condition=when("title", "is", "y"))
    for _ in range(6):
        ring(opened(case))
    timing.forget(timezone.now())
    assert RuleRun.objects.count() == 6
    timing.forget(later(2))
    assert RuleRun.objects.filter(rule=made).count() == 3


# Versions


def test_c5_every_saving_is_a_version_and_can_be_restored(case, rule, clara):
    made = rule("rule", "created", tag("one"))
    made.actions = [tag("two")]
    rules.save(made, by=clara)
    rules.restore(made.versions.get(version=1), by=clara)
    made.refresh_from_db()
    assert (made.version, made.actions) == (3, [tag("one")])
    ring(opened(case))
    assert RuleRun.objects.get().version == 3
    with pytest.raises(DomainError):
        rules.restore(made.versions.get(version=3), by=clara)


# Trying


def test_c5_trying_a_rule_writes_nothing_and_says_what_the_saved_one_does(make_case, rule, clara):
    cases = [
        make_case(f"C-{n}", title=title) for n, title in enumerate(["Storno", "Order", "storno!"])
    ]
    events = [opened(one) for one in cases]
    wanted = WorkflowRule(
        name="new", trigger="created", actions=[tag("storno"), URGENT],
        condition=when("title", "contains", "storno"),
    )  # fmt: skip
    before = snapshot()
    report = rehearsing.try_rule(wanted, days=30, now=timezone.now())
    assert snapshot() == before
    assert [one.case.number for one in report.would] == ["C-2", "C-0"]
    assert report.asked == 3
    rules.save(wanted, by=clara)
    WorkflowRule.objects.get().versions.update(at=timezone.now() - timedelta(days=1))
    ring(*events)
    assert {run.case_id for run in RuleRun.objects.filter(outcome="done")} == {
        one.case.pk for one in report.would
    }


def snapshot():
    """Every row of the database, as text."""
    from io import StringIO

    out = StringIO()
    call_command("dumpdata", "cases", "journal", "emails", stdout=out)
    return out.getvalue()


def test_c5_the_demo_brings_rules_that_can_be_done(company):
    assert WorkflowRule.objects.count() >= 6
    assert set(WorkflowRule.objects.values_list("version", flat=True)) == {1}
    bad = schema.read(settings.HBU_COMPANY_FILE)
    bad.workflows[0].actions.append({"kind": "assign", "department": "nowhere"})
    with pytest.raises(DomainError, match="Complaint of an OEM: 4: There is none: Department"):
        loading.load(bad)
    loading.load(schema.read(settings.HBU_COMPANY_FILE))
    assert set(WorkflowRule.objects.values_list("version", flat=True)) == {1}
