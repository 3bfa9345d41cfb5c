"""The report on promises: every number is counted from rows, and opens them."""

import csv
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from agents.models import Department
from cases.models import Case, SLAResult
from cases.services import sla_reports
from cases.services.sla_reports import Period
from tests.cases.desk import answer, at, desk, frozen, joins, move, open_case

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 11, 23), date(2026, 11, 29))


@pytest.fixture
def results(company):
    """Three cases of two departments: answers after 60, 120 and 300 minutes of a promise of 240."""
    info, other, late = open_case(), open_case(department=desk("sales")), open_case()
    answer(info, "23 09:00")
    answer(other, "23 10:00")
    answer(late, "23 13:30")
    move(info, Case.Status.RESOLVED, "25 09:00")
    return info, other, late


def count_behind(client, address):
    with time_machine.travel(at("27 12:00"), tick=False):
        page = client.get(address)
    assert page.status_code == 200, address
    return page.context["cl"].result_count


def test_c4_the_report_counts_rows_and_each_number_opens_them(results, clara, client):
    client.force_login(clara)
    with frozen("27 12:00"):
        page = client.get("/reports/sla/", {"first": "2026-11-23", "last": "2026-11-27"})
    overall = page.context["overall"]
    assert (overall.share.ended, overall.share.kept, overall.share.late) == (4, 3, 1)
    lines = [line for _, group in page.context["groups"] for line in group]
    for line in [overall, *lines, *page.context["trend"]]:
        numbers = (line.share.ended, line.share.kept, line.share.late)
        rows = (line.all_rows, line.kept_rows, line.late_rows)
        assert numbers == tuple(count_behind(client, one) for one in rows)
    by_name = {line.name: (line.share.kept, line.share.ended) for line in lines}
    assert by_name[str(desk("sales"))] == (1, 1)
    assert by_name[str(desk("info"))] == (2, 3)


def test_c4_what_is_at_risk_or_late_now_is_counted_and_opened(results, clara, client):
    client.force_login(clara)
    for standing in ("at_risk", "breached", "breached"):
        open_case(sla="oem")
        Case.objects.filter(pk=Case.objects.latest("pk").pk).update(standing=standing)
    move(Case.objects.latest("pk"), Case.Status.CLOSED, "27 11:00")
    with frozen("27 12:00"):
        page = client.get("/reports/sla/")
    for name, wanted in (("at_risk", 1), ("breached", 1)):
        count, address = page.context[name]
        assert count == wanted == count_behind(client, address)


def test_times_are_averages_and_ranks_of_the_rows(results, clara):
    report = sla_reports.compliance(clara, WEEK)
    pace = next(one for one in report.paces if one.clock == "first_response")
    assert (pace.count, pace.average, pace.half, pace.most) == (3, 160, 120, 300)


def test_days_without_results_are_there_and_long_periods_go_by_weeks(results, clara):
    days = sla_reports.compliance(clara, WEEK).trend
    assert [(one.ended, one.kept) for one in days] == [(3, 2), (0, 0), (1, 1), *[(0, 0)] * 4]
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    weeks = sla_reports.compliance(clara, year).trend
    assert {one.name: one.ended for one in weeks if one.ended} == {date(2026, 11, 23): 4}
    assert len(weeks) == 53


def test_f3_a_report_is_about_the_work_that_one_sees(results, ben, client):
    joins(ben, "sales")
    assert sla_reports.compliance(ben, WEEK).overall.ended == 1
    client.force_login(ben)
    assert client.get("/reports/sla/").status_code == 403
    ben.user_permissions.add(Permission.objects.get(codename="report_case"))
    with frozen("27 12:00"):
        info = Department.objects.get(code="info")
        page = client.get("/reports/sla/", {"department": info.pk})
    assert page.context["overall"].share.ended == 1
    assert str(info.pk) not in dict(page.context["form"].fields["department"].choices)
    assert Client().get("/reports/sla/").status_code == 302


def test_the_report_can_be_taken_along(results, clara, client):
    client.force_login(clara)
    Department.objects.filter(code="info").update(name_en="=HYPERLINK(1)")
    with frozen("27 12:00"):
        answered = client.get(reverse("kpis:report_sla") + "?as=csv")
    rows = list(csv.reader(answered.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1] == ["all", "", "4", "3", "1", "75.0"]
    assert ["department", "'=HYPERLINK(1)", "3", "2", "1", "66.7"] in rows
    assert answered["Content-Disposition"].endswith('2026-11-27.csv"')


@pytest.mark.parametrize(
    "asked",
    ["first=x", "first=2026-11-27&last=2026-11-01", "department=99",
     "first=9999-12-30&last=9999-12-31", "first=0001-01-01&last=0001-01-02"],
)  # fmt: skip
def test_nonsense_is_said_and_the_usual_month_is_shown(results, clara, client, asked):
    client.force_login(clara)
    with frozen("27 12:00"):
        page = client.get(f"/reports/sla/?{asked}")
    assert page.status_code == 200
    assert b'role="alert"' in page.content
    assert page.context["report"].period.first == date(2026, 11, 27) - timedelta(days=29)


def test_a_house_without_results_says_so(company, clara, client):
    client.force_login(clara)
    assert "No clock ended" in client.get("/reports/sla/").content.decode()
    assert not SLAResult.objects.exists()
    page = client.get("/reports/sla/?first=2020-01-01&last=2021-11-01")
    assert dict(parse_qsl(urlsplit(page.context["overall"].all_rows).query))["ended_at__lt"]
