from itertools import count

import pytest
from django.utils import timezone

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
