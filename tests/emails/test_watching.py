import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from emails.models import Delivery, Email, Mailbox
from emails.services import idling, intake, watching
from emails.sources.imap import SourceError
from hbu.company import schema
from hbu.journal.models import Event
from hbu.management import loading
from tests.incoming import OddServer, again, letter, listening

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 10, 19, 8, tzinfo=UTC)
AWAY = SourceError("While connecting: ConnectionRefusedError", broken=True)
REFUSED = SourceError("The server refused the login", refused=True)


def box(make_foreign):
    return make_foreign(1)


def waits(mailbox, error, times):
    """Fail some times in a row; return the minutes until the next look after each."""
    minutes = []
    for _ in range(times):
        watching.note_failure(mailbox, error)
        minutes.append((mailbox.next_poll_at - timezone.now()).total_seconds() / 60)
    return minutes


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


@time_machine.travel(MONDAY, tick=False)
def test_a8_a_server_that_is_away_is_tried_after_1_2_5_and_then_every_15_minutes(make_foreign):
    assert waits(box(make_foreign), AWAY, 7) == [1, 2, 5, 15, 15, 15, 15]
    assert kinds() == ["mailbox.failing"]


@time_machine.travel(MONDAY, tick=False)
def test_a8_a_refused_password_is_not_hammered(make_foreign):
    assert waits(box(make_foreign), REFUSED, 7) == [1, 2, 5, 15, 60, 60, 60]
    assert kinds() == ["mailbox.failing"]


def test_a8_beat_and_idle_together_log_in_few_times_an_hour_and_alarm_once(make_foreign):
    server = OddServer()
    server.refuses_login = "[AUTHENTICATIONFAILED] no"
    stop = threading.Event()
    with listening(server) as port, time_machine.travel(MONDAY, tick=False) as clock:
        mailbox = make_foreign(port)
        for _ in range(240):
            for due in Mailbox.objects.due(timezone.now()):
                intake.fetch(due)
            if not idling._must_wait(again(mailbox)):
                idling._turn(again(mailbox), stop)
            clock.shift(timedelta(seconds=15))
        assert 4 <= server.logins <= 12
        assert kinds() == ["mailbox.failing"]

        server.refuses_login = ""
        watching.try_now(mailbox)
        assert mailbox in Mailbox.objects.due(timezone.now())
        assert intake.fetch(again(mailbox)) == 0
    row = again(mailbox)
    assert (row.failing_since, row.failures, row.last_error) == (None, 0, "")
    assert kinds() == ["mailbox.failing", "mailbox.healthy"]


def test_a8_a_mailbox_without_a_password_says_so_without_a_login(make_foreign):
    with listening(OddServer()) as port:
        mailbox = make_foreign(port, password="")
        assert intake.fetch(mailbox) == 0
    assert again(mailbox).last_error == "No password is stored for this mailbox."


def test_failing_since_is_when_it_began(make_foreign):
    mailbox = box(make_foreign)
    with time_machine.travel(MONDAY, tick=False) as clock:
        watching.note_failure(mailbox, AWAY)
        clock.shift(timedelta(hours=3))
        watching.note_failure(again(mailbox), REFUSED)
    assert again(mailbox).failing_since == MONDAY
    assert again(mailbox).last_error == REFUSED.message


def test_a_failure_after_health_is_a_new_alarm(make_foreign):
    mailbox = box(make_foreign)
    for note in (AWAY, None, AWAY):
        watching.note_failure(mailbox, note) if note else watching.note_health(mailbox)
    assert kinds() == ["mailbox.failing", "mailbox.healthy", "mailbox.failing"]


def test_only_one_at_a_time_has_a_mailbox_and_a_lease_ends_by_itself(make_foreign):
    mailbox = box(make_foreign)
    with time_machine.travel(MONDAY, tick=False) as clock:
        first, second = again(mailbox), again(mailbox)
        assert watching.lease(first)
        assert not watching.lease(second)
        clock.shift(timedelta(seconds=61))
        assert watching.lease(second)
        # The first one was slow. It must not end what is the second's now.
        watching.prolong(first)
        watching.release(first)
        assert again(mailbox).lease_until == timezone.now() + timedelta(seconds=60)
        watching.release(second)
        assert again(mailbox).lease_until is None


def run_watcher(desk, until, seconds=8):
    """Watch the mailbox in a thread until something holds."""
    stop = threading.Event()
    watcher = threading.Thread(target=idling._watch, args=(desk.mailbox.pk, stop))
    watcher.start()
    held = False
    for _ in range(int(seconds / 0.05)):
        if held := until():
            break
        stop.wait(0.05)
    stop.set()
    watcher.join(10)
    return held


@pytest.mark.django_db(transaction=True)
def test_mail_comes_in_as_soon_as_the_server_speaks_of_it(desk, monkeypatch):
    monkeypatch.setattr(idling, "LOOK_SECONDS", 1)
    posted = []

    def second_came():
        count = Email.objects.count()
        if count == 1 and not posted:
            posted.append(desk.put(letter("while it idles")))
        return count == 2

    desk.put(letter("before it watches"))
    assert run_watcher(desk, second_came)
    connections.close_all()


def test_a_line_that_is_cut_while_it_waits_is_no_failure_of_the_mailbox(make_foreign, monkeypatch):
    monkeypatch.setattr(idling, "LOOK_SECONDS", 0)
    server = OddServer(letter())
    server.capabilities = "IMAP4rev1 IDLE"
    answer = server.answer
    server.answer = lambda command: None if command == "IDLE" else answer(command)
    with listening(server) as port:
        mailbox = make_foreign(port)
        idling._turn(mailbox, threading.Event())
    assert Email.objects.count() == 1
    assert again(mailbox).failing_since is None
    assert "mailbox.failing" not in kinds()


def test_a_server_without_idle_is_left_to_beat(make_foreign, monkeypatch):
    monkeypatch.setattr(idling, "TURN_SECONDS", 0)
    with listening(OddServer(letter())) as port:
        mailbox = make_foreign(port)
        idling._turn(mailbox, threading.Event())
    assert Email.objects.count() == 1
    assert again(mailbox).failing_since is None


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_is_switched_off_ends_its_watcher(desk):
    Mailbox.objects.update(is_active=False)
    watcher = threading.Thread(target=idling._watch, args=(desk.mailbox.pk, threading.Event()))
    watcher.start()
    watcher.join(5)
    assert not watcher.is_alive()


def test_each_due_mailbox_gets_a_task_of_its_own(make_foreign, monkeypatch):
    from emails import tasks

    rung = []
    monkeypatch.setattr(tasks.fetch, "delay", rung.append)
    due, failing, off = (box(make_foreign) for _ in range(3))
    watching.note_failure(failing, AWAY)
    Mailbox.objects.filter(pk=off.pk).update(is_active=False)
    tasks.fetch_due()
    assert rung == [due.pk]


def test_a_mailbox_that_moves_begins_anew_and_old_uids_hide_no_mail(make_foreign):
    old = OddServer(letter("known"), letter("old"))
    moved = OddServer(letter("new 1"), letter("new 2"))
    with listening(old) as old_port, listening(moved) as port:
        mailbox = make_foreign(old_port)
        assert intake.fetch(mailbox) == 2
        for expected in (2, 0):
            # The same server numbers again: UIDs 1 and 2 under the same UIDVALIDITY.
            Mailbox.objects.update(port=port)
            watching.begin_anew(again(mailbox))
            assert intake.fetch(again(mailbox)) == expected
    assert Email.objects.count() == 4
    assert Delivery.objects.count() == 6
    assert "mailbox.uidvalidity_changed" not in kinds()


def test_a6_a_mailbox_that_moves_takes_its_first_look_as_chosen(make_foreign):
    with listening(OddServer(letter())) as port, listening(OddServer(letter(), letter())) as other:
        mailbox = make_foreign(port, start="import")
        assert intake.fetch(mailbox) == 1
        Mailbox.objects.update(port=other)
        watching.begin_anew(again(mailbox))
        assert intake.fetch(again(mailbox)) == 2
    assert set(Email.objects.values_list("answerable", flat=True)) == {False}


@pytest.mark.parametrize(
    ("change", "moves"),
    [({"username": "other"}, True), ({"folder": "Work"}, True), ({"port": 143}, False)],
)
def test_a_company_file_that_moves_a_mailbox_lets_it_begin_anew(company, change, moves):
    cursor = {"uidvalidity": 7, "last_uid": 10}
    mailbox = Mailbox.objects.first()
    Mailbox.objects.filter(pk=mailbox.pk).update(**cursor, **change)
    loading.load(schema.read(settings.HBU_COMPANY_FILE))
    row = again(mailbox)
    assert (row.uidvalidity, row.last_uid) == ((None, 0) if moves else (7, 10))


@pytest.mark.parametrize(("folder", "cursor"), [("Work", (None, 0)), ("INBOX", (7, 10))])
def test_a_mailbox_that_is_moved_in_the_admin_begins_anew(
    make_foreign, admin_client, folder, cursor
):
    mailbox = make_foreign(143, uidvalidity=7, last_uid=10)
    names = ("address", "host", "security", "start", "after_storing", "archive_folder")
    form = {name: getattr(mailbox, name) for name in names}
    form |= {"department": mailbox.department_id, "port": 993, "folder": folder, "is_active": "on"}
    url = reverse("admin:emails_mailbox_change", args=[mailbox.pk])
    assert admin_client.post(url, form).status_code == 302
    row = again(mailbox)
    assert (row.port, row.folder, row.uidvalidity, row.last_uid) == (993, folder, *cursor)
