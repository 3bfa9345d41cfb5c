from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hbu.journal.models import Event
from orders.models import Milestone, Order
from orders.services import holding
from tests.api.conftest import Clerk
from tests.orders.books import confirmed, enter, in_state, line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(company, ben):
    def may(*codenames):
        ben.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return Clerk(type(ben).objects.get(pk=ben.pk))

    return may


@pytest.fixture
def reader(clerk):
    return clerk("view_order")


def found(answer):
    assert answer.status_code == 200, answer.content
    return [one["number"] for one in answer.json()["results"]]


def test_the_list_has_all_orders_newest_first(reader):
    first, second = enter(), confirmed()
    assert found(reader.get("orders")) == [second.number, first.number]
    assert found(reader.get("orders", ordering="created_at")) == [first.number, second.number]


def test_the_filters_find_what_they_say(reader):
    waiting, late, held = enter(doubts=["price_differs"]), confirmed(), confirmed()
    Milestone.objects.filter(order=late, state="PLANNED").update(
        due_on=timezone.localdate() - timedelta(days=2)
    )
    holding.hold(held, reason="wrong colour?")
    for said, expected in (
        ({"state": "CREATED"}, [waiting]),
        ({"state": "CONFIRMED"}, [held, late]),
        ({"late": "true"}, [late]),
        ({"late": "false"}, [held, waiting]),
        ({"on_hold": "true"}, [held]),
        ({"doubtful": "true"}, [waiting]),
        ({"q": late.number}, [late]),
        ({"customer": "K-10002"}, []),
        ({"source": "shop"}, []),
        ({"created_after": timezone.localdate() + timedelta(days=1)}, []),
    ):
        assert found(reader.get("orders", **said)) == [one.number for one in expected], said


@pytest.mark.parametrize(
    "said",
    [{"stat": "CREATED"}, {"state": "FLYING"}, {"ordering": "token"}, {"on_hold": "1"},
     {"customer__name": "x"}, {"promised_after": "soon"}],
)  # fmt: skip
def test_what_nobody_may_ask_for_is_refused(reader, said):
    assert reader.get("orders", **said).status_code == 400


def test_an_order_has_its_lines_its_milestones_and_what_may_be_done(clerk):
    order = enter(doubts=["price_differs"])
    one = clerk("view_order", "hold_order", "plan_order").get(f"orders/{order.number}").json()
    assert [line["sku"] for line in one["lines"]] == [line_of(order).sku]
    assert one["doubts"][0]["code"] == "price_differs"
    assert one["steps"] == ["hold"]
    assert one["version"] == order.version
    placed = confirmed()
    read = clerk("view_order", "plan_order").get(f"orders/{placed.number}").json()
    assert {row["state"] for row in read["milestones"]} >= {"CONFIRMED", "DELIVERED"}
    assert read["steps"] == ["plan"]


def test_a_step_is_taken_once_however_often_it_is_sent(clerk):
    order, plan = confirmed(), clerk("view_order", "plan_order")
    answers = [
        plan.post(f"orders/{order.number}/plan", {}, **{"Idempotency-Key": "k1"})
        for _each in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["state"] == "PLANNED"
    moves = Event.objects.about(order).filter(kind="order.moved")
    assert [one.actor for one in moves] == [plan.user]
    again = plan.post(f"orders/{order.number}/plan", {})
    assert (again.status_code, again.json()["code"]) == (409, "order.wrong_state")


def test_the_whole_life_goes_through_the_same_services(clerk):
    order = in_state(confirmed(), "PLANNED")
    maker = clerk("view_order", "produce_order", "pack_order", "hold_order")
    for name in ("start-production", "finish-production", "pack"):
        assert maker.post(f"orders/{order.number}/{name}", {}).status_code == 200
    assert Order.objects.get(pk=order.pk).state == "PACKED"
    assert maker.post(f"orders/{order.number}/hold", {}).status_code == 400
    held = maker.post(f"orders/{order.number}/hold", {"reason": "wrong colour?"}).json()
    assert (held["on_hold"], held["hold_reason"]) == (True, "wrong colour?")
    assert maker.post(f"orders/{order.number}/release", {}).json()["on_hold"] is False


def test_whoever_read_an_older_version_is_told(clerk):
    order, plan = confirmed(), clerk("view_order", "plan_order")
    answer = plan.post(f"orders/{order.number}/plan", {"seen": order.version + 5})
    assert (answer.status_code, answer.json()["code"]) == (409, "order.changed_meanwhile")
    assert plan.post(f"orders/{order.number}/plan", {"state": "CLOSED"}).status_code == 400


def test_f21_a_step_needs_its_right_and_a_customer_gets_nothing(reader, berger):
    order = confirmed()
    assert reader.post(f"orders/{order.number}/plan", {}).status_code == 403
    assert berger.client.get("/api/orders").status_code in (401, 403)
    assert berger.client.get(f"/api/orders/{order.number}").status_code in (401, 403)
    assert Order.objects.get(pk=order.pk).state == "CONFIRMED"


def test_the_list_asks_as_often_for_many_as_for_few(reader):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            reader.get("orders")
        return len(queries)

    enter()
    few = asked()
    for _each in range(5):
        confirmed()
    assert asked() == few
