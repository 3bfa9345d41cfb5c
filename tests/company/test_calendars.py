"""Hours, holidays and calendars: from the file, from the law, and typed."""

from datetime import date
from io import StringIO
from shutil import copytree

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from agents.models import Department
from cases.models import SLAPolicy
from hbu.company import public_holidays, schema
from hbu.company.calendar import calendar
from hbu.company.models import Company, Holiday, OpeningHours, WorkCalendar
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from hbu.management import loading
from tests.factories import company as demo

pytestmark = pytest.mark.django_db

CALENDARS = """
calendars:
  - {code: early, name: Frühschicht, opening_hours: {monday: ["06:00-14:00"]}}
  - {code: munich, name: München, region: BY}
"""
DESK = """speciality: General questions and everything that has no better home
    calendar: munich
    reopen: new
    close_after_days: 7
"""


@pytest.fixture
def company(db):
    return demo.load()


@pytest.fixture
def read(tmp_path):
    """The demo company, with words replaced."""

    def read(*changes):
        folder = settings.HBU_COMPANY_FILE.parent
        for path in folder.glob("*.yaml"):
            (tmp_path / path.name).write_text(path.read_text())
        copytree(folder / "templates", tmp_path / "templates")
        text = settings.HBU_COMPANY_FILE.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "company.yaml"
        path.write_text(text)
        return schema.read(path)

    return read


def test_calendars_come_from_the_file_and_what_it_does_not_say_stays(read):
    speciality = "speciality: General questions and everything that has no better home\n"
    file = read(("departments:\n", f"{CALENDARS}\ndepartments:\n"), (speciality, DESK))
    loading.load(file)
    desk = Department.objects.get(code="info")
    assert (desk.calendar.code, desk.reopen, desk.close_after_days) == ("munich", "new", 7)
    assert calendar("early").intervals.keys() == {0}
    Department.objects.update(close_after_days=3)
    before = OpeningHours.objects.count()
    loading.load(file)
    assert OpeningHours.objects.count() == before
    days = dict(Department.objects.values_list("code", "close_after_days"))
    assert (days["info"], days["sales"]) == (7, 3)


MISTAKES = [
    ("  region: NW ", "  region: XX ", "XX is no federal state of Germany"),
    ("  region: NW ", "  region: bayern ", "not the code of a federal state"),
    ("    address: info@h-bu.de\n", "    address: info@h-bu.de\n    calendar: gone\n", "there is no gone among the calendars"),
    ("    address: info@h-bu.de\n", "    address: info@h-bu.de\n    reopen: never\n", "'reopen'"),
    ("holidays:\n", "holidays:\n  - {date: 2026-01-01, name: Neujahr}\n", "is taken by"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_mistakes_are_told_with_their_line(read, old, new, said):
    with pytest.raises(schema.CompanyFileError, match=r"company\.yaml line \d+") as failed:
        read((old, new))
    assert said in failed.value.message


def test_the_file_says_when_later_answers_are_due_and_where_a_policy_holds(company):
    express, standard = (SLAPolicy.objects.get(code=code) for code in ("express", "standard"))
    assert (express.update_minutes, standard.update_minutes) == (60, 480)
    assert express.condition == {"field": "priority", "op": "is", "value": "urgent"}
    assert (standard.condition, express.position < standard.position) == ({}, True)


def test_a_day_may_be_a_holiday_of_two_states(read):
    day = "  - {date: 2027-01-06, name: Heilige Drei Könige, region: %s}\n"
    loading.load(read(("holidays:\n", f"holidays:\n{day % 'BY'}{day % 'BW'}")))
    assert Holiday.objects.filter(date="2027-01-06").count() == 2
    assert date(2027, 1, 6) not in calendar().holidays


def test_public_holidays_of_a_state_are_entered_once(company, clara):
    Company.objects.update(region="NW")
    Holiday.objects.all().delete()
    Holiday.objects.create(date="2028-01-01", name="Neujahr, wie es bei uns heißt")
    new = public_holidays.fetch(2028, by=clara)
    assert {(one.name, one.region) for one in new} >= {("Fronleichnam", "NW"), ("Karfreitag", "")}
    assert date(2028, 6, 15) in calendar().holidays
    assert calendar().names[date(2028, 1, 1)] == "Neujahr, wie es bei uns heißt"
    assert public_holidays.fetch(2028, "NW", by=clara) == []
    bavaria = public_holidays.fetch(2028, "BY", by=clara)
    assert {one.region for one in bavaria} == {"BY"}
    assert date(2028, 1, 6) not in calendar().holidays
    said = [
        str(row.data)
        for row in Event.objects.filter(kind="config.changed", actor=clara).order_by("pk")
    ]
    assert [("2028 NW" in one, "2028 BY" in one) for one in said] == [(True, False), (False, True)]
    for year, state in ((2028, "XX"), (1066, "NW")):
        with pytest.raises(DomainError):
            public_holidays.fetch(year, state, by=clara)


def test_the_command_enters_this_year_and_the_next(company):
    Holiday.objects.all().delete()
    told = StringIO()
    call_command("fetch_holidays", "--state", "nw", "--year", "2030", stdout=told)
    assert "2030-06-20 NW Fronleichnam" in told.getvalue()
    with pytest.raises(CommandError, match="no such federal state"):
        call_command("fetch_holidays", "--state", "QQ")


def test_a_manager_fetches_holidays_on_a_page_and_calendars_have_theirs(company, clara, client):
    client.force_login(clara)
    page = client.get("/admin/company/holiday/fetch", follow=True)
    assert b"Nordrhein-Westfalen" in page.content
    address = page.request["PATH_INFO"]
    before = Holiday.objects.count()
    assert client.get(address).status_code == 200
    assert Holiday.objects.count() == before
    done = client.post(address, {"year": 2031, "state": "SN"}, follow=True)
    assert b"public holidays were entered" in done.content
    assert Holiday.objects.filter(name="Buß- und Bettag", region="SN", date__year=2031).exists()
    early = WorkCalendar.objects.create(code="early", name="Frühschicht")
    assert client.get(f"/admin/company/workcalendar/{early.pk}/change/").status_code == 200
    assert client.get("/admin/company/openinghours/").status_code == 200
