"""Letters with files: they wait for them, leave with them and name them safely."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from emails import smtp, tasks
from emails.data import File
from emails.models import Enclosure, OutgoingEmail, Thread
from emails.services import enclosing, outbox, releasing, upkeep, writing
from hbu.journal.models import Event
from hbu.lib import blobs
from tests.outgoing.letters import again, queued
from tests.outgoing.test_outbox import thanks

pytestmark = pytest.mark.django_db
State = OutgoingEmail.State
PDF = b"%PDF-1.7 a confirmation"


def kept(data: bytes = PDF, name="Auftragsbestätigung B-2026-000001.pdf", kind="application/pdf"):
    return File(blobs.put(settings.BLOBS_DIR, data), name, kind, len(data))


def waiting(*causes, **values) -> OutgoingEmail:
    letter = queued(**values)
    Enclosure.objects.bulk_create(Enclosure(letter=letter, cause=cause) for cause in causes)
    return letter


def test_o4_a_letter_waits_for_its_file_and_leaves_with_it(company, sink, monkeypatch):
    (letter,) = writing.queue([thanks(enclosures=("order:1:confirmation:1",))])
    assert outbox.due(timezone.now()) == []
    assert outbox.send([letter.pk]) == 0
    rung = []
    monkeypatch.setattr(tasks.send, "delay", rung.append)
    enclosing.enclose_all({"order:1:confirmation:1": kept()})
    assert outbox.due(timezone.now()) == [letter.pk]
    assert Event.objects.filter(kind="outgoing.enclosed", subject_id=letter.pk).count() == 1
    assert outbox.send([letter.pk]) == 1
    (mail,) = sink.letters
    assert mail.get_body().get_content().replace("\r\n", "\n") == letter.text
    assert mail.get_body()["Content-Language"] == "de"
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "Auftragsbestätigung B-2026-000001.pdf"
    assert file.get_content_type() == "application/pdf"
    assert file.get_content() == PDF


def test_when_the_last_file_is_there_the_bell_rings(
    company, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(tasks.send, "delay", rung.append)
    letter = waiting("a", "b")
    with django_capture_on_commit_callbacks(execute=True):
        enclosing.enclose("a", **vars_of(kept()))
    assert rung == []
    with django_capture_on_commit_callbacks(execute=True):
        enclosing.enclose("b", **vars_of(kept()))
    assert rung == [[letter.pk]]


def vars_of(file: File) -> dict:
    return {name: getattr(file, name) for name in ("sha256", "filename", "media_type", "size")}


def test_a_file_that_was_made_before_its_letter_is_enclosed_at_once(company, sink):
    file = kept()
    (letter,) = writing.queue([thanks(enclosures=("invoice:1",))], made={"invoice:1": file})
    assert outbox.send([letter.pk]) == 1
    assert [one.get_content() for one in sink.letters[0].iter_attachments()] == [PDF]


def test_files_go_in_the_order_in_which_they_were_named(company, sink):
    causes = ("invoice:9:invoice", "invoice:9:xrechnung", "invoice:9:invoice")
    (letter,) = writing.queue([thanks(enclosures=causes)])
    enclosing.enclose_all({"invoice:9:xrechnung": kept(b"<x/>", "x.xml", "application/xml")})
    enclosing.enclose_all({"invoice:9:invoice": kept(name="r.pdf")})
    outbox.send([letter.pk])
    assert [one.get_filename() for one in sink.letters[0].iter_attachments()] == ["r.pdf", "x.xml"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nBcc: thief@evil.example.pdf", "aBcc: thief@evil.example.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\Größe 1.pdf", "Größe 1.pdf"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        ('quo"te\\; filename=x.pdf', "; filename=x.pdf"),
        ("", "file"),
        ("ä" * 300 + ".pdf", "ä" * 146 + ".pdf"),
    ],
)
def test_hostile_names_are_told_as_names_and_nothing_else(sink, name, shown):
    letter = waiting("a")
    enclosing.enclose_all({"a": kept(name=name)})
    outbox.send([letter.pk])
    (mail,) = sink.letters
    assert mail["Bcc"] is None
    assert [one.get_filename() for one in mail.iter_attachments()] == [shown]
    assert not mail.defects


@pytest.mark.parametrize("kind", ["", "text", "text/html\r\nX-Evil: 1", "a/b/c", "x" * 70])
def test_an_odd_type_becomes_plain_octets(sink, kind):
    letter = waiting("a")
    enclosing.enclose_all({"a": kept(kind=kind)})
    outbox.send([letter.pk])
    (file,) = sink.letters[0].iter_attachments()
    assert file.get_content_type() == "application/octet-stream"
    assert sink.letters[0]["X-Evil"] is None


def test_an_xml_file_arrives_byte_for_byte(sink):
    data = b'<?xml version="1.0" encoding="UTF-8"?>\n<a>\r\n\xc3\xa4 .\n.\n</a>'
    letter = waiting("a")
    enclosing.enclose_all({"a": kept(data, "x.xml", "application/xml")})
    outbox.send([letter.pk])
    (file,) = sink.letters[0].iter_attachments()
    assert file.get_payload(decode=True) == data


def test_files_too_big_for_a_mail_are_a_matter_for_a_person(sink, settings):
    settings.HBU_MAX_ENCLOSED_BYTES = 10
    letter = waiting("a")
    enclosing.enclose_all({"a": kept()})
    assert outbox.send([letter.pk]) == 0
    letter = again(letter)
    assert (letter.state, letter.reason) == (
        State.FAILED,
        "The enclosed files are too big for one mail.",
    )


def test_a_file_lost_on_disk_stops_its_letter_only(sink):
    lost, fine = waiting("a"), queued()
    enclosing.enclose_all({"a": File("0" * 64, "x.pdf", "application/pdf", 1)})
    assert outbox.send([lost.pk, fine.pk]) == 1
    assert again(lost).state == State.FAILED
    assert "not in our store" in again(lost).reason


def test_a_letter_says_why_its_file_is_missing_until_it_is_there(sink):
    letter = waiting("a")
    enclosing.explain({"a": "A document could not be made"})
    assert again(letter).reason == "A document could not be made"
    enclosing.enclose_all({"a": kept()})
    assert again(letter).reason == ""
    assert outbox.send([letter.pk]) == 1


def test_c4_a_letter_that_waits_for_its_file_keeps_its_place_until_that_cannot_be_made(sink):
    thread = Thread.objects.create(subject="Knöpfe")
    first, second = waiting("a", thread=thread), queued(thread=thread)
    assert outbox.send([second.pk]) == 0
    enclosing.explain({"a": "A document could not be made"})
    assert outbox.send([second.pk]) == 1
    enclosing.enclose_all({"a": kept()})
    assert outbox.send([first.pk]) == 1


def test_a_letter_that_a_person_lets_go_still_waits_for_its_file(ben, sink):
    letter = waiting("a", state=State.WITHHELD)
    releasing.release(letter, by=ben)
    assert outbox.send([letter.pk]) == 0
    enclosing.enclose_all({"a": kept()})
    assert outbox.send([letter.pk]) == 1


def test_enclosing_twice_changes_nothing(sink):
    letter = waiting("a")
    enclosing.enclose_all({"a": kept()})
    enclosing.enclose_all({"a": kept(b"%PDF- another")})
    outbox.send([letter.pk])
    assert [one.get_content() for one in sink.letters[0].iter_attachments()] == [PDF]


def test_writing_many_letters_with_files_costs_as_many_queries_as_one(
    company, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(count: int, start: int) -> int:
        letters = [
            thanks(cause=f"t:{n}", to_address=f"a{n}@x.example", enclosures=(f"e:{n}",))
            for n in range(start, start + count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            writing.queue(letters)
        return len(queries)

    assert cost(2, 0) == cost(20, 100)


def test_the_janitor_keeps_files_that_letters_name(monkeypatch):
    letter = waiting("a")
    enclosing.enclose_all({"a": kept(b"%PDF- only a letter names me")})
    upkeep.clear_orphans(timezone.now() + timedelta(days=2))
    assert smtp.pack(again(letter)).raw


# The page


@pytest.mark.parametrize("made", [True, False])
def test_the_page_of_a_letter_shows_its_files(client, clara, made):
    client.force_login(clara)
    letter = waiting("a")
    if made:
        enclosing.enclose_all({"a": kept(name="Rechnung.pdf")})
    page = client.get(reverse("admin:emails_outgoingemail_change", args=[letter.pk])).content
    assert (b"Rechnung.pdf" in page) is made
    url = reverse("admin:emails_enclosure", args=[letter.enclosures.get().pk])
    answer = client.get(url)
    if not made:
        assert answer.status_code == 404
        return
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_who_may_not_see_mails_sees_no_files(client, ben):
    client.force_login(ben)
    letter = waiting("a")
    enclosing.enclose_all({"a": kept()})
    url = reverse("admin:emails_enclosure", args=[letter.enclosures.get().pk])
    assert client.get(url).status_code == 404
