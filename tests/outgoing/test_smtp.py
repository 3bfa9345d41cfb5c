import base64
import gc
import logging
import ssl
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from emails import smtp
from emails.models import OutgoingEmail
from emails.services import outbox
from emails.simulation.certificates import ensure_certificates
from hbu.journal.models import Event
from tests.outgoing.letters import again, queued
from tests.outgoing.sinks import DROP, Sink, running

pytestmark = pytest.mark.django_db
State = OutgoingEmail.State

ANSWERS = [
    # (what the server does, state of a reply, state of a commitment, code)
    ({}, State.SENT, State.SENT, 250),
    ({"HELLO": DROP}, State.RETRYING, State.RETRYING, None),
    ({"MAIL": "421 4.3.2 closing"}, State.RETRYING, State.RETRYING, 421),
    ({"MAIL": "450 4.7.1 later"}, State.RETRYING, State.RETRYING, 450),
    ({"MAIL": "530 5.7.0 log in first"}, State.RETRYING, State.RETRYING, 530),
    ({"MAIL": "553 5.1.8 not you"}, State.FAILED, State.FAILED, 553),
    ({"MAIL": DROP}, State.RETRYING, State.RETRYING, None),
    ({"DATA": "451 4.3.0 later"}, State.RETRYING, State.RETRYING, 451),
    ({"DATA": "554 5.6.0 never"}, State.FAILED, State.FAILED, 554),
    ({"DATA": DROP}, State.RETRYING, State.RETRYING, None),
    ({"END": "421 4.3.2 closing"}, State.RETRYING, State.RETRYING, 421),
    ({"END": "451 4.3.0 later"}, State.RETRYING, State.RETRYING, 451),
    ({"END": "552 5.3.4 too large"}, State.FAILED, State.FAILED, 552),
    ({"END": DROP}, State.UNCERTAIN, State.RETRYING, None),
]


@pytest.mark.parametrize("policy", ["at_most_once", "at_least_once"])
@pytest.mark.parametrize(("answers", "reply", "commitment", "code"), ANSWERS)
def test_c5_each_answer_of_a_server_has_its_state(
    settings, answers, reply, commitment, code, policy
):
    letter = queued(policy=policy)
    with running(Sink(answers)) as sink:
        settings.HBU_SMTP_PORT = sink.port
        sent = outbox.send([letter.pk])
    letter = again(letter)
    assert letter.state == (reply if policy == "at_most_once" else commitment)
    assert letter.smtp_code == code
    assert sent == (letter.state == State.SENT)
    assert letter.claimed_until is None


@pytest.mark.parametrize(
    ("said", "state"), [("450 4.2.1 later", State.RETRYING), ("550 5.1.1 nobody", State.FAILED)]
)
def test_c5_one_refused_recipient_costs_the_others_nothing(sink, said, state):
    letters = [queued(to_address=f"{name}@x.example") for name in ("anna", "nobody", "ben")]
    sink.by_recipient["nobody@x.example"] = said
    assert outbox.send([letter.pk for letter in letters]) == 2
    assert [again(letter).state for letter in letters] == [State.SENT, state, State.SENT]
    assert [recipients for _, recipients, _ in sink.taken] == [
        ("anna@x.example",),
        ("ben@x.example",),
    ]
    assert again(letters[1]).smtp_reply == said[4:]


def test_c5_a_server_that_hangs_up_after_its_no_has_said_no_all_the_same(settings):
    letter = queued()
    with running(Sink({"END": "552 5.3.4 too large", "RSET": DROP})) as sink:
        settings.HBU_SMTP_PORT = sink.port
        outbox.send([letter.pk])
    assert (again(letter).state, again(letter).smtp_code) == (State.FAILED, 552)


def test_c5_a_letter_that_cannot_be_written_leaves_the_line_usable(sink):
    bad, good = queued(to_address="bü@x.example"), queued()
    assert outbox.send([bad.pk, good.pk]) == 1
    assert (again(bad).state, again(good).state) == (State.FAILED, State.SENT)
    assert "NonASCIILocalPart" in again(bad).reason


@pytest.mark.parametrize("policy", ["at_most_once", "at_least_once"])
def test_c5_a_server_that_is_too_slow_before_the_letter_has_not_got_it(settings, policy):
    settings.HBU_MAIL_TIMEOUT_SECONDS = 0.15
    letter = queued(policy=policy)
    with running(Sink(slow_by=0.6)) as sink:
        settings.HBU_SMTP_PORT = sink.port
        outbox.send([letter.pk])
    assert again(letter).state == State.RETRYING
    assert "TimeoutError" in again(letter).smtp_reply or "timed out" in again(letter).smtp_reply


def test_a_server_without_starttls_gets_neither_letter_nor_password(settings):
    settings.HBU_SMTP_SECURITY = "starttls"
    settings.HBU_SMTP_USER, settings.HBU_SMTP_PASSWORD = "anna", "canary-4711"
    letter = queued()
    with running(Sink(), passwords=True) as sink:
        settings.HBU_SMTP_PORT = sink.port
        outbox.send([letter.pk])
    assert sink.commands == []
    assert again(letter).state == State.RETRYING


def test_a_word_mistyped_in_the_settings_never_means_no_encryption(settings):
    settings.HBU_SMTP_SECURITY = "tls"
    letter = queued()
    with running(Sink({"STARTTLS": "454 4.7.0 not now"}, port=0), tls=_server(settings)) as sink:
        settings.HBU_SMTP_PORT = sink.port
        outbox.send([letter.pk])
    assert sink.commands == ["STARTTLS"]
    assert again(letter).state == State.RETRYING


def _server(settings, folder="one"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificates = ensure_certificates(settings.HBU_DATA_DIR / "sinks" / folder)
    context.load_cert_chain(certificates.server)
    settings.HBU_CA_FILE = str(certificates.ca)
    return context


def test_starttls_with_the_right_certificate_carries_the_letter(settings):
    settings.HBU_SMTP_SECURITY = "starttls"
    letter = queued()
    with running(Sink(), tls=_server(settings)) as sink:
        settings.HBU_SMTP_PORT = sink.port
        assert outbox.send([letter.pk]) == 1
    assert sink.commands[0] == "STARTTLS"


def test_a_certificate_of_somebody_else_is_refused_before_any_password(settings):
    settings.HBU_SMTP_SECURITY = "starttls"
    settings.HBU_SMTP_USER, settings.HBU_SMTP_PASSWORD = "anna", "canary-4711"
    letter, tls = queued(), _server(settings, "theirs")
    _server(settings, "ours")
    with running(Sink(), tls=tls, passwords=True) as sink:
        settings.HBU_SMTP_PORT = sink.port
        outbox.send([letter.pk])
    assert sink.commands == ["STARTTLS"]
    assert (
        "CertificateVerifyError" in again(letter).smtp_reply
        or "SSLCert" in again(letter).smtp_reply
    )


def everything_stored() -> str:
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


@pytest.mark.parametrize("password", ["canary-4711", "canary-ümläut"])
@pytest.mark.parametrize("failure", ["login", "gone", "auth_dropped"])
def test_c6_the_smtp_password_reaches_neither_rows_nor_logs(settings, caplog, password, failure):
    caplog.set_level(logging.DEBUG)
    settings.HBU_SMTP_USER, settings.HBU_SMTP_PASSWORD = "anna", password
    letter = queued()
    answers = {"AUTH": DROP} if failure == "auth_dropped" else {}
    with running(Sink(answers), passwords=True) as sink:
        settings.HBU_SMTP_PORT = 1 if failure == "gone" else sink.port
        outbox.send([letter.pk])
    assert again(letter).state == State.RETRYING
    everything = everything_stored() + caplog.text
    coded = base64.b64encode(password.encode()).decode()
    both = base64.b64encode(b"\0anna\0" + password.encode()).decode()
    assert not [one for one in (password, coded, both) if one in everything]


def test_letters_keep_their_umlauts_and_long_lines_on_the_way(sink):
    subject = "Auftragsbestätigung für Größe XÜ – " * 5 + "[C-2026-000001]"
    text = "Grüße aus Köln\n.ein Punkt am Anfang\n" + "sehr lang " * 200 + "\n"
    letter = queued(subject=subject, text=text, from_name="Knöpfe & Söhne, Übersee")
    outbox.send([letter.pk])
    mail = sink.letters[0]
    assert mail["From"].addresses[0].display_name == "Knöpfe & Söhne, Übersee"
    assert mail["To"].addresses[0].display_name == "Jürgen Größl"
    assert mail["To"].addresses[0].addr_spec == "j.groessl@modehaus-berger.example"
    assert mail["Subject"] == subject
    assert mail.get_content().replace("\r\n", "\n") == text
    assert mail["Content-Language"] == "de"
    assert mail.defects == []
    assert max(map(len, sink.taken[0][2].split(b"\r\n"))) <= 998


def test_the_conversation_is_named_so_that_any_program_can_read_it(sink):
    chain = [f"<{'a' * 60}.{number}@mail.outlook.example>" for number in range(20)]
    letter = queued(in_reply_to="<asked@x.example>", references=[*chain, "<asked@x.example>"])
    outbox.send([letter.pk])
    raw = sink.taken[0][2]
    assert b"In-Reply-To: <asked@x.example>\r\n" in raw
    assert f"Message-ID: {letter.message_id}\r\n".encode() in raw
    assert b"=?" not in raw.split(b"References:")[1].split(b"Auto-Submitted")[0]
    kept = sink.letters[0]["References"].split()
    assert kept == [chain[0], *chain[-10:], "<asked@x.example>"]


def test_a_first_letter_names_no_conversation(sink):
    outbox.send([queued().pk])
    assert sink.letters[0]["In-Reply-To"] is None
    assert sink.letters[0]["References"] is None


def test_an_international_domain_is_written_as_the_dns_knows_it(sink):
    letter = queued(to_address="einkauf@knöpfe.example")
    assert outbox.send([letter.pk]) == 1
    assert sink.taken[0][1] == ("einkauf@xn--knpfe-kua.example",)
    assert sink.letters[0]["To"].addresses[0].addr_spec == "einkauf@xn--knpfe-kua.example"


def test_d1_what_a_machine_wrote_says_so_and_what_a_person_wrote_does_not(sink):
    asked = {"in_reply_to": "<asked@x.example>"}
    outbox.send([queued(weight=weight, **asked).pk for weight in OutgoingEmail.Weight.values])
    said = [
        (mail["Auto-Submitted"], mail["Precedence"], mail["X-Auto-Response-Suppress"])
        for mail in sink.letters
    ]
    assert said == [
        ("auto-replied", "bulk", "All"),
        ("auto-replied", "bulk", "All"),
        (None, None, None),
        # Told to our own staff, it answers nobody.
        ("auto-generated", "bulk", "All"),
    ]


def test_c7_no_header_ever_holds_a_line_break(sink, caplog):
    for values in (
        {"subject": "Hello\r\nBcc: x@evil.example"},
        {"to_name": "Anna\r\nBcc: x@evil.example"},
        {"in_reply_to": "<a@b>\r\nBcc: x@evil.example"},
        {"references": ["<a@b>\nBcc: x@evil.example"]},
        {"to_address": "anna@x.example\r\nBcc: x@evil.example"},
        {"from_name": "Sales\nBcc: x@evil.example"},
    ):
        letter = queued(**values)
        outbox.send([letter.pk])
        assert again(letter).state in (State.FAILED, State.SENT)
    assert all("evil" not in str(recipients) for _, recipients, _ in sink.taken)
    assert all(mail["Bcc"] is None for mail in sink.letters)
    assert b"\nBcc:" not in b"".join(raw for _, _, raw in sink.taken)


def test_a_relay_that_is_away_costs_a_quarter_of_nothing_but_time(settings):
    settings.HBU_SMTP_PORT = 1
    letters = [queued() for _ in range(3)]
    assert outbox.send([letter.pk for letter in letters]) == 0
    assert {again(letter).state for letter in letters} == {State.RETRYING}
    assert all(again(letter).next_attempt_at > timezone.now() for letter in letters)


def test_a_relay_that_stays_away_for_days_is_given_up_with_a_reason(settings):
    settings.HBU_SMTP_PORT = 1
    letter = queued(created_at=timezone.now() - timedelta(days=5, minutes=1))
    outbox.send([letter.pk])
    assert again(letter).state == State.FAILED
    assert again(letter).reason
    assert Event.objects.filter(kind="outgoing.failed", subject_id=letter.pk).count() == 1


def test_the_line_is_closed_when_the_server_cannot_encrypt(settings, recwarn):
    settings.HBU_SMTP_SECURITY = "starttls"
    with running(Sink()) as sink:
        settings.HBU_SMTP_PORT = sink.port
        with pytest.raises(smtp.Unreachable), smtp.connect():
            pass
    gc.collect()
    assert not [warning for warning in recwarn if warning.category is ResourceWarning]
