"""Cases and tasks by programs of staff (mission C7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case, Note, Task
from cases.services import indexing
from emails.models import Email
from hbu.journal.models import Event
from tests.api.test_rules import PROBLEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(sales):
    return sales.opens().json()


def test_c7_a_case_is_opened_read_changed_and_found(sales):
    answer = sales.opens(
        customer="K-10001", priority="high", channel="phone", tags=["Reorder"], text="She called."
    )
    made = answer.json()
    assert (answer.status_code, made["status"], made["tags"]) == (201, "new", ["reorder"])
    assert made["customer"]["number"] == "K-10001"
    assert Note.objects.get().text == "She called."
    assert (
        sales.get(f"cases/{made['id']}/").json()
        == sales.get(f"cases/number/{made['number']}").json()
    )
    changed = sales.send("PATCH", f"cases/{made['id']}", {
        "title": "Horn buttons", "tags": ["horn"], "assignee": sales.user.agent.pk, "status": "resolved",
    }).json()  # fmt: skip
    assert (changed["title"], changed["tags"], changed["status"]) == (
        "Horn buttons",
        ["horn"],
        "resolved",
    )
    assert changed["assignee"]["name"] == "Sven"
    for query in ({"tag": "horn"}, {"mine": "true"}, {"status": "resolved,closed"}, {"open": "false"},
                  {"customer": "K-10001"}, {"q": "Horn"}, {"opened_after": "2020-01-01"}):  # fmt: skip
        assert sales.get("cases", **query).json()["count"] == 1, query
    for query in ({"tag": "reorder"}, {"mine": "false"}, {"unassigned": "true"}, {"overdue": "true"},
                  {"opened_before": "2020-01-01"}, {"followed": "true"}):  # fmt: skip
        assert sales.get("cases", **query).json()["count"] == 0, query
    indexing.index("case", [made["id"]])
    assert sales.get("cases/search", q="Horn").json()["count"] == 1
    assert sales.get("cases/search", q="Zebra").json()["count"] == 0
    assert sales.get("cases/search").status_code == 400


def test_c7_a_change_happens_whole_or_not_at_all(sales, case):
    sales.post(f"cases/{case['id']}/tasks", {"title": "Owed"})
    answer = sales.send("PATCH", f"cases/{case['id']}", {"title": "Other", "status": "resolved"})
    assert (answer.status_code, answer.json()["code"]) == (409, "case.tasks_open")
    assert Case.objects.get().title == "Buttons"
    assert sales.send("PUT", f"cases/{case['id']}", {"title": "Other"}).status_code == 400


def test_c7_nobody_overwrites_what_changed_meanwhile(sales, case):
    path = f"cases/{case['id']}"
    old = sales.get(path)["ETag"]
    assert old == f'"{case["version"]}"'
    assert sales.send("PATCH", path, {"title": "A"}, **{"If-Match": old}).status_code == 200
    late = sales.send("PATCH", path, {"title": "B"}, **{"If-Match": old})
    assert (late.status_code, late["Content-Type"], late.json()["code"]) == (
        412,
        PROBLEM,
        "overtaken",
    )
    assert Case.objects.get().title == "A"


def test_c7_a_request_with_a_key_opens_one_case(sales):
    answers = [
        sales.post("cases", {"title": "Once", "department": "sales"}, **{"Idempotency-Key": "k1"})
        for _ in range(3)
    ]
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["id"] for one in answers}) == Case.objects.count() == 1
    other = sales.post(
        "cases", {"title": "Other", "department": "sales"}, **{"Idempotency-Key": "k1"}
    )
    assert other.status_code == 422


def test_c7_status_and_whose_work_it_is(sales, case):
    path = f"cases/{case['id']}"
    sales.post(f"{path}/tasks", {"title": "Owed"})
    body = {"status": "resolved", "reason": "Sent again."}
    assert sales.send("PUT", f"{path}/status", body).json()["code"] == "case.tasks_open"
    done = sales.send("PUT", f"{path}/status", body | {"close_tasks": True})
    assert done.json()["status"] == "resolved"
    assert Task.objects.get().status == "resolved"
    handed = sales.post(f"{path}/assign", {"department": "finance"})
    assert handed.json()["department"]["code"] == "finance"
    assert sales.get(path).status_code == 404  # it left the clerk's departments
    assert sales.post(f"{path}/assign", {}).status_code == 404


def test_c7_only_what_was_entered_by_hand_and_is_empty_is_removed(sales, case):
    case_row = Case.objects.get()
    sales.post(f"cases/{case['id']}/tasks", {"title": "Owed"})
    assert sales.send("DELETE", f"cases/{case['id']}").status_code == 204
    assert not Case.objects.exists()
    assert Event.objects.filter(kind="case.removed", data__number=case["number"]).exists()
    assert Event.objects.filter(kind="task.removed").exists()
    other = Case.objects.get(pk=sales.opens().json()["id"])
    other.links.create(email=Email.objects.create(fingerprint="a", raw_sha256="b"))
    answer = sales.send("DELETE", f"cases/{other.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "case.not_removable")
    assert case_row.pk != other.pk


def test_c7_many_at_once_each_for_itself(sales, case):
    other = sales.opens().json()
    sales.post(f"cases/{other['id']}/tasks", {"title": "Owed"})
    ids = [case["id"], other["id"], 999_999, case["id"]]
    done = sales.post("cases/bulk/status", {"ids": ids, "status": "resolved"}).json()
    assert (done["done"], done["failed"]) == (1, 2)
    assert [one["code"] for one in done["results"]] == ["done", "case.tasks_open", "not_found"]
    agent = sales.user.agent.pk
    done = sales.post("cases/bulk/assign", {"ids": ids, "assignee": agent}).json()
    assert (done["done"], Case.objects.filter(assignee=agent).count()) == (2, 2)
    assert (
        sales.post("cases/bulk/assign", {"ids": [*range(1, 202)], "assignee": 1}).status_code == 400
    )
    assert sales.post("cases/bulk/status", {"ids": [], "status": "closed"}).status_code == 400


def test_c7_notes_follow_snooze_merge_and_the_history(sales, case, clara):
    path = f"cases/{case['id']}"
    note = sales.post(f"{path}/notes", {"text": "Look @clara", "mentions": [clara.pk]})
    assert (note.status_code, note.json()["author"]) == (201, "Sven")
    assert sales.get(f"{path}/notes").json()["results"][0]["mentions"] == [clara.pk]
    assert sales.post(f"{path}/follow").status_code == 204
    assert sales.get("cases", followed="true").json()["count"] == 1
    assert sales.send("DELETE", f"{path}/follow").status_code == 204
    late = sales.post(f"{path}/snooze", {"until": "2020-01-01T00:00:00Z"})
    assert (late.status_code, late.json()["code"]) == (400, "case.snooze_when")
    into = sales.opens(title="The other").json()
    merged = sales.post(f"{path}/merge", {"into": into["id"]})
    assert (merged.status_code, merged.json()["id"]) == (200, into["id"])
    assert sales.get(path).json()["merged_into"] == into["number"]
    assert sales.get("cases").json()["count"] == 1
    told = sales.get(f"{path}/timeline").json()["results"]
    assert {"case.opened", "case.noted", "case.merged"} <= {one["kind"] for one in told}
    assert told[-1]["what"] == "Case opened"
    assert told[-1]["by"] == "Sven"


def test_c7_mails_and_letters_are_one_conversation(sales, case):
    row = Case.objects.get()
    mail = Email.objects.create(
        fingerprint="a", raw_sha256="b", subject="Buttons?", text="Hello", from_address="a@b.example",
        to=["sales@happybuttons.example"], thread=row.thread,
    )  # fmt: skip
    mail.attachments.create(filename="o.pdf", content_type="application/pdf", size=3, sha256="c")
    row.links.create(email=mail)
    told = sales.get(f"cases/{row.pk}/threads").json()
    assert [one["direction"] for one in told["mails"]] == ["in"]
    assert told["mails"][0]["from"] == "a@b.example"
    assert told["mails"][0]["attachments"] == [
        {"name": "o.pdf", "media_type": "application/pdf", "size": 3}
    ]


def test_c7_tasks(sales, case):
    made = sales.post(
        "tasks", {"case": case["id"], "title": "Call", "due_at": "2020-01-01T08:00:00Z"}
    )
    task = made.json()
    assert (made.status_code, task["department"]["code"], task["case"]) == (
        201,
        "sales",
        case["number"],
    )
    assert sales.get("tasks", overdue="true").json()["count"] == 1
    assert sales.get("tasks/search", q="Call").json()["count"] == 1
    assert sales.get(f"tasks/number/{task['number']}").json()["id"] == task["id"]
    path = f"tasks/{task['id']}"
    changed = sales.send("PATCH", path, {"title": "Write", "due_at": None, "status": "in_progress"})
    assert (changed.json()["title"], changed.json()["status"]) == ("Write", "in_progress")
    assert sales.send("PUT", path, {"title": "Write"}).status_code == 400
    anew = {"title": "Write it", "reason": "", "priority": "high", "due_at": None,
            "department": "sales", "assignee": None}  # fmt: skip
    changed = sales.send("PUT", path, anew).json()
    assert (changed["title"], changed["status"]) == ("Write it", "in_progress")
    assert sales.send("PUT", f"{path}/assign", {"assignee": sales.user.agent.pk}).status_code == 200
    assert sales.get("tasks", mine="true", open="true").json()["count"] == 1
    stats = sales.get("tasks/stats").json()
    assert (stats["total"], stats["status"], stats["overdue"]) == (1, {"in_progress": 1}, 0)
    assert sales.send("PUT", f"{path}/status", {"status": "resolved"}).json()["done_at"]
    assert sales.send("DELETE", path).json()["code"] == "task.not_removable"
    second = sales.post(f"cases/{case['id']}/tasks", {"title": "By mistake"}).json()
    ids = [task["id"], second["id"]]
    done = sales.post("tasks/bulk/assign", {"ids": ids, "assignee": None}).json()
    assert [one["ok"] for one in done["results"]] == [False, True] or done["done"] == 1
    done = sales.post("tasks/bulk/status", {"ids": [second["id"]], "status": "in_progress"}).json()
    assert done["done"] == 1
    assert sales.send("DELETE", f"tasks/{second['id']}").status_code == 204
    assert sales.get("tasks").json()["count"] == 1


def test_c7_stats_count_what_the_list_shows(sales):
    for priority in ("high", "high", "low"):
        sales.opens(priority=priority, tags=["a", "b"])
    stats = sales.get("cases/stats", tag="a,b").json()
    assert (stats["total"], stats["priority"]) == (3, {"high": 2, "low": 1})
    assert stats["department"] == {"sales": 3}
    assert sales.get("cases", priority="high").json()["count"] == 2


def test_c7_lists_are_sorted_by_how_urgent_something_is(sales, case):
    for priority in ("low", "urgent", "normal", "high"):
        sales.opens(priority=priority)
        sales.post("tasks", {"case": case["id"], "title": "Call", "priority": priority})
    for path in ("cases", "tasks"):
        found = [one["priority"] for one in sales.get(path, ordering="-priority").json()["results"]]
        assert list(dict.fromkeys(found)) == ["urgent", "high", "normal", "low"], path
        upwards = sales.get(path, ordering="priority").json()["results"]
        assert [one["priority"] for one in upwards] == found[::-1]


def test_c7_either_end_of_a_time_narrows_what_came_back_in_it(sales, case):
    path = f"cases/{case['id']}/status"
    sales.send("PUT", path, {"status": "resolved"})
    sales.send("PUT", path, {"status": "in_progress"})
    now = timezone.now()
    before, after = (now - timedelta(hours=1)).isoformat(), (now + timedelta(hours=1)).isoformat()
    for asked, count in [
        ({"reopened_before": before}, 0), ({"reopened_before": after}, 1),
        ({"reopened_after": before}, 1), ({"reopened_after": after}, 0),
        ({"reopened_after": before, "reopened_before": after}, 1),
    ]:  # fmt: skip
        assert sales.get("cases", **asked).json()["count"] == count, asked


def test_c7_the_clocks_of_a_case_can_be_taken_apart(sales, case):
    told = sales.get(f"cases/{case['id']}/sla").json()
    assert {one["clock"] for one in told["clocks"]} >= {"resolution"}
    for clock in told["clocks"]:
        counted = sum(one["minutes"] for one in clock["stretches"] if one["counted"])
        assert abs(counted - clock["used_minutes"]) < 0.1
        assert clock["promised_minutes"] > 0
