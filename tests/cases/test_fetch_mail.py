from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from cases.services import flow
from emails.models import Email, Mailbox, OutgoingEmail
from emails.services import intake, outbox, watching
from hbu.lib import blobs
from tests.incoming import OddServer, again, letter, listening

pytestmark = pytest.mark.django_db


def run(**options):
    out, err = StringIO(), StringIO()
    try:
        call_command("fetch_mail", stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error}"
    return out.getvalue(), err.getvalue()


def test_it_fetches_from_every_watched_mailbox(make_desk):
    one, other, off = make_desk(), make_desk(), make_desk(is_active=False)
    for desk in (one, other, off):
        desk.put(letter())
    said, wrong = run()
    assert {*said.splitlines()} == {f"{desk.address}: 1 new." for desk in (one, other)}
    assert wrong == ""
    assert Email.objects.count() == 2
    assert {email.state for email in Email.objects.all()} == {"received"}


def test_it_fetches_from_one_mailbox(make_desk):
    one, other = make_desk(), make_desk()
    one.put(letter())
    assert run(mailbox=one.address.upper()) == (f"{one.address}: 1 new.\n", "")
    Mailbox.objects.filter(pk=other.mailbox.pk).update(is_active=False)
    assert run(mailbox=other.address) == ("", f"No mailbox {other.address} is watched.")
    Mailbox.objects.all().delete()
    assert run() == ("", "No mailboxes.")


def test_a7_a_server_that_fails_is_told_and_the_others_are_fetched(make_foreign):
    with listening(OddServer(letter())) as port:
        away, there = make_foreign(1), make_foreign(port)
        said, wrong = run()
    assert said == f"{there}: 1 new.\n"
    assert wrong.startswith(f"{away}: While connecting: 127.0.0.1:1: ConnectionRefusedError")
    assert wrong.endswith("1 mailboxes could not be read.")


def test_a2_it_leaves_a_mailbox_to_whom_has_it(desk):
    watching.lease(again(desk.mailbox))
    assert run()[0] == f"{desk.address}: somebody else is fetching.\n"


def test_it_works_off_and_sends_without_a_worker(desk, company):
    Mailbox.objects.exclude(pk=desk.mailbox.pk).update(is_active=False)
    desk.put(letter("500 buttons", to=desk.address))
    said, _ = run(process=True)
    assert said.splitlines()[-1] == "1 mails worked off, 1 letters sent."
    assert Email.objects.get().state == Email.State.HANDLED
    assert OutgoingEmail.objects.get().state == OutgoingEmail.State.SENT
    said, _ = run(process=True)
    assert said.splitlines()[-1] == "0 mails worked off, 0 letters sent."


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), OSError(28, "No space left on device")]
)
def test_a13_when_the_house_fails_it_says_so_in_words(desk, monkeypatch, error):
    def fails(*_args):
        raise error

    monkeypatch.setattr(flow, "carry_through", fails)
    _, wrong = run(process=True)
    assert type(error).__name__ in wrong


def test_a13_a_full_disk_is_told_at_the_mailbox(desk, monkeypatch):
    desk.put(letter())

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs, "put", full)
    _, wrong = run()
    assert "The mail could not be kept: No space left on device" in wrong
    monkeypatch.undo()
    assert run()[0].endswith(": 1 new.\n")
    assert intake.fetch(again(desk.mailbox)) == 0
    assert outbox.send([]) == 0
