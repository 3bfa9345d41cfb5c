"""The pages of the figures, and the same for programs."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents.models import Department
from hbu.management import loading
from kpis.admin.figures import TargetForm
from kpis.definitions import KPIS
from kpis.models import Target
from kpis.periods import Span
from kpis.services import rollup
from kpis.values import values
from tests.factories import company
from tests.kpis import busy_house
from tests.kpis.busy_house import NOW

pytestmark = pytest.mark.django_db
OF_THE_HOUSE = {code for code, kpi in KPIS.items() if not kpi.by_department}


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        company.load()
        busy_house.fill()
        yield get_user_model().objects.create_superuser("boss")
        transaction.set_rollback(True)


@pytest.fixture
def boss(filled):
    with time_machine.travel(NOW, tick=False):
        yield seen_by(filled)


@pytest.fixture
def emine(filled):
    """Leads three departments and sees neither orders' money nor other departments."""
    with time_machine.travel(NOW, tick=False):
        yield seen_by(get_user_model().objects.get(username="emine"))


def seen_by(user):
    client = Client()
    client.force_login(user)
    return client


def shown(page):
    content = page.context["parts"][0]["content"]
    return {content["score"].code: content["score"]} | {one.code: one for one in content["cards"]}


def test_e11_the_overview_shows_every_figure_with_target_status_and_trend(boss):
    page = boss.get("/kpis/", {"days": 7})
    cards = shown(page)
    assert set(cards) == set(KPIS)
    sla = cards["sla_compliance"]
    assert (sla.target, sla.status) == ("target: at least 95\u00a0%", "missed")
    html = page.content.decode()
    for card in cards.values():
        assert str(card.label) in html
        for one in () if card.empty else card.counts:
            assert one.url.replace("&", "&amp;") in html
    assert "NaN" not in html
    assert "None" not in html


def test_e11_the_score_is_shown_with_its_arithmetic(boss):
    for address in ("/kpis/", "/kpis/overall_score/"):
        content = boss.get(address, {"days": 7}).context["parts"][0]["content"]
        assert content["weights"]
        assert content["weighed"] == sum(one.weight for one in content["weights"])


@pytest.mark.parametrize("code", KPIS)
@pytest.mark.parametrize("days", [7, 365])
def test_e11_each_figure_has_a_page_with_formula_course_and_rows(code, days, boss):
    page = boss.get(f"/kpis/{code}/", {"days": days})
    html = page.content.decode()
    assert page.status_code == 200
    assert 'data-part="figure"' in html
    assert KPIS[code].formula.split("(")[0][:40] in html
    steps = page.context["parts"][0]["content"]["steps"]
    if KPIS[code].source:
        assert len(steps) == (days if days == 7 else 53)
        assert "<canvas" in html
    assert "NaN" not in html


def test_parts_are_the_same_without_the_shell(boss):
    for address in ("/kpis/", "/kpis/revenue/"):
        part = boss.get(f"{address}parts/", {"days": 7, "part": "any"})
        html = part.content.decode()
        assert html.count("data-part=") == 1
        assert 'data-events="kpi_update"' in html
        assert "<html" not in html


def test_an_unknown_figure_is_not_there_and_a_strange_question_is_the_usual_one(boss):
    assert boss.get("/kpis/happiness/").status_code == 404
    page = boss.get("/kpis/", {"days": "1000000", "department": "moon"})
    assert page.status_code == 200
    assert len(page.context["span"]) == 30


def test_f3_a_lead_sees_his_or_her_departments_and_no_figure_of_the_house_without_its_right(emine):
    user = get_user_model().objects.get(username="emine")
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename="view_snapshot"))
    cards = shown(emine.get("/kpis/", {"days": 7}))
    assert set(cards) == set(KPIS) - OF_THE_HOUSE
    assert not any(one.url for card in cards.values() for one in card.counts)
    assert emine.get("/kpis/revenue/").status_code == 403
    desks = emine.get("/kpis/backlog/").context["parts"][0]["content"]["desks"]
    assert {one.code for one in desks} == {"info", "support", "quality"}
    everything = emine.get("/kpis/", {"department": "sales"})
    assert everything.context["department"] is None


def test_a_figure_of_the_whole_house_says_so_beside_a_department(boss):
    cards = shown(boss.get("/kpis/", {"days": 7, "department": "oem1"}))
    assert {code for code, one in cards.items() if one.for_all} == OF_THE_HOUSE
    assert cards["on_time_delivery"].measure.target == 98


def asked(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_ask_as_much_of_many_rows_as_of_few(boss):
    rollup.keep_up()
    pages = ("/kpis/parts/?days=7", "/kpis/sla_compliance/parts/?days=7", "/api/kpis?days=7")
    for page in pages:
        asked(boss, page)
    few = [asked(boss, page) for page in pages]
    busy_house.fill()
    rollup.look_back()
    assert [asked(boss, page.replace("=7", "=90")) for page in pages] == few


def test_programs_read_the_same_figures(boss):
    said = {one["code"]: one for one in boss.get("/api/kpis", {"days": 7}).json()}
    user = get_user_model().objects.get(username="boss")
    found = values(user, Span.until_today(7))
    assert set(said) == set(found)
    for code, one in found.items():
        told = said[code]
        assert told["value"] == pytest.approx(one.value)
        assert (told["status"], told["trend"], told["target"]) == (
            one.status, one.trend, one.target,
        )  # fmt: skip
    one = boss.get("/api/kpis/backlog", {"days": 7, "department": "sales"}).json()
    assert one["part"] == one["value"] > 0
    assert "department__in=" in one["part_rows"]
    steps = boss.get("/api/kpis/backlog/history", {"days": 7}).json()["steps"]
    assert [step["first"] for step in steps] == [
        str(NOW.date() - timedelta(days=one)) for one in range(6, -1, -1)
    ]
    assert steps[-1]["value"] == said["backlog"]["value"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/kpis?days=8", 400),
        ("/api/kpis?department=moon", 400),
        ("/api/kpis?colour=red", 400),
        ("/api/kpis/happiness", 404),
        ("/api/kpis/happiness/history", 404),
    ],
)
def test_programs_are_told_what_they_may_not_ask(address, status, boss):
    assert boss.get(address).status_code == status


def test_targets_of_the_company_file_come_in_and_others_stay(db):
    company.load()
    assert Target.objects.get(kpi="sla_compliance", department=None).value == 95
    orders = Department.objects.get(code="orders")
    assert Target.objects.get(kpi="first_response_hours", department=orders).value == 2
    Target.objects.filter(kpi="sla_compliance").update(value=50)
    own = Target.objects.create(kpi="backlog", value=20)
    before = Target.objects.count()
    loading.load(company.file())
    assert Target.objects.get(kpi="sla_compliance").value == 95
    assert Target.objects.filter(pk=own.pk).exists()
    assert Target.objects.count() == before


def test_a_figure_has_one_target_for_the_house_and_one_for_each_department(db):
    Target.objects.create(kpi="backlog", value=20)
    with pytest.raises(ValidationError):
        Target(kpi="backlog", value=30).full_clean()
    assert not TargetForm({"kpi": "happiness", "value": 3}).is_valid()


def test_staff_change_targets_and_see_what_was_kept(boss):
    rollup.keep_up()
    assert boss.get("/admin/kpis/snapshot/").status_code == 200
    page = boss.get("/admin/kpis/target/", {"kpi__exact": "sla_compliance"})
    assert page.context["cl"].result_count == 1
    answer = boss.post("/admin/kpis/target/add/", {"kpi": "bounce_rate", "value": "3"})
    assert answer.status_code == 302
    assert Target.objects.get(kpi="bounce_rate").value == 3
