"""The SLA warns before it breaks, once for each level, when somebody is there to hear it."""

import threading
from collections import Counter

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from agents.models import Agent, Department
from cases.models import Case, EscalationStep, Notification, SLAMark, SLAPolicy
from cases.services import clocks, escalating
from hbu.journal.models import Event
from tests.cases.desk import answer, at, desk, frozen, joins, open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_desks(company):
    """The demo's own people have gone home."""
    Department.members.through.objects.all().delete()


@pytest.fixture
def dora(django_user_model):
    return django_user_model.objects.create_user("dora", first_name="Dora", is_staff=True)


@pytest.fixture
def team(empty_desks, ben, clara, dora):
    """Ben works on it, Dora is a colleague, Clara leads."""
    joins(clara, "info", leads=True)
    joins(dora, "info")
    return joins(ben, "info")


def sweep(moment):
    with frozen(moment):
        found = escalating.due(at(moment))
        escalating.warn(found)
    return found


def told():
    rows = Notification.objects.order_by("pk").values_list("user__username", "kind")
    return Counter(rows)


def happened():
    rows = Event.objects.filter(
        kind__in=["case.sla_warning", "case.sla_breached", "case.escalated"]
    )
    return [(row.kind, row.data["clock"], row.data["percent"]) for row in rows.order_by("pk")]


def test_c4_a_clock_warns_twice_and_breaks_once(team):
    case = open_case(assignee=team)
    assert sweep("23 10:59") == []
    for moment in ("23 11:00", "23 11:01", "23 11:30"):
        sweep(moment)
    assert told() == {("ben", "sla_warning"): 1}
    case.refresh_from_db()
    assert (case.standing, case.next_alarm_at) == (Case.Standing.AT_RISK, at("23 11:36"))
    sweep("23 11:36")
    assert told() == {("ben", "sla_warning"): 2, ("clara", "sla_warning"): 1}
    # Twelve o'clock is the deadline and the beginning of the break: it is told after that.
    assert sweep("23 12:00") == []
    sweep("23 12:30")
    case.refresh_from_db()
    assert case.standing == Case.Standing.BREACHED
    assert told()[("clara", "sla_breach")] == 1
    assert happened() == [
        ("case.sla_warning", "first_response", 75),
        ("case.sla_warning", "first_response", 90),
        ("case.escalated", "first_response", 90),
        ("case.sla_breached", "first_response", 100),
        ("case.escalated", "first_response", 100),
    ]
    row = Notification.objects.filter(kind="sla_breach").get()
    assert (row.case, row.data["number"], row.data["percent"]) == (case, case.number, 100)


def test_of_several_levels_that_were_slept_through_the_highest_is_told(team):
    open_case(assignee=team)
    sweep("24 09:00")
    assert set(SLAMark.objects.values_list("clock", "percent")) == {
        ("first_response", level) for level in (75, 90, 100)
    }
    assert told() == {("ben", "sla_breach"): 1, ("clara", "sla_breach"): 1}
    assert [kind for kind, _, _ in happened()] == ["case.sla_breached", "case.escalated"]


def test_nobody_is_told_at_night(team):
    case = open_case("23 13:00", sla="standard", assignee=team)
    Case.objects.update(next_alarm_at=at("23 16:00"))
    assert sweep("23 22:00") == [case.pk]
    assert (told(), happened()) == ({}, [])
    case.refresh_from_db()
    assert case.next_alarm_at == at("24 08:00")
    assert sweep("24 07:59") == []
    sweep("24 08:00")
    assert told()[("ben", "sla_breach")] == 1


def test_a_policy_says_who_hears_of_it_and_how_urgent_it_becomes(team, dora):
    policy = SLAPolicy.objects.get(code="standard")
    step = {"policy": policy, "percent": 50}
    EscalationStep.objects.create(whom="person", person=dora, priority="high", **step)
    EscalationStep.objects.create(policy=policy, percent=100, whom="department", priority="low")
    case = open_case(assignee=team)
    sweep("23 10:00")
    case.refresh_from_db()
    assert (told(), case.priority) == ({("dora", "sla_warning"): 1}, "high")
    sweep("23 12:30")
    case.refresh_from_db()
    assert case.priority == "high"
    assert {name for (name, kind) in told() if kind == "sla_breach"} == {"dora", "ben", "clara"}


def test_a_department_without_leads_and_a_case_of_a_program_tell_everybody(empty_desks, ben, dora):
    joins(ben, "info")
    joins(dora, "info")
    case = open_case(assignee=Agent.objects.software().first())
    sweep("23 11:00")
    assert set(told()) == {("ben", "sla_warning"), ("dora", "sla_warning")}
    sweep("23 12:30")
    assert {name for (name, kind) in told() if kind == "sla_breach"} == {"ben", "dora"}
    assert case.department == desk()


def test_each_mail_of_the_customer_starts_a_clock_that_warns_anew(team):
    SLAPolicy.objects.update(update_minutes=60)
    case = open_case(assignee=team)
    answer(case, "23 08:30")
    for day in ("24", "25"):
        Case.objects.update(customer_wrote_at=at(f"{day} 09:00"))
        with frozen(f"{day} 09:00"):
            clocks.recompute([case.pk])
        sweep(f"{day} 09:45")
        answer(case, f"{day} 09:50")
    assert [row.percent for row in SLAMark.objects.filter(clock="update")] == [75, 75]
    sweep("25 10:30")
    assert SLAMark.objects.filter(clock="update").count() == 2


def test_c4_the_sweep_touches_due_cases_and_no_others_among_5000(team):
    late = [open_case(assignee=team) for _ in range(3)]
    many = (
        Case(number=f"M-{number}", title="Later", department=desk(), next_alarm_at=at("30 09:00"))
        for number in range(5000)
    )
    Case.objects.bulk_create(many)
    before = set(Case.objects.filter(number__startswith="M-").values_list("standing", "policy"))
    with CaptureQueriesContext(connection) as queries:
        assert set(sweep("23 11:00")) == {case.pk for case in late}
    assert len(queries) < 90
    assert (
        "case_alarm"
        in Case.objects.filter(next_alarm_at__lte=at("23 11:00"))
        .order_by("next_alarm_at")
        .values("pk")
        .explain()
    )
    assert SLAMark.objects.count() == 3
    rest = Case.objects.filter(number__startswith="M-")
    assert set(rest.values_list("standing", "policy")) == before


def test_c4_a_case_of_which_something_is_broken_keeps_no_other_from_being_told(team, monkeypatch):
    one, broken, other = (open_case(assignee=team) for _ in range(3))
    reach = escalating._reach

    def stumble(reading, *rest):
        if reading.case.pk == broken.pk:
            raise ValueError("broken")
        reach(reading, *rest)

    monkeypatch.setattr(escalating, "_reach", stumble)
    assert sweep("23 11:00") == [one.pk, broken.pk, other.pk]
    assert set(SLAMark.objects.values_list("case", flat=True)) == {one.pk, other.pk}
    monkeypatch.undo()
    assert sweep("23 11:01") == [broken.pk]
    assert told() == {("ben", "sla_warning"): 3}


@pytest.mark.django_db(transaction=True)
def test_c4_two_sweeps_at_once_tell_each_level_once(team):
    cases = [open_case(assignee=team).pk for _ in range(6)]
    barrier, failures = threading.Barrier(2), []

    def run():
        try:
            barrier.wait(timeout=20)
            escalating.warn(cases)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    with frozen("23 11:00"):
        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failures
    assert SLAMark.objects.count() == 6
    assert told() == {("ben", "sla_warning"): 6}
    assert len(happened()) == 6
