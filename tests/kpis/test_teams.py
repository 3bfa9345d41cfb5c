import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import Agent, Department
from cases.models import Case
from hbu.journal.models import Event
from kpis import teams


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


@pytest.fixture
def member(department, django_user_model):
    def member(name, desk=department):
        user = django_user_model.objects.create_user(name, first_name=name, is_staff=True)
        desk.members.add(user)
        return Agent.objects.create(name=name, kind="human", user=user)

    return member


def allow(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


def give(client, case, to, desk="orders", was=0):
    said = {"case": case.number, "to": to.pk if to else "", "department": desk, "was": was}
    return client.post("/teams/assign/", said)


def listed(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.context["cl"].result_count


def test_each_member_has_a_lane_and_what_nobody_has_comes_first(clara, member, open_case):
    anna, otto = member("Anna"), member("Otto")
    for _ in range(teams.SHOWN + 2):
        open_case(assignee=anna)
    open_case(assignee=otto, standing="at_risk")
    open_case(assignee=otto, status="closed")
    open_case()
    (team,) = teams.teams(clara)
    assert (team.open, team.pressing, team.nobody.open) == (12, 1, 1)
    loads = {load.agent: load for load in team.members}
    assert (loads[anna].open, len(loads[anna].cases), loads[anna].more) == (10, 8, 2)
    assert (loads[otto].open, loads[otto].pressing) == (1, 1)


def test_every_number_opens_exactly_its_rows(clara, clara_in, member, open_case):
    anna = member("Anna")
    other = Department.objects.create(code="x", name_de="X", name_en="X", address="x@h-bu.de")
    open_case(assignee=anna, standing="breached")
    open_case(assignee=anna)
    open_case()
    Case.objects.create(number="C-x", title="x", department=other, assignee=anna)
    team = next(one for one in teams.teams(clara) if one.department.code == "orders")
    (load,) = team.members
    assert listed(clara_in, team.url) == team.open == 3
    assert listed(clara_in, team.pressing_url) == team.pressing == 1
    assert listed(clara_in, load.url) == load.open == 2
    assert listed(clara_in, load.pressing_url) == load.pressing == 1
    assert listed(clara_in, team.nobody.url) == team.nobody.open == 1


def test_who_left_the_department_and_still_has_work_there_is_shown(clara, member, open_case):
    anna = member("Anna")
    open_case(assignee=anna)
    anna.user.departments.clear()
    (team,) = teams.teams(clara)
    assert [(load.agent, load.is_member) for load in team.members] == [(anna, False)]
    assert teams.choices([team]) == [(team.department, [])]


def test_what_software_has_is_counted_and_shown(
    clara, clara_in, member, open_case, django_user_model
):
    user = django_user_model.objects.create_user("bot")
    bot = Agent.objects.create(name="Bot", kind="software", role="info", user=user)
    open_case(assignee=bot)
    open_case(assignee=member("Anna"))
    (team,) = teams.teams(clara)
    assert listed(clara_in, team.url) == team.open == 2
    assert {load.agent.name: load.open for load in team.members} == {"Anna": 1, "Bot": 1}
    assert teams.choices([team])[0][1] == [load.agent for load in team.members if load.is_member]
    assert "no member" not in clara_in.get("/teams/").content.decode()


def test_a_member_sees_the_own_departments(ben, department, open_case):
    Department.objects.create(code="x", name_de="X", name_en="X", address="x@h-bu.de")
    department.members.add(ben)
    open_case()
    assert [team.department for team in teams.teams(ben)] == [department]


def test_the_page_asks_as_many_questions_however_much_there_is(clara_in, member, open_case):
    open_case(assignee=member("Anna"))

    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert clara_in.get("/teams/parts/").status_code == 200
        return len(asked)

    few = questions()
    for number in range(6):
        desk = Department.objects.create(
            code=f"d{number}", name_de="D", name_en="D", address=f"d{number}@h-bu.de"
        )
        person = member(f"P{number}", desk)
        open_case(assignee=person)
        Case.objects.create(number=f"C-d{number}", title="x", department=desk, assignee=person)
    assert questions() == few


def test_a_case_is_given_to_a_colleague_and_back(clara_in, clara, member, open_case):
    anna, case = member("Anna"), open_case()
    answer = give(clara_in, case, anna)
    assert answer.json() == {"said": f"{case.number} is given to Anna."}
    case.refresh_from_db()
    assert case.assignee == anna
    assert Event.objects.filter(kind="case.assigned", actor=clara).count() == 1
    give(clara_in, case, None, was=anna.pk)
    case.refresh_from_db()
    assert case.assignee is None


def test_a_lane_of_another_department_takes_the_case_there(clara_in, member, open_case):
    other = Department.objects.create(code="x", name_de="X", name_en="X", address="x@h-bu.de")
    anna, case = member("Anna", other), open_case()
    give(clara_in, case, anna, desk="x")
    case.refresh_from_db()
    assert (case.assignee, case.department) == (anna, other)


def test_whoever_was_faster_is_not_overruled(clara_in, member, open_case):
    anna, otto = member("Anna"), member("Otto")
    case = open_case(assignee=anna)
    answer = give(clara_in, case, otto, was=0)
    assert answer.status_code == 409
    assert answer.json() == {"detail": "Somebody else gave it to someone meanwhile."}
    case.refresh_from_db()
    assert case.assignee == anna


@pytest.mark.parametrize("said", [{"to": "999"}, {"to": "x"}, {"was": "x"}, {"department": "?"}])
def test_what_makes_no_sense_is_refused(clara_in, open_case, said):
    case = open_case()
    asked = {"case": case.number, "to": "", "department": "orders", "was": "0"}
    assert clara_in.post("/teams/assign/", asked | said).status_code == 400


def test_software_is_given_no_case(clara_in, open_case, django_user_model):
    user = django_user_model.objects.create_user("bot")
    bot = Agent.objects.create(name="Bot", kind="software", role="info", user=user)
    assert give(clara_in, open_case(), bot).status_code == 400


def test_who_may_not_change_cases_moves_none(client, ben, department, member, open_case):
    allow(ben, "view_department", "view_case")
    department.members.add(ben)
    client.force_login(ben)
    case = open_case()
    page = client.get("/teams/").content.decode()
    assert case.number in page
    assert "data-handle" not in page
    assert "data-giving" not in page
    assert give(client, case, member("Anna")).status_code == 403


def test_cases_and_departments_that_one_does_not_see_do_not_exist(client, ben, department):
    allow(ben, "view_department", "view_case", "change_case")
    other = Department.objects.create(code="x", name_de="X", name_en="X", address="x@h-bu.de")
    hidden = Case.objects.create(number="C-x", title="x", department=other)
    mine = Case.objects.create(number="C-y", title="y", department=department)
    department.members.add(ben)
    client.force_login(ben)
    assert give(client, hidden, None).status_code == 404
    assert give(client, mine, None, desk="x").status_code == 400


def test_the_page_says_that_one_is_in_no_department(client, ben):
    allow(ben, "view_department")
    client.force_login(ben)
    assert "You are in no department yet." in client.get("/teams/").content.decode()
