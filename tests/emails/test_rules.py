import pytest
from django.utils import timezone

from agents.models import Department
from emails.data import Route
from emails.models import Email, RoutingRule, RuleVersion
from emails.services import rules
from hbu.journal.models import Event
from hbu.lib.conditions import NO_TIME_LEFT, TOO_SLOW
from hbu.lib.errors import DomainError
from tests.emails import past
from tests.explosions import no_explosion
from tests.incoming import letter

pytestmark = pytest.mark.django_db


def route(*entries):
    return Route("info", "", "", "standard", "normal", tuple(entries))


def entry(rule, *problems, hit=False, version=None):
    return {
        "rule_id": rule.pk,
        "version": version or rule.version,
        "hit": hit,
        "problems": problems,
    }


def note(*routes):
    rules.note(routes, timezone.now())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("(a+)+$", "a" * 99_000 + "!"), ("(.*a){25}", ("a" * 24 + "\n") * 4_000)],
)
def test_b14_a_mail_finds_its_way_past_an_exploding_rule_that_is_marked(pattern, text, company):
    slow = past.save_rule(
        name="Slow",
        position=1,
        condition={"field": "text", "op": "matches", "value": pattern},
        department=Department.objects.get(code="quality"),
    )
    raws = [letter(f"Frage {n}", text) for n in range(3)]
    with no_explosion():
        emails = past.triaged(*raws)
    assert {email.state for email in emails} == {Email.State.TRIAGED}
    assert "quality" not in {email.department.code for email in emails}
    slow.refresh_from_db()
    assert [email.trace[0]["checks"][0]["error"] for email in emails] == [TOO_SLOW] * 3
    assert slow.is_too_slow
    assert slow.problem == f"text: {TOO_SLOW}"


def test_b14_a_rule_that_runs_out_of_time_again_and_again_is_too_slow(company):
    rule = past.save_rule(name="Slow", position=1)
    note(route(entry(rule, f"text: {TOO_SLOW}")))
    rule.refresh_from_db()
    assert (rule.problem, rule.timeouts, rule.is_too_slow) == (f"text: {TOO_SLOW}", 1, False)
    note(*[route(entry(rule, f"text: {TOO_SLOW}"))] * 2)
    rule.refresh_from_db()
    assert rule.is_too_slow
    events = Event.objects.about(rule).filter(kind="rule.troubled")
    assert events.count() == 1


def test_a_rule_that_others_left_no_time_is_not_to_blame(company):
    rule = past.save_rule(name="Innocent", position=1)
    note(route(entry(rule, f"text: {NO_TIME_LEFT}")))
    rule.refresh_from_db()
    assert (rule.problem, rule.timeouts) == ("", 0)


def test_a_rule_that_was_changed_starts_afresh(company):
    rule = past.save_rule(name="Slow", position=1)
    note(*[route(entry(rule, f"text: {TOO_SLOW}"))] * 3)
    rule.refresh_from_db()
    rules.save(rule, by=None)
    rule.refresh_from_db()
    assert (rule.problem, rule.timeouts, rule.problem_at) == ("", 0, None)
    note(route(entry(rule, f"text: {TOO_SLOW}", version=1)))
    rule.refresh_from_db()
    assert rule.timeouts == 0


def test_hits_are_counted_for_all_rules_at_once(company, django_assert_num_queries):
    ours = [past.save_rule(name=f"Rule {n}", position=n) for n in range(3)]
    with django_assert_num_queries(1):
        note(*[route(*[entry(rule, hit=True) for rule in ours])] * 4)
    assert set(
        RoutingRule.objects.filter(name__startswith="Rule").values_list("hits", flat=True)
    ) == {4}


def test_a_version_is_restored_as_a_new_one(company, clara):
    quality, sales = (Department.objects.get(code=code) for code in ("quality", "sales"))
    rule = past.save_rule(name="Ours", position=7, department=quality, sla="oem")
    rule.department, rule.sla, rule.position = sales, "", 9
    rules.save(rule, by=None)
    rules.restore(RuleVersion.objects.get(rule=rule, version=1), by=clara)
    rule = RoutingRule.objects.get(pk=rule.pk)
    assert (rule.version, rule.department, rule.sla, rule.position) == (3, quality, "oem", 7)
    kept = RuleVersion.objects.get(rule=rule, version=3)
    assert (kept.by, kept.content) == (clara, rule.versions.get(version=1).content)
    assert Event.objects.about(rule).first().data["restored"] == 1


def test_a_version_that_cannot_be_restored_says_why(company):
    gone = Department.objects.create(code="gone", name_de="x", name_en="x", address="gone@h-bu.de")
    rule = past.save_rule(name="Ours", department=gone)
    current = rule.versions.get()
    with pytest.raises(DomainError, match="says this already"):
        rules.restore(current, by=None)
    rule.name, rule.department = "Theirs", None
    rules.save(rule, by=None)
    past.save_rule(name="Ours")
    with pytest.raises(DomainError, match="has this name"):
        rules.restore(current, by=None)
    RoutingRule.objects.filter(name="Ours").update(name="x")
    gone.delete()
    with pytest.raises(DomainError, match="is gone"):
        rules.restore(current, by=None)
