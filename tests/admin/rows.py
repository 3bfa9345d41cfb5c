"""Rows as the pipeline leaves them, without running it."""

from decimal import Decimal
from uuid import uuid4

from django.conf import settings

from agents.models import Agent, Department
from cases.models import Case, CaseEmail, Task
from emails.models import Email, Mailbox, OutgoingEmail, RoutingRule, Thread
from hbu.lib import blobs
from orders.models import Document, Order, OrderLine
from shop.models import Category, Customer, Product, Stock


def department(code="sales"):
    return Department.objects.get_or_create(
        code=code,
        defaults={"name_de": "Verkauf", "name_en": code.title(), "address": f"{code}@h-bu.example"},
    )[0]


def customer(name="Modehaus Berger"):
    return Customer.objects.get_or_create(
        name=name, defaults={"number": f"K-{uuid4().hex[:8]}", "discount_percent": Decimal(10)}
    )[0]


def product(sku="HB-1", price="2.00", on_hand=1000):
    category, _ = Category.objects.get_or_create(
        code="c", defaults={"name_de": "K", "name_en": "C"}
    )
    made, new = Product.objects.get_or_create(
        sku=sku,
        defaults={"category": category, "name_de": "Knopf", "name_en": "Button", "price": price},
    )
    if new:
        Stock.objects.create(product=made, on_hand=on_hand)
    return made


def mailbox(**fields):
    values = {"host": "mail.example", "username": "sales", "password": "its-own-secret"}
    return Mailbox.objects.create(
        address=f"{uuid4().hex[:8]}@h-bu.example", department=department(), **(values | fields)
    )


def mail(subject="Bestellung 4711", raw=b"Subject: hello\n\nhi", **fields):
    values = {
        "fingerprint": uuid4().hex,
        "raw_sha256": blobs.put(settings.BLOBS_DIR, raw),
        "size": len(raw),
        "from_address": "sabine@berger.example",
        "from_name": "Sabine Berger",
        "text": "Wir bestellen.",
        "state": Email.State.HANDLED,
        "kind": "order",
        "priority": "normal",
        "customer": customer(),
        "department": department(),
    }
    return Email.objects.create(subject=subject, **(values | fields))


def quarantined(**fields):
    values = {
        "state": Email.State.QUARANTINED,
        "failed_in": "triaged",
        "error": "ValueError: <odd>",
        "attempts": 3,
    }
    return mail(**(values | fields))


def letter(state="draft", **fields):
    values = {
        "from_address": "sales@h-bu.example",
        "to_address": "sabine@berger.example",
        "subject": "Ihre Bestellung",
        "text": "Sehr geehrte Frau Berger",
        "reason": "Its courtesy falls short; a person should read it.",
    }
    cause, message_id = uuid4().hex, f"<{uuid4().hex}@h-bu.example>"
    return OutgoingEmail.objects.create(
        state=state, cause=cause, message_id=message_id, **(values | fields)
    )


def case(**fields):
    values = {"title": "Bestellung", "kind": "order", "department": department()}
    thread = Thread.objects.create(subject="Bestellung")
    return Case.objects.create(
        number=f"C-{uuid4().hex[:8]}", thread=thread, customer=customer(), **(values | fields)
    )


def task(**fields):
    values = {"number": f"T-{uuid4().hex[:8]}", "title": "Check it", "department": department()}
    return Task.objects.create(case=case(), **(values | fields))


def order(*lines, doubts=(), **fields):
    """Lines are (product or None, quantity)."""
    document = Document.objects.create(kind="order", format="text", number="4711")
    values = {"customer": customer(), "source": "mail", "document": document}
    values |= {"number": f"B-{uuid4().hex[:8]}", "doubts": list(doubts)}
    made = Order.objects.create(**(values | fields))
    for position, (what, quantity) in enumerate(lines, start=1):
        OrderLine.objects.create(
            order=made,
            position=position,
            product=what,
            sku=what.sku if what else "?",
            name="Button",
            quantity=quantity,
            unit_price=what.price if what else 0,
            tax_rate=19,
            total=0,
            source="10 Stk. HB-1",
            candidates=[["HB-2", 0.6]],
            reasons=[{"what": "Article number", "evidence": "HB-1", "weight": 1}],
        )
    return made


def rule(**fields):
    values = {
        "name": uuid4().hex[:8],
        "department": department(),
        "condition": {"field": "kind", "op": "is", "value": "order"},
    }
    return RoutingRule.objects.create(**(values | fields))


def agent(user):
    return Agent.objects.create(user=user, name="Sales agent", kind="software", role="sales")


def join(joined_case, *emails):
    for one in emails:
        CaseEmail.objects.create(case=joined_case, email=one)
