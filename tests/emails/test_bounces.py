import pytest

from emails.data import Automatic, BounceReason
from emails.parsing import parse
from tests.corpora import bounces
from tests.explosions import no_explosion

OWN = frozenset({"info@house.example"})


def report(
    status_blocks,
    *,
    returned="Message-ID: <ours-1@house.example>\nSubject: Angebot\n",
    kind="text/rfc822-headers",
):
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: info@house.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4711

{status_blocks}
--b
Content-Type: {kind}

{returned}
--b--
""".encode()


FAILED = "Final-Recipient: rfc822; anna@kunde.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n"
DELAYED = "Final-Recipient: rfc822; clara@kunde.example\nAction: delayed\nStatus: 4.4.1\n"
RELAYED = "Final-Recipient: rfc822; otto@kunde.example\nAction: relayed\nStatus: 2.1.5\n"


def test_c8_a_delivery_report_says_who_why_and_which_mail():
    mail = parse(report(FAILED))
    assert mail.automatic is Automatic.BOUNCE
    bounce = mail.bounce
    assert bounce.final_recipients == ("anna@kunde.example",)
    assert (bounce.status, bounce.original_message_id) == ("5.1.1", "<ours-1@house.example>")
    assert (bounce.reason, bounce.permanent) == (BounceReason.USER_UNKNOWN, True)
    assert bounce.diagnostic == "smtp; 550 5.1.1 unknown"
    assert "I'm sorry" in mail.text


@pytest.mark.parametrize(
    ("blocks", "recipients", "status"),
    [
        (DELAYED, ("clara@kunde.example",), "4.4.1"),
        (f"{RELAYED}\n{FAILED}\n{DELAYED}", ("anna@kunde.example",), "5.1.1"),
        ("Final-Recipient: <anna@kunde.example>\nAction: failed\n", ("anna@kunde.example",), "5.0.0"),
        ("Final-Recipient: rfc822;anna@kunde.example\nAction: failed\nStatus: 5.2.2 (mailbox full)\n", ("anna@kunde.example",), "5.2.2"),
    ],
)  # fmt: skip
def test_c8_a_report_is_about_the_worst_that_happened(blocks, recipients, status):
    bounce = parse(report(blocks)).bounce
    assert (bounce.final_recipients, bounce.status) == (recipients, status)


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "text/rfc822-headers", "message/global-headers"]
)
def test_c8_the_original_is_found_in_what_was_returned(kind):
    assert parse(report(FAILED, kind=kind)).bounce.original_message_id == "<ours-1@house.example>"


def test_c8_a_report_without_the_original_says_so():
    assert parse(report(FAILED, returned="")).bounce.original_message_id == ""


SHAPES = {
    "exim": (
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\nSubject: Mail delivery failed: returning message to sender\n"
        "X-Failed-Recipients: anna@kunde.example\n\n"
        "This message was created automatically by mail delivery software.\n\n  anna@kunde.example\n"
        "    host mx.kunde.example [192.0.2.1]: SMTP error: 550 User unknown\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <ours-1@house.example>\n",
        (("anna@kunde.example",), "5.1.1", "<ours-1@house.example>"),
    ),
    "german": (
        "From: postmaster@kunde.example\nSubject: Unzustellbar: Angebot\nIn-Reply-To: <ours-1@house.example>\n\n"
        "Ihre Nachricht von info@house.example an anna@kunde.example wurde nicht zugestellt.\n"
        "#550 5.1.10 RESOLVER.ADR.RecipientNotFound; Server 10.5.1.2 Version 5.9.12.3\n",
        (("anna@kunde.example",), "5.1.10", "<ours-1@house.example>"),
    ),
    "gmail": (
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nSubject: Delivery Status Notification (Failure)\n\n"
        "Your message wasn't delivered to anna@kunde.example because the domain couldn't be found.\n",
        (("anna@kunde.example",), "5.1.2", ""),
    ),
    "null-path": (
        "Return-Path: <>\nFrom: system@mx.example\nSubject: Returned mail: see transcript for details\n\n"
        "<anna@kunde.example>... 451 4.4.1 timeout\n",
        (("anna@kunde.example",), "4.4.1", ""),
    ),
}


@pytest.mark.parametrize(("raw", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_c8_reports_that_follow_no_standard_are_read_too(raw, expected):
    mail = parse(raw.encode(), own_addresses=OWN)
    assert mail.automatic is Automatic.BOUNCE
    bounce = mail.bounce
    assert (bounce.final_recipients, bounce.status, bounce.original_message_id) == expected
    assert mail.must_not_answer


def test_a_person_who_writes_of_failed_delivery_is_a_person():
    mail = parse(
        b"From: anna@kunde.example\nSubject: Zustellung fehlgeschlagen\n\nDas Paket kam nicht an."
    )
    assert (mail.automatic, mail.bounce) == (None, None)


def test_a_report_forwarded_as_an_attachment_is_no_report():
    inner = report(FAILED).decode()
    raw = f"From: anna@kunde.example\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nSiehe Anhang\n--o\nContent-Type: message/rfc822\n\n{inner}\n--o--\n"
    mail = parse(raw.encode())
    assert mail.bounce is None
    assert [part.filename for part in mail.attachments] == [
        "Undelivered Mail Returned to Sender.eml"
    ]


def test_b1_a_hostile_report_is_read_within_bounds():
    blocks = (
        FAILED.replace("anna", "x")
        + "\n"
        + "\n".join(FAILED.replace("anna", f"a{n}") for n in range(5000))
    )
    assert len(parse(report(blocks, returned="a: b\n" * 5000)).bounce.final_recipients) <= 100


def test_c8_reports_of_many_systems_are_found_and_nothing_else_is():
    low = [str(figure) for figure in bounces.measure() if not figure.holds]
    assert low == []


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ("550 5.1.1 no such user", "5.1.1", BounceReason.USER_UNKNOWN),
        ("550 sorry, no mailbox here by that name", "5.1.1", BounceReason.USER_UNKNOWN),
        ("552 sorry", "5.2.2", BounceReason.MAILBOX_FULL),
        ("452 4.2.2 mailbox full", "4.2.2", BounceReason.MAILBOX_FULL),
        ("Postfach ist voll", "5.2.2", BounceReason.MAILBOX_FULL),
        ("Host unknown (Name server: host not found)", "5.1.2", BounceReason.HOST_UNKNOWN),
        ("552 message too large", "5.3.4", BounceReason.TOO_BIG),
        ("554 rejected: spam", "5.7.1", BounceReason.POLICY),
        ("550 5.7.1 relaying denied", "5.7.1", BounceReason.RELAY_DENIED),
        ("554 too many hops", "5.4.6", BounceReason.LOOP),
        ("retry time not reached, expired", "5.4.7", BounceReason.EXPIRED),
        ("550 5.2.1 mailbox disabled", "5.2.1", BounceReason.MAILBOX_DISABLED),
        ("554 hm", "5.0.0", BounceReason.OTHER),
    ],
)
def test_c8_what_a_server_says_becomes_a_status_and_a_reason(said, status, reason):
    raw = (
        f"From: MAILER-DAEMON@mx.example\nSubject: Undeliverable\n\n<anna@kunde.example>: {said}\n"
    )
    bounce = parse(raw.encode(), own_addresses=OWN).bounce
    assert (bounce.status, bounce.reason, bounce.permanent) == (status, reason, True)


def test_c8_a_status_that_only_says_failed_is_made_exact_by_the_diagnostic():
    blocks = "Final-Recipient: rfc822; anna@kunde.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550\n 5.2.2 over quota\n"
    bounce = parse(report(blocks)).bounce
    assert (bounce.status, bounce.reason) == ("5.2.2", BounceReason.MAILBOX_FULL)


def test_c8_a_mail_that_is_still_tried_is_not_lost():
    assert parse(report(DELAYED)).bounce.permanent is False


IN_WORDS = (
    b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Successful Mail Delivery Report\n\n"
    b"Your message was successfully delivered to the destination(s) listed below.\n\n<anna@kunde.example>\n"
)


@pytest.mark.parametrize(
    "raw",
    [
        report(RELAYED),
        report("Final-Recipient: rfc822; a@b.example\nAction: delivered\n"),
        IN_WORDS,
    ],
)
def test_c8_a_report_that_everybody_got_the_mail_is_a_receipt(raw):
    mail = parse(raw)
    assert (mail.automatic, mail.bounce) == (Automatic.AUTO_REPLY, None)
    assert mail.must_not_answer


@pytest.mark.parametrize(
    ("head", "body", "is_report"),
    [
        # Few signs of many kinds suffice, whatever the language; one alone never does.
        ("Return-Path: <>\nFrom: m2@mx.example\nSubject: 4711", "<anna@kunde.example>: 550 5.1.1 nein", True),
        ("From: m2@mx.example\nSubject: 4711", "<anna@kunde.example>: 550 5.1.1 nein", False),
        ("Return-Path: <>\nFrom: m2@mx.example\nSubject: 4711", "Danke", False),
        ("From: otto@kunde.example\nSubject: Mail failure", "<anna@kunde.example>", False),
    ],
)  # fmt: skip
def test_c8_signs_of_a_report_count_together(head, body, is_report):
    mail = parse(f"{head}\n\n{body}\n".encode(), own_addresses=OWN)
    assert (mail.automatic is Automatic.BOUNCE) is is_report


COMPLAINTS = {
    "standard": """From: Feedback <feedback@arf.mail.example>
Subject: FW: Angebot
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Original-Rcpt-To: <anna@kunde.example>
--b
Content-Type: message/rfc822

Message-ID: <ours-1@house.example>
To: anna@kunde.example

Hallo
--b--
""",
    "hotmail": """From: staff@hotmail.com
Subject: complaint about message from 192.0.2.1
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: message/rfc822

X-HmXmrOriginalRecipient: anna@kunde.example
Message-ID: <ours-1@house.example>

Hallo
--b--
""",
}


@pytest.mark.parametrize("raw", COMPLAINTS.values(), ids=COMPLAINTS.keys())
def test_c8_a_complaint_says_whose_it_is_and_of_which_mail(raw):
    mail = parse(raw.encode(), own_addresses=OWN)
    assert mail.automatic is Automatic.FEEDBACK_REPORT
    assert mail.bounce.final_recipients == ("anna@kunde.example",)
    assert mail.bounce.original_message_id == "<ours-1@house.example>"
    assert (mail.bounce.reason, mail.bounce.permanent) == (BounceReason.COMPLAINT, False)


@pytest.mark.parametrize(
    "piece", ["a@b.c\n", "<", "550 ", "5.1.1 ", "final-recipient:\n ", "\n \n", "a.b."]
)
def test_b14_hostile_reports_take_linear_time(piece):
    raw = f"From: MAILER-DAEMON@mx.example\nSubject: Undeliverable\n\n{piece * 100_000}"
    with no_explosion():
        assert parse(raw.encode()).automatic is Automatic.BOUNCE
