"""E12: by mail, in the shop, from a pasted list, by a program or entered by staff, it is the same
order: the same lines, sums, events and documents."""

from decimal import Decimal

import pytest
from django.core.cache import cache

from hbu.journal.models import Event
from orders.models import Milestone, Order, Printout
from orders.services import entering, placing
from shop.models import Contact, Customer, Movement
from shop.services import api_keys
from tests.api.conftest import Program
from tests.orders.buyers import Buyer, token_of
from tests.work.mails import order_mail, take

pytestmark = pytest.mark.django_db
LINES = (("HB-1001", 2000), ("HB-1002", 500))
REFERENCE = "PO-2026-77"


@pytest.fixture
def sabine(company, django_user_model):
    """Who writes, signs in and lends her program a key."""
    cache.clear()
    contact = Contact.objects.get(email="einkauf@modehaus-berger.example")
    contact.user = django_user_model.objects.create_user("sabine")
    contact.save()
    return contact


def by_mail(sabine, clara):
    take(order_mail(*(f"{count} Stück {sku}" for sku, count in LINES), reference=REFERENCE))


def in_the_shop(sabine, clara):
    buyer = Buyer(sabine.user, language="de")
    for sku, count in LINES:
        buyer.put(sku, count)
    _check_out(buyer)


def from_a_pasted_list(sabine, clara):
    buyer = Buyer(sabine.user, language="de")
    text = "\n".join(f"{sku}\t{count}" for sku, count in LINES)
    shown = buyer.client.post("/shop/quick-order/", {"text": text})
    form = {"then": "checkout"}
    for row in shown.context["rows"]:
        form |= {f"line-{row.number}-sku": row.sku, f"line-{row.number}-quantity": row.quantity}
    buyer.client.post("/shop/quick-order/check/", form)
    _check_out(buyer)


def _check_out(buyer):
    buyer.walk(reference=REFERENCE, where="same")
    token_of(buyer.order())


def by_program(sabine, clara):
    program = Program(api_keys.create(sabine.customer, "ERP", clara)[1])
    assert program.order(*LINES, reference=REFERENCE).status_code == 201


def by_staff(sabine, clara):
    wanted = [entering.Wanted(sku, Decimal(count)) for sku, count in LINES]
    order = entering.enter(sabine.customer, wanted, by=clara, reference=REFERENCE)
    placing.confirm([order], by=clara)


DOORS = (by_mail, in_the_shop, from_a_pasted_list, by_program, by_staff)


def told(order):
    """All that a customer, a warehouse and a bookkeeper would see of it."""
    of_line = (
        "position",
        "sku",
        "name",
        "quantity",
        "unit_price",
        "tax_rate",
        "total",
        "price_reasons",
    )
    papers = Printout.objects.filter(order=order).order_by("pk")
    return {
        "customer": order.customer.number,
        "state": order.state,
        "reference": order.reference,
        "language": order.language,
        "sums": (order.net, order.tax, order.gross, order.tax_category, order.currency),
        "payment": order.payment,
        "promised": order.promised_date,
        "doubts": order.doubts,
        "address": (order.billing_address["street"], order.delivery_address["street"]),
        "lines": list(order.lines.order_by("position").values(*of_line)),
        "events": list(Event.objects.about(order).order_by("pk").values_list("kind", flat=True)),
        "papers": list(papers.values_list("kind", "language")),
        "plan": list(Milestone.objects.filter(order=order).order_by("pk").values_list("state", "due_on")),
        "pieces": list(
            Movement.objects.filter(reference=order.number)
            .order_by("product__sku")
            .values_list("product__sku", "kind", "quantity")
        ),
    }  # fmt: skip


@pytest.fixture
def orders(sabine, clara):
    found = {}
    for door in DOORS:
        before = set(Order.objects.values_list("pk", flat=True))
        door(sabine, clara)
        (order,) = Order.objects.exclude(pk__in=before)
        found[door.__name__] = told(order)
        # The customer's number may be used again, so that only the door is another.
        Order.objects.filter(pk=order.pk).update(reference=f"{REFERENCE}-{door.__name__}")
    return found


def test_e12_the_same_order_by_every_door(orders):
    mail = orders["by_mail"]
    assert mail["state"] == "CONFIRMED"
    assert len(mail["lines"]) == 2
    assert mail["events"]
    assert mail["papers"]
    for door, one in orders.items():
        assert one == mail, door


def test_e12_nothing_of_a_door_is_left_over(orders):
    assert Order.objects.count() == len(DOORS)
    assert not Customer.objects.filter(is_guest=True).exists()
    assert set(Order.objects.values_list("source", flat=True)) == {"mail", "shop", "api", "staff"}
