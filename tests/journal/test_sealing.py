"""Nobody alters the journal unseen: the database refuses, and the chain tells what got past it."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from hbu.journal import sealing
from hbu.journal.models import Cursor, Event, Seal
from hbu.journal.recording import from_address, record
from hbu.lib.errors import DomainError

LATER = timezone.now() + timedelta(hours=1)


@pytest.fixture
def events(clara):
    with from_address("192.0.2.7"):
        made = [
            record("coffee.made", clara, actor=clara, cups=cup, for_whom="Jürgen")
            for cup in range(5)
        ]
    made.append(record("coffee.spilt", clara, cents=1.5, where={"b": [1, None], "a": "Büro"}))
    assert sealing.seal(timezone.now()) == len(made)
    return made


@contextmanager
def superuser():
    """Somebody who may do anything to the database takes the triggers off."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_%'"
            )
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        if sqlite:
            for _, sql in triggers:
                cursor.execute(sql)
        else:
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def told():
    return [str(one) for one in sealing.verify(timezone.now()).breaks]


def test_what_was_sealed_verifies_and_is_sealed_once(events):
    assert sealing.seal(timezone.now()) == 0
    report = sealing.verify(timezone.now())
    assert (report.sealed, report.number, report.breaks) == (6, 6, [])
    assert Event.objects.first().ip is None
    assert Event.objects.last().ip == "192.0.2.7"


REFUSED = [
    "UPDATE journal_event SET kind = 'x'",
    "DELETE FROM journal_event",
    "UPDATE journal_seal SET hash = 'x'",
    "DELETE FROM journal_seal",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_j4_the_database_refuses_raw_sql(events, statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert told() == []


def test_j4_sqlite_refuses_to_replace(events):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows no REPLACE")
    for table in ("journal_event", "journal_seal"):
        replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(replace)
    assert told() == []


def test_j4_postgresql_refuses_to_truncate(events):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_event, journal_seal")


def test_j4_the_orm_and_the_admin_refuse(events, clara, client):
    event = events[0]
    for attempt in (
        event.save, event.delete, Event.objects.all().delete,
        lambda: Event.objects.update(kind="x"),
    ):  # fmt: skip
        with pytest.raises(DomainError):
            attempt()
    plain = QuerySet(Event)
    for attempt in (lambda: plain.update(kind="x"), lambda: plain._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    client.force_login(clara)
    change = reverse("admin:journal_event_change", args=[event.pk])
    assert client.post(change, {"kind": "x"}).status_code == 403
    assert client.post(reverse("admin:journal_event_delete", args=[event.pk])).status_code == 403
    assert told() == []


@pytest.mark.parametrize(
    "change",
    ["kind = 'coffee.mabe'", "data = '{\"cups\": 4}'", "actor_id = NULL", "ip = '192.0.2.8'",
     "subject_id = 99", "at = '2020-01-01 00:00:00'"],
)  # fmt: skip
def test_j4_one_changed_byte_names_the_row(events, change):
    with superuser() as cursor:
        cursor.execute(f"UPDATE journal_event SET {change} WHERE id = {events[2].pk}")
    assert told() == [f"Event {events[2].pk} (seal 3) is not as it was sealed."]


def test_j4_a_changed_seal_is_named(events):
    with superuser() as cursor:
        cursor.execute(
            "UPDATE journal_seal SET hash = replace(hash, left_, 'x')".replace(
                "left_", "substr(hash, 1, 1)"
            )
            + " WHERE id = 2"
        )
    assert f"Event {events[1].pk} (seal 2) is not as it was sealed." in told()


@pytest.mark.django_db(transaction=True)
def test_j4_a_removed_row_is_named(events):
    victim = events[3].pk
    if connection.vendor == "sqlite":
        with superuser() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute(f"DELETE FROM journal_event WHERE id = {victim}")
            cursor.execute("PRAGMA foreign_keys = ON")
    else:
        with transaction.atomic(), superuser() as cursor:
            cursor.execute(f"DELETE FROM journal_event WHERE id = {victim}")
    assert told() == [f"Event {victim} (seal 4) is missing."]
    with transaction.atomic(), superuser() as cursor:
        cursor.execute("DELETE FROM journal_seal WHERE id = 4")
    assert told() == ["Seal 4 is missing, with whatever event it had."]
    with transaction.atomic(), superuser() as cursor:
        cursor.execute("DELETE FROM journal_seal")


def test_j4_a_chain_written_anew_is_told_by_a_head_that_was_kept(events):
    kept = sealing.verify(timezone.now())
    head = f"{kept.number}:{kept.head}"
    call_command("verify_journal", "--expect", head, stdout=StringIO())
    with superuser() as cursor:
        cursor.execute("DELETE FROM journal_seal")
        cursor.execute(f"UPDATE journal_event SET kind = 'x' WHERE id = {events[0].pk}")
    Cursor.objects.all().delete()
    sealing.seal(timezone.now())
    assert told() == []
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_journal", "--expect", head, stdout=out)
    assert "no seal 6" in out.getvalue()


def test_an_event_that_waits_too_long_for_its_seal_is_named(events, clara):
    late = record("coffee.made", clara)
    assert told() == []
    broken = sealing.verify(timezone.now() + timedelta(hours=1)).breaks
    assert [str(one) for one in broken] == [f"Event {late.pk} has waited too long for its seal."]


def test_late_commits_get_a_later_seal_and_what_is_settled_is_not_looked_at_again(events, clara):
    early, late = events[0].pk, record("coffee.made", clara)
    sealing.seal(LATER)
    assert Cursor.objects.get(pk="seal").event_id == late.pk
    assert Seal.objects.get(event=late).pk == 7
    assert early < late.pk


def test_the_command_prints_the_head_and_fails_loudly(events):
    out = StringIO()
    call_command("verify_journal", stdout=out)
    assert out.getvalue() == f"6 events verified, head 6:{Seal.objects.last().hash}\n"
    with superuser() as cursor:
        cursor.execute(f"UPDATE journal_event SET kind = 'x' WHERE id = {events[0].pk}")
    with pytest.raises(CommandError):
        call_command("verify_journal", stdout=StringIO())


def _write_and_seal(threads, each):
    user = get_user_model().objects.create_user("zoe")
    barrier, failures = threading.Barrier(threads + 2), []

    def run(work):
        try:
            barrier.wait()
            work()
        except Exception as error:  # told by the assertion below
            failures.append(error)
        finally:
            connection.close()

    def write():
        for cup in range(each):
            with transaction.atomic():
                record("coffee.made", user, cup=cup)

    def seal():
        for _ in range(10):
            sealing.seal(timezone.now())

    workers = [threading.Thread(target=run, args=[write]) for _ in range(threads)]
    workers += [threading.Thread(target=run, args=[seal]) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sealing.seal(timezone.now())
    assert failures == []
    report = sealing.verify(LATER)
    assert (report.breaks, report.sealed) == ([], threads * each)
    assert list(Seal.objects.order_by("pk").values_list("pk", flat=True)) == list(
        range(1, threads * each + 1)
    )


@pytest.mark.django_db(transaction=True)
def test_j4_concurrent_writers_and_two_sealers_keep_the_chain():
    _write_and_seal(threads=4, each=20)


@pytest.mark.load
@pytest.mark.django_db(transaction=True)
def test_j4_a_thousand_concurrent_writes_keep_the_chain():
    _write_and_seal(threads=20, each=50)


def test_the_page_tells_how_the_chain_stands(events, clara, client):
    client.force_login(clara)
    chain = reverse("admin:journal_event_chain")
    sealing.seal(timezone.now())
    assert f"7:{Seal.objects.last().hash}" in client.get(chain).content.decode()
    assert "7 events were verified." in client.post(chain).content.decode()
    with superuser() as cursor:
        cursor.execute(f"UPDATE journal_event SET kind = 'x' WHERE id = {events[0].pk}")
    page = client.post(chain).content.decode()
    assert f"Event {events[0].pk} (seal 1) is not as it was sealed." in page


def test_the_page_counts_what_waits_for_a_seal_though_the_newest_seal_is_of_an_older_event(
    events, client, clara
):
    client.force_login(clara)
    sealing.seal(timezone.now())
    late, early = record("coffee.made", clara), record("coffee.made", clara)
    for event in (early, late):
        Seal.objects.create(pk=Seal.objects.count() + 1, event=event, hash="x")
    record("coffee.made", clara)
    assert client.get(reverse("admin:journal_event_chain")).context["unsealed"] == 1


def test_the_journal_is_filtered_by_person_group_thing_and_address(events, clara, client):
    client.force_login(clara)
    page = reverse("admin:journal_event_changelist")
    for query, count in (
        ("group=login.", 1), ("group=config.", 0), ("about=auth.user", 7), ("ip__icontains=192.0.2", 5),
        (f"actor__id__exact={clara.pk}", 6), ("kind=coffee.spilt", 1),
    ):  # fmt: skip
        assert client.get(f"{page}?{query}").context["cl"].result_count == count, query
