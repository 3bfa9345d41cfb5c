from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import Department
from emails.models import Email
from hbu.journal.models import Event
from tests.admin import rows
from tests.api.conftest import Clerk

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(company, ben):
    """Serves sales; may what is named."""
    Department.objects.get(code="sales").members.add(ben)

    def may(*codenames):
        ben.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return Clerk(type(ben).objects.get(pk=ben.pk))

    return may


@pytest.fixture
def reader(clerk):
    return clerk("view_email")


def mail(subject="Bestellung 4711", **fields):
    return rows.mail(subject, department=Department.objects.get(code="sales"), **fields)


def elsewhere(**fields):
    return rows.mail("Secret", **fields | {"department": Department.objects.get(code="finance")})


def found(answer):
    assert answer.status_code == 200, answer.content
    return [one["subject"] for one in answer.json()["results"]]


def test_f3_the_list_has_the_mails_of_the_own_departments_newest_first(reader):
    mail("Older", received_at=timezone.now() - timedelta(hours=1))
    mail("Newer")
    elsewhere()
    assert found(reader.get("emails")) == ["Newer", "Older"]


def test_the_filters_find_what_they_say(reader):
    mail("Complaint", kind="complaint", priority="urgent", sentiment="negative")
    mail("Late", state="quarantined", received_at=timezone.now() - timedelta(days=3))
    mail("Machine", automatic="auto_reply", from_address="robot@berger.example")
    for said, expected in (
        ({"kind": "complaint"}, ["Complaint"]),
        ({"priority": "urgent,high"}, ["Complaint"]),
        ({"sentiment": "negative"}, ["Complaint"]),
        ({"state": "quarantined"}, ["Late"]),
        ({"department": "sales", "until": timezone.localdate().isoformat()}, ["Late"]),
        ({"since": timezone.localdate().isoformat(), "kind": "order"}, ["Machine"]),
        ({"automatic": "true"}, ["Machine"]),
        ({"q": "robot@"}, ["Machine"]),
        ({"department": "finance"}, []),
    ):
        assert found(reader.get("emails", **said)) == expected, said


@pytest.mark.parametrize(
    "said",
    [{"kinds": "order"}, {"kind": "poem"}, {"state": "lost"}, {"since": "soon"},
     {"ordering": "raw_sha256"}, {"text__icontains": "x"}, {"thread": "x"}],
)  # fmt: skip
def test_what_nobody_may_ask_for_is_refused(reader, said):
    assert reader.get("emails", **said).status_code == 400


def test_a_mail_tells_its_text_and_what_it_carries(reader):
    one = mail()
    shown = reader.get(f"emails/{one.pk}").json()
    assert (shown["text"], shown["department"]["code"]) == ("Wir bestellen.", "sales")
    assert (shown["attachments"], shown["answers"]) == ([], [])
    assert reader.get(f"emails/{elsewhere().pk}").status_code == 404


def test_why_tells_the_verdict_and_every_rule(reader):
    check = {"what": "kind is order", "evidence": "order", "passed": True}
    one = mail(
        confidence=0.9,
        reasons=[{"what": "It has an order number", "evidence": "4711", "weight": 2.0}],
        trace=[
            {"rule": "OEM", "rule_id": 1, "version": 2, "hit": False, "checks": []},
            {"rule": "Orders", "rule_id": 2, "version": 1, "hit": True, "checks": [check],
             "applied": {"department": "sales"}},
            {"rule": "Rest", "rule_id": 3, "version": 1, "hit": False, "reached": False},
        ],
    )  # fmt: skip
    why = reader.get(f"emails/{one.pk}/why").json()
    assert why["verdict"]["kind"] == "order"
    assert why["verdict"]["reasons"][0]["evidence"] == "4711"
    assert [(row["rule"], row["hit"], row["reached"]) for row in why["trace"]] == [
        ("OEM", False, True), ("Orders", True, True), ("Rest", False, False),
    ]  # fmt: skip
    assert why["trace"][1]["checks"] == [check]
    assert reader.get(f"emails/{elsewhere().pk}/why").status_code == 404


def quarantined(**fields):
    return mail(
        "Broken", state="quarantined", failed_in="triaged", error="ValueError: odd", **fields
    )


def test_a_mail_in_quarantine_is_tried_again_or_dismissed(clerk):
    worker = clerk("view_email", "change_email")
    again, gone = quarantined(), quarantined()
    assert worker.post(f"emails/{again.pk}/retry").json()["state"] == "triaged"
    assert worker.post(f"emails/{gone.pk}/dismiss", {}).status_code == 400
    answer = worker.post(f"emails/{gone.pk}/dismiss", {"reason": "A test of ours"})
    assert answer.json()["state"] == "dismissed"
    told = Event.objects.get(kind="email.dismissed")
    assert (told.actor, told.data["reason"]) == (worker.user, "A test of ours")
    second = worker.post(f"emails/{again.pk}/retry")
    assert (second.status_code, second.json()["code"]) == (409, "email.not_quarantined")


def test_f3_what_one_may_not_see_or_change_is_left_alone(clerk):
    hidden = elsewhere(state="quarantined", error="x")
    mine = quarantined()
    reader = clerk("view_email")
    assert reader.post(f"emails/{mine.pk}/retry").status_code == 403
    worker = clerk("view_email", "change_email")
    assert worker.post(f"emails/{hidden.pk}/retry").status_code == 404
    assert worker.post(f"emails/{hidden.pk}/dismiss", {"reason": "x"}).status_code == 404
    assert set(Email.objects.values_list("state", flat=True)) == {"quarantined"}


def test_the_list_asks_as_often_for_many_as_for_few(reader):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            reader.get("emails")
        return len(queries)

    mail()
    few = asked()
    for number in range(5):
        mail(f"More {number}")
    assert asked() == few
