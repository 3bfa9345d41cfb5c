from django.contrib.messages import get_messages
from django.urls import reverse

from cases.models import Task
from emails.models import Email, OutgoingEmail
from hbu.journal.models import Event
from orders.models import Order
from tests.admin import rows

DOUBT = {"code": "weak_match", "what": "It is not certain", "evidence": "HB-1", "position": 1}


def step(obj, name):
    opts = obj._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_transition", args=[obj.pk, name])


def page(obj):
    opts = obj._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])


def told(response):
    return [str(one) for one in get_messages(response.wsgi_request)]


def state(obj):
    return (
        type(obj)
        .objects.values_list("status" if isinstance(obj, Task) else "state", flat=True)
        .get(pk=obj.pk)
    )


def test_a_page_offers_only_the_steps_that_fit(office):
    certain = rows.order((rows.product(), 10))
    doubtful = rows.order((rows.product(), 10), doubts=[DOUBT])
    assert step(certain, "confirm") in office.get(page(certain)).content.decode()
    shown = office.get(page(doubtful)).content.decode()
    assert f'"{step(doubtful, "confirm")}"' not in shown
    assert step(doubtful, "confirm-as-shown") in shown
    assert step(doubtful, "plan") not in shown
    assert "It is not certain" in shown


def test_looking_at_a_step_changes_nothing(office):
    order = rows.order((rows.product(), 10))
    asked = office.get(step(order, "confirm"))
    assert asked.status_code == 200
    assert order.number in asked.content.decode()
    assert state(order) == "CREATED"


def test_an_order_goes_its_way_to_the_customer_by_buttons(office, clara):
    order = rows.order((rows.product(), 10), doubts=[DOUBT])
    rows.agent(clara)
    ways = [
        "confirm-as-shown", "plan", "start-production", "finish-production", "pack", "ship",
        "deliver",
    ]  # fmt: skip
    reached = []
    for name in ways:
        seen = Order.objects.get(pk=order.pk).version
        office.post(step(order, name), {f"line_{order.lines.get().pk}": 10, "seen": seen})
        reached.append(state(order))
    assert reached == [
        "CONFIRMED", "PLANNED", "IN_PRODUCTION", "PRODUCED", "PACKED", "SHIPPED", "DELIVERED",
    ]  # fmt: skip
    assert Event.objects.about(order).filter(kind="order.moved", actor=clara).count() == 6


def test_a_refusal_is_told_in_words_and_changes_nothing(office):
    order = rows.order((None, 10))
    answer = office.post(step(order, "confirm"))
    assert told(answer) == [f"{order.number}: Choose a product for every line first."]
    assert state(order) == "CREATED"


def test_who_comes_second_is_told_so(office):
    order = rows.order((rows.product(), 10))
    office.post(step(order, "confirm"))
    assert f"{order.number} is confirmed" in told(office.post(step(order, "confirm")))[-1]


def test_cancelling_needs_a_reason(office):
    order = rows.order((rows.product(), 10))
    assert "required" in office.post(step(order, "cancel"), {"reason": " "}).content.decode()
    assert state(order) == "CREATED"
    office.post(step(order, "cancel"), {"reason": "Customer called"})
    assert state(order) == "CANCELLED"
    assert Event.objects.about(order).get(kind="order.moved").data["reason"] == "Customer called"


def test_a_step_needs_its_right(desk):
    order = rows.order((rows.product(), 10))
    desk.may("orders.view_order")
    assert step(order, "confirm") not in desk.get(page(order)).content.decode()
    assert desk.post(step(order, "confirm")).status_code == 403
    desk.may("orders.confirm_order")
    assert desk.post(step(order, "confirm")).status_code == 302
    assert state(order) == "CONFIRMED"


def test_strangers_are_sent_to_the_door(client, db):
    order = rows.order((rows.product(), 10))
    assert client.post(step(order, "confirm"))["Location"].startswith("/admin/login/")
    assert state(order) == "CREATED"


def test_a_step_without_a_token_is_refused(clara):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clara)
    order = rows.order((rows.product(), 10))
    assert strict.post(step(order, "confirm")).status_code == 403
    assert state(order) == "CREATED"


def test_steps_that_do_not_exist_are_not_found(office):
    assert office.get(step(rows.order(), "paint-it")).status_code == 404


def test_letters_are_sent_or_stopped_by_a_person(office, clara):
    one, other, gone = rows.letter("draft"), rows.letter("uncertain"), rows.letter("sent")
    office.post(step(one, "release"))
    office.post(step(other, "abort"))
    assert "no longer waits" in told(office.post(step(gone, "release")))[-1]
    assert (state(one), state(other), state(gone)) == ("queued", "aborted", "sent")
    assert OutgoingEmail.objects.get(pk=one.pk).approved_by == clara


def test_a_task_is_done_once(office, clara):
    task = rows.task()
    office.post(step(task, "done"))
    assert state(task) == "resolved"
    assert "stands there already" in told(office.post(step(task, "done")))[-1]
    assert Event.objects.about(task).get(kind="task.resolved").actor == clara


def test_many_are_asked_about_first_and_each_is_told(office):
    good, bad = rows.order((rows.product(), 10)), rows.order((None, 10))
    url = reverse("admin:orders_order_changelist")
    chosen = {"action": "do_confirm", "_selected_action": [good.pk, bad.pk]}
    asked = office.post(url, chosen)
    assert asked.status_code == 200
    assert good.number in asked.content.decode()
    assert state(good) == "CREATED"
    done = office.post(url, chosen | {"confirmed": "1"})
    assert (state(good), state(bad)) == ("CONFIRMED", "CREATED")
    assert told(done) == [
        f"Confirm: {good.number}",
        f"{bad.number}: Choose a product for every line first.",
    ]


def test_a_whole_list_is_worked_on_without_naming_each(office):
    for _ in range(60):
        rows.quarantined()
    url = reverse("admin:emails_email_changelist") + "?state__exact=quarantined"
    first = {"action": "do_dismiss", "_selected_action": ["1"], "select_across": "1"}
    asked = office.post(url, first)
    assert asked.content.decode().count('name="_selected_action"') == 1
    assert "and 10 more" in asked.content.decode()
    office.post(url, first | {"confirmed": "1", "reason": "spam wave"})
    assert Email.objects.filter(state="dismissed").count() == 60


def test_many_are_only_for_those_with_the_right(desk):
    order = rows.order((rows.product(), 10))
    desk.may("orders.view_order")
    url = reverse("admin:orders_order_changelist")
    desk.post(url, {"action": "do_confirm", "_selected_action": [order.pk], "confirmed": "1"})
    assert Order.objects.get(pk=order.pk).state == "CREATED"
