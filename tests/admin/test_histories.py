import pytest
from django.contrib import admin
from django.urls import reverse

from agents.models import AgentRun
from cases.models import Case, Task
from emails.models import Delivery, Email, OutgoingEmail, Thread
from hbu.company.models import Counter
from hbu.journal.models import Event
from hbu.journal.recording import record
from orders.models import Document, Order
from shop.models import Movement, Stock
from tests.admin import rows

READ_ONLY = (
    Event, Delivery, AgentRun, Movement, OutgoingEmail, Email, Thread, Task, Document, Counter,
)  # fmt: skip
KEPT = (*READ_ONLY, Order, Case, Stock)


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_a_history_is_never_written_by_hand(model, office, rf, clara):
    request = rf.get("/")
    request.user = clara
    page = admin.site._registry[model]
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert page.has_view_permission(request)
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    assert office.get(reverse(f"admin:{name}_add")).status_code == 403


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_what_has_a_history_is_never_deleted(model, rf, clara):
    request = rf.get("/")
    request.user = clara
    page = admin.site._registry[model]
    assert not page.has_delete_permission(request)
    assert "delete_selected" not in page.get_actions(request)


def test_an_event_shows_what_was_told_and_leads_to_its_subject(office, clara):
    order = rows.order()
    event = record("order.created", order, actor=clara, number="<b>B-1</b>")
    page = office.get(reverse("admin:journal_event_change", args=[event.pk])).content.decode()
    assert "Order entered" in page
    assert f"/admin/orders/order/{order.pk}/change/" in page
    assert "&lt;b&gt;B-1" in page
    assert office.get(reverse("admin:orders_order_change", args=[order.pk])).status_code == 200


def step(name, stock) -> str:
    return reverse("admin:shop_stock_transition", args=[stock.pk, name])


def test_counting_stock_writes_the_movement(office, clara):
    stock = rows.product(on_hand=10).stock
    assert office.post(step("count", stock), {"on_hand": 7}).status_code == 302
    movement = Movement.objects.get()
    assert (movement.kind, movement.quantity, movement.by) == ("counted", -3, clara)
    assert Stock.objects.get().on_hand == 7


def test_stock_is_never_counted_below_what_is_promised(office):
    stock = rows.product(on_hand=10).stock
    Stock.objects.update(reserved=8)
    office.post(step("count", stock), {"on_hand": 7})
    assert Stock.objects.get().on_hand == 10
    assert not Movement.objects.exists()


def test_a_case_is_handed_to_somebody_and_the_journal_knows(office, clara, ben):
    case, agent = rows.case(), rows.agent(ben)
    url = reverse("admin:cases_case_change", args=[case.pk])
    form = {"department": rows.department("finance").pk, "assignee": agent.pk, "priority": "high"}
    assert office.post(url, form).status_code == 302
    case = Case.objects.get(pk=case.pk)
    assert (case.department.code, case.assignee, case.priority) == ("finance", agent, "high")
    assert Event.objects.about(case).filter(kind="case.assigned").count() == 1
