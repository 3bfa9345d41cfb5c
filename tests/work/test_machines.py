"""Mail that machines write (RFC 3834), and our own that comes back."""

from datetime import timedelta

import pytest
import time_machine

from cases.models import Case
from emails import smtp
from emails.models import Email, OutgoingEmail
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
