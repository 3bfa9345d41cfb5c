"""What customers are told of their orders, parcels and invoices: once, in one conversation."""

from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default

import pytest
from django.conf import settings
from django.utils import timezone

from agents.data import CHECK_THE_ORDER
from cases import tasks
from cases.models import Case, Task
from cases.services import telling
from cases.services.news import invoices, missing, orders, quotations, shipments
from emails import smtp
from emails.models import OutgoingEmail, RoyalTemplate
from orders.models import Invoice, Order, Printout, Quotation, Reminder, Shipment, ShipmentLine
from orders.services import fulfilling, placing, quoting
from shop.models import Customer
from tests.orders.books import proposal
from tests.work.mails import QUESTION, ask, letters, order_mail, printed, take

pytestmark = pytest.mark.django_db
SHOP = Order.Source.SHOP
SABINE = "einkauf@modehaus-berger.example"


def later():
    return timezone.now() + timedelta(seconds=40)


def entered(*, source=SHOP, email=SABINE, language="de", name="Sabine Berger", **terms) -> Order:
    said = placing.Particulars(contact_email=email, contact_name=name)
    entry = placing.Entry(proposal(**terms), source, language, particulars=said)
    return placing.place([entry])[0]


def confirmed(**terms) -> Order:
    order = entered(**terms)
    placing.confirm([order])
    return order


def by_mail(**headers) -> Order:
    take(order_mail(**headers))
    return Order.objects.latest("pk")


def shipped(order: Order, *, by=None, **values) -> Shipment:
    shipment = Shipment.objects.create(
        number=f"L-{Shipment.objects.count() + 1}", order=order, by=by, carrier="DHL",
        tracking="0034", expected_on=date(2026, 12, 1), **values,
    )  # fmt: skip
    for line in order.lines.all():
        ShipmentLine.objects.create(shipment=shipment, line=line, quantity=50)
    cause = f"shipment:{shipment.pk}:delivery_note"
    Printout.objects.create(cause=cause, kind="delivery_note", shipment=shipment)
    return shipment


def billed(order: Order, *, kind="invoice", printouts=("invoice",), **values) -> Invoice:
    invoice = Invoice.objects.create(
        number=f"R-{Invoice.objects.count() + 1}", kind=kind, order=order,
        customer=order.customer, issued_on=date(2026, 11, 20), due_on=date(2026, 12, 20),
        payment=order.payment, net=order.net, tax=order.tax, gross=order.gross, **values,
    )  # fmt: skip
    for one in printouts:
        Printout.objects.create(cause=f"invoice:{invoice.pk}:{one}", kind=one, invoice=invoice)
    return invoice


def causes(letter: OutgoingEmail) -> list[str]:
    return [one.cause for one in letter.enclosures.all()]


# Orders that nobody wrote a mail for


def test_a_confirmed_shop_order_is_told_in_a_conversation_of_its_own(company):
    order = confirmed()
    orders.tell_confirmed([order.pk])
    (letter,) = letters()
    case = Case.objects.get(orders=order)
    assert (letter.cause, letter.template) == (f"order:{order.pk}:confirmed", "order_confirmed")
    assert (letter.to_address, letter.to_name) == (SABINE, "Sabine Berger")
    assert (letter.weight, letter.policy) == ("commitment", "at_least_once")
    assert (letter.from_address, letter.thread) == ("orders@h-bu.de", case.thread)
    assert letter.text.startswith("Sehr geehrte Frau Berger,")
    assert f"{settings.HBU_SITE_URL}/shop/orders/{order.token}/" in letter.text
    assert letter.state == "queued"
    assert letter.score >= 80
    assert causes(letter) == [f"order:{order.pk}:confirmation:1"]
    assert (case.status, case.customer) == (Case.Status.RESOLVED, order.customer)
    assert not Task.objects.exists()


def test_p2_the_letter_is_written_once_however_often_the_bell_rings(company):
    order = confirmed()
    for _ in range(3):
        orders.tell_confirmed([order.pk])
    assert len(letters()) == Case.objects.count() == 1


def test_the_letter_speaks_the_language_of_the_order(company):
    order = confirmed(language="en", email="stranger@elsewhere.example", name="")
    orders.tell_confirmed([order.pk])
    (letter,) = letters()
    assert letter.text.startswith("Dear Sir or Madam,")
    assert "Order confirmation" in letter.subject


def test_an_oem_gets_its_letters_from_its_own_desk(company):
    Customer.objects.filter(number="K-10001").update(desk_address="oem1@h-bu.de")
    order = confirmed()
    orders.tell_confirmed([order.pk])
    assert letters()[0].from_address == "oem1@h-bu.de"


def test_a_customer_who_answers_comes_back_to_the_case_of_the_order(company):
    order = confirmed()
    orders.tell_confirmed([order.pk])
    (letter,) = letters()
    take(ask(sender=f"Sabine Berger <{SABINE}>", In_Reply_To=letter.message_id, text=QUESTION))
    case = Case.objects.get()
    assert (list(case.orders.all()), case.emails.count()) == ([order], 1)
    assert case.status != Case.Status.RESOLVED


def test_somebody_who_only_saw_the_number_does_not_get_into_the_conversation(company):
    order = confirmed()
    orders.tell_confirmed([order.pk])
    number = Case.objects.get().number
    take(ask(sender="thief@evil.example", subject=f"Re: [{number}]"))
    assert Case.objects.get(orders=order).emails.count() == 0


def test_a_doubtful_shop_order_is_thanked_for_and_is_on_somebodys_list(company, ben):
    order = entered(doubts=["strange"])
    orders.tell_received([order.pk])
    (letter,) = letters()
    assert (letter.template, letter.weight) == ("order_received", "acknowledgement")
    assert causes(letter) == []
    task = Task.objects.get()
    assert (task.title, task.case.status) == (CHECK_THE_ORDER, Case.Status.NEW)
    assert task.department.code == "orders"
    placing.accept_doubts(order, by=ben)
    orders.tell_confirmed([order.pk])
    tasks.settle([order.pk])
    task.refresh_from_db()
    assert task.status == Task.Status.RESOLVED
    assert len({letter.thread_id for letter in letters()}) == 1
    assert [letter.template for letter in letters()] == ["order_received", "order_confirmed"]
    assert letters()[1].in_reply_to == letters()[0].message_id


@pytest.mark.parametrize("source", [Order.Source.MAIL, Order.Source.STAFF])
def test_what_came_by_mail_or_a_colleague_entered_is_not_thanked_for_from_here(company, source):
    orders.tell_received([entered(source=source, doubts=["strange"]).pk])
    assert letters() == []


def test_an_order_without_an_address_is_told_by_a_person(company):
    order = confirmed(source=Order.Source.STAFF, email="")
    orders.tell_confirmed([order.pk])
    orders.tell_confirmed([order.pk])
    (letter,) = letters()
    assert (letter.state, letter.reason) == ("withheld", telling.NO_ADDRESS)
    assert Task.objects.get().title == telling.SEND_BY_HAND


def test_without_its_template_a_person_tells_it(company):
    RoyalTemplate.objects.filter(code="shipment_sent").delete()
    shipment = shipped(confirmed())
    for _ in range(2):
        shipments.tell_sent([shipment.pk])
    assert Task.objects.get().title == telling.SEND_BY_HAND


def test_the_sweep_finds_what_a_lost_bell_left_untold(company):
    order, doubtful = confirmed(), entered(doubts=["strange"])
    assert orders.unconfirmed(timezone.now()) == orders.unreceived(timezone.now()) == []
    assert orders.unconfirmed(later()) == [order.pk]
    assert orders.unreceived(later()) == [doubtful.pk]
    orders.tell_confirmed([order.pk])
    orders.tell_received([doubtful.pk])
    assert orders.unconfirmed(later()) == orders.unreceived(later()) == []


def test_a_cancelled_order_is_told_to_those_who_counted_on_it(company, ben):
    counted_on, thanked = confirmed(), entered(doubts=["strange"])
    by_mail_only = by_mail(sender="Anna <anna@sommer.example>", reference="PO-9")
    rows = [counted_on, thanked, by_mail_only]
    for order in rows:
        fulfilling.cancel(order, reason="because", by=ben)
    assert orders.uncancelled(later()) == [counted_on.pk, thanked.pk]
    orders.tell_cancelled([order.pk for order in rows])
    told = letters(template="order_cancelled")
    assert [letter.cause for letter in told] == [
        f"order:{order.pk}:cancelled" for order in (counted_on, thanked)
    ]
    assert "because" not in told[0].text
    assert orders.uncancelled(later()) == []


# Parcels


def test_a_parcel_is_told_in_the_conversation_of_the_mail_that_ordered(company):
    order = by_mail(Message_ID="<order@berger.example>")
    (confirmation,) = letters()
    shipment = shipped(order)
    assert shipments.unsent(later()) == [shipment.pk]
    shipments.tell_sent([shipment.pk])
    shipments.tell_sent([shipment.pk])
    letter = letters()[1]
    assert (letter.cause, letter.thread) == (f"shipment:{shipment.pk}:sent", confirmation.thread)
    assert letter.to_address == confirmation.to_address
    assert letter.in_reply_to == confirmation.message_id
    assert "<order@berger.example>" in letter.references
    assert "DHL" in letter.text
    assert "1. Dezember 2026" in letter.text
    assert "50 Stk." in letter.text
    assert causes(letter) == [f"shipment:{shipment.pk}:delivery_note"]
    assert (letter.answers, letter.score >= 80) == (None, True)
    assert shipments.unsent(later()) == []


def test_the_parcel_of_an_imported_order_is_told_only_when_a_person_sent_it(company, ben):
    take(order_mail(), answerable=False)
    order = Order.objects.get()
    shipments.tell_sent([shipped(order).pk, shipped(order, by=ben).pk])
    by_house, by_person = letters(template="shipment_sent")
    assert by_house.state == "withheld"
    assert by_person.state == "queued"
    assert Task.objects.get(title=telling.SEND_BY_HAND).reason.startswith(by_house.subject)


# Invoices and reminders


def test_an_invoice_goes_to_where_the_customer_wants_invoices(company):
    Customer.objects.filter(number="K-10001").update(invoice_email="rechnung@berger.example")
    order = confirmed()
    orders.tell_confirmed([order.pk])
    invoice = billed(order, printouts=("invoice", "xrechnung"), cash_discount_percent=2,
                     cash_discount_until=date(2026, 12, 1))  # fmt: skip
    assert invoices.unissued(later()) == [invoice.pk]
    invoices.tell_issued([invoice.pk])
    letter = letters()[1]
    assert (letter.to_address, letter.to_name) == ("rechnung@berger.example", "")
    assert letter.from_address == "finance@h-bu.de"
    assert letter.thread == letters()[0].thread
    assert causes(letter) == [f"invoice:{invoice.pk}:invoice", f"invoice:{invoice.pk}:xrechnung"]
    assert "20. Dezember 2026" in letter.text
    assert "2 % Skonto" in letter.text
    assert company.iban in letter.text
    assert letter.score >= 80
    assert invoices.unissued(later()) == []


def test_an_invoice_goes_to_who_ordered_where_nothing_else_is_wanted(company):
    Customer.objects.update(invoice_email="")
    shop, mail = confirmed(email="shop@modehaus-berger.example"), by_mail()
    invoices.tell_issued([billed(shop).pk, billed(mail).pk])
    told = letters(template="invoice_issued")
    assert [letter.to_address for letter in told] == ["shop@modehaus-berger.example", SABINE]


def test_an_invoice_in_advance_says_when_the_goods_leave(company):
    order = confirmed()
    Order.objects.update(payment="prepayment")
    order.refresh_from_db()
    invoices.tell_issued([billed(order).pk])
    assert "Sobald die Zahlung bei uns eingegangen ist" in letters()[0].text


@pytest.mark.parametrize(
    ("kind", "template"),
    [("credit_note", "credit_note_issued"), ("cancellation", "invoice_cancelled")],
)
def test_a_correction_names_the_invoice_it_refers_to(company, kind, template):
    order = confirmed()
    first = billed(order)
    second = billed(order, kind=kind, refers_to=first, printouts=("credit_note",))
    invoices.tell_issued([second.pk])
    (letter,) = letters()
    assert letter.template == template
    assert first.number in letter.text
    assert second.number in letter.subject


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_reminder_asks_courteously_and_encloses_the_invoice(company, level):
    invoice = billed(confirmed())
    reminder = Reminder.objects.create(
        number="M-1", invoice=invoice, level=level, open_amount=Decimal("12.50"),
        fee=5 if level == 3 else 0, written_on=timezone.localdate(), pay_until=date(2027, 1, 5),
    )  # fmt: skip
    Printout.objects.create(cause=f"reminder:{reminder.pk}", kind="reminder", reminder=reminder)
    assert invoices.unreminded(later()) == [reminder.pk]
    invoices.tell_reminded([reminder.pk])
    (letter,) = letters()
    assert letter.template == f"payment_reminder_{level}"
    assert "12,50 EUR" in letter.text
    assert "5. Januar 2027" in letter.text
    assert ("17,50 EUR" in letter.text) is (level == 3)
    assert causes(letter) == [f"reminder:{reminder.pk}", f"invoice:{invoice.pk}:invoice"]
    assert letter.score >= 80
    assert invoices.unreminded(later()) == []


def test_a_customer_with_many_orders_a_day_gets_all_letters(company):
    order = confirmed()
    for _ in range(35):
        invoices.tell_issued([billed(order).pk])
        shipments.tell_sent([shipped(order).pk])
    assert {letter.state for letter in letters()} == {"queued"}


# Quotations


def test_a_quotation_asked_for_in_the_shop_is_thanked_for_and_checked(company, ben):
    quotation = quoting.request(
        proposal().document, Customer.objects.get(number="K-10001"), source=SHOP, language="de",
        particulars=placing.Particulars(contact_email=SABINE, note="Mit Gravur?"),
    )  # fmt: skip
    assert quotations.unrequested(later()) == [quotation.pk]
    quotations.tell_requested([quotation.pk])
    (thanks,) = letters()
    assert (thanks.template, thanks.from_address) == ("quotation_ack", "sales@h-bu.de")
    task = Task.objects.get()
    assert task.title == "Check and send the quotation"
    assert SABINE in quotations.preview(quotation)
    quoting.offer(quotation, by=ben)
    assert quotations.unsent(later()) == [quotation.pk]
    quotations.tell_sent([quotation.pk])
    tasks.settle_quotations([quotation.pk])
    letter = letters()[1]
    assert letter.template == "quotation_sent"
    assert f"{settings.HBU_SITE_URL}/shop/quotations/{quotation.token}/" in letter.text
    assert causes(letter) == [f"quotation:{quotation.pk}:1"]
    assert letter.thread == thanks.thread
    assert letter.score >= 80
    task.refresh_from_db()
    assert (task.status, task.case.status) == (Task.Status.RESOLVED, Case.Status.RESOLVED)
    assert quotations.unrequested(later()) == quotations.unsent(later()) == []


def test_the_order_of_a_quotation_is_confirmed_where_the_quotation_was_sent(company):
    quotation = quoting.request(
        proposal().document, Customer.objects.get(number="K-10001"), source=SHOP, language="de",
        particulars=placing.Particulars(contact_email=SABINE),
    )  # fmt: skip
    assert quotation.state == Quotation.State.SENT
    quotations.tell_sent([quotation.pk])
    order = quoting.accept(quotation)
    orders.tell_confirmed([order.pk])
    offer, confirmation = letters()
    assert confirmation.template == "order_confirmed"
    assert confirmation.thread == offer.thread
    assert list(Case.objects.get().orders.all()) == [order]


# Files


def test_o4_letters_leave_with_the_documents_that_printing_makes(company):
    order = confirmed()
    orders.tell_confirmed([order.pk])
    (letter,) = letters()
    assert not OutgoingEmail.objects.due(timezone.now()).exists()
    printed()
    assert OutgoingEmail.objects.due(timezone.now()).get() == letter
    mail = message_from_bytes(smtp.pack(letter).raw, policy=default)
    (file,) = mail.iter_attachments()
    assert order.number in file.get_filename()
    assert file.get_content().startswith(b"%PDF-")


def test_the_window_of_the_sweep_begins_a_week_ago(company):
    window = missing.window(timezone.now(), "at")
    assert window["at__lt"] - window["at__gte"] == timedelta(days=7, seconds=-30)
