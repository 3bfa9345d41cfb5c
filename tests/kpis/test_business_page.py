"""The business overview: who sees what, the parts, the files."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.business import figures, tables
from kpis.business.measures import Asked
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


def test_the_page_shows_every_number_as_a_link(clara_in, a_month):
    page = clara_in.get("/dashboard/").content.decode()
    for address in re.findall(r'href="(/admin/[^"]+)"', page.split('class="hb-page')[1])[:12]:
        parts = urlsplit(address.replace("&amp;", "&"))
        assert clara_in.get(f"{parts.path}?{parts.query}").status_code == 200


def test_a_fresh_house_explains_what_will_stand_here(clara_in):
    page = clara_in.get("/dashboard/").content.decode()
    assert "Nothing in either time yet." in page
    assert "No order of a known customer came in during this time." in page
    assert "No product was ordered during this time." in page


@pytest.fixture
def lead(ben, department):
    ben.groups.add(Group.objects.get(name="lead"))
    department.members.add(ben)
    return ben


def test_somebody_of_one_department_sees_its_mails_and_no_others(client, lead, a_month):
    client.force_login(lead)
    assert figure("mails", lead).now.value == 6
    assert rows_of(client, figure("mails", lead).now.url).count() == 6
    assert [line.name for line in tables.departments(asked(lead))] == ["Order desk"]


def test_money_is_for_those_who_may_see_invoices_and_orders(client, ben, a_month):
    ben.user_permissions.add(Permission.objects.get(codename="view_snapshot"))
    client.force_login(ben)
    page = client.get("/dashboard/").content.decode()
    assert "No figure of the business is yours to see." in page
    assert "Customers who ordered most" not in page
    assert client.get("/dashboard/", {"as": "csv", "table": "customers"}).status_code == 403


def test_who_may_not_see_figures_is_turned_away(client, ben):
    client.force_login(ben)
    assert client.get("/dashboard/").status_code == 403
    assert client.get("/dashboard/parts/").status_code == 403


def test_a_choice_of_days_and_days_typed_in(clara_in, a_month):
    assert clara_in.get("/dashboard/", {"days": 7}).context["asked"].span == Span.until_today(7)
    typed = clara_in.get("/dashboard/", {"first": "2026-01-01", "last": "2026-01-10"})
    assert len(typed.context["asked"].span) == 10
    wrong = clara_in.get("/dashboard/", {"first": "2026-02-01", "last": "2026-01-10"})
    assert "A period ends after it began" in wrong.content.decode()


def test_a_part_is_fetched_alone_for_the_time_that_is_shown(clara_in, a_month):
    part = clara_in.get("/dashboard/parts/", {"part": "products", "days": 7}).content.decode()
    assert 'data-part="products"' in part
    assert 'data-part="figures"' not in part
    assert ">50</a>" in part


@pytest.mark.parametrize("table", ["figures", "customers", "products", "departments"])
def test_f12_each_table_can_be_taken_along_and_the_journal_knows(
    clara_in, a_month, customer, table
):
    from hbu.journal.models import Event

    customer.name = "=cmd()"
    customer.save()
    answer = clara_in.get("/dashboard/", {"as": "csv", "table": table, "days": 30})
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{table}-')
    assert len(text.splitlines()) > 1
    assert "\n=cmd" not in text
    assert Event.objects.filter(kind="list.exported").count() == 1


def test_f21_who_may_not_take_lists_along_is_offered_none(client, lead, a_month):
    lead.groups.clear()
    lead.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_snapshot", "view_order"])
    )
    client.force_login(lead)
    assert "Take along" not in client.get("/dashboard/").content.decode()
    assert client.get("/dashboard/", {"as": "csv"}).status_code == 403


def test_the_page_asks_as_many_questions_however_much_there_is(
    client, lead, receive, make_order, customer, product, bill, write_letter
):
    from orders.models import OrderLine

    client.force_login(lead)

    def more():
        write_letter(answers=receive())
        order = make_order(customer=customer, net=1)
        OrderLine.objects.create(
            order=order, position=1, product=product, name="", quantity=1, total=1, unit_price=1,
            tax_rate=19,
        )  # fmt: skip
        bill("10")

    def questions():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/dashboard/").status_code == 200
        return len(found)

    more()
    questions()
    few = questions()
    for _ in range(12):
        more()
    assert questions() == few
