"""Letters that staff write: addressed, filled, checked, sent once, and taken back in time."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from agents.data import ANSWER_THE_MAIL
from cases.models import Case, ReplyDraft, Task
from cases.services import answering, following, life, tasks
from cases.services.answering import undelivered
from emails import smtp
from emails.data import File
from emails.models import BlockedAddress, Mailbox, OutgoingEmail, RoyalTemplate
from emails.services import outbox, upkeep
from hbu.journal.models import Event
from hbu.lib import blobs
from hbu.lib.errors import DomainError
from tests.cases.writing import CURT, GOOD, case_of, leave, server
from tests.factories import company as house
from tests.work.mails import pdf

pytestmark = pytest.mark.django_db
State, Status = OutgoingEmail.State, Case.Status
EINKAUF = "einkauf@modehaus-berger.example"


@pytest.fixture
def company(db):
    return house.load()


@pytest.fixture
def weber(ben):
    ben.last_name = "Weber"
    ben.save()
    return ben


def reply(case, by, **values) -> answering.Composed:
    return replace(answering.prepare(case, mode="reply", by=by), **{"text": GOOD, **values})


# How the composer opens


def test_a_reply_is_greeted_signed_and_quoted_in_the_readers_language(company, weber):
    case = case_of()
    composed = answering.prepare(case, mode="reply", by=weber)
    assert composed.to == (EINKAUF,)
    assert composed.subject == f"AW: Besuch [{case.number}]"
    assert composed.text.startswith("Sehr geehrte Frau Berger,\n")
    assert "Mit freundlichen Grüßen\n\nBen Weber\n" in composed.text
    assert composed.text.rstrip().endswith(company.imprint("de").splitlines()[-1])
    assert composed.quoted.splitlines()[0].endswith("schrieb Sabine Berger <" + EINKAUF + ">:")
    assert "> Guten Tag, wann hat Ihr Büro geöffnet?" in composed.quoted


def test_a_subject_that_was_answered_before_says_so_once(company, weber):
    case = case_of(subject="Re: AW: Besuch")
    email = case.emails.get()
    email.subject = f"Re: AW: Besuch [{case.number}]"
    email.save()
    composed = answering.prepare(case, mode="reply", by=weber)
    assert composed.subject == f"AW: Besuch [{case.number}]"


def test_h1_a_reply_to_is_followed_within_the_senders_own_domain_alone(company, weber):
    near = case_of(Reply_To="lager@modehaus-berger.example")
    far = case_of(Reply_To="thief@evil.example", subject="Andere Frage")
    assert answering.prepare(near, by=weber).to == ("lager@modehaus-berger.example",)
    assert answering.prepare(far, by=weber).to == (EINKAUF,)


def test_reply_all_reaches_everybody_once_and_never_ourselves(company, weber):
    case = case_of(
        to="sales@h-bu.de, Lager <lager@modehaus-berger.example>",
        Cc="SALES+buttons@H-BU.de, lager@MODEHAUS-berger.example, chef@modehaus-berger.example, "
        f"{EINKAUF}, {Mailbox.objects.last().address}",
    )
    composed = answering.prepare(case, mode="reply_all", by=weber)
    assert composed.to == (EINKAUF,)
    assert composed.cc == ("lager@modehaus-berger.example", "chef@modehaus-berger.example")


def test_a_forward_has_no_reader_yet_and_carries_the_files(company, weber, settings):
    case = case_of("Siehe Anhang.", pdf("Zeichnung.pdf", b"%PDF-1.4 a drawing"))
    composed = answering.prepare(case, mode="forward", by=weber)
    assert composed.to == ()
    assert composed.subject == f"WG: Besuch [{case.number}]"
    assert [one.filename for one in composed.files] == ["Zeichnung.pdf"]
    assert composed.quoted.startswith(
        "---------- Weitergeleitete Nachricht ----------\nVon: Sabine"
    )
    composed = replace(composed, to=("einkauf@perlmutt.example",), text=GOOD)
    with server(settings) as sink:
        letter = leave(answering.send(case, composed, by=weber))
    assert letter.state == State.SENT
    (sent,) = sink.letters
    assert sent["In-Reply-To"] is None
    assert "Siehe Anhang." in sent.get_body().get_content()
    (file,) = sent.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Zeichnung.pdf", b"%PDF-1.4 a drawing")
    # The customer was not answered.
    assert Task.objects.open().filter(case=case).exists()
    following.note_answers([letter.pk])
    case.refresh_from_db()
    assert case.first_response_at is None


def test_a_new_letter_goes_to_the_customers_contact(company, weber):
    composed = answering.prepare(case_of(), mode="new", by=weber)
    assert (composed.to, composed.answers, composed.quoted) == ((EINKAUF,), None, "")


def test_a_long_mail_is_quoted_in_part(company, weber):
    case = case_of("Zeile\n" * 2000)
    lines = answering.prepare(case, by=weber).quoted.splitlines()
    assert len(lines) < 310
    assert lines[-1] == "> […]"


def test_f3_a_mail_of_another_case_is_not_answered_here(company, weber):
    one, two = case_of(), case_of(sender="anna@sommer.example", subject="Ganz anderes")
    with pytest.raises(DomainError, match="another case"):
        answering.prepare(one, answers=two.emails.get(), by=weber)
    with pytest.raises(DomainError, match="another case"):
        answering.send(one, reply(one, weber, answers=two.emails.get()), by=weber)


# Texts by hand


def test_texts_are_offered_in_the_language_of_the_case_first(company):
    offered = answering.offered(case_of())
    languages = [row.language for row in offered]
    assert languages == sorted(languages)
    assert len({row.code for row in offered}) == 8
    assert all(row.title for row in offered)


def test_what_the_books_know_is_filled_and_the_rest_is_named(company, weber):
    case = case_of()
    price = RoyalTemplate.objects.get(code="hand_price", language="de")
    filled = answering.fill(case, price, by=weber)
    assert filled.text.startswith("Sehr geehrte Frau Berger,")
    assert "Ben Weber" in filled.text
    assert case.number in filled.subject
    assert filled.missing == ("Artikel", "Menge", "Preis")
    own = RoyalTemplate(
        language="de",
        subject="x",
        body="{{ tracking }}{% if carrier %} mit {{ carrier }}{% endif %}.",
    )
    filled = answering.fill(case, own, by=weber)
    assert (filled.text, filled.missing) == ("[[tracking]].\n", ("tracking",))


def test_no_letter_leaves_with_a_place_that_nobody_filled(company, weber):
    case = case_of()
    for left in ("[[Preis]]", "{{ gross }}", "{% if x %}"):
        text = GOOD.replace("einem festen Datum", left)
        points = answering.check(text, subject="x", language="de", case=case)
        (finding,) = [one for one in points.findings if one.rule == "No unfilled placeholder"]
        assert not finding.ok
        with pytest.raises(DomainError, match="placeholder"):
            answering.send(case, reply(case, weber, text=text), by=weber, despite=True)
    assert not OutgoingEmail.objects.filter(created_by=weber).exists()


# Before it leaves


REFUSED = [
    ({"text": " \n "}, "letter.empty"),
    ({"to": ()}, "letter.nobody"),
    ({"to": ("sabine",)}, "letter.address"),
    ({"to": ("a@x.example\r\nBcc: thief@evil.example",)}, "letter.address"),
    ({"cc": ("bü@x.example",)}, "letter.address"),
    ({"cc": tuple(f"n{number}@x.example" for number in range(20))}, "letter.too_many"),
    ({"mode": "shout"}, "letter.mode"),
    ({"key": "x"}, "letter.key"),
    ({"files": (File("0" * 64, "x.pdf", "application/pdf", 8_000_000),)}, "file.too_big"),
    ({"files": (File("0" * 64, "x.pdf", "application/pdf", 1),)}, "file.gone"),
]


def test_what_cannot_leave_is_refused_in_words(company, weber):
    case = case_of()
    for values, code in REFUSED:
        with pytest.raises(DomainError) as caught:
            answering.send(case, reply(case, weber, **values), by=weber)
        assert caught.value.code == code
    assert not OutgoingEmail.objects.filter(created_by=weber).exists()


def test_e6_a_curt_letter_wants_a_second_thought_and_may_leave_all_the_same(company, weber):
    case = case_of()
    with pytest.raises(answering.Discourteous) as caught:
        answering.send(case, reply(case, weber, text=CURT), by=weber)
    assert caught.value.points.score < 60
    assert {one.rule for one in caught.value.points.findings if not one.ok} >= {
        "Salutation",
        "Thanks",
    }
    letter = answering.send(case, reply(case, weber, text=CURT), by=weber, despite=True)
    assert (letter.state, letter.score) == (State.QUEUED, caught.value.points.score)


def test_c7_a_line_break_in_a_subject_writes_no_header(company, weber, settings):
    case = case_of()
    composed = reply(case, weber, subject="Termin\r\nBcc: thief@evil.example\x00")
    with server(settings) as sink:
        leave(answering.send(case, composed, by=weber))
    (sent,) = sink.letters
    assert sent["Bcc"] is None
    assert sent["Subject"] == f"Termin Bcc: thief@evil.example [{case.number}]"
    assert sink.taken[0][1] == (EINKAUF,)


def test_a_blocked_reader_is_warned_of_and_a_person_may_write_all_the_same(company, weber):
    case = case_of()
    BlockedAddress.objects.create(address=EINKAUF, until=timezone.now() + timedelta(days=9))
    composed = reply(case, weber, cc=("fremd@anderswo.example",))
    warned = answering.warnings(case, composed)
    assert [one.partition(": ")[2] for one in warned] == [EINKAUF, "fremd@anderswo.example"]
    assert answering.send(case, composed, by=weber).state == State.QUEUED


def test_a_case_that_was_put_into_another_one_is_not_written_in(company, weber):
    one, two = case_of(), case_of(sender="anna@sommer.example", subject="Ganz anderes")
    composed = reply(one, weber)
    Case.objects.filter(pk=one.pk).update(merged_into=two)
    with pytest.raises(DomainError, match="put into another"):
        answering.send(one, composed, by=weber)


# What it means for the case


def test_an_answer_takes_the_case_up_does_its_task_and_waits_for_the_customer(company, weber):
    case = case_of()
    answering.keep(case, weber, text="half a")
    letter = answering.send(case, reply(case, weber), by=weber, then="awaiting_customer")
    assert case.status == Status.AWAITING_CUSTOMER
    assert not Task.objects.open().filter(case=case).exists()
    assert not ReplyDraft.objects.exists()
    assert (letter.weight, letter.created_by, letter.thread) == ("personal", weber, case.thread)
    assert letter.next_attempt_at > timezone.now()
    (event,) = Event.objects.filter(kind="case.answered")
    assert (event.actor, event.data["letter"]) == (weber, letter.pk)


def test_a_case_with_open_tasks_is_not_resolved_by_its_letter_unless_they_are_done(company, weber):
    case = case_of()
    tasks.add(Task(case=case, title="Send samples"), by=weber)
    with pytest.raises(DomainError, match="still open"):
        answering.send(case, reply(case, weber), by=weber, then="resolved")
    assert not OutgoingEmail.objects.filter(created_by=weber).exists()
    answering.send(case, reply(case, weber), by=weber, then="resolved", close_tasks=True)
    assert case.status == Status.RESOLVED


def test_the_letter_leaves_with_its_conversation_its_copies_and_no_blind_ones(
    company, weber, settings
):
    case = case_of()
    composed = reply(case, weber, cc=("lager@x.example",), bcc=("chef@h-bu.de", EINKAUF.upper()))
    with server(settings) as sink:
        letter = answering.send(case, composed, by=weber)
        outbox.send([letter.pk])
        assert sink.taken == []
        leave(letter)
    ((_, readers, raw),) = sink.taken
    assert readers == (EINKAUF, "lager@x.example", "chef@h-bu.de")
    assert b"chef@" not in raw
    (sent,) = sink.letters
    assert (sent["To"].addresses[0].addr_spec, sent["Cc"]) == (EINKAUF, "lager@x.example")
    assert sent["In-Reply-To"] == case.emails.get().message_id
    assert sent["Auto-Submitted"] is None
    body = sent.get_content()
    assert body.index("Ben Weber") < body.index("> Guten Tag")


def test_c2_the_same_letter_sent_twice_leaves_once(company, weber, clara):
    case = case_of()
    composed = reply(case, weber)
    first = answering.send(case, composed, by=weber)
    assert answering.send(case, composed, by=weber) == first
    assert OutgoingEmail.objects.filter(created_by=weber).count() == 1
    with pytest.raises(DomainError, match="again"):
        answering.send(case, composed, by=clara)


@pytest.mark.django_db(transaction=True)
def test_c2_two_clicks_at_once_write_one_letter(company, weber):
    case = case_of()
    composed, sent = reply(case, weber), []

    def click():
        try:
            sent.append(answering.send(Case.objects.get(pk=case.pk), composed, by=weber).pk)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    [one.start() for one in clicks]
    [one.join() for one in clicks]
    assert len(sent) == 4
    assert len(set(sent)) == 1


# Taken back


def test_a_letter_taken_back_in_time_leaves_never_and_the_draft_is_back(company, weber, settings):
    case = case_of()
    file = answering.store(ContentFile(b"%PDF-1.4 x", "Preise.pdf"), by=weber)
    composed = reply(case, weber, cc=("lager@x.example",), files=(file,))
    letter = answering.send(case, composed, by=weber, then="resolved")
    back = answering.take_back(letter, by=weber)
    assert letter.state == State.ABORTED
    assert (back.text, back.to, back.cc, back.files) == (GOOD, (EINKAUF,), composed.cc, (file,))
    assert back.quoted == composed.quoted
    assert back.key != composed.key
    draft = answering.draft_of(case, weber)
    assert answering.composed_of(draft).text == GOOD
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    assert Task.objects.open().get(case=case).title == ANSWER_THE_MAIL
    with server(settings) as sink:
        assert leave(letter).state == State.ABORTED
        assert sink.taken == []
        again = answering.send(case, back, by=weber)
        assert leave(again).state == State.SENT


def test_a_letter_that_left_is_not_taken_back(company, weber, clara, settings):
    case = case_of()
    letter = answering.send(case, reply(case, weber), by=weber)
    with pytest.raises(DomainError, match="did not write"):
        answering.take_back(letter, by=clara)
    with server(settings):
        leave(letter)
    with pytest.raises(DomainError, match="on its way"):
        answering.take_back(letter, by=weber)
    assert not ReplyDraft.objects.exists()


def test_a_letter_that_somebody_holds_is_not_taken_back(company, weber):
    case = case_of()
    letter = answering.send(case, reply(case, weber), by=weber)
    OutgoingEmail.objects.update(claimed_until=timezone.now() + timedelta(seconds=30))
    with pytest.raises(DomainError, match="on its way"):
        answering.take_back(letter, by=weber)


def test_a_status_that_changed_meanwhile_stays(company, weber):
    case = case_of()
    letter = answering.send(case, reply(case, weber), by=weber, then="resolved")
    life.move(case, Status.AWAITING_VENDOR, by=weber)
    answering.take_back(letter, by=weber)
    case.refresh_from_db()
    assert case.status == Status.AWAITING_VENDOR


def test_the_bell_rings_when_the_letter_may_leave(
    company, weber, monkeypatch, django_capture_on_commit_callbacks
):
    from emails import tasks as doorbells

    rung = []
    monkeypatch.setattr(doorbells.send, "apply_async", lambda args, **how: rung.append((args, how)))
    case = case_of()
    with django_capture_on_commit_callbacks(execute=True):
        letter = answering.send(case, reply(case, weber), by=weber)
    assert (([letter.pk],), {"countdown": 10}) in rung


# Files and drafts


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Preise.pdf", b"%PDF-1.4", "application/pdf"),
        ("bild.JPG", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("liste.csv", "Größe;Preis\n".encode("cp1252"), "text/csv"),
        ("../../etc/notiz.txt", b"words", "text/plain"),
        ("alt.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    ],
)
def test_a14_allowed_files_are_kept_under_their_hash(weber, settings, name, content, media_type):
    file = answering.store(ContentFile(content, name), by=weber)
    assert file.media_type == media_type
    assert "/" not in file.filename
    assert blobs.get(settings.BLOBS_DIR, file.sha256) == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ"),
        ("rechnung.pdf.exe", b"%PDF-1.4"),
        ("rechnung.pdf", b"MZ\x90\x00"),
        ("seite.html", b"<script>"),
        ("bild.svg", b"<svg/>"),
        ("tabelle.xlsx", b"PK\x03\x04 no archive"),
        ("notiz.txt", b"\x00\x01\x02"),
        ("leer.pdf", b""),
    ],
)
def test_a14_a_file_of_another_kind_or_under_a_false_name_is_refused(weber, name, content):
    with pytest.raises(DomainError) as caught:
        answering.store(ContentFile(content, name), by=weber)
    assert caught.value.status == 415


def test_a14_a_file_that_no_mail_carries_is_refused(weber, settings):
    settings.HBU_MAX_ENCLOSED_BYTES = 10
    with pytest.raises(DomainError) as caught:
        answering.store(ContentFile(b"%PDF-1.4 and more", "x.pdf"), by=weber)
    assert caught.value.status == 413


def test_f3_a_file_of_another_case_is_not_attached_by_its_ticket(company, weber, clara):
    one = case_of("Anbei.", pdf("a.pdf", b"%PDF-1.4 a"))
    two = case_of(sender="anna@sommer.example", subject="Ganz anderes")
    (offered,) = answering.attachable(one)
    assert offered.label.endswith(": a.pdf")
    ticket = answering.ticket(one, offered.file, by=weber)
    assert answering.of_ticket(one, ticket, by=weber) == offered.file
    for case, user in ((two, weber), (one, clara)):
        with pytest.raises(DomainError, match="attach it again"):
            answering.of_ticket(case, ticket, by=user)


def test_drafts_survive_and_so_do_their_files(company, weber, clara, settings):
    case = case_of()
    file = answering.store(ContentFile(b"%PDF-1.4 draft", "x.pdf"), by=weber)
    answering.keep(case, weber, mode="reply_all", to=EINKAUF, text="half a sent", files=[file])
    answering.keep(case, weber, text="half a sentence")
    answering.keep(case, clara, text="another one's")
    draft = answering.draft_of(case, weber)
    assert (draft.text, draft.mode) == ("half a sentence", "reply_all")
    assert answering.composed_of(draft).files == (file,)
    later = timezone.now() + timedelta(days=3)
    upkeep.clear_orphans(later)
    assert blobs.get(settings.BLOBS_DIR, file.sha256)
    answering.drop(case, weber)
    upkeep.clear_orphans(later)
    with pytest.raises(blobs.Missing):
        blobs.get(settings.BLOBS_DIR, file.sha256)
    assert answering.draft_of(case, clara).text == "another one's"


# Readers whom the server refuses


def test_c5_one_refused_copy_costs_the_others_nothing_and_somebody_hears_of_it(
    company, weber, settings
):
    case = case_of()
    composed = reply(case, weber, cc=("nobody@x.example", "lager@x.example"))
    with server(settings, by_recipient={"nobody@x.example": "550 5.1.1 nobody"}) as sink:
        letter = leave(answering.send(case, composed, by=weber, then="awaiting_customer"))
    assert [len(readers) for _, readers, _ in sink.taken] == [3]
    assert (letter.state, letter.left_out) == (State.SENT, {"nobody@x.example": "550 5.1.1 nobody"})
    assert "nobody@x.example" in letter.smtp_reply
    undelivered.owe([letter.pk])
    undelivered.owe([letter.pk])
    (task,) = Task.objects.open().filter(case=case)
    assert "nobody@x.example" in task.reason
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS


def test_the_message_of_a_letter_without_copies_is_as_it_was(company, weber):
    case = case_of()
    packed = smtp.pack(answering.send(case, reply(case, weber, quoted=""), by=weber))
    assert packed.recipients == (EINKAUF,)
    assert b"\r\nCc:" not in packed.raw
