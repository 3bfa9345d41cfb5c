"""The business overview: each number is what its list shows."""

from decimal import Decimal

import pytest

from kpis.business import figures, tables
from kpis.business.measures import MEASURES, Asked
from kpis.periods import Span


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


def asked(user, days=30, **fields):
    return Asked(user, Span.until_today(days), **fields)


def figure(code, user, **fields):
    return next(one for one in figures.figures(asked(user, **fields)) if one.code == code)


def rows_of(client, url):
    """Return the rows that a list of the admin shows at an address."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.context["cl"].queryset


@pytest.mark.parametrize(("days", "steps"), [(1, 1), (7, 7), (30, 30), (90, 13), (365, 12)])
def test_both_times_are_cut_into_as_many_steps(clara, days, steps, receive):
    receive()
    mails = next(one for one in figures.figures(asked(clara, days)) if one.code == "mails")
    assert len(mails.steps) == steps
    assert (mails.steps[-1].now.count, mails.now.count, mails.before.count) == (1, 1, 0)


def test_revenue_is_what_was_billed_less_what_was_credited(clara, a_month):
    assert figure("revenue", clara).now.value == Decimal(100 * 3 + 300 - 50)
    assert figure("revenue", clara).before.value == Decimal(200)


def test_orders_that_were_cancelled_count_for_nothing(clara, a_month):
    assert figure("orders", clara).now.value == 3
    assert figure("worth", clara).now.value == Decimal("37.50")


def test_automation_is_the_share_of_mails_that_were_answered_without_one_of_us(clara, a_month):
    automation = figure("automation", clara)
    assert (automation.now.count, automation.counted.count) == (6, 3)
    assert automation.now.value == 50


def test_satisfaction_is_the_share_of_four_and_five_stars(clara, a_month):
    satisfaction = figure("satisfaction", clara)
    assert (satisfaction.now.count, satisfaction.counted.count) == (6, 3)
    assert satisfaction.now.value == 50


@pytest.mark.parametrize("code", MEASURES)
@pytest.mark.parametrize("desk", [False, True])
def test_each_figure_and_each_step_opens_exactly_its_rows(
    clara_in, clara, a_month, department, code, desk
):
    chosen = department if desk else None
    found = [one for one in figures.figures(asked(clara, department=chosen)) if one.code == code]
    assert bool(found) == (code != "revenue" or not desk)
    for one in found:
        assert one.now.count > 0
        steps = [number for step in one.steps for number in (step.now, step.before)]
        filled = [number for number in steps if number.count]
        for number in (one.now, one.before, *filled, *([one.counted] if one.counted else [])):
            assert rows_of(clara_in, number.url).count() == number.count
        assert sum(step.now.count for step in one.steps) == one.now.count


def test_revenue_is_the_sum_of_its_list(clara_in, clara, a_month):
    revenue = figure("revenue", clara)
    listed = rows_of(clara_in, revenue.now.url)
    signed = [one.net if one.kind == "invoice" else -one.net for one in listed]
    assert sum(signed) == revenue.now.value


def test_how_a_figure_changed(db):
    assert figures.compared("money", Decimal(150), Decimal(100)) == ("+50 %", "up")
    assert figures.compared("pieces", Decimal(1), Decimal(4)) == ("−75 %", "down")
    assert figures.compared("percent", Decimal(40), Decimal(50)) == ("−10 points", "down")
    assert figures.compared("money", Decimal(5), Decimal(0)) == ("", "same")
    assert figures.compared("percent", None, Decimal(4)) == ("", "same")


def test_customers_and_products_open_the_orders_they_were_counted_from(
    clara_in, clara, a_month, customer
):
    (line,) = tables.customers(asked(clara))
    orders, worth, revenue = line.cells
    listed = rows_of(clara_in, orders.url)
    assert (line.name, orders.value) == (customer.name, listed.count())
    assert worth.value == sum(one.net for one in listed) == Decimal("37.50")
    assert revenue.value == figure("revenue", clara).now.value
    assert rows_of(clara_in, revenue.url).count() == 5
    (line,) = tables.products(asked(clara))
    orders, pieces, net = line.cells
    lines = [one for order in rows_of(clara_in, orders.url) for one in order.lines.all()]
    assert (orders.value, pieces.value, net.value) == (3, 75, Decimal("37.50"))
    assert pieces.value == sum(one.quantity for one in lines)


def test_what_was_billed_to_a_customer_that_was_merged_counts_for_who_is_left(
    clara_in, clara, a_month, customer, bill
):
    from shop.models import Customer

    before = tables.customers(asked(clara))[0].cells[2].value
    last = Customer.objects.create(number="K-9", name="Amann GmbH", merged_into=customer)
    first = Customer.objects.create(number="K-8", name="Amann", merged_into=last)
    bill("77", customer=first)
    bill("50", customer=Customer.objects.create(number="K-7", name="Somebody else"))
    revenue = tables.customers(asked(clara))[0].cells[2]
    assert revenue.value == before + 77
    listed = rows_of(clara_in, revenue.url)
    assert sum(one.net if one.kind == "invoice" else -one.net for one in listed) == revenue.value


def test_products_are_ordered_by_net_value_or_by_pieces(clara, make_order, customer, product):
    from orders.models import OrderLine
    from shop.models import Product

    cheap = Product.objects.create(
        sku="HB-2", category=product.category, name_de="Z", name_en="Z", price="0.01"
    )
    order = make_order(customer=customer)
    for position, (what, quantity, total) in enumerate(((product, 10, 5), (cheap, 100, 1))):
        OrderLine.objects.create(
            order=order, position=position, product=what, name="", quantity=quantity, total=total,
            unit_price=1, tax_rate=19,
        )  # fmt: skip
    assert [one.note for one in tables.products(asked(clara))] == ["HB-1", "HB-2"]
    assert [one.note for one in tables.products(asked(clara), "pieces")] == ["HB-2", "HB-1"]


def test_the_departments_add_up_and_open_their_rows(clara_in, clara, a_month, department, other):
    lines = tables.departments(asked(clara))
    headings = [cell.label for cell in lines[0].cells]
    assert headings == ["Mails", "Automation", "Satisfaction", "Orders", "Orders' worth"]
    ours, theirs = sorted(lines, key=lambda line: line.name != department.name)
    assert [one.value for one in ours.cells] == [6, 100, 50, 3, Decimal("37.50")]
    assert [one.value for one in theirs.cells] == [3, 0, None, 0, 0]
    for line in lines:
        mails, _letters, _stars, orders, _worth = line.cells
        for cell in (mails, orders):
            assert rows_of(clara_in, cell.url).count() == cell.value


def test_an_order_of_two_cases_counts_once_for_each_department(
    clara_in, clara, make_order, open_case, department, other
):
    order = make_order(net=Decimal("12.50"))
    far = open_case()
    far.department = other
    far.save()
    for case in (open_case(), open_case(), far):
        case.orders.add(order)
    for line in tables.departments(asked(clara)):
        assert [cell.value for cell in line.cells[3:]] == [1, Decimal("12.50")]
        assert rows_of(clara_in, line.cells[3].url).count() == 1
    assert figure("worth", clara, department=department).now.value == Decimal("12.50")
