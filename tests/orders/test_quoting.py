"""Quotations: asked for, sent, accepted once and at their prices, turned down, over."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hbu.company.models import Terms
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.data import ReadDocument, ReadLine
from orders.models import Order, Printout, Quotation
from orders.services import placing, quoting, reproposing, revising
from shop.models import Customer, Product, Stock
from tests.orders.books import AURORA, BERGER, at_once, proposal

pytestmark = pytest.mark.django_db
State = Quotation.State


def wanted(*lines, reference="") -> ReadDocument:
    return ReadDocument(
        kind="order",
        format="shop",
        number=reference,
        lines=tuple(
            ReadLine(position, sku, "", Decimal(quantity), unit="Stück")
            for position, (sku, quantity) in enumerate(lines or [(AURORA, 200)], start=1)
        ),
    )


def asked(*lines, customer=BERGER, source=Order.Source.STAFF, **said) -> Quotation:
    """A request that waits for a person, as one that a colleague entered."""
    known = Customer.objects.filter(number=customer).first()
    particulars = placing.Particulars(contact_email="einkauf@modehaus-berger.example", **said)
    return quoting.request(
        wanted(*lines), known, source=source, language="de", particulars=particulars
    )


def sent(*lines, by=None, **said) -> Quotation:
    quotation = asked(*lines, **said)
    quoting.offer(quotation, by=by)
    return quotation


def again(quotation: Quotation) -> Quotation:
    return Quotation.objects.get(pk=quotation.pk)


# Asked for


def test_a_request_is_priced_as_an_order_would_be(company):
    quotation = asked((AURORA, 200), ("HB-1002", 500))
    as_order = proposal((AURORA, 200), ("HB-1002", 500))
    assert quotation.number.startswith("A-2026-")
    assert (quotation.net, quotation.tax, quotation.gross) == (
        as_order.net,
        as_order.tax,
        as_order.gross,
    )
    assert [line.unit_price for line in quotation.lines.all()] == [
        line.unit_price for line in as_order.lines
    ]
    assert quotation.lines.first().price_reasons
    assert quotation.doubts == []
    assert Event.objects.filter(kind="quotation.requested", subject_id=quotation.pk).exists()


def test_an_unknown_article_and_an_unknown_customer_are_doubts(company):
    quotation = asked(("NIX-1", 10), customer="nobody")
    assert {doubt["code"] for doubt in quotation.doubts} == {"unknown_customer", "unknown_article"}
    assert quotation.lines.get().name == "NIX-1"


def test_a_certain_request_from_the_shop_is_sent_at_once(company):
    quotation = asked(source=Order.Source.SHOP)
    assert quotation.state == again(quotation).state == State.SENT
    assert quotation.valid_until == timezone.localdate() + timedelta(days=30)
    printout = Printout.objects.get(quotation=quotation)
    assert (printout.cause, printout.kind) == (f"quotation:{quotation.pk}:1", "quotation")


@pytest.mark.parametrize(
    "said",
    [{"note": "Bitte mit Gravur"}, {"customer": "nobody"}],
)
def test_a_doubtful_request_from_the_shop_waits_for_a_person(company, said):
    assert asked(source=Order.Source.SHOP, **said).state == State.REQUESTED
    assert not Printout.objects.exists()


def test_above_the_customers_limit_a_person_sends_it(company, ben):
    Customer.objects.update(auto_confirm_limit=Decimal(10))
    quotation = asked(source=Order.Source.SHOP)
    assert [doubt["code"] for doubt in quotation.doubts] == ["over_limit"]
    with pytest.raises(DomainError, match="look at the doubts"):
        quoting.offer(quotation)
    quoting.offer(quotation, by=ben)
    assert again(quotation).doubts == []


def test_many_requests_cost_as_many_queries_as_one(company):
    def cost(number: int) -> int:
        entries = [placing.Entry(proposal(), Order.Source.MAIL, "de") for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            quoting.offer_certain(quoting.enter(entries))
        return len(queries)

    cost(1)
    assert cost(2) == cost(12)


# Sent


def test_a_person_may_say_until_when_it_holds(company, ben):
    quotation = asked()
    day = timezone.localdate() + timedelta(days=7)
    quoting.offer(quotation, valid_until=day, by=ben)
    assert again(quotation).valid_until == day
    assert Event.objects.get(kind="quotation.sent").actor == ben


def test_the_terms_say_how_long_it_holds(company):
    Terms.objects.update_or_create(pk=1, defaults={"quotation_days": 14})
    assert sent().valid_until == timezone.localdate() + timedelta(days=14)


def test_it_cannot_hold_until_yesterday(company, ben):
    with pytest.raises(DomainError, match="has passed"):
        quoting.offer(asked(), valid_until=timezone.localdate() - timedelta(days=1), by=ben)


def test_a_line_without_a_product_or_a_price_is_not_offered(company, ben):
    with pytest.raises(DomainError, match="Choose a product"):
        quoting.offer(asked(("NIX-1", 10)), by=ben)
    Product.objects.update(price=0)
    with pytest.raises(DomainError, match="Set a price"):
        quoting.offer(asked(), by=ben)


def test_o3_it_is_sent_once_and_who_comes_second_is_told(company, ben):
    quotation = asked()
    quoting.offer(quotation, by=ben)
    with pytest.raises(DomainError, match=r"is sent \(ben"):
        quoting.offer(quotation, by=ben)


# Accepted


def test_what_is_accepted_becomes_a_confirmed_order_at_the_prices_of_the_quotation(company, ben):
    quotation = sent((AURORA, 200), ("HB-1002", 500))
    prices = [line.unit_price for line in quotation.lines.all()]
    Product.objects.update(price=Decimal(99))
    order = quoting.accept(quotation)
    assert order.state == Order.State.CONFIRMED
    assert [line.unit_price for line in order.lines.all()] == prices
    assert [line.price_reasons[0]["what"] for line in order.lines.all()] == ["As quoted"] * 2
    assert [line.agreed_price for line in order.lines.all()] == prices
    assert (order.net, order.tax, order.gross) == (quotation.net, quotation.tax, quotation.gross)
    assert order.contact_email == quotation.contact_email
    assert (again(quotation).state, again(quotation).order) == (State.ACCEPTED, order)
    assert Stock.objects.get(product__sku=AURORA).reserved >= 200


def test_without_the_pieces_the_order_waits_for_a_person(company):
    quotation = sent()
    Stock.objects.update(on_hand=0, reserved=0)
    order = quoting.accept(quotation)
    assert order.state == Order.State.CREATED
    assert [doubt["code"] for doubt in order.doubts] == ["stock"]
    assert again(quotation).state == State.ACCEPTED


def test_an_article_that_is_no_longer_sold_is_a_matter_for_a_person(company):
    quotation = sent()
    Product.objects.filter(sku=AURORA).update(is_active=False)
    order = quoting.accept(quotation)
    assert order.state == Order.State.CREATED
    assert "unknown_article" in {doubt["code"] for doubt in order.doubts}


def test_what_holds_no_longer_is_not_accepted(company):
    quotation = sent()
    with (
        time_machine.travel(timezone.now() + timedelta(days=31), tick=False),
        pytest.raises(DomainError, match="holds no longer"),
    ):
        quoting.accept(quotation)
    assert not Order.objects.exists()


def test_on_its_last_day_it_still_holds(company):
    quotation = sent()
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        assert quoting.accept(quotation).pk


@pytest.mark.parametrize("first", ["accept", "decline"])
def test_o2_nothing_is_accepted_twice(company, first):
    quotation = sent()
    getattr(quoting, first)(quotation)
    with pytest.raises(DomainError) as refused:
        quoting.accept(quotation)
    assert refused.value.code == "quotation.wrong_state"
    assert Order.objects.count() == (1 if first == "accept" else 0)


def test_what_was_not_sent_is_not_accepted(company):
    with pytest.raises(DomainError, match="asked for"):
        quoting.accept(asked())


@pytest.mark.django_db(transaction=True)
def test_o3_of_ten_who_accept_at_once_one_gets_the_order(company):
    quotation = sent()
    refusals = at_once([lambda: quoting.accept(again(quotation))] * 10)
    assert [refusal is None for refusal in refusals].count(True) == 1
    assert {refusal.code for refusal in refusals if refusal} == {"quotation.wrong_state"}
    assert Order.objects.count() == 1
    assert Event.objects.filter(kind="quotation.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_o3_accepted_and_declined_at_once_it_is_one_of_both(company, ben):
    for _ in range(5):
        quotation = sent()
        refusals = at_once(
            [
                lambda: quoting.accept(again(quotation)),  # noqa: B023
                lambda: quoting.decline(again(quotation), by=ben),  # noqa: B023
            ]
        )
        assert refusals.count(None) == 1
        accepted = again(quotation).state == State.ACCEPTED
        assert (again(quotation).order_id is not None) is accepted


def test_an_order_from_a_quotation_that_is_proposed_again_keeps_its_prices(company, ben):
    quotation = sent()
    Stock.objects.update(on_hand=0, reserved=0)
    order = quoting.accept(quotation)
    price = order.lines.get().unit_price
    Product.objects.update(price=Decimal(99))
    Stock.objects.update(on_hand=1000)
    reproposing.propose_again(order, by=ben)
    assert order.doubts == []
    assert (order.lines.get().unit_price, order.gross) == (price, quotation.gross)


# Turned down, over


@pytest.mark.parametrize("state", [State.REQUESTED, State.SENT])
def test_it_is_declined_with_a_reason(company, ben, state):
    quotation = asked() if state == State.REQUESTED else sent()
    quoting.decline(quotation, reason="zu teuer", by=ben)
    assert again(quotation).state == State.DECLINED
    assert Event.objects.get(kind="quotation.declined").data["reason"] == "zu teuer"


def test_what_is_over_expires_once(company):
    over, fresh, waiting = sent(), sent(), asked()
    Quotation.objects.filter(pk=over.pk).update(
        valid_until=timezone.localdate() - timedelta(days=1)
    )
    assert quoting.expire(timezone.localdate()) == 1
    assert quoting.expire(timezone.localdate()) == 0
    states = [again(one).state for one in (over, fresh, waiting)]
    assert states == [State.EXPIRED, State.SENT, State.REQUESTED]


# Put right


def test_a_person_sets_a_price_and_the_rest_follows_the_lists(company, ben):
    quotation = asked((AURORA, 200), ("HB-1002", 500))
    first, second = quotation.lines.all()
    listed = second.unit_price
    revision = revising.Revision(
        customer=quotation.customer,
        valid_until=timezone.localdate() + timedelta(days=5),
        lines={first.pk: revising.NewLine(first.product, Decimal(300), Decimal("0.2500"))},
    )
    revising.revise(quotation, revision, by=ben)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.unit_price, first.total) == (Decimal("0.2500"), Decimal("75.00"))
    assert first.price_reasons[0]["what"] == "Price set by a person"
    assert second.unit_price == listed
    assert again(quotation).net == first.total + second.total
    quoting.offer(quotation, by=ben)
    assert again(quotation).valid_until == timezone.localdate() + timedelta(days=5)
    order = quoting.accept(quotation)
    assert [line.unit_price for line in order.lines.all()] == [Decimal("0.2500"), listed]


def test_without_an_own_price_the_lists_speak_again(company, ben):
    quotation = asked()
    line, listed = quotation.lines.get(), quotation.lines.get().unit_price
    for own in (Decimal("0.1000"), None):
        lines = {line.pk: revising.NewLine(line.product, line.quantity, own)}
        revising.revise(quotation, revising.Revision(quotation.customer, lines=lines), by=ben)
        assert quotation.lines.get().unit_price == (own or listed)


def test_choosing_a_product_settles_its_doubt(company, ben):
    quotation = asked(("NIX-1", 200))
    line = quotation.lines.get()
    product = Product.objects.get(sku=AURORA)
    lines = {line.pk: revising.NewLine(product, Decimal(200))}
    revising.revise(quotation, revising.Revision(quotation.customer, lines=lines), by=ben)
    assert again(quotation).doubts == []
    assert quotation.lines.get().sku == AURORA


def test_what_was_sent_is_not_edited(company, ben):
    quotation = sent()
    with pytest.raises(DomainError, match="not yet sent"):
        revising.revise(quotation, revising.Revision(quotation.customer), by=ben)
