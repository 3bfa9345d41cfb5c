import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from agents.models import AgentRun, Department
from cases.models import Case, Task
from cases.services import assigning
from emails.models import Attachment, Email, OutgoingEmail, Replay, RoutingRule
from emails.services import joining, learning, rules
from emails.services.replay import comparing, running
from emails.services.replay.comparing import STAGES
from hbu.company.models import OpeningHours, WorkCalendar
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order
from tests.emails import past
from tests.work import mails as work

pytestmark = pytest.mark.django_db
State = Replay.State
FOR_QUALITY = {"field": "subject", "op": "contains", "value": "Frage"}


@pytest.fixture
def company(db):
    from tests.factories import company

    return company.load()


@pytest.fixture
def taken(company):
    """Letters of the simulation that went all the way, some into orders, some answered."""
    emails = work.take(*past.simulated(25), work.ask(), work.order_mail())
    assert {email.state for email in emails} == {Email.State.HANDLED}
    assert AgentRun.objects.count() > 10
    assert OutgoingEmail.objects.exists()
    return emails


def compare(stage, *emails):
    rows = comparing.replayable(ids=[email.pk for email in emails])
    return comparing.compare(comparing.whole(rows), comparing.stage_called(stage))


def changes(stage, *emails):
    return {one.email.pk: one.changes for one in compare(stage, *emails) if one.differs}


def send_questions_to_quality():
    quality = Department.objects.get(code="quality")
    return past.save_rule(
        name="Questions", position=1, condition=FOR_QUALITY, department=quality, sla="express"
    )


def run(replay):
    while Replay.objects.due(timezone.now()).filter(pk=replay.pk).exists():
        running.go_on(replay.pk)
    replay.refresh_from_db()
    return replay


def outgoing():
    return OutgoingEmail.objects.count(), Order.objects.count(), Case.objects.count()


@pytest.mark.parametrize("stage", STAGES)
def test_d4_a_replay_of_an_unchanged_corpus_finds_no_difference(stage, taken):
    before = outgoing(), AgentRun.objects.count(), Event.objects.count()
    assert changes(stage) == {}
    assert (outgoing(), AgentRun.objects.count(), Event.objects.count()) == before


@pytest.mark.parametrize("stage", [one for one in STAGES if one != "agent"])
def test_d4_a_replay_that_is_applied_sends_nothing_and_opens_nothing(stage, taken):
    send_questions_to_quality()
    Email.objects.update(kind="general", subject="Frage", text="", html_safe="")
    Attachment.objects.update(text="")
    before, runs = outgoing(), AgentRun.objects.count()
    call_command("replay", "--stage", stage, "--apply", "--json")
    assert Event.objects.filter(kind="email.replayed").exists()
    assert (outgoing(), AgentRun.objects.count()) == (before, runs)
    assert changes(stage) == {}


def test_a_route_is_found_again_by_todays_rules_and_written_with_its_event(company, clara):
    (email,) = work.take(work.ask())
    send_questions_to_quality()
    ((key, found),) = changes("route", email).items()
    assert (key, found["department"]) == (email.pk, (email.department.code, "quality"))
    replay = run(running.ask("route", ids=[email.pk], by=clara))
    assert (replay.state, replay.done, replay.total) == (State.PREPARED, 1, 1)
    email.refresh_from_db()
    assert email.department.code != "quality"
    running.apply_all(replay, by=clara)
    assert run(replay).state == State.APPLIED
    email.refresh_from_db()
    assert (email.department.code, email.sla, email.rule.name) == (
        "quality",
        "express",
        "Questions",
    )
    assert email.trace[0]["rule"] == "Questions"
    event = Event.objects.about(email).first()
    assert (event.kind, event.actor) == ("email.replayed", clara)
    assert event.data["stage"] == STAGES["route"].label
    assert event.data["before"]["department"] != event.data["now"]["department"] == "quality"


def test_an_open_case_that_nobody_touched_goes_along(company, clara):
    (email,) = work.take(work.ask())
    case = Case.objects.get(emails=email)
    send_questions_to_quality()
    nights = WorkCalendar.objects.create(code="nights", name="Nachtschicht")
    for weekday in range(7):
        OpeningHours.objects.create(calendar=nights, weekday=weekday, opens="20:00", closes="23:00")
    Department.objects.filter(code="quality").update(calendar=nights)
    call_command("replay", "--stage", "route", "--apply")
    case.refresh_from_db()
    assert case.department.code == "quality"
    # It is due by the hours of its new desk (C4).
    assert timezone.localtime(case.resolution_due_at).hour in range(20, 24)
    assert {task.department.code for task in Task.objects.filter(case=case)} <= {"quality"}
    assert Event.objects.about(case).first().kind == "case.handed_over"


def test_a_case_that_went_along_once_goes_along_again(company, clara):
    (email,) = work.take(work.ask())
    rule = send_questions_to_quality()
    for code in ("quality", "sales"):
        rule.department = Department.objects.get(code=code)
        rules.save(rule, by=clara)
        replay = run(running.ask("route", ids=[email.pk], by=clara))
        running.apply_all(replay, by=clara)
        run(replay)
        assert Case.objects.get(emails=email).department.code == code


@pytest.mark.parametrize("touch", ["assigned", "closed", "moved"])
def test_a_case_that_people_were_at_stays(touch, company, clara):
    (email,) = work.take(work.ask())
    case = Case.objects.get(emails=email)
    if touch == "assigned":
        assigning.assign(case, department=case.department, assignee=None, priority="high", by=clara)
    elif touch == "closed":
        Case.objects.update(status=Case.Status.RESOLVED)
    else:
        Case.objects.update(department=Department.objects.get(code="sales"))
    case.refresh_from_db()
    before = case.department
    send_questions_to_quality()
    call_command("replay", "--stage", "route", "--apply")
    case.refresh_from_db()
    email.refresh_from_db()
    assert (email.department.code, case.department) == ("quality", before)


def test_a_repaired_parser_is_told_field_by_field(company):
    (email,) = work.take(work.ask())
    Email.objects.filter(pk=email.pk).update(subject="=?utf-8?q?Frage?=", reply_text="")
    found = changes("parse", email)[email.pk]
    assert found["subject"] == ("=?utf-8?q?Frage?=", "Frage")
    assert "reply_text" in found
    call_command("replay", "--stage", "parse", "--apply", "--email", str(email.pk))
    email.refresh_from_db()
    assert email.subject == "Frage"


def test_attachments_are_taken_out_and_read_again(company):
    paper = work.pdf("Bestellung.pdf", work.order_pdf())
    (email,) = work.take(work.order_mail(files=[paper]))
    row = email.attachments.get()
    Attachment.objects.update(text="", filename="b.pdf")
    assert changes("documents", email)[email.pk] == {"text of b.pdf": ("", row.text)}
    assert list(changes("parse", email)[email.pk]) == ["attachments"]
    gone = Attachment.objects.create(
        email=email, filename="x", content_type="x/x", size=1, sha256="0" * 64
    )
    call_command("replay", "--stage", "triage", "--apply")
    again = email.attachments.get()
    assert (again.pk, again.filename, again.text) == (row.pk, "Bestellung.pdf", row.text)
    assert not Attachment.objects.filter(pk=gone.pk).exists()


def test_what_staff_corrected_stays_corrected(company, clara):
    (email,) = work.take(work.ask())
    sales = Department.objects.get(code="sales")
    learning.correct(email, kind="complaint", department=sales, by=clara)
    send_questions_to_quality()
    call_command("replay", "--stage", "triage", "--apply")
    email.refresh_from_db()
    assert (email.kind, email.department, email.sla) == ("complaint", sales, "express")


def test_what_staff_left_as_it_was_follows_todays_rules(company, clara):
    (email,) = work.take(work.ask())
    learning.correct(email, kind="complaint", by=clara)
    send_questions_to_quality()
    call_command("replay", "--stage", "triage", "--apply")
    email.refresh_from_db()
    assert (email.kind, email.department.code) == ("complaint", "quality")


@pytest.mark.parametrize("stage", ["parse", "triage"])
def test_what_joining_found_out_stays_and_what_the_parser_found_is_todays(stage, company):
    copied, twin = work.take(
        work.ask(to="max@kunde.example", Cc="info@h-bu.de"), work.ask(Message_ID="<1@b.example>")
    )
    inside, _ = work.take(
        work.ask(sender="boss@h-bu.de"), work.ask(Message_ID="<1@b.example>", text="Noch etwas")
    )
    copied.refresh_from_db()
    inside.refresh_from_db()
    assert (copied.must_not_answer, inside.must_not_answer) == (joining.COPY, joining.INSIDE)
    last = Email.objects.get(defects__icontains=joining.TWIN)
    assert changes(stage) == {}
    Email.objects.filter(pk=copied.pk).update(must_not_answer="")
    Email.objects.filter(pk=last.pk).update(defects=["A fault of long ago", joining.TWIN])
    Email.objects.filter(pk=inside.pk).update(subject="x")
    call_command("replay", "--stage", stage, "--apply")
    for email in (copied, inside, last):
        email.refresh_from_db()
    assert (copied.must_not_answer, inside.must_not_answer) == (joining.COPY, joining.INSIDE)
    assert last.defects == [joining.TWIN]
    assert twin.defects == []


def test_what_was_read_in_a_document_is_read_again_as_of_the_day_it_came(company):
    paper = work.pdf("Bestellung.pdf", work.order_pdf())
    (email,) = work.take(work.order_mail(files=[paper]))
    row = email.attachments.get()
    Attachment.objects.update(document=None)
    assert list(changes("documents", email)[email.pk]) == ["document of Bestellung.pdf"]
    with time_machine.travel(timezone.now() + timedelta(days=200), tick=False):
        call_command("replay", "--stage", "documents", "--apply")
    assert email.attachments.get().document == row.document


def test_an_agent_is_asked_again_on_paper_and_never_applied(company, monkeypatch, clara):
    from agents import registry
    from agents.data import Close, Outcome

    (email,) = work.take(work.ask())
    said = Outcome(actions=(Close(reason="enough"),))
    for role in registry.ROLES:
        monkeypatch.setitem(registry.ROLES, role, lambda _brief: said)
    before = outgoing(), AgentRun.objects.count()
    assert changes("agent", email)[email.pk]["proposal"][1] == ["close: enough"]
    assert (outgoing(), AgentRun.objects.count()) == before
    with pytest.raises(CommandError):
        call_command("replay", "--stage", "agent", "--apply")
    replay = run(running.ask("agent", ids=[email.pk], by=clara))
    with pytest.raises(DomainError):
        running.apply_all(replay, by=clara)
    with pytest.raises(DomainError):
        running.apply_one(replay.differences.get(), by=clara)


def test_only_what_was_shown_is_applied(company, clara):
    (email,) = work.take(work.ask())
    rule = send_questions_to_quality()
    replay = run(running.ask("route", ids=[email.pk], by=clara))
    rule.department = Department.objects.get(code="sales")
    rules.save(rule, by=clara)
    with pytest.raises(DomainError):
        running.apply_one(replay.differences.get(), by=clara)
    assert replay.differences.get().state == "outdated"
    email.refresh_from_db()
    assert email.department.code != "sales"


def test_a_mail_that_changed_meanwhile_or_is_being_worked_on_is_left_alone(company):
    from emails.services.replay import applying

    (email,) = work.take(work.ask())
    send_questions_to_quality()
    for fields in (
        {"sla": "low"},
        {"claimed_until": timezone.now() + timezone.timedelta(seconds=30)},
        {"state": Email.State.QUARANTINED},
    ):
        found = compare("route", email)
        Email.objects.filter(pk=email.pk).update(**fields)
        assert applying.write(found, STAGES["route"]) == set()


def test_what_another_worker_applied_meanwhile_is_written_and_told_once(
    company, clara, monkeypatch
):
    (email,) = work.take(work.order_mail(files=[work.pdf("Bestellung.pdf", work.order_pdf())]))
    Attachment.objects.update(document=None)
    replay = run(running.ask("documents", ids=[email.pk], by=clara))
    running.apply_all(replay, by=clara)
    compare_again = comparing.compare

    def compare_while_another_worker_applies(*args):
        monkeypatch.setattr(comparing, "compare", compare_again)
        Replay.objects.update(claimed_until=None)
        running.go_on(replay.pk)
        return compare_again(*args)

    monkeypatch.setattr(comparing, "compare", compare_while_another_worker_applies)
    assert run(replay).state == State.APPLIED
    assert replay.differences.get().state == "applied"
    assert Event.objects.filter(kind="email.replayed").count() == 1


def test_what_staff_say_while_a_mail_is_compared_is_not_overwritten(company, clara):
    from emails.services.replay import applying

    (email,) = work.take(work.ask())
    Email.objects.filter(pk=email.pk).update(language="fr")
    found = compare("classify", email)
    assert set(found[0].changes) == {"language"}
    learning.correct(email, kind="complaint", by=clara)
    assert applying.write(found, STAGES["classify"]) == set()
    email.refresh_from_db()
    assert email.kind == "complaint"


def test_a_mail_that_cannot_be_read_any_more_says_so_and_stops_nobody(company, clara):
    broken, sound = work.take(work.ask(), work.ask())
    Email.objects.filter(pk=broken.pk).update(raw_sha256="0" * 64)
    Email.objects.filter(pk=sound.pk).update(subject="x")
    replay = run(running.ask("parse", ids=[broken.pk, sound.pk], by=clara))
    states = {one.email_id: one.state for one in replay.differences.all()}
    assert states == {broken.pk: "failed", sound.pk: "open"}
    assert replay.differences.get(email=broken).error


def test_a_replay_is_worked_on_once_at_a_time_and_goes_on_where_a_dead_worker_stopped(
    company, clara, settings, monkeypatch
):
    settings.HBU_CHUNK = 2
    emails = work.take(*[work.ask() for _ in range(5)])
    send_questions_to_quality()
    replay = running.ask("route", ids=[email.pk for email in emails], by=clara)
    monkeypatch.setattr(running, "SECONDS_AT_A_TIME", -1)
    running.go_on(replay.pk)
    replay.refresh_from_db()
    assert (replay.done, replay.differences.count(), replay.state) == (2, 2, State.COMPARING)
    Replay.objects.update(claimed_until=timezone.now() + timezone.timedelta(seconds=30))
    running.go_on(replay.pk)
    replay.refresh_from_db()
    assert replay.done == 2
    assert running.overdue(timezone.now()) == []
    Replay.objects.update(claimed_until=timezone.now() - timezone.timedelta(seconds=1))
    assert running.overdue(timezone.now()) == [replay.pk]
    assert run(replay).state == State.PREPARED
    assert (replay.done, replay.differences.count()) == (5, 5)


def test_a_single_difference_is_applied_and_the_rest_dropped(company, clara):
    emails = work.take(work.ask(), work.ask())
    send_questions_to_quality()
    replay = run(running.ask("route", ids=[email.pk for email in emails], by=clara))
    first, second = replay.differences.all()
    running.apply_one(first, by=clara)
    with pytest.raises(DomainError):
        running.apply_one(first, by=clara)
    # A second click that was on its way already.
    first.state = "open"
    running.apply_one(first, by=clara)
    assert replay.differences.get(pk=first.pk).state == "applied"
    running.drop(replay, by=clara)
    with pytest.raises(DomainError):
        running.apply_one(second, by=clara)
    codes = [Email.objects.get(pk=email.pk).department.code for email in emails]
    assert codes.count("quality") == 1
    kinds = set(Event.objects.about(replay).values_list("kind", flat=True))
    assert kinds == {"replay.asked", "replay.prepared", "replay.dropped"}


def test_asking_rings_a_task_that_compares(
    company, clara, django_capture_on_commit_callbacks, monkeypatch
):
    from emails import tasks

    (email,) = work.take(work.ask())
    rung = []
    monkeypatch.setattr(tasks.replay, "delay", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        replay = running.ask("route", ids=[email.pk], by=clara)
    assert rung == [[replay.pk]]
    tasks.replay(rung[0])
    replay.refresh_from_db()
    assert replay.state == State.PREPARED


def test_nothing_to_replay_is_refused(company, clara):
    past.store(work.ask())
    for values in ({"stage": "route"}, {"stage": "nonsense"}):
        with pytest.raises(DomainError):
            running.ask(**values, by=clara)
    work.take(work.ask())
    for values in ({"stage": "route", "ids": []}, {"stage": "nonsense"}):
        with pytest.raises(DomainError):
            running.ask(**values, by=clara)


def test_the_command_prints_each_difference_and_the_counts(company, capsys):
    first, second = work.take(work.ask(), work.ask())
    send_questions_to_quality()
    call_command("replay", "--stage", "route", "--json", "--limit", "1", "--since", "7d")
    told, counts = map(json.loads, capsys.readouterr().out.splitlines())
    assert (told["email"], told["applied"]) == (second.pk, False)
    assert {"field": "sla", "before": "standard", "after": "express"} in told["changes"]
    assert counts == {"mails": 1, "differ": 1, "failed": 0, "applied": 0}
    assert Email.objects.filter(department__code="quality").count() == 0
    call_command("replay", "--stage", "route", "--apply", "--email", str(first.pk))
    assert f"{first.pk}: Frage (applied)" in capsys.readouterr().out
    assert not RoutingRule.objects.filter(hits__gt=2, name="Questions").exists()


def test_a_replay_asks_the_database_no_more_often_for_more_mails(
    company, django_assert_max_num_queries
):
    emails = work.take(*[work.ask() for _ in range(12)])
    send_questions_to_quality()
    for stage in STAGES:
        with django_assert_max_num_queries(60) as few:
            compare(stage, *emails[:2])
        with django_assert_max_num_queries(len(few.captured_queries)):
            compare(stage, *emails)


def test_cases_are_handed_over_with_as_few_queries_however_many_they_are(
    company, django_assert_max_num_queries
):
    from cases.services import replaying

    emails = work.take(*[work.ask() for _ in range(12)])
    send_questions_to_quality()
    found = compare("route", *emails)
    with django_assert_max_num_queries(20) as few:
        replaying.follow(found[:2])
    with django_assert_max_num_queries(len(few.captured_queries)):
        replaying.follow(found[2:])
