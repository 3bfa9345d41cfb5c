import shutil
import socket
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

from hbu.journal.recording import record
from hbu.lib import limits
from hbu.tasks import heartbeat
from kpis import health
from kpis.models import Snapshot

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def beating(db):
    cache.set("heartbeat", timezone.now().timestamp())
    yield
    cache.clear()


@pytest.fixture
def silent_broker(settings):
    """A server that takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        yield


@pytest.fixture
def mailbox(department):
    from emails.models import Mailbox

    return Mailbox.objects.create(
        address="orders@h-bu.de",
        department=department,
        host="localhost",
        username="orders",
        last_polled_at=timezone.now(),
    )


def test_i5_a_house_that_is_well_says_ok(client, mailbox):
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["checks"]["mailboxes"][0]["address"] == "orders@h-bu.de"


def test_i5_a_broker_that_is_gone_is_a_failure(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_i5_a_broker_that_holds_the_line_does_not_hold_up_the_answer(client, silent_broker):
    started = time.monotonic()
    answer = client.get("/health")
    assert time.monotonic() - started < 3
    assert answer.status_code == 503


def test_i5_a_database_that_is_gone_is_a_failure(client):
    def away(*_args, **_kwargs):
        raise DatabaseError("away")

    client.cookies["sessionid"] = "x"
    with connection.execute_wrapper(away):
        answer = client.get("/health", **ELSEWHERE)
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ok"}


def test_i4_a_heart_that_stopped_is_seen(client):
    cache.set("heartbeat", timezone.now().timestamp() - 31)
    assert client.get("/health").json()["status"] == "degraded"
    cache.delete("heartbeat")
    assert client.get("/health").json()["checks"]["beat"] == {"ok": False, "seconds_ago": None}


def test_i5_a_failing_mailbox_is_named(client, mailbox):
    mailbox.failing_since, mailbox.last_error = timezone.now(), "The server refuses the password."
    mailbox.save()
    report = client.get("/health").json()
    assert report["status"] == "degraded"
    assert report["checks"]["mailboxes"][0]["error"] == "The server refuses the password."


def test_i5_a_mailbox_that_nobody_looks_at_is_seen(client, mailbox):
    mailbox.last_polled_at = timezone.now() - timedelta(hours=1)
    mailbox.save()
    assert client.get("/health").json()["status"] == "degraded"


def test_i5_a_mail_that_waits_too_long_is_seen(client, receive):
    receive(state="received", received_at=timezone.now() - timedelta(minutes=20))
    report = client.get("/health").json()
    assert report["status"] == "degraded"
    assert report["checks"]["oldest_waiting"]["email_seconds"] >= 1200


def test_i5_a_letter_that_is_tried_again_later_does_not_wait(client, write_letter):
    later = timezone.now() + timedelta(hours=1)
    write_letter(state="retrying", next_attempt_at=later)
    assert client.get("/health").json()["checks"]["oldest_waiting"]["outgoing_seconds"] == 0
    write_letter(state="queued", next_attempt_at=timezone.now() - timedelta(minutes=20))
    assert client.get("/health").json()["status"] == "degraded"


@pytest.mark.parametrize(
    "stranger",
    [
        ELSEWHERE,
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_i5_strangers_learn_whether_all_is_well_and_no_more(client, stranger):
    assert client.get("/health", **stranger).json() == {"status": "ok"}
    answer = client.get("/stats", **stranger)
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


def test_i5_loopback_opens_nothing_in_production(client, settings):
    settings.PRODUCTION = True
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/stats").status_code == 403


def test_i5_the_token_opens_from_anywhere(client, settings):
    settings.HBU_MONITOR_TOKEN = "a-token-of-the-watch"
    bearer = {"Authorization": "Bearer a-token-of-the-watch"}
    assert client.get("/stats", headers=bearer, **ELSEWHERE).status_code == 200
    another = {"Authorization": "Bearer another"}
    assert client.get("/stats", headers=another, **ELSEWHERE).status_code == 403


def test_i5_the_token_is_not_taken_from_an_address_that_ends_in_logs(client, settings):
    settings.HBU_MONITOR_TOKEN = "a-token-of-the-watch"
    assert client.get("/stats?token=a-token-of-the-watch", **ELSEWHERE).status_code == 403


def test_i5_no_token_is_not_an_empty_token(client, settings):
    settings.HBU_MONITOR_TOKEN = ""
    for words in ("", "Bearer", "Bearer "):
        answer = client.get("/stats", headers={"Authorization": words}, **ELSEWHERE)
        assert answer.status_code == 403


def test_i5_whoever_may_watch_does_so_from_anywhere_and_others_do_not(client, ben, clara, mallory):
    client.force_login(clara)
    assert "checks" in client.get("/health", **ELSEWHERE).json()
    for other in (ben, mallory):
        client.force_login(other)
        assert "checks" not in client.get("/health", **ELSEWHERE).json()
        assert client.get("/stats", **ELSEWHERE).status_code == 403


def red(client):
    """Return the parts of the house that are not well."""
    checks = client.get("/health").json()["checks"]
    parts = {name for name, one in checks.items() if isinstance(one, dict) and not one["ok"]}
    return parts | {f"mailbox {one['address']}" for one in checks["mailboxes"] if not one["ok"]}


def fill_the_disk(monkeypatch, *_):
    full = (10**9, 10**9, 100 * 10**6)
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(*full))


def stop_the_clock(*_):
    cache.set("heartbeat", timezone.now().timestamp() - 31)


def stop_the_sealer(_monkeypatch, mailbox, *_):
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        record("mailbox.healthy", mailbox)


def lose_a_mail(_monkeypatch, mailbox, *_):
    mailbox.uidvalidity, mailbox.last_uid = 1, 1
    mailbox.counted_at, mailbox.counted_until_uid, mailbox.held_count = timezone.now(), 1, 1
    mailbox.save()


def stop_counting(*_):
    Snapshot.objects.create(
        kpi="mails", day=timezone.localdate(), made_at=timezone.now() - timedelta(hours=27)
    )


def fail_the_mailbox(_monkeypatch, mailbox, *_):
    mailbox.failing_since = timezone.now()
    mailbox.save()


def leave_a_mail_undecided(_monkeypatch, _mailbox, receive, _write_letter):
    receive(state="received", received_at=timezone.now() - timedelta(minutes=6))


def leave_a_letter(_monkeypatch, _mailbox, _receive, write_letter):
    write_letter(state="queued", next_attempt_at=timezone.now() - timedelta(minutes=6))


@pytest.mark.parametrize(
    ("break_it", "part"),
    [
        (fill_the_disk, "disk"),
        (stop_the_clock, "beat"),
        (stop_the_sealer, "sealing"),
        (lose_a_mail, "ledger"),
        (stop_counting, "snapshots"),
        (fail_the_mailbox, "mailbox orders@h-bu.de"),
        (leave_a_mail_undecided, "oldest_waiting"),
        (leave_a_letter, "oldest_waiting"),
    ],
)
def test_i5_each_part_that_breaks_goes_red_and_no_other(
    client, monkeypatch, mailbox, receive, write_letter, break_it, part
):
    assert red(client) == set()
    break_it(monkeypatch, mailbox, receive, write_letter)
    assert red(client) == {part}
    stranger = client.get("/health", **ELSEWHERE)
    assert (stranger.status_code, stranger.json()) == (200, {"status": "not ok"})


def test_i5_the_disk_of_the_mails_counts_like_that_of_the_house(monkeypatch, settings, tmp_path):
    settings.BLOBS_DIR = tmp_path
    usage = type(shutil.disk_usage("/"))
    free = {settings.HBU_DATA_DIR: 10**10, tmp_path: 10**8}
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**11, 0, free[path]))
    assert health.disk() == {"ok": False, "free_megabytes": 100}


def test_i4_two_beats_do_no_harm(client, mailbox):
    heartbeat()
    heartbeat()
    assert red(client) == set()


def test_i5_programs_get_the_same_report_under_the_rules_of_the_api(
    client, clara, settings, mailbox
):
    settings.HBU_MONITOR_TOKEN = "a-token-of-the-watch"
    bearer = {"Authorization": "Bearer a-token-of-the-watch"}
    by_token = client.get("/api/system/health", headers=bearer, **ELSEWHERE)
    client.force_login(clara)
    by_session = client.get("/api/system/health", **ELSEWHERE)
    for answer in (by_token, by_session):
        assert answer.status_code == 200
        assert answer.json()["checks"].keys() == client.get("/health").json()["checks"].keys()


def test_i5_programs_are_told_that_the_broker_is_away(client, clara, settings):
    settings.CELERY_BROKER_URL = away = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": away,
        }
    }
    client.force_login(clara)
    answer = client.get("/api/system/health", **ELSEWHERE)
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert limits.count("login", "anna", seconds=9) == limits.counted("login", "anna") == 0


def test_i5_strangers_and_staff_without_the_right_get_a_problem(client, ben, settings, mailbox):
    settings.HBU_MONITOR_TOKEN = "a-token-of-the-watch"
    wrong = {"Authorization": "Bearer another"}
    for answer in (
        client.get("/api/system/health"),
        client.get("/api/system/health", headers=wrong),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
        assert "checks" not in answer.json()
    client.force_login(ben)
    assert client.get("/api/system/health").status_code == 403


def test_the_stats_count_every_state(client, receive, write_letter, make_order, open_case):
    receive(state="handled")
    receive(state="received", received_at=timezone.now() - timedelta(seconds=90))
    receive(state="handled", received_at=timezone.now() - timedelta(hours=2))
    write_letter(state="draft")
    make_order()
    open_case()
    stats = client.get("/stats").json()
    assert stats["emails"] == {
        "received": 1, "triaged": 0, "taken_in": 0, "handled": 2, "quarantined": 0, "dismissed": 0,
    }  # fmt: skip
    assert stats["outgoing"]["draft"] == 1
    assert stats["orders"]["CREATED"] == 1
    assert stats["cases"]["new"] == 1
    assert stats["mails_per_minute"] == pytest.approx(0.4)
    assert 90 <= stats["oldest_waiting_seconds"] < 100
