import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from agents.models import Agent, AgentMemory, AgentRun, Department
from cases.models import Presence
from emails.models import Email
from hbu.journal.models import Event
from kpis import one_agent, workforce

TAKEN_IN = Email.State.TAKEN_IN


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


@pytest.fixture
def hire(department, django_user_model):
    """Take on an agent, by default software that serves the order desk."""

    def hire(name="SalesAgent", role="sales", serves=(department,), **fields):
        user = django_user_model.objects.create_user(name, is_staff=fields.get("kind") == "human")
        values = {"kind": "software", **fields}
        agent = Agent.objects.create(name=name, role=role, user=user, **values)
        agent.departments.set(serves)
        return agent

    return hire


def consult(agent, case="C-1", **fields):
    return AgentRun.objects.create(agent=agent, case_number=case, **fields)


def allow(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


def only(user, agent):
    (found,) = workforce.software(user, timezone.now(), [agent.pk])
    return found


def listed(client, address):
    """Return how many rows the list of the admin shows."""
    response = client.get(address)
    assert response.status_code == 200
    return response.context["cl"].result_count


@pytest.fixture
def busy(hire, receive, open_case):
    """An agent with a queue and consultations of every sort."""
    agent = hire()
    now = timezone.now()
    for _ in range(3):
        open_case(receive(state=TAKEN_IN))
    open_case(receive(state=TAKEN_IN, claim=uuid4(), claimed_until=now + timedelta(seconds=20)))
    receive()
    for seconds in range(1, 41):
        consult(agent, seconds=seconds)
    consult(agent, seconds=1, error="ValueError: x")
    consult(agent, seconds=1, corrected_at=now)
    consult(agent, seconds=1, corrected_at=now, error="ValueError: y")
    consult(agent, at=now - timedelta(days=2), seconds=1)
    consult(agent, at=now - timedelta(days=40), seconds=99)
    return agent


def test_every_number_is_computed_from_its_rows(clara, busy):
    known = only(clara, busy)
    assert (known.queue, known.busy) == (4, 1)
    assert known.oldest == Email.objects.filter(state=TAKEN_IN).earliest("received_at").received_at
    runs = known.runs
    assert (runs.today, runs.month, runs.failed, runs.corrected, runs.well) == (43, 44, 2, 1, 41)
    assert runs.success == round(100 * 41 / 44, 1)
    assert runs.p95 == 38
    assert runs.last == AgentRun.objects.latest("at").at


@pytest.mark.parametrize("name", ["today", "month", "well", "failed", "corrected"])
def test_every_number_opens_exactly_its_rows(clara, clara_in, busy, name):
    runs = only(clara, busy).runs
    assert listed(clara_in, runs.urls[name]) == getattr(runs, name)


def test_the_queue_opens_exactly_its_rows(clara, clara_in, busy, hire, receive):
    other = hire("InfoAgent", "info", [])
    assert listed(clara_in, only(clara, busy).queue_url) == 4
    assert listed(clara_in, only(clara, other).queue_url) == 0


def test_what_no_agent_serves_waits_for_the_one_of_the_front_desk(clara, hire, receive, open_case):
    front = Department.objects.create(
        code="info", name_de="Zentrale", name_en="Front", address="i@h-bu.de"
    )
    agent = hire("InfoAgent", "info", [front])
    open_case(receive(state=TAKEN_IN))
    assert only(clara, agent).queue == 1


def test_each_bar_opens_exactly_its_rows(clara, clara_in, busy):
    days = one_agent.days(clara, busy, timezone.now())
    assert len(days) == 30
    assert sum(day.count for day in days) == 44
    for day in (days[-1], days[-3], days[0]):
        assert listed(clara_in, day.url) == day.count


def test_people_are_shown_with_their_load_and_what_they_have_open(clara, ben, hire, open_case):
    agent = Agent.objects.create(name="Ben", kind="human", user=ben)
    case = open_case(assignee=agent, standing="breached")
    open_case(assignee=agent)
    open_case(assignee=agent, status="closed")
    Presence.objects.create(case=case, user=ben)
    Presence.objects.create(
        case=open_case(), user=ben, seen_at=timezone.now() - timedelta(minutes=5)
    )
    (person,) = workforce.people(clara, timezone.now())
    assert (person.open, person.pressing) == (2, 1)
    assert person.looks_at == [case]


def test_persons_numbers_open_exactly_their_rows(clara, clara_in, ben, open_case):
    agent = Agent.objects.create(name="Ben", kind="human", user=ben)
    open_case(assignee=agent, standing="at_risk")
    open_case(assignee=agent)
    open_case()
    (person,) = workforce.people(clara, timezone.now())
    assert listed(clara_in, person.url) == person.open == 2
    assert listed(clara_in, person.pressing_url) == person.pressing == 1


def test_only_what_the_viewer_sees_is_counted(busy, ben, department, hire, receive, open_case):
    other = Department.objects.create(code="x", name_de="X", name_en="X", address="x@h-bu.de")
    busy.departments.add(other)
    seen = open_case()
    consult(busy, case=seen.number)
    receive(state=TAKEN_IN, department=other)
    AgentMemory.objects.create(agent=busy, about="a@x.example", case_number=seen.number)
    AgentMemory.objects.create(agent=busy, about="b@x.example", case_number="C-other")
    allow(ben, "view_agent", "view_agentrun", "view_email")
    department.members.add(ben)
    known = only(ben, busy)
    assert (known.queue, known.runs.month, known.memories) == (4, 1, 1)
    assert [one.row.about for one in one_agent.memories(ben, busy)] == ["a@x.example"]


def test_the_pages_ask_as_many_questions_however_much_there_is(
    clara_in, busy, hire, ben, receive, open_case
):
    person = Agent.objects.create(name="Ben", kind="human", user=ben)

    def questions(address):
        with CaptureQueriesContext(connection) as asked:
            assert clara_in.get(address).status_code == 200
        return len(asked)

    pages = ("/agents/parts/", f"/agents/{busy.pk}/parts/")
    few = [questions(page) for page in pages]
    for number in range(8):
        agent = hire(f"Agent{number}", "sales")
        consult(agent)
        AgentMemory.objects.create(agent=busy, about=f"a{number}@x.example", case_number="C-1")
        case = open_case(receive(state=TAKEN_IN), assignee=person)
        Presence.objects.create(case=case, user=ben)
        consult(busy)
    assert [questions(page) for page in pages] == few


def test_an_agent_is_paused_and_started_from_its_page(clara_in, clara, busy):
    answer = clara_in.post(f"/agents/{busy.pk}/pause/", follow=True)
    assert answer.redirect_chain[-1][0] == "/agents/"
    assert "SalesAgent: paused." in answer.content.decode()
    busy.refresh_from_db()
    assert busy.state == "paused"
    assert Event.objects.about(busy).first().actor == clara
    answer = clara_in.post(f"/agents/{busy.pk}/start/", {"here": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/agents/{busy.pk}/"


def test_what_is_refused_is_told(clara_in, busy):
    page = clara_in.post(f"/agents/{busy.pk}/start/", follow=True).content.decode()
    assert "The agent stands elsewhere by now." in page
    assert clara_in.post(f"/agents/{busy.pk}/dance/").status_code == 404
    assert clara_in.get(f"/agents/{busy.pk}/pause/").status_code == 405


def test_who_may_only_look_has_no_buttons_and_no_way(client, busy, ben):
    allow(ben, "view_agent")
    client.force_login(ben)
    page = client.get("/agents/").content.decode()
    assert "SalesAgent" in page
    assert "data-ask=" not in page
    assert "/admin/agents/agentrun/" not in page
    assert client.post(f"/agents/{busy.pk}/pause/").status_code == 403


def test_a_memory_is_shown_in_words_and_forgotten(clara_in, busy):
    row = AgentMemory.objects.create(
        agent=busy,
        about="<b>anna@x.example",
        case_number="C-1",
        facts={"kind": "order_status", "decided": 3, "in_a_row": {"order_status": 2}},
    )
    page = clara_in.get(f"/agents/{busy.pk}/").content.decode()
    assert escape("<b>anna@x.example") in page
    assert "<b>anna" not in page
    assert re.search(r"order status: a person looks first", page, re.IGNORECASE)
    clara_in.post(f"/agents/{busy.pk}/forget/", {"memory": row.pk})
    assert not AgentMemory.objects.exists()
    assert clara_in.post(f"/agents/{busy.pk}/forget/", {"memory": row.pk}).status_code == 404


def test_an_agent_that_is_switched_off_says_where_its_work_goes(clara_in, busy):
    busy.is_active = False
    busy.save()
    assert "Everything goes to people." in clara_in.get("/agents/").content.decode()


def test_a_house_without_agents_says_so(clara_in):
    assert "No software agent is set up." in clara_in.get("/agents/").content.decode()


# The same for programs


def test_programs_read_how_agents_are_at_work(clara_in, busy):
    (row,) = clara_in.get("/api/agents?kind=software").json()["results"]
    assert row["work"]["waiting"] == 4
    assert row["work"]["failed"] == 2
    assert row == clara_in.get(f"/api/agents/{busy.pk}").json()
    runs = clara_in.get(f"/api/agents/{busy.pk}/runs").json()
    assert runs["count"] == AgentRun.objects.count()
    assert clara_in.get("/api/agents/999").status_code == 404
    assert clara_in.get("/api/agents/999/runs").status_code == 404


def test_programs_start_pause_and_drain(clara_in, busy):
    for verb, state in (("pause", "paused"), ("start", "working"), ("drain", "draining")):
        answer = clara_in.post(f"/api/agents/{busy.pk}/{verb}")
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    refused = clara_in.post(f"/api/agents/{busy.pk}/drain")
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"


def test_programs_need_the_same_rights(client, busy, ben):
    allow(ben, "view_agent")
    client.force_login(ben)
    assert client.get("/api/agents").status_code == 200
    assert client.get(f"/api/agents/{busy.pk}/runs").status_code == 403
    assert client.post(f"/api/agents/{busy.pk}/pause").status_code == 403
