from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hbu.company.models import Terms
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order, Printout
from orders.services import invoicing, placing
from shop.models import Address, Customer
from tests.orders.books import AURORA, confirmed, enter, packed

pytestmark = pytest.mark.django_db
State = Order.State


def test_a_confirmed_order_wants_its_confirmation_in_its_language(company):
    order = enter()
    Order.objects.filter(pk=order.pk).update(language="en")
    placing.confirm([order])
    wanted = Printout.objects.get(cause=f"order:{order.pk}:confirmation:1")
    assert (wanted.kind, wanted.order, wanted.language) == ("confirmation", order, "en")


def test_an_order_that_is_refused_wants_nothing(company):
    order = enter(doubts=["price_differs"])
    with pytest.raises(DomainError):
        placing.confirm([order])
    assert not Printout.objects.exists()


def test_what_an_order_does_not_say_is_copied_from_the_customer_and_stays(company):
    customer = Customer.objects.get(number="K-10001")
    customer.addresses.all().delete()
    Address.objects.create(
        customer=customer, kind="delivery", name="Lager", street="Am Tor 1", postcode="12345",
        city="Ulm", is_default=True,
    )  # fmt: skip
    order = confirmed()
    Customer.objects.filter(pk=customer.pk).update(street="Neue Straße 1")
    order.refresh_from_db()
    assert (order.delivery_address["name"], order.delivery_address["city"]) == ("Lager", "Ulm")
    assert order.billing_address["name"] == customer.name
    assert order.billing_address["street"] == customer.street != "Neue Straße 1"


def test_an_address_that_the_order_names_is_kept(company):
    order = enter()
    Order.objects.filter(pk=order.pk).update(delivery_address={"name": "Baustelle"})
    placing.confirm([order])
    assert order.delivery_address == {"name": "Baustelle"}


def test_the_link_of_an_order_ends_as_the_terms_say(company):
    Terms.objects.update_or_create(pk=1, defaults={"link_days": 10})
    assert confirmed().token_until == timezone.localdate() + timedelta(days=10)


def test_every_state_gets_the_day_it_is_due(company):
    order = confirmed()
    due = dict(order.milestones.values_list("state", "due_on"))
    assert due[State.DELIVERED] == order.promised_date
    days = [due[one] for one in State.values if one in due]
    assert days == sorted(days)
    assert order.milestones.get(state=State.CONFIRMED).reached_at is not None
    assert order.milestones.exclude(reached_at=None).count() == 1


def test_confirming_many_costs_as_many_queries_as_confirming_few(company):
    def cost(count):
        orders = [enter((AURORA, 200), ("HB-1002", 100)) for _ in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            placing.confirm(orders)
        return len(queries)

    few = cost(2)
    assert cost(25) == few
    assert few < 40


def limited(limit):
    Customer.objects.filter(number="K-10001").update(credit_limit=Decimal(limit))


def test_an_order_above_the_credit_limit_waits_for_a_person_who_may_accept_it(company, ben):
    order = enter((AURORA, 200))
    limited(order.gross - 1)
    placing.confirm_or_doubt([order])
    assert (order.state, [one["code"] for one in order.doubts]) == (State.CREATED, ["credit_limit"])
    assert order.doubts[0]["evidence"] == f"{order.gross} > {order.gross - 1}"
    placing.accept_doubts(order, by=ben)
    assert order.state == State.CONFIRMED
    event = Event.objects.about(order).get(kind="order.doubts_accepted")
    assert event.data["doubts"][0]["code"] == "credit_limit"


def test_a_person_who_confirms_is_told_of_the_limit_and_can_accept_it_then(company, ben):
    order = enter((AURORA, 200))
    limited(order.gross - 1)
    with pytest.raises(DomainError) as refused:
        placing.confirm_as_asked(order, by=ben)
    assert refused.value.code == "credit_limit"
    assert [one["code"] for one in Order.objects.get().doubts] == ["credit_limit"]
    placing.accept_doubts(Order.objects.get(), by=ben)
    assert Order.objects.get().state == State.CONFIRMED


def test_accepting_other_doubts_does_not_accept_a_limit_that_nobody_was_shown(company, ben):
    order = enter((AURORA, 200), doubts=["price_differs"])
    limited(order.gross - 1)
    with pytest.raises(DomainError):
        placing.accept_doubts(order, by=ben)
    codes = [one["code"] for one in Order.objects.get().doubts]
    assert codes == ["price_differs", "credit_limit"]


def test_what_is_ordered_and_what_is_owed_count_once_each(company):
    first = packed((AURORA, 200))
    second = enter((AURORA, 200))
    limited(first.gross + second.gross - Decimal("0.01"))
    from orders.services import shipping

    for change in (lambda: None, lambda: shipping.send(first), lambda: invoicing.issue(first)):
        change()
        with pytest.raises(DomainError) as refused:
            placing.confirm([second])
        assert refused.value.code == "credit_limit"
    limited(first.gross + second.gross)
    placing.confirm([second])


def test_what_is_paid_in_advance_needs_no_credit(company):
    limited(1)
    Customer.objects.filter(number="K-10001").update(payment="prepayment")
    assert confirmed((AURORA, 200)).state == State.CONFIRMED


def test_orders_of_one_customer_in_one_chunk_share_the_limit(company):
    orders = [enter((AURORA, 200)) for _ in range(3)]
    limited(orders[0].gross * 2)
    placing.confirm_or_doubt(orders)
    assert [one.state for one in orders] == [State.CONFIRMED, State.CONFIRMED, State.CREATED]


@pytest.mark.django_db(transaction=True)
def test_o1_two_orders_at_once_do_not_both_fit_under_a_limit_for_one(company):
    from functools import partial

    from tests.orders.books import at_once

    orders = [enter((AURORA, 200)) for _ in range(6)]
    limited(orders[0].gross * 2)
    refusals = at_once(partial(placing.confirm, [order]) for order in orders)
    assert [one.code for one in refusals if one] == ["credit_limit"] * 4
