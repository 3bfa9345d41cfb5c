import subprocess
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.utils import timezone
from redis import Redis

from hbu import broker
from hbu.lib import measuring
from hbu.lib.sockets import socket_path

NUMBERS = count(1)


@pytest.fixture
def department(db):
    from agents.models import Department

    return Department.objects.create(
        code="orders", name_de="Auftragsbearbeitung", name_en="Order desk", address="orders@h-bu.de"
    )


@pytest.fixture
def receive(department):
    """Write the row of a mail that came in."""
    from emails.models import Email

    def receive(subject="Order 4711", **fields):
        number = next(NUMBERS)
        row = {
            "fingerprint": f"{number:064}",
            "from_name": "Anna Amann",
            "from_address": "anna@amann.example",
            "kind": "order",
            "priority": "normal",
            "department": department,
            "state": Email.State.HANDLED,
            "text": "Dear buttons, 500 pieces, please.",
        }
        return Email.objects.create(subject=subject, **(row | fields))

    return receive


@pytest.fixture
def open_case(department):
    from cases.models import Case, CaseEmail

    def open_case(email=None, **fields):
        number = f"C-{next(NUMBERS):06}"
        case = Case.objects.create(number=number, title="Order", department=department, **fields)
        if email:
            CaseEmail.objects.create(case=case, email=email)
        return case

    return open_case


@pytest.fixture
def write_letter(db):
    from emails.models import OutgoingEmail

    def write_letter(**fields):
        number = next(NUMBERS)
        row = {
            "state": OutgoingEmail.State.SENT,
            "cause": f"test:{number}",
            "message_id": f"<{number}@h-bu.de>",
            "from_address": "orders@h-bu.de",
            "to_address": "anna@amann.example",
            "subject": "Your order",
            "text": "With pleasure.",
            "sent_at": timezone.now(),
        }
        return OutgoingEmail.objects.create(**(row | fields))

    return write_letter


@pytest.fixture
def make_order(db):
    from orders.models import Order

    def make_order(**fields):
        return Order.objects.create(number=f"B-{next(NUMBERS):06}", source="mail", **fields)

    return make_order


@pytest.fixture(scope="session")
def _broker(tmp_path_factory):
    """A broker of our own, for what processes add up in it."""
    folder = tmp_path_factory.mktemp("measures")
    path = socket_path(folder, "broker.sock")
    broker.prepare(path, folder)
    with subprocess.Popen(broker.command(path, folder)) as process:
        while not broker.answers(path):
            assert process.poll() is None
        yield f"unix://{path}?db=0"
        process.terminate()


@pytest.fixture
def measures(_broker, settings):
    """Nothing is measured yet."""
    settings.HBU_MEASURES_URL = _broker
    with Redis.from_url(_broker) as line:
        line.flushall()
    return measuring


@pytest.fixture
def other(db):
    from agents.models import Department

    return Department.objects.create(
        code="quality", name_de="Qualität", name_en="Quality", address="quality@h-bu.de"
    )


@pytest.fixture
def customer(db):
    from shop.models import Customer

    return Customer.objects.create(number="K-1", name="Amann & Co")


@pytest.fixture
def product(db):
    from shop.models import Category, Product

    category = Category.objects.create(code="horn", name_de="Horn", name_en="Horn")
    return Product.objects.create(
        sku="HB-1", category=category, name_de="Hornknopf", name_en="Horn button", price="0.50"
    )


@pytest.fixture
def bill(make_order, customer):
    from orders.models import Invoice

    def bill(net, days_ago=1, **fields):
        order = make_order(customer=customer, created_at=timezone.now() - timedelta(days=400))
        row = {
            "number": f"R-{order.number}",
            "kind": "invoice",
            "order": order,
            "customer": customer,
            "issued_on": timezone.localdate() - timedelta(days=days_ago),
            "net": Decimal(net),
            "payment": "invoice",
        }
        return Invoice.objects.create(**(row | fields))

    return bill


@pytest.fixture
def rate(open_case):
    from cases.models import Rating

    def rate(stars, days_ago=1, **fields):
        case = open_case(**fields)
        return Rating.objects.create(
            case=case, stars=stars, at=timezone.now() - timedelta(days=days_ago)
        )

    return rate


@pytest.fixture
def a_month(
    receive, write_letter, make_order, bill, rate, open_case, customer, product, ben, other
):
    """Something of everything, in this time, the one before, and long before."""
    from orders.models import OrderLine

    for days_ago in (0, 3, 29, 30, 45, 200):
        at = timezone.now() - timedelta(days=days_ago)
        mail = receive(received_at=at)
        receive(received_at=at, department=other)
        write_letter(answers=mail, created_at=at)
        touched = receive(received_at=at, automatic="bounce")
        write_letter(answers=touched, created_at=at)
        order = make_order(customer=customer, created_at=at, net=Decimal("12.50"))
        make_order(customer=customer, created_at=at, net=Decimal(99), state="CANCELLED")
        OrderLine.objects.create(
            order=order, position=1, product=product, sku="HB-1", name="Horn", quantity=25,
            unit_price="0.50", tax_rate=19, total="12.50",
        )  # fmt: skip
        case = open_case(mail)
        case.orders.add(order)
        rate(4, days_ago)
        rate(2, days_ago, customer=customer)
        bill("100", days_ago)
    first = bill("300", 2)
    bill("50", 1, kind="credit_note", refers_to=first)
