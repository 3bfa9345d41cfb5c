"""Recommendations: found, kept true, settled by people, seen by those they concern."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from kpis import tasks
from kpis.advice.rules import RULES
from kpis.advice.telling import advice
from kpis.models import Recommendation
from kpis.services import recommending


def ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def keep_waiting(receive, write_letter):
    def keep_waiting(letters, **fields):
        for _ in range(letters):
            write_letter(state="draft", created_at=ago(days=3), answers=receive(**fields))

    return keep_waiting


@pytest.fixture
def lead(ben, department):
    ben.groups.add(Group.objects.get(name="lead"))
    department.members.add(ben)
    return ben


def look(**later):
    return recommending.look(timezone.now() + timedelta(**later))


def one():
    return Recommendation.objects.get()


def told(kind):
    return Event.objects.filter(kind=f"recommendation.{kind}").count()


def test_what_the_rows_say_is_found_once_and_kept_up_to_date(keep_waiting, department):
    keep_waiting(3)
    assert look() == recommending.Outcome(found=1, gone=0)
    assert (one().rule, one().impact, one().department) == ("letters_wait", 3, department)
    keep_waiting(1)
    assert look() == recommending.Outcome(found=0, gone=0)
    assert (one().impact, one().seen_at > one().found_at) == (4, True)
    assert told("found") == 1


def test_what_is_no_longer_so_goes_by_itself_and_may_come_back(keep_waiting, write_letter):
    from emails.models import OutgoingEmail

    keep_waiting(3)
    look()
    OutgoingEmail.objects.update(state="sent")
    assert look() == recommending.Outcome(found=0, gone=1)
    assert (one().state, told("gone")) == ("gone", 1)
    OutgoingEmail.objects.update(state="draft")
    assert look().found == 1
    assert recommending.Recommendation.objects.open().count() == 1


def test_what_was_done_stays_away_for_a_month(keep_waiting, clara):
    keep_waiting(3)
    look()
    recommending.done(one(), by=clara, reason="sent them")
    assert (one().state, one().settled_by, one().reason) == ("done", clara, "sent them")
    assert told("done") == 1
    assert look(days=29).found == 0
    assert look(days=31).found == 1


def test_what_was_dismissed_comes_back_only_when_it_is_clearly_worse(keep_waiting, clara):
    keep_waiting(4)
    look()
    recommending.dismiss(one(), by=clara, reason="on purpose")
    keep_waiting(1)
    assert look(days=400).found == 0
    keep_waiting(1)
    assert look().found == 1
    assert told("dismissed") == 1


def test_a_dismissal_needs_a_reason_and_nothing_is_settled_twice(keep_waiting, clara):
    keep_waiting(3)
    look()
    with pytest.raises(DomainError, match="Say why"):
        recommending.dismiss(one(), by=clara, reason="  ")
    recommending.done(one(), by=clara)
    with pytest.raises(DomainError, match="settled already"):
        recommending.dismiss(one(), by=clara, reason="too late")


def test_every_rule_can_be_told_in_both_languages(clara, db):
    words = {
        "kpi": "backlog", "value": 1.5, "target": 2, "sort": "share", "rule": "Spam", "days": 60,
        "template": "ack", "share": 50.5, "usual": 1, "released": 9, "stopped": 0, "letters": 3,
        "sku": "HB-1", "name": {"de": "Hornknopf", "en": "Horn button"}, "orders": 3, "pieces": 5,
        "mailbox": "a@h-bu.de", "times": 3, "kind": "order", "cases": 5, "customer": "Amann",
        "invoices": 3,
    }  # fmt: skip
    rows = [
        Recommendation(rule=code, about="x", priority=1, impact=2.5, effort=rule.effort,
                       facts={"words": words, "act": "/", "evidence": []})
        for code, rule in RULES.items()
    ]  # fmt: skip
    for language, name in (("en", "Horn button"), ("de", "Hornknopf")):
        with translation.override(language):
            shown = advice(rows, clara)
            assert any(name in one.title for one in shown)
            assert all("%(" not in one.title + one.why + one.impact for one in shown)


def test_each_sees_what_concerns_the_own_departments_and_the_house(keep_waiting, lead, clara):
    from agents.models import Department

    other = Department.objects.create(code="q", name_de="Q", name_en="Q", address="q@h-bu.de")
    keep_waiting(3)
    keep_waiting(3, department=other)
    look()
    Recommendation.objects.create(
        rule="idle_rule", about="rule:1", priority=3, effort="minutes",
        facts={"words": {"rule": "Spam", "days": 60}, "act": "/", "evidence": []},
    )  # fmt: skip
    assert recommending.seen_by(clara).count() == 3
    assert {row.department for row in recommending.seen_by(lead)} == {
        None, *lead.departments.all()
    }  # fmt: skip
    assert recommending.waiting(lead) == 2


def test_who_may_not_see_the_rows_is_not_shown_what_they_say(keep_waiting, ben, department):
    ben.user_permissions.add(Permission.objects.get(codename="view_recommendation"))
    department.members.add(ben)
    keep_waiting(3)
    look()
    assert not recommending.seen_by(ben).exists()


def test_the_page_shows_what_is_open_and_its_evidence_opens_the_rows(client, lead, keep_waiting):
    keep_waiting(3)
    look()
    client.force_login(lead)
    page = client.get("/recommendations/").content.decode()
    assert "Letters wait for a person" in page
    assert "3 letters that wait" in page
    (found,) = advice([one()], lead)
    listed = client.get(found.proofs[0].url).context["cl"].queryset
    assert listed.count() == int(found.proofs[0].count) == 3
    assert "Recommendations" in client.get("/dashboard/").content.decode()


def test_the_page_of_a_house_without_rows_explains_itself(client, clara):
    client.force_login(clara)
    page = client.get("/recommendations/").content.decode()
    assert "Nothing to recommend now. The rules are asked every night" in page
    assert "Nothing has been settled yet." in page


def test_something_is_settled_on_the_page(client, lead, keep_waiting):
    keep_waiting(3)
    look()
    client.force_login(lead)
    address = f"/recommendations/{one().pk}/"
    client.post(address, {"verb": "dismiss", "reason": ""})
    assert one().state == "open"
    page = client.post(address, {"verb": "dismiss", "reason": "no <b>"}, follow=True)
    assert one().state == "dismissed"
    assert "no &lt;b&gt;" in page.content.decode()
    assert Event.objects.get(kind="recommendation.dismissed").actor == lead


def test_the_list_is_narrowed_by_department(client, clara, keep_waiting, department):
    keep_waiting(3)
    look()
    client.force_login(clara)
    ours = client.get("/recommendations/parts/", {"department": department.code})
    theirs = client.get("/recommendations/parts/", {"department": "none"})
    assert "Letters wait" in ours.content.decode()
    assert "Letters wait" not in theirs.content.decode()


def test_who_may_only_look_settles_nothing(client, ben, keep_waiting, department):
    names = ["view_recommendation", "view_outgoingemail"]
    ben.user_permissions.add(*Permission.objects.filter(codename__in=names))
    department.members.add(ben)
    keep_waiting(3)
    look()
    client.force_login(ben)
    assert "Letters wait" in (page := client.get("/recommendations/").content.decode())
    assert "It is done" not in page
    assert "Look again" not in page
    assert client.post(f"/recommendations/{one().pk}/", {"verb": "done"}).status_code == 403
    assert client.post("/recommendations/look/").status_code == 403


def test_the_rules_are_asked_again_by_a_button_and_by_their_task(client, lead, keep_waiting):
    keep_waiting(3)
    client.force_login(lead)
    page = client.post("/recommendations/look/", {"department": "orders"}, follow=True)
    assert page.redirect_chain == [("/recommendations/?department=orders", 302)]
    assert "All rules are asked again" in page.content.decode()
    tasks.recommend()
    assert one().rule == "letters_wait"


def test_programs_read_and_settle_them(client, lead, keep_waiting):
    keep_waiting(3)
    look()
    client.force_login(lead)
    (found,) = client.get("/api/kpis/recommendations?state=open").json()["results"]
    assert (found["rule"], found["impact"], found["department"]) == ("letters_wait", 3, "orders")
    address = f"/api/kpis/recommendations/{found['id']}"
    refused = client.post(f"{address}/dismiss", {}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "recommendation.no_reason")
    done = client.post(f"{address}/done", {"reason": "sent"}, "application/json").json()
    assert (done["state"], done["reason"]) == ("done", "sent")
    assert client.post(f"{address}/done", {}, "application/json").status_code == 409
    assert client.get("/api/kpis/recommendations?state=wrong").status_code == 400


def test_one_of_another_department_does_not_exist(client, lead, keep_waiting):
    from agents.models import Department

    other = Department.objects.create(code="q", name_de="Q", name_en="Q", address="q@h-bu.de")
    keep_waiting(3, department=other)
    look()
    client.force_login(lead)
    assert client.post(f"/recommendations/{one().pk}/", {"verb": "done"}).status_code == 404
    address = f"/api/kpis/recommendations/{one().pk}/done"
    assert client.post(address, {}, "application/json").status_code == 404
    assert one().state == "open"


def test_page_and_look_ask_as_many_questions_however_much_there_is(client, lead, keep_waiting):
    client.force_login(lead)

    def questions(ask):
        with CaptureQueriesContext(connection) as found:
            ask()
        return len(found)

    def fill(count):
        rows = [
            Recommendation(rule="letters_wait", about=f"x{count}{number}", priority=2, effort="days",
                           facts={"words": {"letters": 1, "days": 1}, "act": "/", "evidence": []})
            for number in range(count)
        ]  # fmt: skip
        Recommendation.objects.bulk_create(rows)

    fill(1)
    client.get("/recommendations/")
    few = questions(lambda: client.get("/recommendations/"))
    fill(9)
    assert questions(lambda: client.get("/recommendations/")) == few
    Recommendation.objects.all().delete()
    keep_waiting(3)
    look()
    few = questions(look)
    keep_waiting(30)
    assert questions(look) == few
