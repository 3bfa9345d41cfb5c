"""The page of quotations: what staff put right, send, accept and decline."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order, Quotation
from orders.services import quoting
from shop.models import Product
from tests.orders.books import AURORA
from tests.orders.test_quoting import again, asked, sent

pytestmark = pytest.mark.django_db
State = Quotation.State


@pytest.fixture
def company(db):
    from tests.factories import company

    return company.load()


def page(quotation: Quotation) -> str:
    return reverse("admin:orders_quotation_change", args=[quotation.pk])


def step(quotation: Quotation, name: str) -> str:
    return reverse("admin:orders_quotation_transition", args=[quotation.pk, name])


def form(quotation: Quotation, **values) -> dict[str, object]:
    lines = list(quotation.lines.all())
    data: dict[str, object] = {
        "customer": quotation.customer_id or "",
        "reference": quotation.reference,
        "valid_until": "",
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": len(lines),
    }
    for index, line in enumerate(lines):
        data |= {
            f"lines-{index}-id": line.pk,
            f"lines-{index}-quotation": quotation.pk,
            f"lines-{index}-product": line.product_id or "",
            f"lines-{index}-quantity": line.quantity,
            f"lines-{index}-own_price": "",
        }
    return data | values


def test_the_list_says_what_waits_and_the_menu_counts_it(company, office):
    first, second = asked(), sent()
    answer = office.get(reverse("admin:orders_quotation_changelist"))
    text = answer.content.decode()
    assert first.number in text
    assert second.number in text
    assert "Quotations" in text


def test_a_colleague_puts_a_price_right_and_sends_the_quotation(company, office):
    quotation = asked((AURORA, 200))
    text = office.get(page(quotation)).content.decode()
    assert "Own price" in text
    answer = office.post(page(quotation), form(quotation, **{"lines-0-own_price": "0.25"}))
    assert answer.status_code == 302
    line = quotation.lines.get()
    assert (line.unit_price, line.total) == (Decimal("0.25"), Decimal("50.00"))

    question = office.get(step(quotation, "send")).content.decode()
    assert "Unser Angebot" in question
    assert "einkauf@modehaus-berger.example" in question
    day = timezone.localdate() + timedelta(days=9)
    office.post(step(quotation, "send"), {"valid_until": day.isoformat()})
    assert (again(quotation).state, again(quotation).valid_until) == (State.SENT, day)
    assert "lines-0-own_price" not in office.get(page(quotation)).content.decode()


def test_an_unknown_article_is_chosen_and_a_customer_named(company, office):
    quotation = asked(("NIX-1", 200), customer="nobody")
    product = Product.objects.get(sku=AURORA)
    customer = asked().customer_id
    values = {"lines-0-product": product.pk, "customer": customer}
    office.post(page(quotation), form(quotation, **values))
    assert again(quotation).doubts == []
    assert again(quotation).customer_id == customer


def test_without_an_address_the_page_says_so_and_lets_it_be_sent(company, office):
    quotation = asked()
    Quotation.objects.update(contact_email="")
    question = office.get(step(quotation, "send"))
    assert "There is no mail address" in question.content.decode()
    office.post(step(quotation, "send"), {"valid_until": timezone.localdate().isoformat()})
    assert again(quotation).state == State.SENT


def test_a_colleague_accepts_for_the_customer_and_sees_the_order(company, office):
    quotation = sent()
    assert office.post(step(quotation, "accept"), {}).status_code == 302
    order = Order.objects.get()
    assert order.number in office.get(page(quotation)).content.decode()
    again_ = office.post(step(quotation, "accept"), {}, follow=True)
    assert "this step does not fit" in again_.content.decode()
    assert Order.objects.count() == 1


def test_it_is_declined_with_a_reason(company, office):
    quotation = sent()
    office.post(step(quotation, "decline"), {"reason": "zu teuer"})
    assert again(quotation).state == State.DECLINED
    assert "zu teuer" in office.get(page(quotation)).content.decode()


def test_who_may_only_look_changes_nothing(company, desk):
    desk.may("orders.view_quotation")
    quotation = asked()
    assert "Own price" not in desk.get(page(quotation)).content.decode()
    assert desk.post(page(quotation), form(quotation)).status_code == 403
    assert desk.post(step(quotation, "send"), {}).status_code == 403
    quoting.offer(quotation)
    assert desk.post(step(quotation, "accept"), {}).status_code == 403
