"""The inbox and the page of a case, as staff use them without a script."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from agents.models import Agent, Department
from cases.models import Case, Note, SavedView, Task
from cases.services import entering, life
from cases.services.entering import NewCase
from orders.models import Order
from tests.cases.test_opening import mail, take_in

pytestmark = pytest.mark.django_db
Status = Case.Status


def clerk_of(django_user_model, *codes, rights=("view_case", "change_case", "add_case")):
    clerk = django_user_model.objects.create_user("dora", is_staff=True, first_name="Dora")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=rights))
    for department in Department.objects.filter(code__in=codes):
        department.members.add(clerk)
    Agent.objects.create(user=clerk, name="Dora", kind=Agent.Kind.HUMAN)
    return clerk


@pytest.fixture
def dora(company, django_user_model):
    return clerk_of(django_user_model, "info")


@pytest.fixture
def desk(client, dora):
    client.force_login(dora)
    return client


def opened(title="Knöpfe", code="info", **fields):
    department = Department.objects.get(code=code)
    from django.contrib.auth.models import User

    by = User.objects.get(username="dora")
    case = entering.enter(NewCase(title=title, department=department), by=by)
    Case.objects.filter(pk=case.pk).update(**fields)
    case.refresh_from_db()
    return case


def listed(client, query):
    shown = client.get(f"/inbox/?{query}").context["shown"]
    return {case.title for case in shown.cases}


def test_views_show_what_their_names_say(desk, dora):
    now = timezone.now()
    me = dora.agent
    opened("mine", assignee=me)
    opened("risk", standing="at_risk", assignee=me)
    opened("late", standing="breached")
    opened("asleep", snoozed_until=now + timedelta(days=1))
    opened("theirs", status=Status.AWAITING_CUSTOMER)
    opened("wrote", customer_wrote_at=now)
    opened("answered", customer_wrote_at=now - timedelta(hours=1), answered_at=now)
    opened("over", status=Status.RESOLVED)
    assert listed(desk, "view=mine") == {"mine", "risk"}
    assert listed(desk, "view=risk") == {"risk", "late"}
    assert listed(desk, "view=answer") == {"wrote"}
    assert listed(desk, "view=waiting") == {"theirs"}
    assert listed(desk, "view=snoozed") == {"asleep"}
    assert listed(desk, "view=done") == {"over"}
    assert "asleep" not in listed(desk, "view=open")
    assert len(listed(desk, "view=all")) == 8
    counts = {view.code: count for view, count in desk.get("/inbox/").context["views"] if count}
    assert (counts["mine"], counts["risk"], counts["answer"]) == (2, 2, 1)


def test_f3_cases_of_other_departments_do_not_exist_in_any_list(desk, dora):
    opened("ours")
    case = opened("theirs-canary", code="finance")
    for query in ("view=all", "view=open", "view=unassigned", "q=theirs-canary&view=all",
                  "department=finance&view=all"):  # fmt: skip
        assert "theirs-canary" not in listed(desk, query)
    assert desk.get(case.get_absolute_url()).status_code == 404
    for path in ("parts/", "people/", "compose/"):
        assert desk.get(f"{case.get_absolute_url()}{path}").status_code in {403, 404}
    done = desk.post(f"{case.get_absolute_url()}do/", {"do": "take"})
    assert done.status_code == 404
    desk.post("/inbox/many/", {"case": [case.pk], "do": "status", "value": "resolved"})
    case.refresh_from_db()
    assert case.status == Status.NEW
    ours = Case.objects.get(title="ours")
    ours.related.add(case)
    assert "theirs-canary" not in desk.get(ours.get_absolute_url()).text
    case.followers.add(dora)
    assert desk.get(case.get_absolute_url()).status_code == 200
    assert "theirs-canary" in desk.get(ours.get_absolute_url()).text


def test_f3_orders_beside_a_case_are_seen_with_the_right_to_see_orders(desk, dora):
    case = opened()
    case.orders.add(Order.objects.create(number="O-CANARY", source="mail"))
    assert "O-CANARY" not in desk.get(case.get_absolute_url()).text
    dora.user_permissions.add(Permission.objects.get(codename="view_order"))
    assert "O-CANARY" in desk.get(case.get_absolute_url()).text


@pytest.mark.parametrize(
    "query",
    [
        "view=%00&q=%00", "compact=1", "page=-1", "page=99999999999", "assignee=x", "customer=1%27",
        "status=__&priority=_connector", "sort=password", "tag=" + "x" * 5000, "q=" + "%27%22(" * 50,
        "department=%F0%9F%98%80",
    ],
)  # fmt: skip
def test_f13_whatever_is_asked_the_inbox_answers(desk, query):
    assert desk.get(f"/inbox/?{query}").status_code == 200
    assert desk.get(f"/inbox/parts/?{query}").status_code == 200


def test_an_inbox_of_many_cases_asks_as_few_questions(desk, django_assert_num_queries):
    def asked():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/inbox/?view=open").status_code == 200
        return len(queries)

    opened()
    few = asked()
    for number in range(30):
        opened(f"Fall {number}")
    assert asked() == few


def test_many_cases_are_given_away_and_what_is_refused_is_told(desk, dora):
    one, two = opened("eins"), opened("zwei")
    Task.objects.create(case=two, number="T-1", title="offen", department=two.department)
    page = desk.post(
        "/inbox/many/?view=open", {"case": [one.pk, two.pk], "do": "assign", "value": "me"},
        follow=True,
    )  # fmt: skip
    assert "Done for 2 cases." in page.text
    page = desk.post(
        "/inbox/many/?view=open", {"case": [one.pk, two.pk], "do": "status", "value": "resolved"},
        follow=True,
    )  # fmt: skip
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, two.status) == (Status.RESOLVED, Status.IN_PROGRESS)
    assert f"{two.number}: Tasks of this case are still open." in page.text
    assert desk.post("/inbox/many/", {"do": "assign", "value": "me"}).status_code == 302


def test_a_view_is_kept_and_forgotten_by_whoever_kept_it(desk, dora, clara):
    desk.post("/inbox/views/?view=open&priority=urgent", {"name": " Brennt "})
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.query) == (dora, "Brennt", "view=open&priority=urgent")
    assert "Brennt" in desk.get("/inbox/").text
    other = SavedView.objects.create(owner=clara, name="Ihre", query="view=all")
    desk.post("/inbox/views/", {"drop": [view.pk]})
    desk.post("/inbox/views/", {"drop": [other.pk]})
    assert list(SavedView.objects.all()) == [other]


def test_the_page_of_a_case_tells_what_was_said_and_done(desk, dora):
    email = mail(
        text="Guten Tag,\n<script>alert(1)</script>", reply_text="Guten Tag,\n<script>alert(1)</script>",
        to=[{"address": "info@h-bu.de"}], customer=None,
    )  # fmt: skip
    take_in(email)
    case = Case.objects.get()
    desk.post(f"{case.get_absolute_url()}do/", {"do": "note", "text": "Hallo @dora"})
    page = desk.get(case.get_absolute_url()).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<mark>@dora</mark>" in page
    life.move(case, Status.AWAITING_CUSTOMER, by=dora)
    life.move(case, Status.IN_PROGRESS, by=dora)
    page = desk.get(case.get_absolute_url()).text
    assert "Case reopened: awaiting customer → in progress</span> <span>Dora</span>" in page
    assert "Case opened" in page


@pytest.mark.parametrize(
    ("verb", "value", "holds"),
    [
        ("take", "", lambda case: case.assignee and case.status == Status.IN_PROGRESS),
        ("priority", "urgent", lambda case: case.priority == "urgent"),
        ("status", "awaiting_customer", lambda case: case.status == Status.AWAITING_CUSTOMER),
        ("department", "sales", lambda case: case.department.code == "sales"),
        ("title", "Neu", lambda case: case.title == "Neu"),
        ("kind", "complaint", lambda case: case.kind == "complaint"),
        ("tag", "vip, eilig", lambda case: case.tags.count() == 2),
        ("follow", "", lambda case: case.followers.count() == 1),
        ("snooze", "2027-06-01T08:00", lambda case: case.snoozed_until),
        ("task", "Anrufen", lambda case: case.tasks.get().title == "Anrufen"),
        ("customer", "", lambda case: case.customer is None),
    ],
)
def test_each_step_of_the_page_does_what_it_says(desk, verb, value, holds):
    case = opened()
    answer = desk.post(f"{case.get_absolute_url()}do/", {"do": verb, "value": value})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert holds(case)


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        ("priority", "none"), ("status", "new"), ("department", "x"), ("assign", "999"),
        ("kind", "x"), ("snooze", "soon"), ("snooze", "2020-01-01"), ("relate", "C-1"),
        ("task_done", "7"), ("customer", "K-0"), ("note", ""), ("nonsense", ""), ("title", " "),
    ],
)  # fmt: skip
def test_a_step_that_makes_no_sense_is_refused_in_words(desk, verb, value):
    case = opened()
    answer = desk.post(
        f"{case.get_absolute_url()}do/", {"do": verb, "value": value},
        headers={"X-Requested-With": "fetch"},
    )  # fmt: skip
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"]


def test_a_task_is_not_due_on_a_day_that_is_none(desk):
    case = opened()
    answer = desk.post(
        f"{case.get_absolute_url()}do/", {"do": "task", "value": "Anrufen", "due": "2026-02-30"},
        headers={"X-Requested-With": "fetch"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert not Task.objects.exists()


def test_what_is_still_owed_stands_above_what_is_done(desk):
    case = opened()
    for number, done in (("T-1", timezone.now()), ("T-2", None)):
        Task.objects.create(
            case=case, number=number, title=number, department=case.department, done_at=done
        )
    shown = desk.get(case.get_absolute_url()).context["tasks"]
    assert [task.number for task in shown] == ["T-2", "T-1"]


def test_f1_who_may_only_look_changes_nothing(client, company, django_user_model):
    reader = clerk_of(django_user_model, "info", rights=("view_case",))
    client.force_login(reader)
    case = opened()
    page = client.get(case.get_absolute_url()).text
    assert 'data-do="take"' not in page
    for verb in ("take", "note", "status", "merge", "split", "task"):
        answer = client.post(f"{case.get_absolute_url()}do/", {"do": verb, "value": "x"})
        assert answer.status_code == 403
    assert client.post("/inbox/many/", {"case": [case.pk], "do": "assign"}).status_code == 403
    assert client.get("/cases/new/").status_code == 403


def test_c1_a_clerk_opens_a_case_for_somebody_who_called(desk, dora):
    form = {
        "title": "Anruf", "text": "Bitte zurückrufen", "channel": "phone", "kind": "general",
        "priority": "high", "department": Department.objects.get(code="info").pk, "customer": "K-10012",
    }  # fmt: skip
    answer = desk.post("/cases/new/", form)
    case = Case.objects.get()
    assert answer.url == case.get_absolute_url()
    assert (case.customer.number, case.priority, case.opened_by) == ("K-10012", "high", dora)
    assert Note.objects.get().text == "Bitte zurückrufen"
    refused = desk.post("/cases/new/", form | {"customer": "GmbH", "title": ""})
    assert refused.status_code == 422
    assert "More than one customer" in refused.text


def test_c1_a_case_that_is_opened_for_another_desk_is_told_of_in_the_inbox(desk):
    other = Department.objects.get(code="finance")
    form = {
        "title": "Rechnung", "channel": "phone", "kind": "general", "priority": "normal",
        "department": other.pk,
    }  # fmt: skip
    page = desk.post("/cases/new/", form, follow=True)
    assert page.redirect_chain == [("/inbox/", 302)]
    assert f"{Case.objects.get().number} is opened for {other.name}." in page.text


def test_a_case_that_was_put_into_another_leads_there(desk, dora):
    one, two = opened("eins"), opened("zwei")
    Case.objects.filter(pk=one.pk).update(merged_into=two)
    assert desk.get(one.get_absolute_url()).url == two.get_absolute_url()
