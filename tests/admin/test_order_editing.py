from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order
from orders.services import editing, placing
from tests.admin import rows

UNKNOWN = {
    "code": "unknown_article",
    "what": "No article of ours fits",
    "evidence": "X",
    "position": 2,
}
NOBODY = {
    "code": "unknown_customer",
    "what": "The customer is not known",
    "evidence": "",
    "position": 0,
}
SUMS = {
    "code": "totals_differ",
    "what": "The sum differs from ours",
    "evidence": "1",
    "position": 0,
}


def doubtful():
    return rows.order(
        (rows.product("HB-1", "2.00"), 10), (None, 5), customer=None, doubts=[UNKNOWN, NOBODY, SUMS]
    )


def form_of(order, **changes):
    """What the page posts, as it is shown, with changes."""
    values = {
        "customer": order.customer_id or "",
        "reference": order.reference,
        "requested_date": "",
        "lines-TOTAL_FORMS": order.lines.count(),
        "lines-INITIAL_FORMS": order.lines.count(),
    }
    for index, line in enumerate(order.lines.all()):
        values |= {
            f"lines-{index}-id": line.pk,
            f"lines-{index}-order": order.pk,
            f"lines-{index}-product": line.product_id or "",
            f"lines-{index}-quantity": line.quantity,
        }
    return values | changes


def address(order):
    return reverse("admin:orders_order_change", args=[order.pk])


def test_a_person_puts_an_order_right_and_the_sums_follow(office, clara):
    order, berger, other = doubtful(), rows.customer(), rows.product("HB-2", "1.00")
    changes = {"customer": berger.pk, "lines-1-product": other.pk, "lines-1-quantity": "100"}
    assert office.post(address(order), form_of(order, **changes)).status_code == 302
    order = Order.objects.get(pk=order.pk)
    first, second = order.lines.all()
    # Ten per cent off, the customer's terms: 10 × 1.80 and 100 × 0.90.
    assert (first.total, second.total, second.sku) == (Decimal("18.00"), Decimal("90.00"), "HB-2")
    assert (order.net, order.tax, order.gross) == (
        Decimal("108.00"), Decimal("20.52"), Decimal("128.52"),
    )  # fmt: skip
    assert order.doubts == [SUMS]
    event = Event.objects.about(order).get(kind="order.edited")
    assert event.actor == clara
    assert event.data["settled"] == ["unknown_article", "unknown_customer"]


def test_an_edit_without_changes_keeps_lines_and_doubts(office):
    order = rows.order((rows.product(), 10), doubts=[SUMS])
    office.post(address(order), form_of(order, reference="4712"))
    order = Order.objects.get(pk=order.pk)
    assert (order.reference, order.doubts, order.lines.get().total) == ("4712", [SUMS], 0)


def test_a_quantity_below_one_is_refused(office):
    order = rows.order((rows.product(), 10))
    page = office.post(address(order), form_of(order, **{"lines-0-quantity": "0"}))
    assert page.status_code == 200
    assert order.lines.get().quantity == 10


def test_a_confirmed_order_is_not_edited(office, clara):
    order = rows.order((rows.product(), 10))
    placing.confirm([order])
    assert office.post(address(order), form_of(order, reference="x")).status_code == 403
    with pytest.raises(DomainError):
        editing.edit(order, editing.Edit(customer=None), by=clara)
    assert Order.objects.get(pk=order.pk).reference == ""


def test_an_order_confirmed_while_somebody_types_says_so(office, monkeypatch):
    order = rows.order((rows.product(), 10))
    real = editing.edit

    def too_late(wanted_order, *args, **kwargs):
        placing.confirm([Order.objects.get(pk=wanted_order.pk)])
        real(wanted_order, *args, **kwargs)

    monkeypatch.setattr(editing, "edit", too_late)
    answer = office.post(address(order), form_of(order, reference="late"))
    assert answer.status_code == 302
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [
        "Only orders not yet confirmed are edited."
    ]
