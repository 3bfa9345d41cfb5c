import json
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import Department
from emails.models import Email, RoutingRule, RuleVersion
from emails.services import rules
from tests.admin import rows

KINDS = {"field": "kind", "op": "is", "value": "order"}


def form(**changes):
    return {
        "name": "Orders",
        "position": 10,
        "note": "",
        "condition": json.dumps(KINDS),
        "department": rows.department("quality").pk,
        "sla": "",
        "priority": "",
        "is_active": "on",
        "days": 30,
    } | changes


def attempt(browser, rule=None, **changes):
    address = reverse("admin:emails_routingrule_try", args=[rule.pk] if rule else [])
    return browser.post(address, form(**changes))


def page(browser, obj):
    opts = obj._meta
    answer = browser.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk]))
    return unescape(answer.content.decode())


@pytest.fixture
def fallback(db):
    return rows.department("support")


def test_e3_a_rule_is_tried_from_its_form_and_nothing_is_saved(office, fallback):
    email = rows.mail(received_at=timezone.now())
    answer = attempt(office)
    words = unescape(answer.content.decode())
    assert "gains 1" in words
    assert "Quality" in words
    assert f"/emails/email/{email.pk}/change/" in words
    assert not RoutingRule.objects.exists()


def test_e3_the_form_of_a_rule_offers_the_trial(office, fallback):
    rule = rows.rule()
    assert reverse("admin:emails_routingrule_try", args=[rule.pk]) in page(office, rule)
    added = office.get(reverse("admin:emails_routingrule_add")).content.decode()
    assert reverse("admin:emails_routingrule_try") in added


def test_e3_a_form_that_cannot_be_saved_cannot_be_tried_and_says_why(office, fallback):
    words = attempt(office, condition='{"field": "nope", "op": "is", "value": 1}', days=0)
    told = unescape(words.content.decode())
    assert "Unknown field" in told
    assert "greater than or equal to 1" in told
    assert "If this rule were saved" not in told


def test_e3_unreachable_and_idle_rules_are_named(office, fallback):
    other = rows.rule(position=50)
    rows.mail()
    told = unescape(attempt(office, stop="on").content.decode())
    assert "Rules that can never decide" in told
    assert f"{other.name}" in told
    assert "“Orders” holds wherever this one would" in told


def test_b14_a_dangerous_pattern_is_told_when_it_is_tried_and_when_it_is_saved(office, fallback):
    risky = json.dumps({"field": "text", "op": "matches", "value": "(a+)+$"})
    assert "(a+)+$” takes very long" in unescape(attempt(office, condition=risky).content.decode())
    address = reverse("admin:emails_routingrule_add")
    saved = office.post(address, form(condition=risky), follow=True)
    assert RoutingRule.objects.get().name == "Orders"
    assert "takes very long" in unescape(saved.content.decode())


def test_b14_a_rule_that_failed_says_so_in_the_list_and_on_its_page(office):
    slow = rows.rule(problem="text: too slow", problem_at=timezone.now(), timeouts=3)
    rows.rule(problem="Unknown department", problem_at=timezone.now())
    listed = office.get(reverse("admin:emails_routingrule_changelist")).content.decode()
    assert "too slow" in listed
    assert "Unknown department" in listed
    assert "This rule is too slow" in page(office, slow)


def test_only_those_who_may_edit_rules_may_try_them(desk, fallback):
    rule = rows.rule()
    desk.may("emails.view_routingrule")
    assert attempt(desk, rule).status_code == 403
    assert attempt(desk).status_code == 403
    assert "Try before you save" not in page(desk, rule)
    desk.may("emails.change_routingrule")
    assert attempt(desk, rule).status_code == 200
    assert desk.get(reverse("admin:emails_routingrule_try", args=[rule.pk])).status_code == 404


@pytest.fixture
def changed(db):
    rule = rows.rule()
    rules.save(rule, by=None)
    rule.sla, rule.condition = "express", {"field": "oem", "op": "true"}
    rules.save(rule, by=None)
    return rule


def test_a_rule_shows_what_each_version_changed(office, changed):
    told = page(office, changed)
    assert "SLA: - → express" in told
    assert 'Kind is "order" → Customer is an OEM is true' in told
    for version in changed.versions.all():
        assert reverse("admin:emails_ruleversion_change", args=[version.pk]) in told


def test_a_version_is_restored_by_a_button(office, changed, clara):
    first, last = changed.versions.order_by("version")
    button = reverse("admin:emails_ruleversion_transition", args=[first.pk, "restore"])
    assert button in page(office, first)
    assert reverse("admin:emails_ruleversion_transition", args=[last.pk, "restore"]) not in page(
        office, last
    )
    office.post(button)
    changed.refresh_from_db()
    assert (changed.sla, changed.condition, changed.version) == ("", KINDS, 4)
    assert RuleVersion.objects.get(rule=changed, version=4).by == clara


def test_restoring_is_for_those_who_may_edit_rules(desk, changed):
    first = changed.versions.last()
    desk.may("emails.view_ruleversion")
    button = reverse("admin:emails_ruleversion_transition", args=[first.pk, "restore"])
    assert desk.post(button).status_code == 403
    desk.may("emails.change_routingrule")
    assert desk.post(button).status_code == 302


def trace(rule, *checks, **outcome):
    return {
        "rule": rule.name,
        "rule_id": rule.pk,
        "version": rule.version,
        "hit": True,
        "reached": True,
        "checks": list(checks),
        "applied": {},
        "overruled": {},
        "problems": [],
        **outcome,
    }


def check(field, op, value, actual="", **more):
    base = {"field": field, "op": op, "value": value, "actual": actual, "hit": True, "error": ""}
    return base | more


def test_e2_a_mail_says_in_one_sentence_why_it_is_here(office, fallback):
    rule = rows.rule(name="Complaints")
    rules.save(rule, by=None)
    checks = [
        check("text", "contains_any", ["reklam"], "Unsere Reklamation", found="Reklamation"),
        check("subject", "contains", "storno", "x", hit=False, denied=True),
        check("kind", "is", "complaint", "order", hit=False),
    ]
    outcome = {"applied": {"department": "sales", "priority": "high"}}
    told = page(office, rows.mail(trace=[trace(rule, *checks, **outcome)]))
    assert (
        f"To {Department.objects.get(code='sales').address} because of rule “Complaints” "
        f"(version {rule.version}): Text (the sender's own words) says “Reklamation”; "
        'not (Subject contains "storno")'
    ) in told
    assert "Priority “high” because of rule “Complaints”" in told
    version = rule.versions.get(version=rule.version)
    assert reverse("admin:emails_ruleversion_change", args=[version.pk]) in told


def test_e2_a_mail_that_no_rule_placed_says_so(office, fallback):
    rule = rows.rule()
    told = page(office, rows.mail(trace=[trace(rule, hit=False)]))
    assert f"To {fallback.address} because no rule chose a department." in told


def test_e2_a_rule_without_a_condition_takes_every_mail(office, fallback):
    rule = rows.rule(condition={"all": []})
    told = page(office, rows.mail(trace=[trace(rule, applied={"department": "sales"})]))
    assert "it takes every mail" in told


def test_e2_what_people_did_since_stands_below_the_decision(office, fallback, clara):
    from cases.services import assigning
    from emails.services import learning

    rule, case = rows.rule(), rows.case()
    email = rows.mail(trace=[trace(rule, applied={"department": "sales"})])
    rows.join(case, email)
    info = rows.department("info")
    learning.correct(email, kind="complaint", department=info, by=clara)
    assigning.assign(case, department=info, assignee=None, priority="high", by=clara)
    told = page(office, email)
    since = told.split("Why it is here")[1].split("<table")[0]
    assert "Mail corrected by staff (clara)" in since
    assert "Case assigned (clara)" in since


def test_e2_todays_rules_are_named_where_they_would_decide_otherwise(office, fallback):
    rule = rows.rule()
    email = rows.mail(
        trace=[trace(rule, applied={"department": "info"})], department=rows.department("info")
    )
    assert "With today's rules it would go to Sales." in page(office, email)
    Email.objects.update(department=rows.department())
    assert "With today's rules" not in page(office, email)


def test_e2_every_mail_of_the_simulation_has_its_reason_in_words(db, clara):
    from emails.admin.tracing import why_here
    from tests.emails import past
    from tests.factories import company

    company.load()
    for email in past.triaged(*past.simulated(40)):
        table = why_here(email)
        assert table.lead.startswith(f"<div>To {email.department.address} because ")
        rules = [one for one in email.trace if one["rule_id"] is not None]
        assert len(rules) == RoutingRule.objects.in_force().count()
        assert len(table.rows) == len(email.trace)
