"""Every figure is the count, the sum or the mean of the rows that its links show."""

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client

from agents.models import Department
from emails.admin.figures import WorkFilter
from emails.models import Email
from hbu.company.kpi_codes import CODES
from kpis.definitions import KPIS, How
from kpis.values import measure, rows_of, scope_of
from orders.models import Invoice
from shop.models import Customer
from tests.factories import company
from tests.kpis import busy_house
from tests.kpis.busy_house import NOW, SPAN

COUNTED = [code for code, kpi in KPIS.items() if kpi.source or kpi.of]
BY_DEPARTMENT = [code for code in COUNTED if KPIS[code].by_department]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """One house for all of these tests."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        company.load()
        busy_house.fill()
        yield get_user_model().objects.create_superuser("clara")
        transaction.set_rollback(True)


@pytest.fixture
def boss(filled, db):
    with time_machine.travel(NOW, tick=False):
        yield filled


def listed(user, address):
    """The rows of the list, as its page shows them."""
    client = Client()
    client.force_login(user)
    page = client.get(address)
    assert page.status_code == 200, address
    return page.context["cl"].queryset


def added_up(kpi, rows):
    """What rows of a list come to, added up here and not by the database."""
    if kpi.how in (How.SUM, How.GROWTH):
        signs = {Invoice.Kind.INVOICE: 1}
        return sum(float(one.net) * signs.get(one.kind, -1) for one in rows)
    if kpi.how == How.MEAN:
        column, divisor = ("minutes", 60) if kpi.unit == "hours" else ("score", 1)
        return sum(getattr(one, column) for one in rows) / divisor
    return len(rows)


def part_and_whole(code, addresses, user):
    kpi, (part, whole) = KPIS[code], addresses
    if code == "agent_utilisation":
        agents = listed(user, part)
        return sum(one.days_worked for one in agents), sum(one.days_there for one in agents)
    parts = listed(user, part)
    if kpi.how == How.GROWTH:
        return added_up(kpi, parts), added_up(kpi, listed(user, whole))
    if kpi.how == How.LEVEL:
        return len(parts), 0
    return added_up(kpi, parts), len(listed(user, whole))


@pytest.mark.parametrize("code", COUNTED)
def test_e11_a_figure_is_what_its_rows_come_to(code, boss):
    found = measure(boss, code, SPAN)
    rows = part_and_whole(code, rows_of(KPIS[code], SPAN, None), boss)
    assert (found.part, found.whole) == pytest.approx(rows)
    assert found.part > 0
    assert found.value is not None


@pytest.mark.parametrize("code", BY_DEPARTMENT)
def test_e11_a_figure_of_a_department_is_what_its_rows_come_to(code, boss):
    everything = measure(boss, code, SPAN)
    for desk in Department.objects.filter(code__in=["info", "sales", "finance"]):
        found = measure(boss, code, SPAN, desk)
        rows = part_and_whole(code, rows_of(KPIS[code], SPAN, {desk.pk}), boss)
        assert (found.part, found.whole) == pytest.approx(rows)
        assert found.part < everything.part


@pytest.mark.parametrize("code", BY_DEPARTMENT)
def test_f3_a_lead_sees_the_figures_of_his_or_her_departments_and_their_rows(code, boss):
    emine = get_user_model().objects.get(username="emine")
    if not emine.has_perms(KPIS[code].permissions):
        pytest.fail("a team lead may open the rows of every figure of a department")
    ours = scope_of(emine, None)
    found = measure(emine, code, SPAN)
    rows = part_and_whole(code, rows_of(KPIS[code], SPAN, ours), emine)
    assert (found.part, found.whole) == pytest.approx(rows)
    alone = [measure(boss, code, SPAN, one) for one in Department.objects.filter(pk__in=ours)]
    assert found.part == pytest.approx(sum(one.part for one in alone))


@pytest.mark.parametrize("code", ["revenue", "revenue_growth"])
def test_e11_amounts_in_another_currency_are_not_added_up(code, boss):
    before = measure(boss, code, SPAN)
    Invoice.objects.create(
        number="X-foreign", kind="invoice", net="99", currency="CHF", issued_on=SPAN.first,
        customer=Customer.objects.first(), order=busy_house.order(),
    )  # fmt: skip
    assert measure(boss, code, SPAN).part == before.part
    for address in rows_of(KPIS[code], SPAN, None)[:1]:
        assert "X-foreign" not in {one.number for one in listed(boss, address)}


@pytest.mark.parametrize("code", COUNTED)
def test_e11_rows_outside_of_the_time_are_not_counted(code, boss):
    kpi = KPIS[code]
    if kpi.how == How.LEVEL:
        pytest.skip("a level looks at one moment")
    wider = busy_house.Span(busy_house.DAYS[0], busy_house.DAYS[-1])
    assert measure(boss, code, wider).part > measure(boss, code, SPAN).part


def test_the_company_file_knows_the_codes_of_all_figures():
    assert set(KPIS) == CODES


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite finds its rows")
def test_whether_a_mail_was_answered_is_asked_of_its_own_letters_alone(boss):
    plan = WorkFilter.narrowed(Email.objects.all(), "alone").explain()
    assert plan.count("answers_id=?") == 2
    assert "outgoing_state" not in plan
