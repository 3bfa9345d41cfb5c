import errno
import os
import time
from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.services import flow
from emails.models import Attachment, Email
from emails.services import deciding, intake, stages, triage, upkeep
from emails.simulation import letters
from hbu.company import schema
from hbu.journal.models import Event
from hbu.lib import blobs
from tests.incoming import letter

pytestmark = pytest.mark.django_db
State = Email.State
HOSTILE = {
    "empty": b"",
    "only-line-ends": b"\r\n\r\n\r\n",
    "no-headers": b"just some words\r\n",
    "no-text": b"Subject: no text\r\n",
    "bare-cr": b"Subject: old mac\rFrom: a@b.example\r\rbody\r",
    "raw-8-bit": b"Subject: Gr\xfc\xdfe \xff\r\nFrom: \xe4@\xf6.example\r\n\r\n\x80\x81\xfe",
    "nul": b"Subject: nul\x00\r\nFrom: a\x00@b.example\r\n\r\nte\x00xt\x00",
    "surrogates": b"Subject: =?utf-8?b?7aCA?= =?utf-16?q?=D8=00?=\r\n\r\n\xed\xa0\x80",
    "odd-ids": b"Message-ID: <[>\r\nReferences: <<<>>>\r\nIn-Reply-To: \x00\r\n\r\nx",
    "brackets": b"To: " + b"(" * 3000 + b"\r\nFrom: " + b"<" * 3000 + b"\r\n\r\nx",
    "encoded-words": b"Subject: " + b"=?utf-8?q?=41?= " * 3000 + b"\r\n\r\nx",
    "unknown-charset": b"Content-Type: text/plain; charset=klingon\r\n\r\n\xe4\xf6\xfc",
    "broken-base64": b"Content-Transfer-Encoding: base64\r\n\r\n!!!!====",
    "no-boundary": b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\ny",
    "no-end": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\ny",
    "far-future": b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n\r\nx",
    "far-past": b"Date: Mon, 01 Jan 0001 00:00:00 +1400\r\n\r\nx",
    "long-everything": b"Subject: %b\r\nFrom: %b <a@b.example>\r\nMessage-ID: <%b@c>\r\n\r\n%b"
    % (b"s" * 9000, b"n" * 9000, b"i" * 9000, b"t" * 9000),
    "bad-file-name": b"Content-Type: application/x-%b; name=\"../\x00\xe2\x80\xae%b\"\r\n\r\nx"
    % (b"y" * 60, b"z" * 900),
    "bad-html": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5000 + b"\x00<script>",
}  # fmt: skip
TOO_COMPLEX = {
    "headers": b"X: y\r\n" * 300 + b"\r\nx",
    "head": b"X-Long: " + b"y" * 300_000 + b"\r\n\r\nx",
    "parts": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\ny\r\n" * 2000,
}


def receive(*raws, **fields):
    """Store mails as a fetch does; return the rows in their order."""
    now = timezone.now()
    arrivals = {
        number: intake.Arrival(raw, now, answerable=True) for number, raw in enumerate(raws)
    }
    rows = intake.store(None, arrivals)
    Email.objects.filter(pk__in=[row.pk for row in rows]).update(**fields) if fields else None
    return [Email.objects.get(pk=row.pk) for row in rows]


def work_off(rows, stage=triage.TRIAGE):
    stages.run(stage, [row.pk for row in rows])
    return [Email.objects.get(pk=row.pk) for row in rows]


def blob_files():
    return {path.name for path in settings.BLOBS_DIR.rglob("*") if path.is_file()}


def mixed(count, seed):
    company = schema.read(settings.HBU_COMPANY_FILE)
    written = letters.write(count, seed, datetime(2026, 10, 19, 8, tzinfo=timezone.get_current_timezone()), company)  # fmt: skip
    return [one.raw for one in written]


def test_a_letter_gets_its_verdict_its_route_and_their_reasons(company):
    raw = letter(
        "Bestellung 4711",
        "Bitte liefern Sie uns 500 Knöpfe, Artikel HB-1001.",
        Content_Type="text/plain; charset=utf-8",
    )
    (email,) = work_off(receive(raw))
    assert (email.state, email.kind, email.language) == (State.TRIAGED, "order", "de")
    assert email.department is not None
    assert email.reasons
    assert email.trace
    assert email.thread is not None
    assert Event.objects.get(kind="email.triaged").data["kind"] == "order"


def test_whatever_comes_ends_as_a_mail_and_hides_none_behind_it(company):
    rows = receive(*HOSTILE.values(), letter("behind them"))
    flow.carry_through([row.pk for row in rows])
    ended = {name: Email.objects.get(pk=row.pk) for name, row in zip(HOSTILE, rows, strict=False)}
    assert {name: email.error for name, email in ended.items() if email.state != "handled"} == {}
    assert Email.objects.get(pk=rows[-1].pk).state == State.HANDLED


def test_b4_nul_and_half_pairs_never_reach_the_database_and_the_original_is_kept(company):
    raw = (
        b"Subject: =?utf-8?b?b25l7aCAdHdvAA==?= \x00\r\nFrom: A\x00nna <anna@a.example>\r\n"
        b"Message-ID: <1\x00@a.example>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain; charset=utf-16-le\r\n\r\na\0\0\xd8b\0\0\0c\0\r\n"
        b"--x\r\nContent-Type: application/pdf; name*=utf-8''%ED%A0%80%00list.pdf\r\n\r\n\x00\r\n"
        b"--x--\r\n"
    )
    (email,) = work_off(receive(raw))
    attachment = email.attachments.get()
    assert (email.state, email.message_id, email.from_name) == (
        State.TRIAGED,
        "<1@a.example>",
        "Anna",
    )
    shown = f"{email.subject}{email.text}{email.html_safe}{email.from_name}{attachment.filename}"
    assert not [char for char in shown if char == "\x00" or 0xD800 <= ord(char) <= 0xDFFF]
    assert email.subject.startswith("one")
    assert attachment.filename.endswith("list.pdf")
    assert blobs.get(settings.BLOBS_DIR, email.raw_sha256) == raw


def test_a9_mails_too_complex_to_read_are_kept_in_quarantine_and_hide_none(company):
    *bad, good = work_off(receive(*TOO_COMPLEX.values(), letter("behind them")))
    assert good.state == State.TRIAGED
    for row, raw in zip(bad, TOO_COMPLEX.values(), strict=True):
        assert row.state == State.QUARANTINED
        assert row.error.startswith("TooComplex: ")
        assert blobs.get(settings.BLOBS_DIR, row.raw_sha256) == raw


@pytest.mark.parametrize(
    ("where", "stage"),
    [
        ("emails.services.deciding.parse", "triage"),
        ("emails.services.deciding.classify", "triage"),
        ("emails.services.deciding.routing.route", "triage"),
        ("emails.services.triage.attachment_rows", "triage"),
        ("emails.services.conversations.normalised_subject", "triage"),
        ("cases.services.opening.opens_a_case", "take in"),
        ("cases.services.briefing.read_order", "work"),
        ("cases.services.replying.recipient", "work"),
    ],
)
def test_a9_poison_in_any_step_is_quarantined_alone_and_retried_once_mended(
    company, monkeypatch, ben, where, stage
):
    from importlib import import_module

    from emails.services import quarantine

    parts = where.split(".")
    depth = next(n for n in range(len(parts), 0, -1) if _is_module(".".join(parts[:n])))
    owner = import_module(".".join(parts[:depth]))
    for name in parts[depth:-1]:
        owner = getattr(owner, name)
    sound = getattr(owner, parts[-1])

    def poisoned(*args, **kwargs):
        if any("POISON" in _shown(one) for one in args):
            raise RuntimeError("that was poison")
        return sound(*args, **kwargs)

    monkeypatch.setattr(owner, parts[-1], poisoned)
    order = "Bestellung {}: bitte liefern Sie 500 Stück HB-1001, danke."
    raws = [letter(order.format(n), order.format(n)) for n in range(6)]
    raws.insert(3, letter("Bestellung POISON", order.format("POISON")))
    rows = receive(*raws)
    flow.carry_through([row.pk for row in rows])
    states = [Email.objects.get(pk=row.pk).state for row in rows]
    assert states == [State.HANDLED] * 3 + [State.QUARANTINED] + [State.HANDLED] * 3
    bad = Email.objects.get(pk=rows[3].pk)
    assert bad.error == "RuntimeError: that was poison"
    assert Event.objects.get(kind="email.quarantined").data["stage"] == stage

    monkeypatch.undo()
    quarantine.retry(bad, by=ben)
    flow.carry_through([bad.pk])
    bad.refresh_from_db()
    assert (bad.state, bad.cases.count()) == (State.HANDLED, 1)


def _is_module(name):
    from importlib.util import find_spec

    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _shown(one):
    if isinstance(one, bytes):
        return one.decode("latin-1")
    return f"{one!r} {getattr(one, 'subject', '')} {getattr(one, 'text', '')}"


def test_a_mail_whose_file_is_missing_is_quarantined_with_clear_words(company):
    lost, good = receive(letter("lost"), letter("behind it"))
    blobs.path_of(settings.BLOBS_DIR, lost.raw_sha256).unlink()
    lost, good = work_off([lost, good])
    assert (lost.state, good.state) == (State.QUARANTINED, State.TRIAGED)
    assert lost.error == f"Missing: The file {lost.raw_sha256} is missing on disk."


def test_a13_a_full_disk_quarantines_nothing_and_triage_resumes(company, monkeypatch):
    raw = letter(Content_Type="application/pdf; name=order.pdf", text="no pdf at all")
    rows = receive(raw, letter())

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs, "put", full)
    for _ in range(5):
        with pytest.raises(OSError, match="No space"):
            stages.run(triage.TRIAGE, stages.overdue(timezone.now(), State.RECEIVED))
    monkeypatch.undo()
    assert [row.state for row in work_off(rows)] == [State.TRIAGED] * 2


def test_a14_files_of_a_rolled_back_row_are_cleared_after_a_day_and_no_other(company, monkeypatch):
    settings_dir = settings.BLOBS_DIR
    raw = letter(Content_Type="application/pdf; name=order.pdf", text="kept")
    (row,) = work_off(receive(raw))
    attachment = Attachment.objects.get(email=row)
    orphan = blobs.put(settings_dir, b"its row was rolled back")
    (settings_dir / "ab" / "cd").mkdir(parents=True, exist_ok=True)
    (settings_dir / "ab" / "cd" / "new-killed").write_bytes(b"half")
    young = blobs.put(settings_dir, b"its row is about to commit")
    yesterday = time.time() - 25 * 3600
    for path in settings_dir.rglob("*"):
        if path.is_file() and path.name != young:
            os.utime(path, (yesterday, yesterday))
    upkeep.clear_orphans(timezone.now())
    left = blob_files()
    assert {row.raw_sha256, attachment.sha256, young} <= left
    assert not {orphan, "new-killed"} & left
    assert upkeep.clear_orphans(timezone.now()) == 0


def test_a14_a_rolled_back_triage_leaves_no_row_and_can_run_again(company, monkeypatch):
    raw = letter(Content_Type="application/pdf; name=order.pdf", text="kept")
    (row,) = receive(raw)

    def dies(*_args):
        raise SystemExit

    monkeypatch.setattr(triage, "record_many", dies)
    with pytest.raises(SystemExit):
        work_off([row])
    assert (Attachment.objects.count(), Email.objects.get().state) == (0, State.RECEIVED)
    monkeypatch.undo()
    Email.objects.update(claimed_until=None)
    (row,) = work_off([row])
    assert (row.state, Attachment.objects.count()) == (State.TRIAGED, 1)


def test_a_second_worker_that_was_faster_is_not_overwritten(company):
    (row,) = receive(letter())
    held = [Email.objects.get(pk=row.pk)]
    work_off([row])
    Email.objects.update(kind="complaint")
    triage.triage(held)
    assert Email.objects.get().kind == "complaint"
    assert Event.objects.filter(kind="email.triaged").count() == 1


def test_deciding_writes_nothing(company):
    before, files = Event.objects.count(), blob_files()
    books = deciding.open_books()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        deciding.decide(mixed(8, 3), ["info@h-bu.de"] * 8, books)
    assert not [one for one in queries if not one["sql"].startswith("SELECT")]
    assert (Event.objects.count(), blob_files()) == (before, files)


def queries_for(count, seed, work):
    rows = receive(*mixed(count, seed))
    with CaptureQueriesContext(connection) as queries:
        work([row.pk for row in rows])
    assert not Email.objects.quarantined().exists()
    return len(queries)


def test_triage_of_many_mails_asks_no_more_than_of_few(company, settings):
    settings.HBU_CHUNK = 25

    def work(ids):
        stages.run(triage.TRIAGE, ids)

    # SQLite takes at most 999 values a statement: the row of 25 mails goes in two. And only among
    # many mails is a machine's notice, whose forerunners are looked for.
    assert queries_for(25, 2, work) <= queries_for(5, 1, work) + 2


def test_the_whole_flow_of_many_mails_asks_hardly_more_than_of_few(company, settings):
    settings.HBU_CHUNK = 25
    # A dozen, so that every kind of answer is among them, too.
    few, many = queries_for(12, 1, flow.carry_through), queries_for(25, 2, flow.carry_through)
    assert many <= few * 1.2


def test_rules_count_how_often_they_hit(company):
    from emails.models import RoutingRule

    rows = work_off(receive(*mixed(10, 7)))
    hits = [entry["rule_id"] for row in rows for entry in row.trace if entry["hit"]]
    assert hits
    for rule in RoutingRule.objects.all():
        assert rule.hits == hits.count(rule.pk)
        assert (rule.last_hit_at is not None) == (rule.pk in hits)
