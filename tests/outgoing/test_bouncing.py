import pytest
from django.utils import timezone

from cases.models import Case
from cases.services import flow
from emails.models import Email, Mailbox, OutgoingEmail
from emails.services import intake
from hbu.journal.models import Event
from tests.outgoing.letters import again, queued

pytestmark = pytest.mark.django_db
SENT, BOUNCED = OutgoingEmail.State.SENT, OutgoingEmail.State.BOUNCED
REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{number}@mx.example>
To: info@h-bu.de
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; j.groessl@modehaus-berger.example
Action: {action}
Status: {status}
--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Angebot
--b--
"""


def come_back(*message_ids, status="5.1.1", action="failed"):
    """Delivery reports on the letters arrive and go through all stages."""
    raws = [
        REPORT.format(number=number, action=action, status=status, message_id=one).encode()
        for number, one in enumerate(message_ids)
    ]
    box = Mailbox.objects.get(address="info@h-bu.de")
    arrivals = {
        number: intake.Arrival(raw, timezone.now(), answerable=True)
        for number, raw in enumerate(raws)
    }
    flow.carry_through([email.pk for email in intake.store(box, arrivals)])


def sent(**values):
    return queued(**{"state": SENT, "sent_at": timezone.now(), **values})


def test_c8_a_letter_that_came_back_waits_for_a_person_with_its_reason(company):
    letter = sent()
    come_back(letter.message_id)
    letter = again(letter)
    assert letter.state == BOUNCED
    assert "5.1.1 j.groessl@modehaus-berger.example" in letter.reason
    assert letter in OutgoingEmail.objects.for_a_person()
    assert Event.objects.filter(kind="outgoing.bounced", subject_id=letter.pk).count() == 1
    assert Email.objects.get().state == Email.State.HANDLED
    assert not Case.objects.exists()


def test_c8_a_forged_report_for_a_foreign_message_id_changes_nothing(company):
    signed, foreign = sent(), sent(message_id="<somebody@else.example>")
    come_back(foreign.message_id, signed.message_id.replace("hb.t", "hb.x"))
    assert {again(signed).state, again(foreign).state} == {SENT}
    assert not Event.objects.filter(kind="outgoing.bounced").exists()


@pytest.mark.parametrize(
    ("status", "action"), [("4.4.1", "delayed"), ("2.1.5", "relayed"), ("2.0.0", "delivered")]
)
def test_c8_a_report_that_is_not_final_changes_nothing(company, status, action):
    letter = sent()
    come_back(letter.message_id, status=status, action=action)
    assert again(letter).state == SENT


def test_c8_a_letter_that_never_left_cannot_come_back(company):
    letter = queued()
    come_back(letter.message_id)
    assert again(letter).state == OutgoingEmail.State.QUEUED


def test_many_reports_are_noted_with_one_look_at_the_letters(
    company, django_assert_max_num_queries
):
    from emails.services import bouncing

    letters = [sent() for _ in range(5)]
    reports = [
        Email(
            automatic="bounce",
            bounce={
                "status": "5.1.1",
                "final_recipients": ["a@b.example"],
                "original_message_id": one.message_id,
            },
        )
        for one in letters
    ]
    with django_assert_max_num_queries(5):
        bouncing.note(reports)
    assert OutgoingEmail.objects.filter(state=BOUNCED).count() == 5
