import pytest
from django.utils import timezone

from cases.models import Case, Task
from cases.services import flow
from emails import smtp
from emails.models import BlockedAddress, Email, Mailbox, OutgoingEmail, Thread
from emails.services import bouncing, intake, joining, outbox
from hbu.journal.models import Event
from tests.outgoing.letters import again, queued

pytestmark = pytest.mark.django_db
State, Weight = OutgoingEmail.State, OutgoingEmail.Weight
SENT, BOUNCED = State.SENT, State.BOUNCED
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
    return deliver(
        *(
            REPORT.format(number=number, action=action, status=status, message_id=one).encode()
            for number, one in enumerate(message_ids)
        )
    )


def deliver(*raws):
    box = Mailbox.objects.get(address="info@h-bu.de")
    arrivals = {
        number: intake.Arrival(raw, timezone.now(), answerable=True)
        for number, raw in enumerate(raws)
    }
    emails = intake.store(box, arrivals)
    flow.carry_through([email.pk for email in emails])
    return [Email.objects.get(pk=email.pk) for email in emails]


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
    letters = [sent(to_address=f"a{number}@b.example") for number in range(5)]
    reports = [
        Email.objects.create(
            fingerprint=one.message_id[:64],
            automatic="bounce",
            bounce={
                "status": "5.1.1",
                "final_recipients": ["a@b.example"],
                "original_message_id": one.message_id,
            },
        )
        for one in letters
    ]
    with django_assert_max_num_queries(11):
        bouncing.note(reports)
    assert OutgoingEmail.objects.filter(state=BOUNCED).count() == 5


def in_a_case(**values):
    """A letter in the conversation of an open case."""
    case = Case.objects.create(
        number="C-2026-000099",
        title="Knöpfe",
        thread=Thread.objects.create(subject="Knöpfe"),
        department=Mailbox.objects.get(address="info@h-bu.de").department,
        status=Case.Status.AWAITING_CUSTOMER,
    )
    letter = sent(thread=case.thread, **values)
    joining.remember([(letter.message_id, case.thread_id)])
    return case, letter


def test_c8_a_hard_bounce_blocks_the_address_we_wrote_to_and_no_other(company):
    letter = sent(to_address="Einkauf@Kunde.example")
    (report,) = come_back(letter.message_id)
    row = BlockedAddress.objects.get()
    assert (row.address, row.status, row.letter, row.report) == (
        "einkauf@kunde.example", "5.1.1", letter, report,
    )  # fmt: skip
    assert (row.until - row.since).days == 60
    assert report.thread == letter.thread or letter.thread is None


def test_a_letter_at_fault_itself_blocks_nobody(company):
    for status in ("5.2.3", "5.3.4", "5.6.1"):
        letter = sent()
        come_back(letter.message_id, status=status)
        assert again(letter).state == BOUNCED
    assert not BlockedAddress.objects.exists()


@pytest.mark.parametrize("state", [State.UNCERTAIN, State.SENDING, State.RETRYING])
def test_a_report_that_is_faster_than_the_servers_answer_is_matched(company, state):
    letter = queued(state=state)
    come_back(letter.message_id)
    assert again(letter).state == BOUNCED
    assert letter.pk not in outbox.due(timezone.now())


def test_a_letter_that_was_tried_for_too_long_came_back_and_the_next_may_get_through(company):
    letter = sent()
    come_back(letter.message_id, status="4.4.7")
    assert again(letter).state == BOUNCED
    assert not BlockedAddress.objects.exists()
    assert not Event.objects.filter(kind="outgoing.delayed").exists()


def test_a_delay_is_noted_with_the_letter_and_changes_nothing(company):
    letter = sent()
    come_back(letter.message_id, status="4.2.2", action="delayed")
    told = Event.objects.get(kind="outgoing.delayed")
    assert (told.subject_id, "4.2.2" in told.data["reason"]) == (letter.pk, True)
    assert (again(letter).state, BlockedAddress.objects.exists()) == (SENT, False)


def test_of_two_reports_the_final_one_counts(company):
    letter = sent()
    final, delayed = (
        REPORT.format(number=n, action=action, status=status, message_id=letter.message_id).encode()
        for n, (action, status) in enumerate([("failed", "5.1.1"), ("delayed", "4.4.1")])
    )
    deliver(final, delayed)
    assert again(letter).state == BOUNCED


def test_c8_a_forged_report_blocks_nobody(company):
    come_back("<somebody@else.example>", sent().message_id.replace("hb.t", "hb.x"))
    assert not BlockedAddress.objects.exists()


@pytest.mark.parametrize("weight", [Weight.PERSONAL, Weight.COMMITMENT])
def test_somebody_learns_that_a_letter_that_counts_came_back(company, weight):
    case, letter = in_a_case(weight=weight)
    come_back(letter.message_id)
    task = Task.objects.get()
    assert (task.case, task.department) == (case, case.department)
    assert letter.to_address in task.reason
    case.refresh_from_db()
    assert case.status == Case.Status.IN_PROGRESS


def test_an_acknowledgement_that_came_back_makes_no_work(company):
    case, letter = in_a_case()
    (report,) = come_back(letter.message_id)
    assert not Task.objects.exists()
    case.refresh_from_db()
    assert case.status == Case.Status.AWAITING_CUSTOMER
    # Where one looks for it: in the conversation of the letter.
    assert (report.thread, report.joined_by) == (case.thread, "proof")


def test_our_header_finds_the_letter_whose_id_a_relay_rewrote(company):
    letter = sent()
    rewritten = REPORT.format(
        number=1, action="failed", status="5.1.1", message_id="<0102@eu-west-1.relay.example>"
    ).replace("Subject: Angebot", f"Subject: Angebot\nX-HBU-Letter: {letter.message_id}")
    deliver(rewritten.encode())
    assert again(letter).state == BOUNCED


COMPLAINT = """From: <feedback@provider.example>
Subject: complaint about message from 192.0.2.1
Message-ID: <complaint@provider.example>
To: info@h-bu.de
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1
--b
Content-Type: message/rfc822

{original}
--b--
"""


def test_a_reader_who_calls_our_mail_spam_gets_no_more_of_it(company):
    letter = sent()
    (report,) = deliver(COMPLAINT.format(original=smtp.message(letter).as_string()).encode())
    assert report.automatic == "feedback_report"
    row = BlockedAddress.objects.get()
    assert (row.address, row.reason) == (letter.to_address, bouncing.UNWELCOME)
    assert again(letter).state == SENT
    assert Event.objects.get(kind="outgoing.unwelcome").subject_id == letter.pk
