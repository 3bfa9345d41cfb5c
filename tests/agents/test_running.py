from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import Agent, AgentRun
from agents.services import consulting, running
from cases import listeners, tasks
from cases.models import Task
from cases.services import flow, queueing
from emails.models import Email, OutgoingEmail
from emails.services import stages
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from kpis import health
from tests.work.mails import arrive, ask, order_mail, take

State = Email.State


@pytest.fixture
def rung(monkeypatch):
    """What doorbells were rung with, by the task's name."""
    bells = {}
    monkeypatch.setattr(
        tasks, "ring", lambda task, ids: bells.setdefault(task.name, []).extend(ids)
    )
    return bells


def state_of(email):
    return Email.objects.get(pk=email.pk).state


def carry(emails):
    flow.carry_through([email.pk for email in emails])


def test_b9_a_paused_agent_takes_nothing_and_nothing_is_lost(info, ben):
    running.pause(info, by=ben)
    (email,) = take(ask())
    assert email.state == State.TAKEN_IN
    assert email.attempts == 0
    assert not AgentRun.objects.exists()
    assert not OutgoingEmail.objects.exists()

    running.start(info, by=ben)
    carry([email])
    carry([email])
    assert state_of(email) == State.HANDLED
    assert AgentRun.objects.count() == 1
    assert OutgoingEmail.objects.filter(answers=email).count() == 1


def test_only_what_waits_for_the_paused_agent_waits(sales, ben):
    running.pause(sales, by=ben)
    question, order = take(ask(), order_mail())
    assert question.state == State.HANDLED
    assert order.state == State.TAKEN_IN


def test_the_sweep_rings_for_nobody_who_is_paused(info, ben, rung):
    running.pause(info, by=ben)
    take(ask(), ask())
    tasks.sweep()
    assert rung["cases.work"] == []


def test_paused_mails_do_not_stand_in_the_way_of_others(info, ben, settings):
    settings.HBU_CHUNK = 1
    emails = arrive(*(ask() for _ in range(21)), order_mail())
    running.pause(info, by=ben)
    running.pause(consulting.roster()["sales"], by=ben)
    carry(emails)
    running.start(consulting.roster()["sales"], by=ben)
    assert queueing.overdue(timezone.now()) == [emails[-1].pk]


def test_when_it_is_started_all_that_waited_is_rung_at_once(
    info, ben, rung, django_capture_on_commit_callbacks
):
    running.pause(info, by=ben)
    emails = take(ask(), ask(), ask())
    with django_capture_on_commit_callbacks(execute=True):
        running.start(info, by=ben)
    tasks.take_up([info.pk])
    assert rung["cases.work"] == [email.pk for email in emails]


def test_its_start_rings(info, ben, monkeypatch, django_capture_on_commit_callbacks):
    running.pause(info, by=ben)
    bells = []
    monkeypatch.setattr(listeners, "ring", lambda task, ids: bells.append((task.name, list(ids))))
    with django_capture_on_commit_callbacks(execute=True):
        running.start(info, by=ben)
    assert ("cases.take_up", [info.pk]) in bells


def test_health_says_that_mails_wait_for_a_paused_agent_and_does_not_call_it_a_fault(info, ben):
    running.pause(info, by=ben)
    (email,) = take(ask())
    Email.objects.filter(pk=email.pk).update(received_at=timezone.now() - timedelta(hours=5))
    check = health.oldest_waiting(timezone.now())
    assert check["ok"]
    assert check["email_seconds"] == 0
    assert check["for_paused_agents"] == 1
    assert check["paused_agents"] == ["InfoAgent"]
    running.start(info, by=ben)
    assert not health.oldest_waiting(timezone.now())["ok"]


def test_draining_works_off_what_waits_and_gives_what_is_new_to_a_person(info, ben):
    running.pause(info, by=ben)
    (old,) = take(ask())
    running.start(info, by=ben)
    running.drain(info, by=ben)
    (new,) = take(ask())
    assert new.state == State.HANDLED
    assert Task.objects.get(case__emails=new).reason == consulting.DRAINED
    assert not AgentRun.objects.filter(mail=new.pk).exists()
    assert state_of(old) == State.TAKEN_IN

    queueing.rest_where_drained()
    info.refresh_from_db()
    assert info.state == "draining"
    carry([old])
    assert AgentRun.objects.filter(mail=old.pk).count() == 1
    tasks.sweep()
    info.refresh_from_db()
    assert info.state == "paused"


def test_what_is_new_while_it_drains_does_not_keep_it_from_resting(info, ben):
    running.drain(info, by=ben)
    (email,) = arrive(ask())
    for stage in (flow.TRIAGE, flow.TAKE_IN):
        stages.run(stage, [email.pk])
    queueing.rest_where_drained()
    info.refresh_from_db()
    assert info.state == "paused"


def test_an_agent_that_is_not_at_work_leaves_everything_to_people(info, ben):
    running.pause(info, by=ben)
    info.is_active = False
    info.save()
    (email,) = take(ask())
    assert email.state == State.HANDLED
    assert Task.objects.get().reason == consulting.UNSERVED


def claimed_elsewhere(email, seconds=20):
    Email.objects.filter(pk=email.pk).update(
        claim=uuid4(), claimed_until=timezone.now() + timedelta(seconds=seconds)
    )


def test_no_more_instances_work_at_a_time_than_it_has(info, ben):
    running.pause(info, by=ben)
    first, second, third = take(ask(), ask(), ask())
    running.start(info, by=ben)
    claimed_elsewhere(first)
    carry([second])
    assert state_of(second) == State.TAKEN_IN
    assert queueing.next_up(timezone.now()) == []

    info.instances = 2
    info.save()
    assert queueing.next_up(timezone.now()) == [second.pk, third.pk]
    carry([second])
    assert state_of(second) == State.HANDLED

    claimed_elsewhere(first, seconds=-1)
    info.instances = 1
    info.save()
    carry([third])
    assert state_of(third) == State.HANDLED


def test_an_instance_that_has_become_free_takes_what_it_left(info, ben, rung):
    running.pause(info, by=ben)
    first, second = take(ask(), ask())
    running.start(info, by=ben)
    tasks.work([first.pk])
    assert rung["cases.work"] == [second.pk]
    rung.clear()
    tasks.work([second.pk])
    tasks.work([second.pk])
    assert rung["cases.work"] == []


def test_a_full_agent_holds_up_nobody_else(info, sales, ben):
    running.pause(info, by=ben)
    question, another = take(ask(), ask())
    running.start(info, by=ben)
    claimed_elsewhere(question)
    (order,) = take(order_mail())
    assert order.state == State.HANDLED
    assert state_of(another) == State.TAKEN_IN


@pytest.mark.parametrize(
    ("verbs", "kind"),
    [
        (["pause"], "agent.paused"),
        (["pause", "start"], "agent.started"),
        (["drain"], "agent.drained"),
        (["drain", "start"], "agent.started"),
        (["drain", "pause"], "agent.paused"),
    ],
)
def test_each_change_is_in_the_journal_with_who_did_it(info, ben, verbs, kind):
    for verb in verbs:
        getattr(running, verb)(info, by=ben)
    event = Event.objects.about(info).first()
    assert (event.kind, event.actor) == (kind, ben)
    assert info.state_at is not None


@pytest.mark.parametrize(
    "verbs", [["start"], ["pause", "pause"], ["drain", "drain"], ["pause", "drain"]]
)
def test_what_makes_no_difference_is_refused(info, ben, verbs):
    *before, last = verbs
    for verb in before:
        getattr(running, verb)(info, by=ben)
    with pytest.raises(DomainError):
        getattr(running, last)(info, by=ben)


def test_people_are_not_paused(company, ben):
    person = Agent.objects.filter(kind="human").first()
    with pytest.raises(DomainError):
        running.pause(person, by=ben)


def test_the_queries_of_a_claim_do_not_grow_with_the_chunk(info, django_assert_num_queries):
    emails = arrive(*(ask() for _ in range(12)))
    ids = [email.pk for email in emails]
    for stage in (flow.TRIAGE, flow.TAKE_IN):
        stages.run(stage, ids)
    with CaptureQueriesContext(connection) as few:
        queueing.admit(ids[:2])
    with django_assert_num_queries(len(few)):
        assert sorted(queueing.admit(ids)) == ids


@pytest.mark.django_db(transaction=True)
def test_however_many_workers_come_at_once_no_more_instances_work(info, ben):
    running.pause(info, by=ben)
    emails = take(*(ask() for _ in range(6)))
    running.start(info, by=ben)
    info.instances = 2
    info.save()
    worked = []
    # Whoever claims stays at it, as a long consultation does.
    stage = replace(flow.WORK, work=worked.append)

    def come(email):
        try:
            stages.run(stage, [email.pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(come, emails))
    assert len(worked) == 2
    assert Email.objects.exclude(claimed_until=None).count() == 2
