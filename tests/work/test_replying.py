from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import time_machine
from django.utils import timezone

from agents.models import Department
from cases.models import Case, SLAPolicy, Task
from cases.services import following, replying
from cases.services.news import orders as news
from emails import smtp
from emails.models import Email, Mailbox, OutgoingEmail, RoyalTemplate
from emails.services import outbox, releasing
from hbu.company.models import Company
from orders.models import Order
from orders.services import fulfilling, placing
from shop.models import Contact, Customer
from tests.outgoing.sinks import Sink, running
from tests.work.mails import (
    BERGER,
    QUESTION,
    STRANGER,
    arrive,
    ask,
    letters,
    mail,
    order_mail,
    order_pdf,
    pdf,
    printed,
    take,
)

pytestmark = pytest.mark.django_db
IN_ENGLISH = "Hello, which of your buttons would you recommend for a winter coat? Thank you."


# Whom we write to, and how


@pytest.mark.parametrize(
    ("sender", "reply_to", "expected", "name"),
    [
        (BERGER, None, "einkauf@modehaus-berger.example", "Sabine Berger"),
        (BERGER, "lager@modehaus-berger.example", "lager@modehaus-berger.example", ""),
        (BERGER, "lager@MODEHAUS-Berger.example", "lager@modehaus-berger.example", ""),
        (BERGER, "thief@evil.example", "einkauf@modehaus-berger.example", "Sabine Berger"),
        (
            BERGER,
            "x@modehaus-berger.example.evil.example",
            "einkauf@modehaus-berger.example",
            "Sabine Berger",
        ),
    ],
)
def test_h1_a_reply_to_is_followed_within_the_senders_own_domain_only(
    company, sender, reply_to, expected, name
):
    take(order_mail(sender=sender, **({"Reply_To": reply_to} if reply_to else {})))
    (letter,) = letters()
    assert (letter.to_address, letter.to_name) == (expected, name)


@pytest.mark.parametrize(
    ("text", "sender", "greeting", "closing"),
    [
        (QUESTION, BERGER, "Sehr geehrte Frau Berger,", "Geschäftsführung: Dr. Katharina"),
        (QUESTION, STRANGER, "Sehr geehrte Damen und Herren,", "USt-IdNr.: DE999894301"),
        (IN_ENGLISH, BERGER, "Dear Ms Berger,", "Managing directors: Dr. Katharina"),
        (IN_ENGLISH, STRANGER, "Dear Sir or Madam,", "VAT ID: DE999894301"),
    ],
)
def test_a_letter_greets_and_signs_in_the_readers_language(
    company, text, sender, greeting, closing
):
    take(ask(text, sender=sender))
    (letter,) = letters()
    assert letter.text.startswith(greeting)
    assert closing in letter.text
    assert letter.state == "queued"


def test_the_imprint_leaves_out_what_nobody_entered(company):
    bare = Company(name="Knopf KG", street="Weg 1", postcode="1", city="Köln", domain="k.example")
    assert bare.imprint("en") == "Knopf KG\nWeg 1 · 1 Köln"
    assert "Geschäftsführung" in company.imprint()
    assert "Managing directors" in company.imprint("fr")


def test_a_letter_leaves_from_the_desk_that_answers(company):
    take(ask(sender=BERGER))
    (letter,) = letters()
    assert (letter.from_address, letter.from_name) == (
        "info@h-bu.de",
        "Happy Buttons GmbH, Empfang",
    )
    Company.objects.update(name="X" * 119)
    take(ask())
    assert len(letters()[1].from_name) == 120


def test_a_letter_leaves_from_a_mailbox_of_the_desk_that_is_watched(company):
    desk = Department.objects.get(address="info@h-bu.de")
    named = Mailbox.objects.get(address="info@h-bu.de")
    Mailbox.objects.create(address="zz@h-bu.de", department=desk, is_active=False)
    take(ask())
    other = Mailbox.objects.create(address="aa@h-bu.de", department=desk)
    take(ask(text=QUESTION + " 2", sender="x@x.example"))
    Mailbox.objects.filter(pk=named.pk).update(is_active=False)
    take(ask(text=QUESTION + " 3", sender="y@y.example"))
    Mailbox.objects.filter(pk=other.pk).update(is_active=False)
    take(ask(text=QUESTION + " 4", sender="z@z.example"))
    assert [(one.from_address, one.mailbox_id) for one in letters()] == [
        ("info@h-bu.de", named.pk),
        ("info@h-bu.de", named.pk),
        ("aa@h-bu.de", other.pk),
        ("info@h-bu.de", None),
    ]


def test_the_mailbox_of_the_desk_that_got_the_mail_answers_it(company):
    desk = Department.objects.get(code="orders")
    Mailbox.objects.filter(address="orders@h-bu.de").update(department=desk)
    Department.objects.filter(pk=desk.pk).update(address="bureau@h-bu.de")
    Mailbox.objects.create(address="bureau@h-bu.de", department=desk)
    take(order_mail())
    assert letters()[0].from_address == "orders@h-bu.de"


def test_amounts_and_dates_are_written_as_the_reader_does(company):
    english = "Hello, we order 2000 pieces HB-1001, order number PO-9. Thank you for your help."
    with time_machine.travel("2026-11-16T10:00:00+01:00", tick=False):
        take(order_mail("2.000 Stück HB-1001"), mail(english, subject="Order PO-9"))
    german, english = letters()
    assert "2.000 Stk. à 0,343 EUR = 686,00 EUR" in german.text
    assert "23. November 2026" in german.text
    assert "2,000 pcs" in english.text
    assert "686.00 EUR" in english.text
    assert "23 November 2026" in english.text


def test_the_conversation_is_carried_on(company):
    raw = order_mail(Message_ID="<b@x.example>", References="<a@x.example> <a2@x.example>")
    take(raw.replace(b"Message-ID", b"In-Reply-To: <a2@x.example>\nMessage-ID", 1))
    printed()
    answer = message_from_bytes(smtp.pack(letters()[0]).raw, policy=default)
    assert answer["In-Reply-To"] == "<b@x.example>"
    assert answer["References"].split() == ["<a@x.example>", "<a2@x.example>", "<b@x.example>"]


def test_an_umlaut_survives_from_their_mail_into_our_answer(company):
    sender = "Jürgen Größl <j.groessl@modehaus-berger.example>"
    take(order_mail(sender=sender, subject="Bestellung für Größl & Söhne"))
    printed()
    answer = message_from_bytes(smtp.pack(letters()[0]).raw, policy=default)
    assert answer["To"].addresses[0].display_name == "Jürgen Größl"
    assert answer["Subject"].startswith("Auftragsbestätigung B-2026-")
    assert "Sehr geehrter Herr Größl," in answer.get_body().get_content()


def test_a_promise_always_lies_ahead(company):
    with time_machine.travel("2026-11-02T09:00:00+01:00", tick=False):
        take(order_mail(Message_ID="<first@x.example>"))
    with time_machine.travel("2026-11-16T09:00:00+01:00", tick=False):
        take(ask(sender=BERGER, In_Reply_To="<first@x.example>"))
    assert letters()[1].template == "generic_ack"
    assert "Montag, 16. November, 13:30 Uhr" in letters()[1].text


def test_a_case_without_a_policy_promises_a_working_day(company):
    SLAPolicy.objects.all().delete()
    with time_machine.travel("2026-11-16T09:00:00+01:00", tick=False):
        take(ask())
    assert "Dienstag, 17. November, 08:30 Uhr" in letters()[0].text


# The confirmation, once


def doubtful(**values) -> bytes:
    return order_mail("200 Stück HB-1001", "10 Stück NIX-1", **values)


def test_a_confirmation_leaves_once_whoever_confirmed(company, ben):
    take(order_mail(reference="PO-1"), doubtful(reference="PO-2"))
    placing.accept_doubts(Order.objects.get(reference="PO-2"), by=ben)
    for _ in range(3):
        news.tell_confirmed(Order.objects.values_list("pk", flat=True))
    confirmations = letters(template="order_confirmed")
    assert len(confirmations) == 2
    assert len({letter.cause for letter in confirmations}) == 2


def test_the_sweep_finds_confirmed_orders_nobody_told_even_after_a_long_weekend(company, ben):
    take(doubtful())
    order = Order.objects.get()
    placing.accept_doubts(order, by=ben)
    now = timezone.now()
    assert news.unconfirmed(now) == []
    assert news.unconfirmed(now + timedelta(seconds=31)) == [order.pk]
    assert news.unconfirmed(now + timedelta(days=4)) == [order.pk]
    news.tell_confirmed([order.pk])
    assert news.unconfirmed(now + timedelta(seconds=31)) == []


def test_an_order_cancelled_before_it_was_told_is_not_confirmed_to_anybody(company, ben):
    take(doubtful())
    order = Order.objects.get()
    placing.accept_doubts(order, by=ben)
    fulfilling.cancel(order, reason="out of pearls", by=ben)
    assert news.unconfirmed(timezone.now() + timedelta(seconds=31)) == []
    news.tell_confirmed([order.pk])
    assert letters(template="order_confirmed") == []


def test_an_order_that_is_not_confirmed_is_told_to_nobody(company):
    take(doubtful())
    news.tell_confirmed(Order.objects.values_list("pk", flat=True))
    assert letters(template="order_confirmed") == []


@pytest.mark.parametrize("on_paper", [False, True])
def test_the_confirmation_answers_the_mail_that_brought_the_order(company, ben, on_paper):
    colleague = "Jürgen Größl <j.groessl@modehaus-berger.example>"
    take(ask(sender=BERGER, Message_ID="<first@x.example>"))
    paper = [pdf("1.pdf", order_pdf("PO-1")), pdf("2.pdf", order_pdf("PO-2", 300))]
    raw = doubtful(sender=colleague, files=paper if on_paper else ())
    (brought,) = take(raw.replace(b"Subject:", b"In-Reply-To: <first@x.example>\nSubject:", 1))
    take(ask(sender=BERGER, In_Reply_To="<first@x.example>", text=QUESTION + " Danke"))
    placing.accept_doubts(Order.objects.get(), by=ben)
    news.tell_confirmed(Order.objects.values_list("pk", flat=True))
    (confirmation,) = letters(template="order_confirmed")
    assert Case.objects.count() == 1
    assert Task.objects.get(title="Check the order").department.code == "orders"
    assert confirmation.answers == brought
    assert confirmation.to_address == "j.groessl@modehaus-berger.example"


def test_a_shop_order_without_a_conversation_gets_no_letter_from_here(company):
    from tests.orders.books import confirmed

    news.tell_confirmed([confirmed().pk])
    assert letters() == []


TELL = following.TELL_THE_CUSTOMER


def confirmed_by(person, *, times=2) -> Order:
    order = Order.objects.get()
    placing.accept_doubts(order, by=person)
    for _ in range(times):
        following.settle([order])
        news.tell_confirmed([order.pk])
    return order


def test_a_person_confirms_an_order_of_an_old_mail_and_the_customer_hears_of_it(company, ben):
    take(doubtful(), answerable=False)
    confirmed_by(ben)
    assert letters(template="order_confirmed")[0].state == "queued"
    assert not Task.objects.filter(title=TELL).exists()


def test_an_agents_confirmation_of_an_old_mail_stays_withheld(company):
    take(order_mail(), answerable=False)
    news.tell_confirmed(Order.objects.values_list("pk", flat=True))
    assert letters(template="order_confirmed")[0].state == "withheld"
    assert not Task.objects.filter(title=TELL).exists()


def test_a_person_learns_once_that_the_customer_hears_nothing(company, ben):
    take(doubtful(Return_Path="<>"))
    confirmed_by(ben)
    assert letters(template="order_confirmed")[0].state == "withheld"
    task = Task.objects.get(title=TELL)
    assert "return path" in task.reason
    assert task.case.status == Case.Status.IN_PROGRESS


def test_a_person_learns_once_that_the_letter_could_not_be_written(company, ben):
    take(doubtful())
    RoyalTemplate.objects.filter(code="order_confirmed").delete()
    order = confirmed_by(ben)
    assert Task.objects.get(title=TELL).reason == replying.UNWRITTEN
    following.tasks.resolve(Task.objects.get(title=TELL), by=ben)
    news.tell_confirmed([order.pk])
    assert not Task.objects.open().exists()


# The first answer


def test_a_case_is_answered_when_the_letter_has_left(company, settings):
    take(ask())
    assert Case.objects.get().first_response_at is None
    (letter,) = letters()
    # What the house sent by itself only said that the mail arrived.
    OutgoingEmail.objects.update(weight=OutgoingEmail.Weight.PERSONAL)
    now = timezone.now()
    following.note_answers([letter.pk])
    assert Case.objects.get().first_response_at is None
    settings.HBU_SMTP_HOST, settings.HBU_SMTP_SECURITY = "127.0.0.1", "none"
    with running(Sink()) as sink:
        settings.HBU_SMTP_PORT = sink.port
        outbox.send([letter.pk])
    assert following.unnoted(now) == [letter.pk]
    for _ in range(2):
        following.note_answers([letter.pk])
    (letter,) = letters()
    assert Case.objects.get().first_response_at == letter.sent_at
    assert following.unnoted(now) == []


# Lines from strangers


def test_c7_a_line_break_in_a_decoded_subject_reaches_exactly_one_reader(company, settings):
    raw = ask(subject="SUBJECT").replace(
        b"SUBJECT", b"=?utf-8?q?x=0D=0ABcc:_a@b.example=0ATo:_c@d.example?="
    )
    raw = raw.replace(b"Anna Sommer", b"=?utf-8?q?Anna=0D=0ABcc:_e@f.example?=")
    (email,) = take(raw)
    assert Case.objects.filter(emails=email).exists()
    settings.HBU_SMTP_HOST, settings.HBU_SMTP_SECURITY = "127.0.0.1", "none"
    with running(Sink()) as sink:
        settings.HBU_SMTP_PORT = sink.port
        assert outbox.send([letters()[0].pk]) == 1
    ((_, recipients, raw),) = sink.taken
    assert recipients == ("anna@sommer.example",)
    answer = message_from_bytes(raw, policy=default)
    assert [answer["Bcc"], len(answer["To"].addresses)] == [None, 1]
    assert b"\nBcc:" not in raw


def test_d7_a_name_that_is_a_link_is_none_in_our_letter(company):
    Contact.objects.filter(email__startswith="einkauf@").update(last_name="https://evil.example/x")
    Customer.objects.update(name="Click https://evil.example now")
    take(ask(sender=BERGER, subject="www.evil.example"))
    assert "evil.example" not in letters()[0].text


# What is not answered by itself


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"sender": "noreply@shop.example"}, "Nobody reads answers"),
        ({"Return_Path": "<>"}, "return path"),
    ],
)
def test_a_withheld_letter_says_why_and_a_person_may_let_it_go(company, ben, values, reason):
    take(ask(**values))
    (letter,) = letters()
    assert (letter.state, reason in letter.reason) == ("withheld", True)
    releasing.release(letter, by=ben)
    assert letters(state="queued") == [letter]


def test_a5_old_and_imported_mail_is_worked_on_and_not_answered(company):
    take(order_mail(), ask(), answerable=False)
    assert [letter.state for letter in letters()] == ["withheld", "withheld"]
    assert Order.objects.get().state == Order.State.CONFIRMED


def test_mails_wait_for_nobody_but_their_stage(company):
    (email,) = arrive(ask())
    assert letters() == []
    assert email.state == Email.State.RECEIVED
