"""Numbers on cases: each is what the list at its address shows (mission C7)."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from cases.models import Case, Rating, SLAPolicy, SLAResult
from cases.services import life
from kpis.casework import last_days

pytestmark = pytest.mark.django_db
LONG = {"page_size": 200}


@pytest.fixture
def work(sales, clara):
    """Cases of a month, some of another department."""
    from agents.models import Department

    now = timezone.now()
    agent = sales.user.agent
    for age in range(0, 40, 4):
        pk = sales.opens(title=f"Age {age}").json()["id"]
        case = Case.objects.get(pk=pk)
        at = now - timedelta(days=age, hours=1)
        changed = {"opened_at": at, "standing": ["at_risk", "breached", "on_track"][age % 3]}
        if age % 8 == 0:
            life.move(case, "resolved", by=sales.user)
            changed |= {"resolved_at": at + timedelta(minutes=50), "assignee": agent}
            _ended(case, at, minutes=age + 10.0, kept=age < 20)
            Rating.objects.create(case=case, stars=1 + age % 5, at=at)
        Case.objects.filter(pk=pk).update(**changed)
    back = Case.objects.filter(status="resolved").first()
    life.move(back, "in_progress", by=sales.user)
    other = Case.objects.last()
    elsewhere = Case.objects.create(
        number="C-X", title="Other", department=Department.objects.get(code="finance"),
        resolved_at=now, status="resolved",
    )  # fmt: skip
    _ended(elsewhere, now, minutes=9999, kept=False)
    assert other.pk
    return sales


def _ended(case, at, *, minutes, kept):
    Case.objects.filter(pk=case.pk).update(policy=SLAPolicy.objects.get(code="express"))
    for clock, factor in (("first_response", 1), ("resolution", 3)):
        SLAResult.objects.create(
            case=case, clock=clock, since=at, ended_at=at + timedelta(minutes=40),
            minutes=minutes * factor, promised_minutes=60, kept=kept,
        )  # fmt: skip


def shown(clerk, number):
    """The rows at the address of a number."""
    answer = clerk.client.get(f"{number['rows']}&page_size=200")
    assert answer.status_code == 200, number["rows"]
    assert answer.json()["count"] == number["count"], number
    return answer.json()["results"]


def test_c7_each_number_of_the_dashboard_is_what_its_list_shows(work):
    told = work.get("cases/analytics/dashboard").json()["numbers"]
    rows = {name: shown(work, number) for name, number in told.items()}
    for name in ("open", "new", "unassigned", "waiting", "at_risk", "breached", "opened", "resolved",
                 "reopened"):  # fmt: skip
        assert told[name]["value"] == len(rows[name])
        assert told[name]["formula"]
    assert told["opened"]["value"] == 8
    assert told["reopened"]["value"] == 1
    minutes = sorted(one["minutes"] for one in rows["first_response_average"])
    assert told["first_response_average"]["value"] == round(sum(minutes) / len(minutes), 1)
    assert told["first_response_median"]["value"] == round(minutes[(len(minutes) - 1) // 2], 1)
    kept = [one["kept"] for one in rows["compliance_resolution"]]
    assert told["compliance_resolution"]["value"] == round(100 * sum(kept) / len(kept), 1)
    assert told["compliance_update"]["value"] is None
    assert told["rating"]["count"] == len(rows["rating"]) == 4


def test_c7_each_day_of_the_trends_is_what_its_lists_show(work):
    days = work.get("analytics/trends").json()["days"]
    assert len(days) == 30
    assert sum(day["opened"]["value"] for day in days) == 8
    for day in days[::6] + days[-2:]:
        for name in ("opened", "resolved", "backlog", "breached"):
            shown(work, day[name])
            assert day[name]["value"] == day[name]["count"]
    today = days[-1]["backlog"]["value"]
    assert today == Case.objects.filter(resolved_at=None).count() > 0


def test_c7_agents_and_departments_are_what_their_lists_show(work):
    told = work.get("cases/analytics/performance").json()
    assert [line["key"] for line in told["departments"]] == ["sales"]
    assert [line["name"] for line in told["agents"]] == ["Sven"]
    for line in told["agents"] + told["departments"]:
        for name in ("resolved", "open", "first_response", "resolution", "rating"):
            shown(work, line[name])
    assert work.get("analytics/agents").json()["lines"][0]["name"] == "Sven"
    assert work.get("analytics/departments", department="finance").json()["lines"] == []


def test_c7_departments_are_called_as_the_caller_calls_them(work):
    told = work.client.get("/api/analytics/departments", headers={"Accept-Language": "de"}).json()
    assert [line["name"] for line in told["lines"]] == ["Vertrieb"]


def test_c7_the_report_of_promises_adds_up_and_goes_into_a_spreadsheet(work):
    told = work.get("analytics/sla").json()
    lines = {(one["department"], one["policy"], one["clock"]) for one in told["lines"]}
    assert ("sales", "express", "first_response") in lines
    assert {one[0] for one in lines} == {"sales"}
    for line in told["lines"]:
        rows = shown(work, {"rows": line["rows"], "count": line["ended"]})
        assert sum(row["kept"] for row in rows) == line["kept"]
        assert line["percent"] == round(100 * line["kept"] / line["ended"], 1)
    sheet = work.get("cases/analytics/reports", format="csv")
    assert sheet["Content-Type"].startswith("text/csv")
    accepted = work.client.get("/api/analytics/reports", headers={"Accept": "text/csv"})
    assert len(accepted.content.splitlines()) == len(told["lines"]) + 1
    text = sheet.content.decode().removeprefix("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [int(line["ended"]) for line in lines] == [line["ended"] for line in told["lines"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2026-02-01", "to": "2026-01-01"}, "from"),
        ({"from": "2020-01-01", "to": "2026-01-01"}, "from"),
        ({"from": "soon"}, "from"),
        ({"department": "nowhere"}, "department"),
        ({"since": "2026-01-01"}, "since"),
    ],
)
def test_c7_a_time_that_makes_no_sense_is_refused(sales, asked, field):
    answer = sales.get("analytics/dashboard", **asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    csv_asked = sales.get("analytics/reports", format="csv", **asked)
    assert csv_asked.json()["status"] == 400


def test_c7_a_period_in_the_past_counts_only_what_was_then(work):
    until = timezone.now() - timedelta(days=30)
    asked = {"from": (until - timedelta(days=30)).isoformat(), "to": until.isoformat()}
    numbers = work.get("analytics/dashboard", **asked).json()["numbers"]
    assert numbers["opened"]["value"] == 2
    shown(work, numbers["resolved"])


def test_c7_api_and_page_of_reports_say_the_same(work):
    from cases.services import sla_reports

    today = timezone.localdate()
    period = sla_reports.Period(today - timedelta(days=29), today)
    page = sla_reports.compliance(work.user, period)
    asked = {"from": period.begins.isoformat(), "to": period.ends.isoformat()}
    numbers = work.get("analytics/dashboard", **asked).json()["numbers"]
    assert {one.name for one in page.clocks} == {"first_response", "resolution"}
    for share in page.clocks:
        told = numbers[f"compliance_{share.name}"]
        assert (told["count"], told["value"]) == (share.ended, round(share.percent, 1))
    for pace in page.paces:
        assert numbers[f"{pace.clock}_median"]["value"] == round(pace.half, 1)
        assert numbers[f"{pace.clock}_average"]["value"] == round(pace.average, 1)
    lines = work.get("analytics/sla", **asked).json()["lines"]
    assert sum(line["ended"] for line in lines) == page.overall.ended


def test_a15_the_usual_period_has_as_many_days_on_both_sides_of_a_changed_clock(db):
    # 23:40 in Berlin: thirty days of 24 hours before lies the next day, for the clocks went back.
    with time_machine.travel(datetime(2026, 11, 21, 22, 40, tzinfo=UTC)):
        usual = last_days()
        assert timezone.localtime(usual.since).isoformat() == "2026-10-23T00:00:00+02:00"
