import errno
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import OperationalError, connections
from django.utils import timezone

from emails.models import Delivery, Email, Mailbox
from emails.services import intake, ledger, watching
from hbu.journal.models import Event
from hbu.lib import blobs
from hbu.lib.errors import DomainError
from tests.emails.test_hub import send
from tests.explosions import no_explosion
from tests.incoming import OddServer, again, later, letter, listening, stalling_proxy

pytestmark = pytest.mark.django_db
MEGABYTE = 2**20


def subjects():
    from emails.parsing import parse

    def raw(email):
        from django.conf import settings

        return blobs.get(settings.BLOBS_DIR, email.raw_sha256)

    return [parse(raw(email)).subject for email in Email.objects.order_by("pk")]


def events(kind):
    return list(Event.objects.filter(kind=kind).order_by("pk"))


def test_a1_mail_is_flagged_only_after_it_is_stored(desk, monkeypatch):
    desk.put(letter(), letter())

    def power_cut(*_args):
        raise SystemExit

    monkeypatch.setattr(intake, "store", power_cut)
    with pytest.raises(SystemExit):
        intake.fetch(desk.mailbox)
    assert desk.seen() == []
    monkeypatch.undo()
    later()
    assert intake.fetch(again(desk.mailbox)) == 2
    assert desk.seen() == [1, 2]


def test_a1_a_crash_before_the_flags_repeats_the_flags_and_nothing_else(desk, monkeypatch):
    desk.put(letter())
    monkeypatch.setattr(ledger, "tell_server", lambda *_: None)
    assert intake.fetch(desk.mailbox) == 1
    monkeypatch.undo()
    assert desk.seen() == []
    assert intake.fetch(again(desk.mailbox)) == 0
    assert desk.seen() == [1]
    assert Email.objects.count() == 1


def test_a_second_fetch_stores_nothing_new(desk):
    desk.put(letter(), letter(), letter())
    assert intake.fetch(desk.mailbox) == 3
    assert intake.fetch(again(desk.mailbox)) == 0
    assert Email.objects.count() == Delivery.objects.count() == 3
    assert {row.attempts for row in Delivery.objects.all()} == {1}


def test_what_is_done_after_storing_is_a_choice(make_desk):
    for after, seen, left in (("leave", [], [1]), ("seen", [1], [1]), ("move", [], [])):
        desk = make_desk(after_storing=after)
        desk.put(letter())
        assert intake.fetch(desk.mailbox) == 1
        assert (desk.seen(), desk.uids()) == (seen, left)
    with desk.client() as client:
        client.select_folder("Archive")
        assert len(client.search()) == 1


@pytest.mark.django_db(transaction=True)
def test_a2_pollers_that_overlap_store_each_mail_once(desk):
    desk.put(*(letter(f"mail {n}") for n in range(30)))
    start = Barrier(4)

    def poll(_):
        try:
            start.wait()
            return intake.fetch(again(desk.mailbox))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(poll, range(4)))
    assert sum(count or 0 for count in counts) == 30
    assert Email.objects.count() == Delivery.objects.count() == 30
    assert len(events("email.received")) == 30
    assert desk.seen() == list(range(1, 31))


@pytest.mark.django_db(transaction=True)
def test_a2_even_without_a_lease_the_claims_keep_pollers_apart(desk, monkeypatch):
    monkeypatch.setattr(watching, "lease", lambda mailbox: mailbox.refresh_from_db() or True)
    desk.put(*(letter(f"mail {n}") for n in range(20)))
    start = Barrier(3)

    def poll(_):
        try:
            start.wait()
            return intake.fetch(again(desk.mailbox))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(poll, range(3)))
    assert sum(counts) == Email.objects.count() == Delivery.objects.count() == 20
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_a3_a_rebuilt_mailbox_brings_only_what_is_new(make_desk):
    desk = make_desk(folder="Desk")
    old = [letter(f"old {n}") for n in range(6)]
    desk.put(*old)
    assert intake.fetch(desk.mailbox) == 6
    with desk.client() as client:
        client.select_folder("INBOX")
        client.delete_folder("Desk")
    desk.put(*old[1:], letter("new 1"), letter("new 2"))
    assert intake.fetch(again(desk.mailbox)) == 2
    assert subjects()[-2:] == ["new 1", "new 2"]
    assert len(events("mailbox.uidvalidity_changed")) == 1
    assert intake.fetch(again(desk.mailbox)) == 0
    assert len(events("mailbox.uidvalidity_changed")) == 1


def test_a4_mail_that_somebody_else_read_first_comes_in_all_the_same(make_desk):
    desk = make_desk(after_storing="leave")
    desk.put(letter("read"), letter("answered"), flags=[b"\\Seen", b"\\Answered"])
    desk.put(letter("unread"))
    assert intake.fetch(desk.mailbox) == 3
    assert subjects() == ["read", "answered", "unread"]
    assert desk.seen() == [1, 2]


def test_a5_old_mail_is_worked_on_oldest_first_but_not_answered(desk):
    now = timezone.now()
    desk.put(letter("ten days"), at=now - timedelta(days=10))
    desk.put(letter("three days"), at=now - timedelta(hours=49))
    desk.put(letter("yesterday"), at=now - timedelta(hours=47))
    assert intake.fetch(desk.mailbox) == 3
    assert subjects() == ["ten days", "three days", "yesterday"]
    assert [email.answerable for email in Email.objects.order_by("pk")] == [False, False, True]


@pytest.mark.parametrize(
    ("start", "stored", "answerable"),
    [("new", 1, [True]), ("import", 4, [False, False, False, True]), ("all", 4, [True] * 4)],
)
def test_a6_the_first_look_takes_in_what_was_chosen(make_desk, start, stored, answerable):
    desk = make_desk(start=start)
    desk.put(*(letter(f"old {n}") for n in range(3)))
    intake.fetch(desk.mailbox)
    desk.put(letter("from now on"))
    intake.fetch(again(desk.mailbox))
    assert Email.objects.count() == stored
    assert [email.answerable for email in Email.objects.order_by("pk")] == answerable
    assert subjects()[-1] == "from now on"


@pytest.mark.parametrize("start", ["new", "import"])
def test_a3_a_rebuilt_mailbox_gets_no_answer_to_what_was_before_our_time(make_desk, start):
    desk = make_desk(folder="Desk", start=start)
    now = timezone.now()
    old = [letter("old 1"), letter("old 2")]
    desk.put(*old, at=now - timedelta(hours=2))
    intake.fetch(desk.mailbox)
    with desk.client() as client:
        client.select_folder("INBOX")
        client.delete_folder("Desk")
    Mailbox.objects.update(last_polled_at=now - timedelta(hours=1))
    desk.put(*old, at=now - timedelta(hours=2))
    desk.put(letter("while nobody looked"), at=now - timedelta(minutes=5))
    intake.fetch(again(desk.mailbox))
    desk.put(letter("from now on"))
    intake.fetch(again(desk.mailbox))
    assert [email.answerable for email in Email.objects.order_by("pk")] == [
        False,
        False,
        True,
        True,
    ]
    assert len(events("mailbox.uidvalidity_changed")) == 1


@pytest.mark.parametrize("after", [0, 400, 20_000])
def test_a7_a_server_that_hangs_is_noted_and_delays_nobody(
    hub, desk, make_desk, make_foreign, settings, after
):
    settings.HBU_MAIL_TIMEOUT_SECONDS = 0.3
    healthy = make_desk()
    healthy.put(letter("in time"))
    desk.put(letter("large", "x" * 40_000))
    with stalling_proxy(hub.imap_port, after) as port:
        hanging = make_foreign(port, username=desk.address, password=settings.HBU_HUB_PASSWORD)
        assert intake.fetch(hanging) == 0
    assert intake.fetch(healthy.mailbox) == 1
    row = again(hanging)
    assert row.failing_since is not None
    assert row.lease_until is None
    assert "imeout" in row.last_error or "timed out" in row.last_error
    assert again(healthy.mailbox).failing_since is None
    assert desk.seen() == []


def test_a9_a_mail_over_which_the_server_hangs_up_takes_no_other_with_it(make_foreign):
    server = OddServer(*(letter(f"mail {n}") for n in range(1, 6)))
    server.dies_over = {3}
    with listening(server) as port:
        mailbox = make_foreign(port)
        assert intake.fetch(mailbox) == 0
        assert Email.objects.count() == 0
        assert again(mailbox).failing_since is not None
        for _ in range(2):
            later()
            intake.fetch(again(mailbox))
        assert subjects() == ["mail 1", "mail 2", "mail 4", "mail 5"]
        server.mails[6] = letter("mail 6")
        later()
        intake.fetch(again(mailbox))
    assert subjects() == ["mail 1", "mail 2", "mail 4", "mail 5", "mail 6"]
    assert Delivery.objects.get(uid=3).state == Delivery.State.FAILED
    assert again(mailbox).failing_since is None


def test_a9_one_mail_that_a_server_cannot_give_holds_up_no_other(make_foreign, ben):
    server = OddServer(*(letter(f"mail {n}") for n in range(1, 6)))
    server.cannot_give = {3}
    with listening(server) as port:
        mailbox = make_foreign(port)
        assert intake.fetch(mailbox) == 4
        assert again(mailbox).failing_since is None
        for _ in range(4):
            later()
            intake.fetch(again(mailbox))
        row = Delivery.objects.get(uid=3)
        assert (row.state, row.attempts) == (Delivery.State.FAILED, 3)
        assert row.error == "The server did not give this mail."
        assert [event.subject_id for event in events("delivery.failed")] == [row.pk]

        server.cannot_give = set()
        intake.fetch(again(mailbox))
        assert Email.objects.count() == 4
        ledger.retry(row, by=ben)
        assert intake.fetch(again(mailbox)) == 1
    assert subjects()[-1] == "mail 3"
    row.refresh_from_db()
    assert (row.state, row.error) == (Delivery.State.STORED, "")
    assert events("delivery.retried")[0].actor == ben
    with pytest.raises(DomainError):
        ledger.retry(row, by=ben)


def test_a9_a_mail_that_kills_its_worker_each_time_is_left_to_a_person(desk, monkeypatch):
    desk.put(letter("fatal"), letter("harmless"))
    store = intake.store

    def dies(mailbox, arrivals, deliveries):
        if any(b"fatal" in arrival.raw for arrival in arrivals.values()):
            raise SystemExit
        return store(mailbox, arrivals, deliveries)

    monkeypatch.setattr(intake, "store", dies)
    for _ in range(5):
        later()
        try:
            intake.fetch(again(desk.mailbox))
        except SystemExit:
            continue
    assert subjects() == ["harmless"]
    row = Delivery.objects.get(uid=1)
    assert (row.state, row.attempts) == (Delivery.State.FAILED, 3)
    assert row.error == "Bringing in this mail was cut off three times."
    assert len(events("delivery.failed")) == 1


def test_a10_what_counts_is_the_mail_not_its_message_id(desk):
    same_id = {"Message_ID": "<same@atelier-nord.example>"}
    twice = letter("the very same")
    prefix = "x" * 192
    desk.put(
        letter("no id 1", Message_ID=None),
        letter("no id 2", Message_ID=None),
        letter("same id 1", **same_id),
        letter("same id 2", **same_id),
        twice,
        twice,
        letter("long 1", Message_ID=f"<{prefix}1@a.example>"),
        letter("long 2", Message_ID=f"<{prefix}2@a.example>"),
    )
    assert intake.fetch(desk.mailbox) == 7
    assert Delivery.objects.filter(state="stored").count() == 8
    assert subjects().count("the very same") == 1


def test_a11_one_mail_to_three_mailboxes_is_one_mail_with_three_deliveries(hub, make_desk):
    desks = [make_desk() for _ in range(3)]
    raw = letter("to all of you")
    for desk in desks:
        # One by one, as the servers of three domains would: the trace lines differ.
        send(hub, desk.address, raw, sender=f"bounce+{desk.address.replace('@', '=')}@a.example")
    assert [intake.fetch(desk.mailbox) for desk in desks] == [1, 0, 0]
    email = Email.objects.get()
    assert email.deliveries.count() == 3
    assert len(events("email.received")) == 1


@pytest.mark.parametrize(
    "trace",
    [
        b"Return-Path: <x@a.example>\r\nReceived: from mx\r\n\tby hub; Mon\r\n",
        b"DELIVERED-TO: sales@h-bu.de\r\nX-Spam-Status: No, score=-1\r\n tests=NONE\r\n",
        b"X-MS-Exchange-Organization-Network-Message-Id: 1234\r\nReceived-SPF: pass\r\n",
        b"ARC-Seal: i=1; a=rsa-sha256;\r\n cv=none\r\nAuthentication-Results: mx; spf=pass\r\n",
        b"",
    ],
)
def test_transport_changes_nothing_in_a_fingerprint(trace):
    raw = letter("the same")
    assert intake.fingerprint(trace + raw) == intake.fingerprint(raw)
    assert intake.fingerprint((trace + raw).replace(b"\r\n", b"\n")) == intake.fingerprint(raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (letter("a"), letter("a", "b")),
        (b"Received: x\rSubject: one\r\rbody", b"Received: x\rSubject: two\r\rbody"),
        (b"Subject: a\n\nbody", b"Subject: b\n\nbody"),
        (b"", b"x"),
        (b"\r\n\r\none", b"\r\n\r\ntwo"),
        (b"Received: " + b"x" * 300_000 + b"1\n\n", b"Received: " + b"x" * 300_000 + b"2\n\n"),
    ],
)
def test_two_mails_never_share_a_fingerprint(one, other):
    assert intake.fingerprint(one) != intake.fingerprint(other)


def test_a_fingerprint_of_a_hostile_head_takes_no_time():
    raw = b"Received: " + b"\r\n \r" * 60_000 + b"X"
    with no_explosion():
        intake.fingerprint(raw)


def test_a12_a_mail_beyond_the_limit_leaves_its_text_on_the_server(desk, settings):
    settings.HBU_MAX_MAIL_BYTES = MEGABYTE
    desk.put(letter("first"), letter("heavy", "x" * (2 * MEGABYTE)), letter("last"))
    assert intake.fetch(desk.mailbox) == 3
    assert sorted(subjects()) == ["first", "heavy", "last"]
    row = Delivery.objects.get(uid=2)
    assert row.state == Delivery.State.OVERSIZE
    assert row.size > 2 * MEGABYTE > row.email.size
    assert row.email.defects == [f"The text stays on the server, it is too large: {row.size}"]
    assert intake.fetch(again(desk.mailbox)) == 0
    assert desk.seen() == [1, 2, 3]


def test_a12_memory_holds_a_few_large_mails_at_once_and_no_more(desk, settings, monkeypatch):
    settings.HBU_MAX_MAIL_BYTES = MEGABYTE
    desk.put(*(letter(f"{n}", "x" * 400_000) for n in range(6)))
    held = []
    store = intake.store

    def weigh(mailbox, arrivals, deliveries):
        held.append(sum(len(one.raw) for one in arrivals.values()))
        return store(mailbox, arrivals, deliveries)

    monkeypatch.setattr(intake, "store", weigh)
    assert intake.fetch(desk.mailbox) == 6
    assert max(held) <= MEGABYTE
    assert len(held) == 3


def full(*_args):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a13_a_full_disk_flags_nothing_and_costs_no_attempt(desk, monkeypatch):
    desk.put(letter(), letter())
    monkeypatch.setattr(blobs, "put", full)
    for _ in range(5):
        assert intake.fetch(again(desk.mailbox)) == 0
    assert again(desk.mailbox).last_error == "The mail could not be kept: No space left on device"
    assert Email.objects.count() == 0
    assert desk.seen() == []
    monkeypatch.undo()
    assert intake.fetch(again(desk.mailbox)) == 2
    assert again(desk.mailbox).failing_since is None
    assert desk.seen() == [1, 2]


def test_a13_a_database_that_cannot_write_flags_nothing_and_costs_no_attempt(desk, monkeypatch):
    desk.put(letter())

    def read_only(*_args):
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(ledger, "settle", read_only)
    for _ in range(5):
        with pytest.raises(OperationalError):
            intake.fetch(again(desk.mailbox))
    assert desk.seen() == []
    monkeypatch.undo()
    assert intake.fetch(again(desk.mailbox)) == 1


def test_a15_the_servers_clock_counts_and_never_runs_ahead_of_ours(desk):
    with time_machine.travel(datetime(2026, 10, 25, 3, tzinfo=UTC), tick=False):
        # The hour that Berlin has twice: 02:30 in summer, then 02:30 in winter.
        moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
        for moment in moments:
            desk.put(letter(Date="Fri, 31 Dec 2099 23:59:59 +0000"), at=moment)
        desk.put(letter(Date="99 Foo"), at=datetime(2099, 1, 1, tzinfo=UTC))
        desk.put(letter(Date=None), at=datetime(1970, 1, 2, tzinfo=UTC))
        assert intake.fetch(desk.mailbox) == 4
        received = [email.received_at for email in Email.objects.order_by("pk")]
        assert received == [*moments, timezone.now(), datetime(1970, 1, 2, tzinfo=UTC)]


def test_an_empty_mail_comes_in_as_a_mail(make_foreign):
    with listening(OddServer(b"", letter("behind it"))) as port:
        assert intake.fetch(make_foreign(port)) == 2
    assert subjects() == ["", "behind it"]


def test_a_server_that_refuses_flags_holds_up_no_mail(make_foreign, settings):
    settings.HBU_FETCH_BATCH = 2
    server = OddServer(*(letter(f"mail {n}") for n in range(5)))
    server.refuses_flags = True
    with listening(server) as port:
        mailbox = make_foreign(port)
        intake.fetch(mailbox)
    assert Email.objects.count() == 5
    assert "marking mail as read" in again(mailbox).last_error


def test_a_server_that_gossips_confuses_nobody(make_foreign):
    server = OddServer(letter("one"), letter("two"))
    server.gossip = b"* 9 FETCH (FLAGS (\\Seen))\r\n* 9 EXISTS\r\n* OK [ALERT] tea is ready\r\n"
    with listening(server) as port:
        assert intake.fetch(make_foreign(port)) == 2
    assert subjects() == ["one", "two"]


def test_a6_from_now_on_is_found_without_uidnext_too(make_foreign):
    server = OddServer(letter("old"), letter("old"))
    server.select = "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n"
    with listening(server) as port:
        mailbox = make_foreign(port, start=Mailbox.Start.NEW)
        assert intake.fetch(mailbox) == 0
        server.mails[3] = letter("new")
        assert intake.fetch(again(mailbox)) == 1
    assert subjects() == ["new"]


def test_a_server_without_uidvalidity_is_a_failure_in_words(make_foreign):
    server = OddServer(letter())
    server.select = "* 1 EXISTS\r\n"
    with listening(server) as port:
        mailbox = make_foreign(port)
        assert intake.fetch(mailbox) == 0
    assert "UIDVALIDITY" in again(mailbox).last_error


def test_a_mailbox_that_was_switched_off_is_left_alone(desk):
    from emails import tasks

    desk.put(letter())
    Mailbox.objects.filter(pk=desk.mailbox.pk).update(is_active=False)
    tasks.fetch(desk.mailbox.pk)
    tasks.fetch(0)
    assert Email.objects.count() == 0
    assert desk.mailbox not in Mailbox.objects.due(timezone.now())
