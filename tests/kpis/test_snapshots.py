"""Snapshots hold what the rows say; pages read them, and count what they do not hold."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agents.models import Department
from cases.models import Case, SLAResult
from kpis import tasks
from kpis.definitions import KPIS
from kpis.models import Snapshot, Target
from kpis.periods import Span
from kpis.services import rollup
from kpis.values import measure, values
from tests.factories import company
from tests.kpis import busy_house
from tests.kpis.busy_house import BERLIN, NOW, SPAN

pytestmark = pytest.mark.django_db
WEEK = Span(busy_house.date(2026, 11, 21), NOW.date())


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        company.load()
        busy_house.fill()
        yield get_user_model().objects.create_superuser("clara")
        transaction.set_rollback(True)


@pytest.fixture
def boss(filled, db):
    with time_machine.travel(NOW, tick=False):
        yield filled


def numbers(found):
    return {
        code: pytest.approx((one.part, one.whole, one.value, one.before), nan_ok=False)
        if None not in (one.value, one.before)
        else (one.part, one.whole, one.value, one.before)
        for code, one in found.items()
    }


def test_pages_show_the_same_before_and_after_snapshots_were_made(boss):
    desk = Department.objects.get(code="sales")
    before = [values(boss, WEEK), values(boss, WEEK, desk)]
    assert not Snapshot.objects.exists()
    rollup.keep_up()
    assert Snapshot.objects.exists()
    after = [values(boss, WEEK), values(boss, WEEK, desk)]
    for counted, kept in zip(before, after, strict=True):
        assert set(kept) == set(KPIS)
        expected = numbers(counted)
        for code, one in kept.items():
            assert (one.part, one.whole, one.value, one.before) == expected[code], code


def test_the_overview_and_the_page_of_a_figure_agree_after_a_rollup(boss):
    rollup.keep_up()
    overview = values(boss, WEEK)
    for code in KPIS:
        alone = measure(boss, code, WEEK)
        assert alone.value == pytest.approx(overview[code].value), code
        assert alone.before == (
            None if overview[code].before is None else pytest.approx(overview[code].before)
        ), code


def test_days_that_are_over_are_read_and_not_counted(boss):
    rollup.keep_up()
    past = Span(WEEK.first, WEEK.last - timedelta(days=1))
    Snapshot.objects.filter(kpi="revenue", day=past.last, department=None).update(part=7)
    assert values(boss, past)["revenue"].part != measure(boss, "revenue", past).part


def test_a_second_rollup_writes_and_tells_nothing(boss, django_capture_on_commit_callbacks):
    rollup.keep_up()
    rollup.look_back()
    rows = list(Snapshot.objects.order_by("pk").values())
    later = time_machine.travel(NOW + timedelta(hours=1), tick=False)
    with later, django_capture_on_commit_callbacks() as heard:
        rollup.keep_up()
        rollup.look_back()
    assert list(Snapshot.objects.order_by("pk").values()) == rows
    assert heard == []


def test_what_happens_today_is_counted_and_told(boss, django_capture_on_commit_callbacks):
    rollup.keep_up()
    desk = Department.objects.get(code="info")
    before = values(boss, WEEK)["backlog"].value
    busy_house.case(desk, opened_at=NOW)
    assert values(boss, WEEK)["backlog"].value == before + 1
    with django_capture_on_commit_callbacks() as heard:
        rollup.keep_up()
    assert len(heard) == 1
    row = Snapshot.objects.get(kpi="backlog", day=NOW.date(), department=desk)
    assert row.part == measure(boss, "backlog", WEEK, desk).value


def test_a_day_is_counted_until_a_snapshot_was_made_after_its_end(boss):
    rollup.keep_up()
    case = Case.objects.first()
    evening, morning = NOW.replace(hour=23, minute=59), NOW + timedelta(days=1)
    SLAResult.objects.create(
        case=case, clock="update", since=evening, ended_at=evening, minutes=1,
        promised_minutes=240, kept=True,
    )  # fmt: skip
    with time_machine.travel(morning, tick=False):
        span = Span.until_today(2)
        found = values(boss, span)["sla_compliance"]
        assert (found.part, found.whole) == (1, 1)
        rollup.keep_up()
        row = Snapshot.objects.get(kpi="sla_compliance", day=NOW.date(), department=None)
        assert (row.part, row.whole, row.made_at.astimezone(BERLIN).date()) == (
            1, 1, morning.date(),
        )  # fmt: skip


def test_late_changes_are_brought_in_at_night(boss):
    rollup.keep_up()
    result = SLAResult.objects.filter(ended_at=busy_house.SPAN.begins, kept=False).first()
    SLAResult.objects.filter(pk=result.pk).update(kept=True)
    old = values(boss, WEEK)["sla_compliance"].part
    rollup.look_back()
    new = values(boss, WEEK)["sla_compliance"].part
    assert (new, new) == (old + 1, measure(boss, "sla_compliance", WEEK).part)


def test_rows_of_a_time_before_all_that_is_known_are_counted_at_night(boss):
    rollup.keep_up()
    early = NOW - timedelta(days=300)
    busy_house.case(Department.objects.get(code="info"), opened_at=early)
    rollup.look_back()
    row = Snapshot.objects.get(kpi="backlog", day=early.date(), department=None)
    assert row.part == 1


def test_a_past_that_was_counted_in_part_or_without_a_new_figure_is_completed(boss):
    rollup.keep_up()
    everything = set(Snapshot.objects.values_list("kpi", "day", "department", "part", "whole"))
    Snapshot.objects.filter(kpi="backlog").delete()
    rollup.keep_up()
    assert everything == set(
        Snapshot.objects.values_list("kpi", "day", "department", "part", "whole")
    )
    Snapshot.objects.filter(day__gt=busy_house.SPAN.first).delete()
    rollup.look_back()
    assert everything == set(
        Snapshot.objects.values_list("kpi", "day", "department", "part", "whole")
    )


def test_an_old_day_that_changes_is_shown_as_its_rows_are_within_ten_minutes(boss, settings):
    rollup.keep_up()
    Case.objects.filter(resolved_at__lt=SPAN.ends, merged_into=None).update(resolved_at=None)
    assert settings.CELERY_BEAT_SCHEDULE["kpis-look-back"]["schedule"] <= 600
    tasks.look_back()
    for code in ("first_contact_resolution", "backlog"):
        assert values(boss, WEEK)[code].part == measure(boss, code, WEEK).part


def test_what_became_nothing_is_taken_back(boss):
    rollup.keep_up()
    with transaction.atomic():
        SLAResult.objects.all().delete()
        rollup.look_back()
    rows = Snapshot.objects.filter(kpi="sla_compliance")
    assert not rows.exclude(department=None).exists()
    assert set(rows.values_list("part", "whole")) == {(0, 0)}


def asked(call):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        call()
    return len(queries)


def test_queries_do_not_grow_with_rows_days_or_departments(boss):
    rollup.keep_up()
    few = [
        asked(lambda: rollup.roll_up(WEEK)),
        asked(lambda: values(boss, WEEK)),
        asked(lambda: measure(boss, "automation_rate", WEEK)),
    ]
    busy_house.fill()
    rollup.look_back()
    month = Span.until_today(30)
    many = [
        asked(lambda: rollup.roll_up(month)),
        asked(lambda: values(boss, month)),
        asked(lambda: measure(boss, "automation_rate", month)),
    ]
    assert many == few


def test_targets_of_a_department_go_before_those_of_the_house(boss):
    Target.objects.all().delete()
    info, sales = (Department.objects.get(code=code) for code in ("info", "sales"))
    Target.objects.create(kpi="courtesy_score", value=75)
    Target.objects.create(kpi="courtesy_score", value=99, department=sales)
    targets = [values(boss, WEEK, desk)["courtesy_score"].target for desk in (None, info, sales)]
    assert targets == [75, 75, 99]


def test_the_overall_score_is_made_of_what_has_a_target_and_a_value(boss):
    Target.objects.all().delete()
    score = values(boss, WEEK)["overall_score"]
    assert (score.value, score.weighed) == (None, [])
    Target.objects.create(kpi="sla_compliance", value=50)
    Target.objects.create(kpi="courtesy_score", value=1000)
    Target.objects.create(kpi="bounce_rate", value=1)
    found = values(boss, WEEK)
    score = found["overall_score"]
    reached = {one.code: one.reached for one in score.weighed}
    assert reached == {
        "sla_compliance": 100,
        "courtesy_score": pytest.approx(found["courtesy_score"].value / 10),
    }
    weights = {code: KPIS[code].weight for code in reached}
    assert score.value == pytest.approx(
        sum(reached[code] * weights[code] for code in reached) / sum(weights.values())
    )
