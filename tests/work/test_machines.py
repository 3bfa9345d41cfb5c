"""Mail that machines write (RFC 3834), and our own that comes back."""

from datetime import timedelta

import pytest
import time_machine

from cases.models import Case
from emails import smtp
from emails.models import BlockedAddress, Email, OutgoingEmail
from emails.threading import LETTER_HEADER, signed_message_id
from hbu.journal.models import Event
from tests.work.mails import BERGER, STRANGER, ask, letters, take

pytestmark = pytest.mark.django_db

SILENT = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated"},
    {"Auto_Submitted": "auto-notified; owner-email=x@x.example"},
    {"Auto_Submitted": "AUTO-REPLIED (vacation)"},
    {"Precedence": "bulk"},
    {"Precedence": "list"},
    {"Precedence": "junk"},
    {"Precedence": "auto_reply"},
    {"X_Auto_Response_Suppress": "All"},
    {"X_Auto_Response_Suppress": "OOF, AutoReply"},
    {"X_Autoreply": "yes"},
    {"X_Auto_Reply": "1"},
    {"X_Autorespond": "Frage"},
    {"X_Autoresponder": "vacation"},
    {"X_Mail_Autoreply": "on"},
    {"X_Loop": "info@h-bu.de"},
    {"List_Id": "<knopf.list.example>"},
    {"List_Unsubscribe": "<https://x.example/u>", "List_Unsubscribe_Post": "List-Unsubscribe=One-Click"},
    {"List_Post": "<mailto:list@x.example>"},
    {"Return_Path": "<>"},
    {"sender": "no-reply@shop.example"},
    {"sender": "noreply@shop.example"},
    {"sender": "do-not-reply@shop.example"},
    {"sender": "Nicht antworten <nicht-antworten@shop.example>"},
    {"sender": "MAILER-DAEMON@mx.example"},
    {"sender": "postmaster@mx.example"},
    {"sender": "support@h-bu.de"},
    {"sender": "Support+4711@h-bu.de"},
    {"Reply_To": "sales@h-bu.de"},
    {"subject": "Automatische Antwort: Bestellung"},
    {"subject": "Abwesenheitsnotiz: Ihre Nachricht"},
    {"subject": "Out of Office: Re: your message"},
    {"subject": "Undelivered Mail Returned to Sender", "sender": "mailer-daemon@x.example"},
]  # fmt: skip


def test_d1_no_mail_of_a_machine_is_ever_answered(company):
    take(*[ask(**headers) for headers in SILENT])
    answered = letters(state__in=OutgoingEmail.TRUE_SENDS)
    assert [(letter.to_address, letter.answers.subject) for letter in answered] == []
    assert set(Email.objects.values_list("state", flat=True)) == {Email.State.HANDLED}


def test_d1_a_person_who_says_so_is_answered(company):
    take(ask(Auto_Submitted="no"), ask(subject="AW: Abwesenheitsnotiz", sender=BERGER))
    assert [letter.state for letter in letters()] == ["queued", "queued"]


def told_by_the_rules(letter, sender):
    raw = smtp.message(letter)
    headers = {name: raw[name] for name in ("Auto-Submitted", "Precedence")}
    return ask(
        sender=sender, subject=f"Re: {letter.subject}", In_Reply_To=letter.message_id, **headers
    )


def keeping_the_conversation(letter, sender):
    return ask(sender=sender, subject=f"Re: {letter.subject}", In_Reply_To=letter.message_id)


def keeping_the_subject(letter, sender):
    return ask(sender=sender, subject=f"Re: {letter.subject}")


def keeping_nothing(letter, sender):
    return ask(sender=sender, subject="Ihre Nachricht")


@pytest.mark.parametrize(
    ("machine", "sender"),
    [
        (told_by_the_rules, STRANGER),
        (keeping_the_conversation, STRANGER),
        (keeping_the_conversation, BERGER),
        (keeping_the_subject, STRANGER),
        (keeping_the_subject, BERGER),
        (keeping_nothing, STRANGER),
    ],
)
def test_d1_two_machines_settle_within_three_mails_a_side_in_ten_days(company, machine, sender):
    with time_machine.travel("2026-11-02T09:00:00+01:00", tick=False) as clock:
        take(ask(sender=sender))
        answered = set()
        for _ in range(10 * 4):
            clock.shift(timedelta(hours=6))
            new = [one for one in letters(state="queued") if one.pk not in answered]
            answered |= {letter.pk for letter in new}
            take(*[machine(letter, sender) for letter in new])
    assert len(answered) <= 3
    assert Email.objects.count() <= 1 + 3


def test_d2_our_own_letter_that_comes_back_opens_no_case(company):
    take(ask())
    (letter,) = letters()
    raw = smtp.pack(letter).raw
    by_a_list = raw.replace(b"Subject: ", b"Subject: [Knopfliste] ").replace(
        b"info@h-bu.de", b"liste@list.example"
    )
    forwarded = raw.replace(b"Auto-Submitted: auto-replied\r\n", b"").replace(
        b"Precedence: bulk\r\n", b""
    )
    emails = take(raw, by_a_list, forwarded)
    assert [email.state for email in emails] == [Email.State.HANDLED] * 3
    assert Case.objects.count() == 1
    assert letters() == [letter]


def another_house(letter, number, *, stripped):
    """What an instance of this very system elsewhere, with a key of its own, answers to a letter."""
    raw = smtp.message(letter)
    answer = {
        "sender": "Anderes Haus <info@haus.example>",
        "subject": f"Ihre Nachricht ist angekommen [C-2026-{9000 + number:06}]",
        "Message_ID": signed_message_id(b"their key", f"n{number}", "haus.example"),
        "In_Reply_To": raw["Message-ID"],
        "References": raw["Message-ID"],
        LETTER_HEADER.replace("-", "_"): signed_message_id(
            b"their key", f"n{number}", "haus.example"
        ),
    }
    marks = ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress")
    return ask(
        **answer, **({} if stripped else {name.replace("-", "_"): raw[name] for name in marks})
    )


@pytest.mark.parametrize("stripped", [False, True])
def test_d10_two_of_our_houses_settle_within_three_mails_a_side(company, stripped):
    with time_machine.travel("2026-11-02T09:00:00+01:00", tick=False) as clock:
        take(ask(sender="Anderes Haus <info@haus.example>"))
        answered = set()
        for _ in range(10 * 4):
            clock.shift(timedelta(hours=6))
            new = [one for one in letters(state="queued") if one.pk not in answered]
            answered |= {letter.pk for letter in new}
            take(*[another_house(letter, letter.pk, stripped=stripped) for letter in new])
    assert len(answered) <= 3
    assert Email.objects.count() <= 1 + 3


def test_d10_a_bot_that_nobody_reads_is_never_answered(company):
    take(*[ask(sender="Shop <noreply@shop.example>", subject=f"Bestellung {n}") for n in range(30)])
    assert letters(state__in=OutgoingEmail.TRUE_SENDS) == []


def test_d10_an_address_that_bounces_gets_one_letter(company):
    for number in range(5):
        take(ask(subject=f"Frage {number}"))
        for letter in letters(state="queued"):
            OutgoingEmail.objects.filter(pk=letter.pk).update(state="sent")
            take(bounce_of(letter))
    assert len(letters(state="bounced")) == 1
    assert {one.state for one in letters()} == {"bounced", "withheld"}
    assert BlockedAddress.objects.get().address == letters()[0].to_address


def bounce_of(letter):
    text = f"<{letter.to_address}>: host mx.example said: 550 5.1.1 User unknown\n\nMessage-ID: {letter.message_id}"
    return ask(
        text,
        sender="MAILER-DAEMON@mx.example",
        subject="Undelivered Mail Returned to Sender",
        Return_Path="<>",
        Auto_Submitted="auto-replied",
    )


@pytest.mark.parametrize("sender", ["sales@h-bu.de", "Ben <ben@h-bu.de>", "Ben <ben@gmail.com>"])
def test_d3_nobody_acts_as_staff_by_mail(company, ben, sender):
    type(ben).objects.filter(pk=ben.pk).update(email="ben@gmail.com")
    (asked,) = take(ask())
    case, (letter,) = Case.objects.get(), letters()
    Case.objects.update(status=Case.Status.AWAITING_CUSTOMER)
    take(
        ask(sender=sender, In_Reply_To=asked.message_id),
        ask(sender=sender, References=letter.message_id),
        ask(sender=sender, subject=f"Re: [{case.number}]"),
        ask(f"On Monday you wrote:\n> Message-ID: {letter.message_id}", sender=sender),
    )
    assert letters(state__in=OutgoingEmail.TRUE_SENDS) == [letter]
    case.refresh_from_db()
    assert (case.status, case.emails.count()) == (Case.Status.AWAITING_CUSTOMER, 3)
    assert Event.objects.filter(kind="email.spoof_suspected").count() == 3


def test_d6_our_own_headers_from_outside_change_nothing(company):
    forged = {
        "X_HBU_Letter": "<hb.1.0000@h-bu.de>", "X_HBU_Case": "C-2026-000001", "X_HBU_Priority": "urgent",
        "X_HBU_Department": "oem1", "X_HBU_Customer": "K-1001", "X_HBU_State": "closed",
    }  # fmt: skip
    plain, dressed = take(ask(), ask(**forged))
    columns = ("kind", "priority", "department", "customer", "sla", "automatic", "joined_by")
    assert [getattr(plain, one) for one in columns] == [getattr(dressed, one) for one in columns]
    first, second = plain.cases.get(), dressed.cases.get()
    assert first != second
    assert (first.status, first.priority, first.department) == (
        second.status, second.priority, second.department,
    )  # fmt: skip


def test_our_letters_say_that_a_machine_wrote_them_and_whom_they_answer(company):
    (asked,) = take(ask())
    raw = smtp.message(letters()[0])
    assert raw["Auto-Submitted"] == "auto-replied"
    assert raw["X-Auto-Response-Suppress"] == "All"
    assert raw["Precedence"] == "bulk"
    assert raw["In-Reply-To"] == asked.message_id
    assert asked.message_id in raw["References"]
    assert raw[LETTER_HEADER] == raw["Message-ID"]
