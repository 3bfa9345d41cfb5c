import json
import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from cases.services.flow import carry_through
from emails.models import Delivery, Email, Mailbox, OutgoingEmail
from emails.services import intake, outbox, stages
from emails.services.intake import Arrival
from hbu import watched_tasks
from hbu.lib.measuring import Sum
from hbu.tasks import heartbeat
from kpis.models import Alert
from tests.factories import company as demo

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
ANSWERS = "From: Anna <anna@amann.example>\r\nSubject: {}\r\n\r\nDo you have blue buttons?\r\n"


@pytest.fixture
def company(db):
    demo.load()


def samples(answer):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def labelled(found, name, label):
    return {
        dict(labels)[label]: value
        for (metric, *labels), value in found.items()
        if metric == name and len(labels) == 1
    }


def test_b8_stages_count_what_the_rows_say(client, measures, company):
    now = timezone.now()
    mails = intake.store(
        None,
        {
            number: Arrival(ANSWERS.format(number).encode(), now, answerable=True)
            for number in range(3)
        },
    )
    carry_through([mail.pk for mail in mails])
    found = samples(client.get("/metrics"))
    states = dict(Email.objects.order_by().values_list("state").annotate(Count("pk")))
    for state, count in states.items():
        assert found["hbu_mails", ("state", state)] == count
    for stage in ("triage", "take_in", "work"):
        assert found["hbu_stage_mails_total", ("outcome", "done"), ("stage", stage)] == 3
        # There before the first failure, so that Prometheus sees it rise.
        assert found["hbu_stage_mails_total", ("outcome", "failed"), ("stage", stage)] == 0
        assert found["hbu_stage_duration_seconds_count", ("stage", stage)] == 1
        last = ("hbu_stage_duration_seconds_bucket", ("le", "+Inf"), ("stage", stage))
        assert found[last] == 1
    letters = Counter(OutgoingEmail.objects.values_list("state", flat=True))
    assert letters
    assert labelled(found, "hbu_letters", "state") == (
        dict.fromkeys(OutgoingEmail.State.values, 0) | letters
    )


def test_b8_a_mail_that_fails_is_counted_as_failed(client, measures, receive):
    def fails(emails):
        raise ValueError("nonsense")

    mails = [receive(state="received") for _ in range(2)]
    stages.run(stages.Stage("odd stage", "received", fails), [mail.pk for mail in mails])
    found = samples(client.get("/metrics"))
    quarantined = Email.objects.quarantined().count()
    assert quarantined == 2
    failed = ("hbu_stage_mails_total", ("outcome", "failed"), ("stage", "odd_stage"))
    assert found[failed] == quarantined
    assert found["hbu_mails", ("state", "quarantined")] == quarantined


def test_b8_a_letter_that_cannot_leave_is_counted(client, measures, write_letter, settings):
    settings.HBU_SMTP_PORT = 1  # where nobody listens
    letter = write_letter(state="queued", next_attempt_at=timezone.now())
    outbox.send([letter.pk])
    letter.refresh_from_db()
    assert letter.state == "retrying"
    found = samples(client.get("/metrics"))
    assert found["hbu_letters", ("state", "retrying")] == 1


ONE_MORE = """
import os
from django.conf import settings
settings.configure(HBU_MEASURES_URL={url!r})
from hbu.lib import measuring
measuring.observe("task", "cases.work", "done", seconds=0.3)
measuring.hold("sockets", 4, seconds=60)
os.abort()
"""


def test_b8_what_a_dead_process_measured_still_counts(client, measures, settings, db):
    measures.observe("task", "cases.work", "done", seconds=0.2)
    measures.hold("sockets", 1, seconds=60)
    program = ONE_MORE.format(url=settings.HBU_MEASURES_URL)
    subprocess.run([sys.executable, "-c", program], check=False)
    found = samples(client.get("/metrics"))
    assert found["hbu_tasks_total", ("outcome", "done"), ("task", "cases.work")] == 2
    assert found["hbu_task_duration_seconds_sum", ("task", "cases.work")] == pytest.approx(0.5)
    assert found["hbu_live_sockets",] == 5


def test_b8_sockets_of_a_process_that_is_gone_are_forgotten(measures):
    measures.hold("sockets", 3, seconds=-1)
    assert measures.held("sockets") == 0


def test_b8_requests_are_counted_by_name_and_never_by_path(client, measures, receive, clara):
    client.force_login(clara)
    for mail in (receive(), receive()):
        assert client.get(f"/mails/{mail.pk}/").status_code == 200
    client.get("/nowhere/secret-4711")
    client.generic("BREW", "/health/live")
    answer = client.get("/metrics")
    found = samples(answer)
    name = ("method", "GET"), ("status", "200"), ("view", "kpis:mail")
    assert found["hbu_http_requests_total", *name] == 2
    timed = ("hbu_http_request_duration_seconds_count", ("method", "GET"), ("view", "kpis:mail"))
    assert found[timed] == 2
    assert b"secret-4711" not in answer.content
    assert b"BREW" not in answer.content
    odd = ("method", "other"), ("status", "405"), ("view", "kpis:live")
    assert found["hbu_http_requests_total", *odd] == 1


def test_b8_tasks_are_counted_with_what_became_of_them(client, measures, db):
    watched_tasks.begin(task_id="0", task=heartbeat)
    watched_tasks.end(task_id="0", task=heartbeat, state="SUCCESS")
    failed = ("hbu_tasks_total", ("outcome", "failure"), ("task", "hbu.heartbeat"))
    assert samples(client.get("/metrics"))[failed] == 0
    for number, state in enumerate(("SUCCESS", "FAILURE")):
        watched_tasks.begin(task_id=str(number), task=heartbeat)
        watched_tasks.end(task_id=str(number), task=heartbeat, state=state)
    found = samples(client.get("/metrics"))
    assert found["hbu_tasks_total", ("outcome", "done"), ("task", "hbu.heartbeat")] == 2
    assert found[failed] == 1


def test_b8_mailboxes_alerts_and_the_oldest_letter_are_the_rows(
    client, measures, department, write_letter
):
    now = timezone.now()
    mailbox = Mailbox.objects.create(
        address="orders@h-bu.de",
        department=department,
        last_polled_at=now - timedelta(seconds=90),
        failing_since=now,
    )
    Delivery.objects.create(mailbox=mailbox, folder="INBOX", uidvalidity=1, uid=1)
    write_letter(state="queued", next_attempt_at=now - timedelta(seconds=40))
    Alert.objects.create(measure="http_p95", value=3, threshold=2, worst=3)
    found = samples(client.get("/metrics"))
    address = ("mailbox", "orders@h-bu.de")
    assert 90 <= found["hbu_mailbox_look_age_seconds", address] < 95
    assert found["hbu_mailbox_failing", address] == 1
    assert found["hbu_mailbox_unfinished_deliveries", address] == 1
    assert 40 <= found["hbu_letter_oldest_due_seconds",] < 45
    assert found["hbu_alerts_open", ("measure", "http_p95")] == 1


def test_b8_every_metric_says_what_it_is(client, measures, db):
    measures.observe("stage", "triage", "done", seconds=1)
    text = client.get("/metrics").content.decode()
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
        assert family.name.startswith("hbu_")
        assert family.type in {"gauge", "counter", "histogram"}


def test_b8_a_broker_that_is_away_costs_the_sums_alone(client, settings, receive):
    settings.HBU_MEASURES_URL = "unix:///nowhere/broker.sock?db=0"
    receive(state="handled")
    assert samples(client.get("/metrics"))["hbu_mails", ("state", "handled")] == 1


def test_b8_strangers_get_no_metrics(client, settings, ben, clara, db):
    assert client.get("/metrics", **ELSEWHERE).status_code == 403
    settings.HBU_MONITOR_TOKEN = "a-token-of-the-watch"
    bearer = {"Authorization": "Bearer a-token-of-the-watch"}
    assert client.get("/metrics", headers=bearer, **ELSEWHERE).status_code == 200
    client.force_login(ben)
    assert client.get("/metrics", **ELSEWHERE).status_code == 403
    client.force_login(clara)
    assert client.get("/metrics", **ELSEWHERE).status_code == 200
    settings.PRODUCTION = True
    assert Client().get("/metrics", secure=True).status_code == 403


def test_a_window_holds_what_was_measured_in_it(measures):
    measures.observe("stage", "triage", "done", seconds=0.2, count=25)
    for minutes in (5, 60, 1440):
        assert measures.within(minutes)["stage", "triage", "done"].count == 25
    assert measures.within(5) == measures.ever()


def test_nineteen_of_twenty_stay_below_the_p95():
    one = Sum()
    for seconds, runs in ((3, 95), (7, 5)):
        one.buckets[seconds] = runs
    one.runs = 100
    assert one.p95 == pytest.approx(0.05)
    assert Sum().p95 == 0


def test_the_dashboard_asks_for_what_there_is(client, measures, department):
    Mailbox.objects.create(
        address="a@h-bu.de", department=department, last_polled_at=timezone.now()
    )
    for key in (("stage", "a", "done"), ("http", "a", "GET", "200"), ("task", "a", "done")):
        measures.observe(*key, seconds=1)
    Alert.objects.create(measure="http_p95", value=3, threshold=2, worst=3)
    there = {name for name, *_ in samples(client.get("/metrics"))}
    board = json.loads((settings.BASE_DIR / "deploy/grafana/happy-buttons.json").read_text())
    asked = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in re.findall(r"hbu_\w+", target["expr"])
    }
    # No worker has come and no broker is shared here.
    assert asked - there <= {"hbu_beat_age_seconds"}
    documented = (settings.BASE_DIR / "docs/operations.md").read_text()
    families = text_string_to_metric_families(client.get("/metrics").content.decode())
    assert {one.name for one in families if one.name not in documented} == set()


def test_measuring_costs_nothing_but_numbers_when_the_broker_is_away(measures, settings):
    settings.HBU_MEASURES_URL = "unix:///nowhere/at-all.sock?db=0"
    measures.observe("stage", "triage", "done", seconds=1)
    assert measures.ever() == {}
    assert measures.queued("default") is None
