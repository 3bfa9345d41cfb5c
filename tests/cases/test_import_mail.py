import json
import mailbox
import os
from datetime import datetime
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from emails.models import Email, OutgoingEmail
from emails.parsing import parse
from emails.services import intake
from emails.simulation import letters
from hbu.company import schema
from hbu.lib import blobs
from orders.models import Order
from tests.emails.test_triage_service import HOSTILE, TOO_COMPLEX
from tests.incoming import letter

pytestmark = pytest.mark.django_db

MAIL_KEYS = [
    "path", "message_id", "from", "to", "cc", "subject", "date", "text", "html", "html_safe",
    "reply_text", "attachments", "automatic", "bounce", "verdict", "route", "state", "error",
]  # fmt: skip
WORK_KEYS = ["thread", "case", "order", "reply"]
VERDICT_KEYS = [
    "kind", "priority", "language", "customer", "oem", "confidence", "reasons", "sentiment",
    "deadlines", "amounts",
]  # fmt: skip
ROUTE_KEYS = ["department", "address", "rule", "sla", "trace"]


def run(*paths, dry_run=False, **options):
    """Import paths; return an object a mail."""
    out = StringIO()
    options = {"json": True, "dry_run": dry_run} | options
    call_command("import_mail", *map(str, paths), stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def save(folder, *raws):
    paths = []
    for number, raw in enumerate(raws):
        paths.append(folder / f"{number:02}.eml")
        paths[-1].write_bytes(raw)
    return paths


def written(count, seed, **options):
    company = schema.read(settings.HBU_COMPANY_FILE)
    return letters.write(count, seed, timezone.now(), company, **options)


def everything():
    """How many rows each table has, and which files there are."""
    rows = {model._meta.label: model._base_manager.count() for model in apps.get_models()}
    return rows, sorted(path for path in settings.BLOBS_DIR.rglob("*") if path.is_file())


def test_an_order_letter_becomes_an_order_and_an_answer(company, tmp_path):
    (order,) = written(1, 5, only=["order_pdf_classic.de"])
    (one,) = run(*save(tmp_path, order.raw), mailbox="orders@h-bu.de")
    email = Email.objects.get()
    assert list(one) == MAIL_KEYS + WORK_KEYS
    assert list(one["verdict"]) == VERDICT_KEYS
    assert list(one["route"]) == ROUTE_KEYS
    assert list(one["from"]) == ["name", "address"]
    assert list(one["attachments"][0]) == ["filename", "content_type", "size", "sha256"]
    assert list(one["reply"]) == ["template", "score", "state"]
    assert (one["state"], one["error"], one["automatic"]) == ("handled", None, None)
    assert one["verdict"]["kind"] == "order"
    assert one["case"] == email.cases.get().number
    assert one["thread"] == email.thread_id
    assert one["order"]["number"] == Order.objects.get().number
    assert one["reply"]["state"] == OutgoingEmail.objects.get().state
    assert email.mailbox.address == "orders@h-bu.de"
    assert blobs.get(settings.BLOBS_DIR, email.raw_sha256) == order.raw


def test_a_trial_run_writes_nothing_at_all(company, tmp_path):
    save(tmp_path, *(one.raw for one in written(12, 6)), *HOSTILE.values(), *TOO_COMPLEX.values())
    before = everything()
    described = run(tmp_path, dry_run=True)
    assert everything() == before
    assert len(described) == 12 + len(HOSTILE) + len(TOO_COMPLEX)
    assert all(list(one) == MAIL_KEYS for one in described)


def test_a_trial_run_and_the_real_one_say_the_same(company, tmp_path):
    save(tmp_path, *(one.raw for one in written(15, 7)))
    trial, real = run(tmp_path, dry_run=True), run(tmp_path)
    for one, other in zip(trial, real, strict=True):
        assert (one.pop("state"), other.pop("state")) == ("triaged", "handled")
        assert one == {key: other[key] for key in one}


def test_what_machines_and_mailers_say_is_described(company, tmp_path):
    (bounce,) = written(1, 8, only=["bounce.de"])
    vacation = letter("Out of office", Auto_Submitted="auto-replied")
    list_mail = letter("News", List_Id="<news.example>", Precedence="bulk")
    described = run(*save(tmp_path, bounce.raw, vacation, list_mail), dry_run=True)
    assert [one["automatic"] for one in described] == ["bounce", "auto_reply", "bulk"]
    assert list(described[0]["bounce"]) == [
        "final_recipients", "status", "original_message_id", "reason", "permanent", "diagnostic",
    ]  # fmt: skip
    assert described[1]["bounce"] is None


def test_html_is_told_as_it_was_sent_and_as_it_is_safe(company, tmp_path):
    html = "<p onclick=x>Grüße</p><script>alert(1)</script>"
    raw = letter(text=html, Content_Type="text/html; charset=utf-8")
    (one,) = run(*save(tmp_path, raw), dry_run=True)
    assert one["html"].strip() == html
    assert "script" not in one["html_safe"] and "onclick" not in one["html_safe"]  # noqa: PT018
    assert one["text"].strip() == "Grüße"


def test_a_mail_in_quarantine_has_every_key_too(company, tmp_path):
    save(tmp_path, TOO_COMPLEX["parts"], letter("behind it"))
    for dry_run, keys in ((True, MAIL_KEYS), (False, MAIL_KEYS + WORK_KEYS)):
        bad, good = run(tmp_path, dry_run=dry_run)
        assert list(bad) == list(good) == keys
        assert bad["state"] == "quarantined"
        assert bad["error"].startswith("TooComplex: ")
        assert (bad["verdict"], bad["route"], bad["to"], bad["text"]) == (None, None, [], "")
        assert bad["from"] == {"name": "", "address": ""}
        assert good["error"] is None


def test_what_can_be_read_of_a_mail_in_quarantine_is_told(company, tmp_path, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError("no words for this")

    monkeypatch.setattr("emails.services.deciding.classify", fails)
    for dry_run in (True, False):
        (one,) = run(*save(tmp_path, letter("500 buttons")), dry_run=dry_run)
        assert (one["state"], one["error"]) == ("quarantined", "RuntimeError: no words for this")
        assert one["subject"] == "500 buttons"


def test_whatever_is_imported_ends_as_a_mail_or_in_quarantine(company, tmp_path):
    save(tmp_path, *HOSTILE.values(), *TOO_COMPLEX.values(), letter("behind them"))
    described = run(tmp_path)
    assert [one["state"] for one in described] == (
        ["handled"] * len(HOSTILE) + ["quarantined"] * len(TOO_COMPLEX) + ["handled"]
    )
    assert all(list(one) == MAIL_KEYS + WORK_KEYS for one in described)


def test_mbox_maildir_and_folders_give_the_same_mails(company, tmp_path):
    raws = [letter(f"mail {n}") for n in range(3)]
    box = mailbox.mbox(tmp_path / "letters.mbox")
    maildir = mailbox.Maildir(tmp_path / "Maildir")
    for raw in raws:
        box.add(raw)
        maildir.add(raw)
    box.close()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    save(tmp_path / "deep" / "er", *raws)
    (tmp_path / "notes.pdf").write_bytes(b"%PDF- no mail")
    for where, names in (
        ("letters.mbox", ["letters.mbox#1", "letters.mbox#2", "letters.mbox#3"]),
        ("Maildir", None),
        ("deep", ["00.eml", "01.eml", "02.eml"]),
    ):
        described = run(tmp_path / where)
        assert sorted(one["subject"] for one in described) == ["mail 0", "mail 1", "mail 2"]
        if names:
            assert [os.path.basename(one["path"]) for one in described] == names  # noqa: PTH119
    assert len(run(tmp_path)) == 9
    assert Email.objects.count() == 3


def test_importing_again_describes_the_mail_we_have(company, tmp_path):
    paths = save(tmp_path, letter())
    first, second = run(*paths), run(*paths)
    assert first == second
    assert Email.objects.count() == OutgoingEmail.objects.count() == 1


def test_the_same_mail_twice_in_one_go_is_one_mail(company, tmp_path):
    raw = letter()
    first, second = run(*save(tmp_path, raw, raw))
    assert first["case"] == second["case"] is not None
    assert Email.objects.count() == 1


@pytest.mark.parametrize(
    ("date", "answerable"),
    [
        ("{now}", True),
        (None, True),
        ("99 Foo", True),
        ("Mon, 05 Jan 2026 09:00:00 +0100", False),
        ("Thu, 01 Jan 2060 00:00:00 +0000", False),
        ("Fri, 31 Dec 9999 23:59:59 -1200", True),
    ],
)
def test_a5_a15_a_file_is_answered_unless_its_letter_is_old(company, tmp_path, date, answerable):
    today = format(timezone.now(), "%a, %d %b %Y %H:%M:%S +0000")
    run(*save(tmp_path, letter(Date=date and date.format(now=today))))
    email = Email.objects.get()
    assert email.answerable == answerable
    assert abs(email.received_at - timezone.now()).total_seconds() < 60
    state = OutgoingEmail.objects.get().state
    assert (state != OutgoingEmail.State.WITHHELD) == answerable


def test_more_mails_than_a_portion_go_through(company, tmp_path, monkeypatch):
    monkeypatch.setattr("cases.services.importing.PORTION", 2)
    save(tmp_path, *(letter(f"mail {n}") for n in range(5)))
    assert [one["subject"] for one in run(tmp_path)] == [f"mail {n}" for n in range(5)]


def test_a_file_that_cannot_be_read_hides_none_behind_it(company, tmp_path):
    save(tmp_path, letter("before"), letter("behind"))
    (tmp_path / "00b.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "00c.msg").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 99)
    out = StringIO()
    with pytest.raises(CommandError, match="2 files could not be read"):
        call_command("import_mail", str(tmp_path), json=True, stdout=out)
    before, dangling, outlook, behind = map(json.loads, out.getvalue().splitlines())
    assert (before["state"], behind["state"]) == ("handled", "handled")
    assert dangling["error"].startswith("FileNotFoundError: ")
    assert "save it as .eml" in outlook["error"]
    for one in (dangling, outlook):
        assert list(one) == MAIL_KEYS + WORK_KEYS
        assert one["state"] is None
    assert Email.objects.count() == 2


def test_what_is_asked_wrongly_is_refused_in_words(company, tmp_path):
    with pytest.raises(CommandError, match=r"There is no .*nowhere"):
        run(tmp_path / "nowhere")
    with pytest.raises(CommandError, match=r"no mailbox nobody@h-bu\.de"):
        run(*save(tmp_path, letter()), mailbox="nobody@h-bu.de")
    assert Email.objects.count() == 0


def test_a13_a_full_disk_is_told_in_words_and_the_same_call_goes_on(company, tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    paths = save(tmp_path, letter())
    monkeypatch.setattr(blobs, "put", full)
    with pytest.raises(CommandError, match="No space left"):
        run(*paths)
    monkeypatch.undo()
    assert run(*paths)[0]["state"] == "handled"


def test_a_database_that_is_away_is_told_in_words(company, tmp_path, monkeypatch):
    def away(*_args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(intake, "store", away)
    with pytest.raises(CommandError, match="OperationalError: database is locked"):
        run(*save(tmp_path, letter()))


def test_without_json_there_is_a_line_a_mail(company, tmp_path):
    save(tmp_path, letter("500 Knöpfe"), TOO_COMPLEX["headers"])
    (tmp_path / os.fsdecode(b"\xff.eml")).write_bytes(letter("odd name"))
    out = StringIO()
    call_command("import_mail", str(tmp_path), stdout=out, dry_run=True)
    good, bad, odd = out.getvalue().splitlines()
    assert ": triaged, " in good and good.endswith(": 500 Knöpfe")  # noqa: PT018
    assert ": quarantined: TooComplex: " in bad
    assert "\\udcff.eml: triaged" in odd


def test_a_trial_needs_no_company(db, tmp_path):
    (one,) = run(*save(tmp_path, letter()), dry_run=True)
    assert (one["state"], one["route"]["department"]) == ("triaged", "support")


def test_without_a_company_mail_is_kept_and_the_reason_is_told(db, tmp_path):
    (one,) = run(*save(tmp_path, letter()))
    assert one["state"] == "quarantined"
    assert one["error"] == "DomainError: No company is loaded yet."


def test_the_bytes_of_a_file_are_the_mail(company, tmp_path):
    raw = HOSTILE["raw-8-bit"]
    (one,) = run(*save(tmp_path, raw))
    assert one["subject"] == parse(raw).subject
    assert blobs.get(settings.BLOBS_DIR, Email.objects.get().raw_sha256) == raw
    assert datetime.fromisoformat(run(*save(tmp_path, letter()))[0]["date"])
