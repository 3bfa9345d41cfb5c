from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from agents.models import AgentRun
from cases.models import Case, Task
from emails.models import Email, OutgoingEmail
from hbu.journal.models import Event
from orders.models import Order
from orders.services import placing
from shop.models import Contact, Customer, Movement, Product

ORDER = """Sehr geehrte Damen und Herren,

hiermit bestellen wir unter unserer Bestellnummer {number}:

500 Stk. HB-1002 Perlmuttknopf Aurora 18 mm

Mit freundlichen Grüßen
Sabine Berger
"""


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture
def berger(company):
    """A known customer with an address of her own, so that tests do not read each other's mail."""
    customer = Customer.objects.get(number="K-10001")
    address = f"{uuid4().hex[:8]}@modehaus-berger.example"
    return Contact.objects.create(
        customer=customer, title="ms", first_name="Sabine", last_name="Berger", email=address
    )


def test_a_certain_order_is_confirmed_and_answered_in_its_conversation(post, work_off, berger):
    number = f"A-{uuid4().hex[:8]}"
    post.send(
        berger.email,
        "orders@h-bu.de",
        f"Bestellung {number}",
        ORDER.format(number=number),
        Message_ID=f"<{number}@modehaus-berger.example>",
    )
    work_off()

    order = Order.objects.get(reference=number)
    assert order.state == Order.State.CONFIRMED
    assert order.customer == berger.customer
    line = order.lines.get()
    product = Product.objects.get(sku="HB-1002")
    assert (line.product, line.quantity) == (product, 500)
    price = product.price * (100 - berger.customer.discount_percent) / 100
    assert line.unit_price == price
    assert order.net == (price * 500).quantize(Decimal("0.01"))
    assert order.gross == order.net + order.tax
    assert Movement.objects.get(reference=order.number).quantity == 500

    (answer,) = post.letters(berger.email)
    assert answer["In-Reply-To"] == f"<{number}@modehaus-berger.example>"
    assert answer["From"].addresses[0].addr_spec == "orders@h-bu.de"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert order.number in answer["Subject"]
    body = answer.get_body().get_content()
    assert "Sehr geehrte Frau Berger" in body
    assert "HB-1002" in body
    (enclosed,) = answer.iter_attachments()
    assert enclosed.get_content_type() == "application/pdf"
    assert order.number in enclosed.get_filename()
    assert order.number in text_of(enclosed.get_content())
    letter = OutgoingEmail.objects.get(to_address=berger.email)
    assert letter.state == OutgoingEmail.State.SENT
    assert letter.score >= 60

    email = Email.objects.get(from_address=berger.email)
    assert email.state == Email.State.HANDLED
    case = Case.objects.get(emails=email)
    assert case.status == Case.Status.RESOLVED
    assert list(case.orders.all()) == [order]
    assert AgentRun.objects.get(case_number=case.number).agent.role == "sales"
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {
        "email.received",
        "email.triaged",
        "case.opened",
        "order.created",
        "order.confirmed",
        "outgoing.sent",
        "email.handled",
    } <= kinds


def test_a_doubtful_order_waits_for_one_click(
    post, work_off, berger, ben, django_capture_on_commit_callbacks
):
    number = f"A-{uuid4().hex[:8]}"
    text = ORDER.format(number=number).replace("HB-1002 Perlmuttknopf Aurora 18 mm", "HB-9999")
    post.send(berger.email, "orders@h-bu.de", f"Bestellung {number}", text)
    work_off()

    order = Order.objects.get(reference=number)
    assert order.state == Order.State.CREATED
    assert order.doubts
    (answer,) = post.letters(berger.email)
    assert "HB-9999" not in answer["Subject"]
    task = Task.objects.get(case__orders=order)
    assert task.status == Task.Status.NEW

    line = order.lines.get()
    line.product = Product.objects.get(sku="HB-1002")
    line.save()
    with django_capture_on_commit_callbacks():
        placing.accept_doubts(order, by=ben)
    assert Order.objects.get(pk=order.pk).state == Order.State.CONFIRMED
    assert Movement.objects.get(reference=order.number).quantity == 500


def test_the_same_mail_again_makes_nothing_new(post, work_off, berger):
    number = f"A-{uuid4().hex[:8]}"
    for mailbox in ("orders@h-bu.de", "sales@h-bu.de"):
        post.send(
            berger.email,
            mailbox,
            f"Bestellung {number}",
            ORDER.format(number=number),
            Message_ID=f"<{number}@modehaus-berger.example>",
            Date="Sat, 21 Nov 2026 08:00:00 +0100",
        )
        work_off()
        work_off()
    assert Order.objects.filter(reference=number).exclude(state="CREATED").count() == 1
    confirmations = OutgoingEmail.objects.filter(
        to_address=berger.email, template="order_confirmed"
    )
    assert confirmations.count() == 1


def test_a_vacation_note_is_read_and_never_answered(post, work_off, berger):
    post.send(
        berger.email,
        "info@h-bu.de",
        "Abwesenheitsnotiz: Bestellung",
        "Ich bin bis Montag nicht im Haus.",
        Auto_Submitted="auto-replied",
    )
    work_off()
    email = Email.objects.get(from_address=berger.email)
    assert email.state == Email.State.HANDLED
    assert email.automatic == "auto_reply"
    assert not Case.objects.filter(emails=email).exists()
    assert not OutgoingEmail.objects.filter(to_address=berger.email).exists()


def test_a_reply_joins_the_case_and_is_not_acknowledged_twice(post, work_off, berger):
    question = "Guten Tag, eine allgemeine Frage zu Ihrem Haus: Haben Sie samstags geöffnet?"
    post.send(berger.email, "info@h-bu.de", "Frage", question, Message_ID="<q1@berger.example>")
    work_off()
    (first,) = post.letters(berger.email)
    post.send(
        berger.email,
        "info@h-bu.de",
        "AW: Frage",
        "Danke, und wie ist es an Feiertagen?",
        In_Reply_To=first["Message-ID"],
        References=f"<q1@berger.example> {first['Message-ID']}",
    )
    work_off()
    assert Case.objects.filter(emails__from_address=berger.email).distinct().count() == 1
    assert Case.objects.get(emails__subject="AW: Frage").emails.count() == 2
    assert len(post.letters(berger.email)) == 1
