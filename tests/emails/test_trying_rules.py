import pytest
from django.utils import timezone

from agents.models import Department
from emails.models import Email, OutgoingEmail, RoutingRule
from emails.services import rules, trying
from emails.services.replay import comparing
from hbu.journal.models import Event
from tests.emails import past
from tests.incoming import letter

pytestmark = pytest.mark.django_db


def attempt(rule, days=30):
    return trying.try_rule(rule, days=days, now=timezone.now())


def written():
    """Everything that a trial might write by mistake."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Email, RoutingRule, OutgoingEmail, Event)
    ]


def replayed():
    """What the saved rules do to the same mails."""
    found = comparing.compare(
        comparing.whole(comparing.replayable()), comparing.stage_called("route")
    )
    return {
        one.email.pk: {name: values for name, values in one.changes.items() if name != "rule"}
        for one in found
        if one.changes.keys() - {"rule"}
    }


def predicted(report):
    return {effect.email: dict(effect.changes) for effect in report.trial.changed}


def edits(rule, sales):
    yield "position", {"position": 15}
    yield "condition", {"condition": {"field": "has_pdf", "op": "true"}}
    yield "document", {"condition": {"field": "document", "op": "contains", "value": "Bestell"}}
    yield "words", {"condition": {"field": "text", "op": "matches", "value": "b(itte|est)"}}
    yield "department", {"department": sales}
    yield "sla", {"sla": "express", "priority": "urgent"}
    yield "stop", {"stop": True, "position": 15}
    yield "out of force", {"is_active": False}


def test_e3_what_a_trial_predicts_is_what_the_saved_rule_does(company):
    past.triaged(*past.simulated(60))
    rule = RoutingRule.objects.get(name="Order as text")
    original = rules.content(rule)
    sales = Department.objects.get(code="sales")
    moved = 0
    for _name, changes in edits(rule, sales):
        rule = RoutingRule.objects.get(pk=rule.pk)
        for field, value in {**original, "department": rule.department, **changes}.items():
            setattr(rule, field, value)
        before = written()
        report = attempt(rule)
        assert written() == before
        rules.save(rule, by=None)
        assert replayed() == predicted(report)
        moved += len(predicted(report))
        for field, value in original.items():
            setattr(
                rule, field, Department.objects.get(code=value) if field == "department" else value
            )
        rules.save(rule, by=None)
        assert replayed() == {}
    assert moved > 20


def test_e3_a_new_rule_is_tried_before_it_exists(company):
    past.triaged(*past.simulated(40))
    quality = Department.objects.get(code="quality")
    condition = {"field": "kind", "op": "is", "value": "order"}
    rule = RoutingRule(name="New", position=5, condition=condition, department=quality)
    report = attempt(rule)
    assert report.trial.gained
    assert not RoutingRule.objects.filter(name="New").exists()
    rules.save(rule, by=None)
    assert replayed() == predicted(report)


def test_e3_older_mails_and_mails_that_were_not_decided_are_left_out(company):
    old, _new = past.triaged(letter(), letter())
    past.store(letter())
    Email.objects.filter(pk=old.pk).update(received_at=timezone.now() - timezone.timedelta(days=31))
    rule = past.save_rule(name="All", position=1, stop=True)
    assert attempt(rule).trial.mails == 1
    assert attempt(rule, days=40).trial.mails == 2


def test_e3_a_trial_that_was_cut_says_so(company, monkeypatch):
    past.triaged(*[letter() for _ in range(4)])
    monkeypatch.setattr(trying, "MOST_MAILS", 3)
    report = attempt(RoutingRule(name="New", condition={"all": []}))
    assert (report.trial.mails, report.waiting) == (3, 1)


def test_e3_unreachable_rules_are_named(company):
    order = RoutingRule.objects.get(name="Order as text")
    order.stop, order.position = True, 1
    names = {one.rule.name: one.stops for one in attempt(order).shadows}
    assert names["Order PDF"] is True


def test_a_trial_asks_the_database_no_more_often_for_more_mails(
    company, django_assert_max_num_queries
):
    past.triaged(*past.simulated(10))
    rule = RoutingRule.objects.get(name="Order as text")
    with django_assert_max_num_queries(20) as few:
        attempt(rule)
    past.triaged(*past.simulated(40, seed=8))
    with django_assert_max_num_queries(len(few.captured_queries)):
        attempt(rule)
