from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agents.models import Agent, AgentRun
from cases.models import Task
from cases.services.briefing import brief, can_be_entered, with_customers
from emails.models import Email
from orders.data import ReadDocument, ReadLine
from orders.models import Order
from orders.services import fulfilling, placing
from tests.orders import books
from tests.work.mails import (
    BERGER,
    STRANGER,
    letters,
    mail,
    order_mail,
    order_pdf,
    pdf,
    take,
)

pytestmark = pytest.mark.django_db
WHERE = "Guten Tag, wo bleibt unsere Bestellung {}? Wann wird sie geliefert?"


def doubts() -> list[str]:
    return [doubt["code"] for doubt in Order.objects.latest("pk").doubts]


def question(number, sender=BERGER) -> bytes:
    subject = f"Lieferstatus {number}"
    return mail(WHERE.format(number), subject=subject, sender=sender, to="orders@h-bu.de")


def briefs(*emails):
    with_customers(emails)
    return [matter.brief for matter in brief(emails)]


def test_an_order_on_paper_is_read_before_the_words_around_it(company):
    take(order_mail("999 Stück HB-1002", files=[pdf("Bestellung.pdf", order_pdf())]))
    order = Order.objects.get()
    assert (order.state, order.document.filename) == (Order.State.CONFIRMED, "Bestellung.pdf")
    assert [(line.sku, line.quantity) for line in order.lines.all()] == [("HB-1001", 200)]


def test_a_mail_with_two_orders_is_looked_at_by_a_person(company):
    files = [pdf("1.pdf", order_pdf("PO-1")), pdf("2.pdf", order_pdf("PO-2", 300))]
    take(mail("anbei zwei Bestellungen", *files, subject="Bestellungen", to="orders@h-bu.de"))
    assert Order.objects.get().state == Order.State.CREATED
    assert doubts() == ["several_orders"]


def test_the_same_order_attached_twice_is_one_order(company):
    files = [pdf("1.pdf", order_pdf("PO-1")), pdf("Kopie.pdf", order_pdf("PO-1"))]
    take(mail("anbei unsere Bestellung", *files, subject="Bestellung", to="orders@h-bu.de"))
    assert Order.objects.get().state == Order.State.CONFIRMED


@pytest.mark.parametrize(
    ("name", "content_type", "content", "expected"),
    [
        ("Scan.pdf", "application/pdf", b"%PDF-1.4 broken", ["unread_attachment"]),
        ("Liste.xlsx", "application/vnd.ms-excel", b"PK", ["unread_attachment"]),
        ("logo.png", "image/png", b"\x89PNG", []),
        ("anna.vcf", "text/vcard", b"BEGIN:VCARD", []),
        ("smime.p7s", "application/pkcs7-signature", b"0", []),
    ],
)
def test_h2_words_are_no_order_while_the_paper_beside_them_is_unread(
    company, name, content_type, content, expected
):
    take(order_mail(files=[(name, content_type, content)]))
    assert doubts() == expected


@pytest.mark.parametrize("quantity", ["0", "-5", "99999999999"])
def test_an_order_for_nothing_or_for_the_moon_goes_to_a_person(company, quantity):
    line = ReadLine(1, "HB-1001", "", Decimal(quantity))
    assert not can_be_entered(ReadDocument("order", "pdf", lines=(line,)))
    assert not can_be_entered(ReadDocument("order", "pdf"))
    (email,) = take(order_mail(f"{quantity} Stück HB-1001"))
    assert email.state == Email.State.HANDLED
    assert not Order.objects.exists()
    assert Task.objects.get().title == "Enter the order by hand"


def test_an_order_from_a_machine_is_entered_and_looked_at(company):
    take(order_mail(Precedence="bulk"))
    assert "automatic" in doubts()
    assert [letter.state for letter in letters()] == ["withheld"]


def test_an_order_without_one_clear_sender_is_looked_at(company):
    take(order_mail(sender="a@modehaus-berger.example, b@modehaus-berger.example"))
    assert {"sender", "unknown_customer"} <= set(doubts())
    assert letters(state="queued") == []


def test_the_books_answer_where_a_confirmed_order_is(company):
    take(order_mail())
    order = Order.objects.get()
    (email,) = take(question(order.number))
    (letter,) = letters(answers=email)
    assert letter.template == "order_status"
    assert order.number in letter.text
    assert "2026" in letter.text


def entered(**terms):
    take(order_mail("200 Stück HB-1001", "1 Stück NIX-1", **terms))
    return Order.objects.latest("pk")


def cancelled(order):
    fulfilling.cancel(order, reason="x")


def late(order):
    placing.confirm([order])
    Order.objects.filter(pk=order.pk).update(promised_date=timezone.localdate() - timedelta(days=1))


def closed(order):
    placing.confirm([order])
    books.in_state(order, Order.State.CLOSED)


@pytest.mark.parametrize("what", [lambda order: None, cancelled, late, closed])
def test_what_the_books_cannot_answer_a_person_answers(company, what):
    order = entered()
    Order.objects.filter(pk=order.pk).update(doubts=[])
    what(Order.objects.get(pk=order.pk))
    (email,) = take(question(order.number))
    assert [letter.template for letter in letters(answers=email)] == ["order_status_unknown"]
    assert Task.objects.filter(case__emails=email, title="Say where the order is").exists()


def test_nobody_learns_of_another_customers_order(company):
    take(order_mail())
    number = Order.objects.get().number
    for sender in (STRANGER, "Imke <i.petersen@nordwind-fashion.example>"):
        (email,) = take(question(number, sender))
        assert briefs(email)[0].open_orders == ()
        assert "order_status" not in [letter.template for letter in letters(answers=email)]


def test_a_number_inside_another_number_names_nothing(company):
    take(order_mail(reference="PO-1"))
    (email,) = take(question("PO-12"))
    assert briefs(email)[0].open_orders == ()


@pytest.mark.parametrize("off", [["SalesAgent"], ["SalesAgent", "InfoAgent"]])
def test_h5_with_the_agents_switched_off_people_take_over(company, off):
    Agent.objects.filter(name__in=off).update(is_active=False)
    (email,) = take(order_mail())
    assert email.state == Email.State.HANDLED
    assert not Order.objects.filter(state=Order.State.CONFIRMED).exists()
    assert Task.objects.filter(case__emails=email).count() == 1
    assert AgentRun.objects.exists() == (off == ["SalesAgent"])
    assert bool(letters()) == (off == ["SalesAgent"])
