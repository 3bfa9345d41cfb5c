from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from hbu.lib.errors import DomainError
from orders.models import Order
from orders.services import entering, placing
from orders.services.entering import Wanted
from shop.models import Customer
from tests.orders.books import AURORA, enter

pytestmark = pytest.mark.django_db


def wanted(*lines):
    return [Wanted(sku, Decimal(count)) for sku, count in lines]


def test_an_order_by_hand_comes_to_what_the_same_order_by_mail_comes_to(company, ben):
    berger = Customer.objects.get(number="K-10001")
    day = timezone.localdate() + timedelta(days=60)
    by_hand = entering.enter(
        berger,
        wanted((AURORA, 200), ("HB-1002", 100)),
        by=ben,
        reference=" PO-77 ",
        requested_date=day,
        note="by phone",
    )
    by_mail = enter((AURORA, 200), ("HB-1002", 100))
    assert (by_hand.gross, by_hand.net, by_hand.payment) == (
        by_mail.gross, by_mail.net, by_mail.payment,
    )  # fmt: skip
    assert (by_hand.source, by_hand.created_by, by_hand.reference) == ("staff", ben, "PO-77")
    assert (by_hand.requested_date, by_hand.note, by_hand.doubts) == (day, "by phone", [])
    placing.confirm([by_hand], by=ben)
    assert by_hand.state == Order.State.CONFIRMED


def test_an_order_by_hand_may_have_no_number_and_an_article_nobody_knows(company, ben):
    berger = Customer.objects.get(number="K-10001")
    assert entering.enter(berger, wanted((AURORA, 200)), by=ben).doubts == []
    doubtful = entering.enter(berger, wanted(("HB-9999999", 5)), by=ben)
    assert [one["code"] for one in doubtful.doubts] == ["unknown_article"]


@pytest.mark.parametrize("lines", [[], [(AURORA, 0)], [(AURORA, -3)], [(AURORA, "NaN")]])
def test_nothing_is_entered_that_orders_nothing(company, ben, lines):
    with pytest.raises(DomainError) as refused:
        entering.enter(Customer.objects.get(number="K-10001"), wanted(*lines), by=ben)
    assert refused.value.status == 400
    assert not Order.objects.exists()
