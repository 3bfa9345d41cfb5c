"""Workflow rules and macros are written, tried and looked after by staff."""

import json
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from cases.models import Case, Macro, RuleRun, WebhookCall, WorkflowRule
from cases.services import calling, rules, ruling
from hbu.journal.recording import record
from tests.admin import rows

URGENT = {"kind": "priority", "to": "urgent"}
STORNO = {"field": "title", "op": "contains", "value": "storno"}


def form(**changes):
    return {
        "name": "Storno", "position": 10, "note": "", "trigger": "created", "since": "status",
        "hours": 24, "condition": json.dumps(STORNO), "actions": json.dumps([URGENT]),
        "is_active": "on", "days": 7,
    } | changes  # fmt: skip


@pytest.fixture
def case(db):
    return Case.objects.create(number="C-1", title="Storno", department=rows.department("support"))


def saved(**changes):
    rule = WorkflowRule(
        **{
            "name": "Storno",
            "trigger": "created",
            "actions": [URGENT],
            "condition": STORNO,
            **changes,
        }
    )
    rules.save(rule, by=None)
    return rule


def text(answer):
    return unescape(answer.content.decode())


def page(browser, obj):
    opts = obj._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
    return text(browser.get(address))


def test_c5_a_rule_is_written_in_a_form_and_each_saving_is_a_version(office):
    add = reverse("admin:cases_workflowrule_add")
    assert "data-hb-condition" in text(office.get(add))
    office.post(add, form())
    rule = WorkflowRule.objects.get()
    assert (rule.actions, rule.condition, rule.version) == ([URGENT], STORNO, 1)
    change = reverse("admin:cases_workflowrule_change", args=[rule.pk])
    office.post(change, form(condition=""))
    rule.refresh_from_db()
    assert (rule.condition, rule.version, rule.versions.count()) == ({}, 2, 2)
    said = page(office, rule)
    assert "Set the priority: “urgent”" in said
    assert "v1" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": "[]"}, {"actions": "nonsense"}, {"actions": '[{"kind": "shell"}]'},
        {"actions": '[{"kind": "assign", "department": "nowhere"}]'},
        {"actions": '[{"kind": "assign", "department": ["support"]}]'},
        {"actions": '[{"kind": "priority", "to": {"is": "urgent"}}]'},
        {"condition": '{"field": "nonsense", "op": "is", "value": 1}'}, {"trigger": "never"},
    ],
)  # fmt: skip
def test_c5_what_cannot_be_done_is_not_saved(office, changes):
    answer = office.post(reverse("admin:cases_workflowrule_add"), form(**changes))
    assert answer.status_code == 200
    assert not WorkflowRule.objects.exists()


def test_c5_a_rule_is_tried_from_its_form_and_nothing_is_saved(office, case):
    record("case.opened", case, number=case.number)
    answer = text(office.post(reverse("admin:cases_workflowrule_try"), form()))
    assert "asked 1 times and have acted 1 times, on 1 cases" in answer
    assert case.get_absolute_url() in answer
    assert not WorkflowRule.objects.exists()
    assert not RuleRun.objects.exists()
    problems = text(office.post(reverse("admin:cases_workflowrule_try"), form(actions="[]")))
    assert "Actions" in problems


def test_c5_a_version_is_restored_by_whoever_may_edit_rules(office):
    rule = saved()
    rule.name = "Changed"
    rules.save(rule, by=None)
    first = rule.versions.get(version=1)
    assert "What restoring it would change" in page(office, first)
    address = reverse("admin:cases_workflowversion_transition", args=[first.pk, "restore"])
    office.post(address)
    rule.refresh_from_db()
    assert (rule.name, rule.version) == ("Storno", 3)


def test_c5_the_page_of_a_rule_asks_as_often_for_many_versions_as_for_two(
    office, django_assert_max_num_queries
):
    rule = saved()
    rules.save(rule, by=None)
    with django_assert_max_num_queries(100) as few:
        page(office, rule)
    for number in range(8):
        rule.actions = [{"kind": "tag", "words": [f"{number}"]}]
        rule.condition = {"field": "title", "op": "is", "value": f"{number}"}
        rules.save(rule, by=None)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "v10" in page(office, rule)


def test_c5_a_failed_run_is_seen_and_tried_again(office, case):
    saved(actions=[{"kind": "assign", "person": "gone"}, URGENT])
    ruling.rule([record("case.opened", case, number=case.number).pk])
    run = RuleRun.objects.get()
    listed = text(office.get(reverse("admin:cases_rulerun_changelist")))
    assert "There is none" in listed
    assert "Storno" in text(office.get(reverse("admin:cases_workflowrule_changelist")))
    assert "Title" in page(office, run)
    address = reverse("admin:cases_rulerun_transition", args=[run.pk, "again"])
    assert office.post(address).status_code == 302
    assert RuleRun.objects.get().outcome == "failed"


def test_f3_runs_of_cases_that_one_must_not_see_are_not_listed(client, case, ben):
    saved()
    ruling.rule([record("case.opened", case, number=case.number).pk])
    ben.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    client.force_login(ben)
    listed = reverse("admin:cases_rulerun_changelist")
    assert case.number not in text(client.get(listed))
    case.department.members.add(ben)
    assert case.number in text(client.get(listed))


def test_c5_a_macro_is_written_with_the_same_editor(office):
    add = reverse("admin:cases_macro_add")
    assert "data-hb-actions" in text(office.get(add))
    office.post(add, {"name": "Urgent", "position": 1, "note": "", "actions": json.dumps([URGENT])})
    macro = Macro.objects.get()
    assert macro.actions == [URGENT]
    assert "everybody" in text(office.get(reverse("admin:cases_macro_changelist")))


def test_f10_the_key_of_a_webhook_is_shown_and_a_failed_call_made_again(office, case):
    url = "https://erp.example/hook"
    rule = saved(actions=[{"kind": "webhook", "url": url}])
    assert calling.key_of(url) in page(office, rule)
    call = calling.enter(case, url, cause="rule:1:0", by="Storno")
    WebhookCall.objects.update(state="failed", error="no answer")
    assert "no answer" in text(office.get(reverse("admin:cases_webhookcall_changelist")))
    office.post(reverse("admin:cases_webhookcall_transition", args=[call.pk, "again"]))
    call.refresh_from_db()
    assert call.state == "waits"
