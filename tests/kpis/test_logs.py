import json
import logging
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as house
from django.db import DatabaseError
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from agents.registry import ROLES
from cases.services.flow import carry_through
from emails.models import Mailbox, OutgoingEmail
from emails.services import intake, outbox
from emails.services.intake import Arrival
from hbu import watched_tasks
from hbu.celery import app
from hbu.lib import logs, tracing
from hbu.lib.tracing import trace_of
from hbu.tasks import heartbeat
from tests.factories import company as demo
from tests.outgoing.sinks import Sink, running

CANARY = "canary-4711"
ORDER = (
    "From: Anna Amann <anna.amann@amann.example>\r\nTo: info@h-bu.de\r\n"
    "Subject: Do you have buttons?\r\nMessage-ID: <1@amann.example>\r\n\r\n"
    f"Do you have blue buttons? Our word is {CANARY}.\r\n"
)


@pytest.fixture(autouse=True)
def _nothing_bound():
    tracing.begin()


@pytest.fixture
def company(db):
    demo.load()


@pytest.fixture
def written():
    """What the log's file got since the test began."""
    path = house.LOGS_DIR / logs.NAME
    start = path.stat().st_size if path.exists() else 0

    def written():
        with path.open("rb") as file:
            file.seek(start)
            return [json.loads(line) for line in file]

    return written


@pytest.fixture
def sink(settings):
    settings.HBU_SMTP_HOST, settings.HBU_SMTP_SECURITY = "127.0.0.1", "none"
    with running(Sink()) as sink:
        settings.HBU_SMTP_PORT = sink.port
        yield sink


def one_line(record_level, message, *words, form="lines", secrets=(), **kwargs):
    """Return what the formatter makes of a record."""
    config = logs.config(Path("/nowhere"), form=form, level="INFO", secrets=secrets)
    formatter = dict(config["formatters"][form])
    made = formatter.pop("()")(**formatter)
    record = logging.getLogger("emails.services.x").makeRecord(
        "emails.services.x", record_level, "x.py", 1, message, words, kwargs.get("exc_info"),
        extra=kwargs.get("extra"),
    )  # fmt: skip
    return made.format(record)


def test_one_id_leads_from_the_mail_to_its_answer(company, sink, written, client, clara, settings):
    # Another one than that of the other tests: they write into the same log.
    raw = ORDER.replace("<1@", "<the-only-one@").encode()
    arrival = Arrival(raw, timezone.now(), answerable=True)
    (mail,) = intake.store(None, {1: arrival})
    carry_through([mail.pk])
    letters = OutgoingEmail.objects.filter(answers=mail)
    outbox.send(letters.values_list("pk", flat=True))
    assert len(sink.letters) == 1
    chain = [line for line in written() if line.get("trace") == trace_of(mail.fingerprint)]
    assert [line["stage"] for line in chain if "stage" in line] == [
        "fetch",
        "triage",
        "take_in",
        "work",
        "send",
    ]
    client.force_login(clara)
    page = client.get("/logs/", {"trace": trace_of(mail.fingerprint)})
    assert [one.facts["stage"] for one in page.context["entries"] if "stage" in one.facts] == [
        "send", "work", "take_in", "triage", "fetch",
    ]  # fmt: skip


def test_mails_of_one_chunk_are_all_named(company, written):
    raws = {number: ORDER.replace("<1@", f"<{number}@").encode() for number in (2, 3)}
    mails = intake.store(
        None, {key: Arrival(raw, timezone.now(), answerable=False) for key, raw in raws.items()}
    )
    carry_through([mail.pk for mail in mails])
    traces = {trace_of(mail.fingerprint) for mail in mails}
    assert {line["stage"] for line in written() if traces == set(line.get("traces", ()))} >= {
        "fetch", "triage", "take_in",
    }  # fmt: skip


def test_f17_no_body_no_address_no_forged_line(company, sink, written):
    raw = ORDER.replace("Do you have buttons?", "Hi =?utf-8?q?=0D=0A2026_ERROR_forged?=")
    arrival = Arrival(raw.encode(), timezone.now(), answerable=True)
    (mail,) = intake.store(None, {1: arrival})
    logging.getLogger("emails").info("About %s of %s", mail.subject, mail.from_address)
    carry_through([mail.pk])
    outbox.send(OutgoingEmail.objects.values_list("pk", flat=True))
    text = json.dumps(written())
    assert CANARY not in text
    assert "anna.amann@" not in text


@pytest.mark.parametrize("form", ["json", "lines"])
def test_f17_what_somebody_wrote_begins_no_line(form):
    said = one_line(
        logging.INFO,
        "Subject %s",
        "a\r\n12:00:00 ERROR forged\x1b[31m\u2028\x85\u202ex\ud800",
        form=form,
    )
    assert len(said.splitlines()) == 1
    assert not {"\x1b", "\u202e", "\ud800"} & {*said}
    assert said.encode()


def test_f17_an_error_is_indented_and_short():
    try:
        raise ValueError(f"x\n12:00:00 ERROR forged\n{'y' * 5000}")
    except ValueError:
        said = one_line(logging.ERROR, "Oops", exc_info=sys.exc_info())
    first, *rest = said.splitlines()
    assert first.endswith("Oops")
    assert all(line.startswith("    ") for line in rest)
    assert "y" * 301 not in said


def test_f17_an_error_does_not_quote_the_mail_over_which_it_stumbled():
    class Wanted(BaseModel):
        count: int

    try:
        Wanted(count=f"{CANARY} pieces")
    except ValidationError:
        said = one_line(logging.ERROR, "Oops", exc_info=sys.exc_info())
    assert CANARY not in said
    assert "input_value=•••" in said
    try:
        raise DatabaseError(f"violates a constraint\nDETAIL:  Failing row contains ({CANARY}).")
    except DatabaseError:
        said = one_line(logging.ERROR, "Oops", exc_info=sys.exc_info())
    assert "violates a constraint" in said
    assert CANARY not in said


def test_what_goes_wrong_at_a_mail_carries_its_id(company, written, monkeypatch):
    def fails(_brief):
        raise RuntimeError("a wrong head")

    monkeypatch.setattr("agents.services.consulting.ROLES", dict.fromkeys(ROLES, fails))
    arrival = Arrival(ORDER.encode(), timezone.now(), answerable=True)
    (mail,) = intake.store(None, {1: arrival})
    carry_through([mail.pk])
    failed = [line for line in written() if line["level"] == "error"]
    assert [line["trace"] for line in failed] == [trace_of(mail.fingerprint)]


def test_f17_addresses_are_shortened_at_every_level():
    for level in (logging.INFO, logging.ERROR):
        said = one_line(level, "From %s", "Anna <anna.amann@mail.amann.example>")
        assert "a…@mail.amann.example" in said
        assert "anna.amann" not in said


@pytest.mark.parametrize(
    "text",
    [
        f"AUTH failed for x, password={CANARY}",
        f"{{'password': '{CANARY}', 'user': 'x'}}",
        f'"token": "{CANARY}"',
        f"Authorization: Bearer {CANARY}",
        f"Bearer {CANARY}",
        f"Cookie: sessionid={CANARY}",
        f"redis://hbu:{CANARY}@broker:6379/0",
        f"HBU_SMTP_PASSWORD={CANARY}",
    ],
)
def test_c6_secrets_are_masked(text):
    assert CANARY not in one_line(logging.WARNING, text)


def test_c6_what_the_settings_know_as_secret_is_masked_wherever_it_stands():
    said = one_line(logging.WARNING, f"the server said: {CANARY}?", secrets=[CANARY, ""])
    assert said.endswith("the server said: •••?")


def test_c6_values_of_variables_are_never_told():
    def login(password):
        raise OSError("The line broke.")

    try:
        login(CANARY)
    except OSError:
        said = one_line(logging.ERROR, "Oops", form="json", exc_info=sys.exc_info())
    assert CANARY not in said
    assert "The line broke." in said


def test_c6_a_refused_smtp_password_is_not_in_the_log(settings, written, write_letter):
    settings.HBU_SMTP_HOST, settings.HBU_SMTP_SECURITY = "127.0.0.1", "none"
    settings.HBU_SMTP_USER, settings.HBU_SMTP_PASSWORD = "desk", CANARY
    with running(Sink(answers={"AUTH": f"535 no {CANARY}"}), passwords=True) as sink:
        settings.HBU_SMTP_PORT = sink.port
        letter = write_letter(state="queued", next_attempt_at=timezone.now())
        outbox.send([letter.pk])
    letter.refresh_from_db()
    assert letter.state == "retrying"
    assert CANARY not in json.dumps(written())


def test_c6_a_refused_mailbox_password_is_not_in_the_log(written, department, settings):
    mailbox = Mailbox.objects.create(
        address="orders@h-bu.de", department=department, host="127.0.0.1", port=1, password=CANARY
    )
    intake.fetch(mailbox)
    mailbox.refresh_from_db()
    assert mailbox.failing_since
    assert CANARY not in json.dumps(written())


def test_libraries_attach_nothing_that_is_not_named():
    said = json.loads(
        one_line(logging.INFO, "x", form="json", extra={"request": "<secret>", "count": 3})
    )
    assert said["count"] == 3
    assert "request" not in said


def test_a_request_has_an_id_that_its_lines_and_its_tasks_carry(client, written, db):
    answer = client.get("/nowhere/at/all/", headers={"X-Request-ID": "proxy-4711"})
    assert answer["X-Request-ID"] == "proxy-4711"
    assert [line["request_id"] for line in written() if "Not Found" in line["event"]] == [
        "proxy-4711"
    ]
    tracing.begin(request_id="proxy-4711")
    heartbeat.delay()
    with app.connection_for_read() as line:
        rung = iter(lambda: line.default_channel.basic_get("default", no_ack=True), None)
        # Other tests rang as well.
        headers = [one.headers for one in rung if one.headers["task"] == heartbeat.name][-1]
    tracing.begin()
    heartbeat.push_request(**headers)
    try:
        watched_tasks.begin(task_id="1", task=heartbeat)
        assert tracing.current("request_id") == "proxy-4711"
        assert tracing.current("task") == "hbu.heartbeat"
    finally:
        watched_tasks.end(task_id="1", task=heartbeat, state="SUCCESS")
        heartbeat.pop_request()
    assert tracing.current("request_id") == ""


@pytest.mark.parametrize("said", ["", "short", "x" * 65, "a b c d e f g h", "abcdefgh\x00", "<script>alert(1)</script>"])  # fmt: skip
def test_an_id_that_is_none_is_replaced(client, said, db):
    given = client.get("/health/live", headers={"X-Request-ID": said})["X-Request-ID"]
    assert given != said
    assert len(given) == 32


WRITER = """
import logging, sys
from hbu.lib.logs import SharedFile
file = SharedFile(sys.argv[1], most_bytes=20_000, files=3)
file.setFormatter(logging.Formatter('{"event": "%(message)s"}'))
logger = logging.getLogger("x")
logger.addHandler(file)
for number in range(300):
    logger.warning("%s %s %s", sys.argv[2], number, "x" * 100)
"""


def test_many_processes_write_one_file_of_bounded_size(tmp_path):
    path = tmp_path / "logs" / "house.jsonl"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)])
        for number in range(3)
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    files = sorted(path.parent.glob("house.jsonl*"))
    assert len(files) == 3
    for file in files:
        assert file.stat().st_size < 21_000
        assert file.stat().st_mode & 0o077 == 0
        for line in file.read_text().splitlines():
            json.loads(line)


def test_a_file_that_has_just_been_moved_on_costs_no_line(tmp_path, monkeypatch):
    """It was there when it was looked for, and not any more when it was measured."""
    monkeypatch.setattr(Path, "exists", lambda _path: True)
    path = tmp_path / "house.jsonl"
    with closing(logs.SharedFile(str(path))) as file:
        file.handle(logging.makeLogRecord({"msg": "kept"}))
    assert path.read_text() == "kept\n"


def test_a_disk_that_refuses_costs_lines_and_never_work(tmp_path):
    (tmp_path / "file").touch()
    handler = logs.SharedFile(str(tmp_path / "file" / "house.jsonl"))
    handler.handle(logging.makeLogRecord({"msg": "x"}))
