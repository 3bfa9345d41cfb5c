"""What clerks do with a case: note, follow, put off, put together, give life, close."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agents.models import Department
from cases import mentions
from cases.models import Case, Note, Presence, StatusChange, Task
from cases.services import assigning, attending, entering, life, noting, regrouping, tasks
from cases.services.entering import NewCase
from emails.models import Email, Thread
from hbu.journal import live
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.cases.test_opening import mail, take_in

pytestmark = pytest.mark.django_db
Status = Case.Status


@pytest.fixture
def case(company, ben):
    department = Department.objects.get(code="support")
    return entering.enter(NewCase(title="Knöpfe klappern", department=department), by=ben)


def happened(case):
    return list(Event.objects.about(case).order_by("pk").values_list("kind", flat=True))


def test_c1_a_case_by_hand_has_its_number_clock_history_and_first_note(company, ben):
    desk = Department.objects.get(code="quality")
    new = NewCase(
        title=" Anruf   Fa. Berger ", department=desk, text="Ruft zurück", kind="complaint"
    )
    case = entering.enter(new, by=ben)
    assert case.title == "Anruf Fa. Berger"
    assert (case.channel, case.opened_by, case.status) == ("phone", ben, Status.NEW)
    assert case.number.startswith("C-")
    assert case.thread
    assert case.resolution_due_at > case.opened_at
    assert [one.status for one in case.status_changes.all()] == [Status.NEW]
    assert Note.objects.get(case=case).text == "Ruft zurück"


def test_c1_a_case_without_a_title_is_refused_and_draws_no_number(company, ben):
    with pytest.raises(DomainError, match="title"):
        entering.enter(NewCase(title="  ", department=Department.objects.first()), by=ben)
    assert not Case.objects.exists()


def test_c2_the_life_of_a_case_is_its_history(case, clara):
    for status in (Status.IN_PROGRESS, Status.AWAITING_VENDOR, Status.RESOLVED, Status.CLOSED):
        life.move(case, status, by=clara)
    assert case.closed_at
    assert case.resolved_at
    life.move(case, Status.IN_PROGRESS, by=clara)
    assert (case.closed_at, case.resolved_at) == (None, None)
    rows = StatusChange.objects.filter(case=case).values_list("status", flat=True)
    assert list(rows) == [
        "new", "in_progress", "awaiting_vendor", "resolved", "closed", "in_progress"
    ]  # fmt: skip
    assert happened(case)[-3:] == ["case.resolved", "case.closed", "case.reopened"]


@pytest.mark.parametrize("status", ["new", "in_progress", "nonsense", ""])
def test_c2_what_makes_no_sense_is_refused(case, clara, status):
    life.move(case, Status.IN_PROGRESS, by=clara)
    with pytest.raises(DomainError):
        life.move(case, status, by=clara)


def test_c2_nobody_resolves_a_case_in_which_somebody_owes_something(case, clara):
    task = tasks.add(Task(case=case, title="Muster schicken"), by=clara)
    with pytest.raises(DomainError, match="open"):
        life.move(case, Status.RESOLVED, by=clara)
    life.move(case, Status.RESOLVED, by=clara, close_tasks=True)
    task.refresh_from_db()
    assert (case.status, task.status) == (Status.RESOLVED, Task.Status.RESOLVED)


def test_c2_a_task_has_a_number_and_a_life(case, clara):
    task = tasks.add(Task(case=case, title="Muster schicken"), by=clara)
    assert task.number.startswith("T-")
    assert task.created_by == clara
    for status in ("in_progress", "resolved", "closed"):
        tasks.move(task, status, by=clara)
    assert task.done_at
    tasks.move(task, "new", by=clara)
    assert task.done_at is None
    with pytest.raises(DomainError):
        tasks.move(task, "new", by=clara)


def test_c2_whoever_takes_a_new_case_works_on_it(case, clara):
    from agents.models import Agent

    agent = Agent.objects.create(user=clara, name="Clara", kind=Agent.Kind.HUMAN)
    assigning.assign(case, assignee=agent, by=clara)
    assert (case.assignee, case.status, case.updated_by) == (agent, Status.IN_PROGRESS, clara)


def test_tags_are_words_once_and_bounded(case, clara):
    assigning.tag(case, add=["Eilig", "eilig ", "VIP  Kunde"], by=clara)
    assigning.tag(case, remove=["EILIG"], by=clara)
    assert [one.name for one in case.tags.all()] == ["vip kunde"]
    with pytest.raises(DomainError, match="twenty"):
        assigning.tag(case, add=[f"tag {number}" for number in range(25)], by=clara)


def test_a_note_mentions_colleagues_who_follow_from_then_on(case, ben, clara):
    noting.write(case, "Bitte prüfen, @ben, nicht ich@ben.example oder @niemand", by=clara)
    note = Note.objects.get(case=case)
    assert list(note.mentions.all()) == [ben]
    assert list(case.followers.all()) == [ben]
    assert Event.objects.get(kind="case.noted").data["mentions"] == [ben.pk]
    with pytest.raises(DomainError):
        noting.write(case, " \n ", by=clara)


def test_b6_a_mention_is_marked_and_all_the_rest_is_escaped():
    said = mentions.marked("<b>@ben</b> & @<i>")
    assert said == "&lt;b&gt;<mark>@ben</mark>&lt;/b&gt; &amp; @&lt;i&gt;"


def test_a_case_that_was_put_off_comes_back_in_time_or_when_something_happens(case, clara):
    now = timezone.now()
    attending.snooze(case, now + timedelta(hours=2), by=clara)
    assert not Case.objects.awake(now).exists()
    assert attending.to_wake(now) == []
    assert attending.to_wake(now + timedelta(hours=3)) == [case.pk]
    attending.wake([case.pk])
    attending.wake([case.pk])
    assert happened(case).count("case.woken") == 1
    attending.snooze(case, now + timedelta(hours=2), by=clara)
    life.move(case, Status.IN_PROGRESS, by=clara)
    assert case.snoozed_until is None


@pytest.mark.parametrize("hours", [-1, 0, 24 * 400])
def test_a_case_is_put_off_until_a_moment_that_lies_ahead(case, clara, hours):
    with pytest.raises(DomainError):
        attending.snooze(case, timezone.now() + timedelta(hours=hours), by=clara)


def test_colleagues_see_who_has_a_case_open_and_who_types(case, ben, clara):
    assert attending.here(case, by=ben, typing=True) == []
    assert [(one.name, one.types) for one in attending.here(case, by=clara, typing=False)] == [
        ("Ben", True)
    ]
    with time_machine.travel(timezone.now() + timedelta(seconds=25)):
        assert [one.types for one in attending.here(case, by=clara, typing=False)] == [False]
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert attending.here(case, by=clara, typing=False) == []
    attending.gone(case, by=ben)
    assert Presence.objects.filter(user=ben).count() == 0


def test_who_comes_types_or_leaves_is_told_once_to_those_who_have_the_case_open(
    case, ben, clara, monkeypatch
):
    told = []
    monkeypatch.setattr(live, "whisper", lambda users, *what: told.append((users, *what)))
    attending.here(case, by=ben, typing=False)
    for typing in (False, False, True, True):
        attending.here(case, by=clara, typing=typing)
        attending.here(case, by=ben, typing=False)
    attending.gone(case, by=clara)
    to_ben = ([ben.pk], "presence", case.pk)
    assert told == [([], "presence", case.pk), to_ben, to_ben, to_ben]


def test_cases_put_together_share_one_conversation_and_both_numbers_lead_there(company, clara):
    first, second = mail(subject="Eins"), mail(subject="Zwei")
    take_in(first, second)
    one, two = Case.objects.order_by("pk")
    noting.write(one, "zu eins", by=clara)
    assigning.tag(one, add=["eilig"], by=clara)
    regrouping.merge_cases(one, two, by=clara)
    assert (one.merged_into, one.status) == (two, Status.CLOSED)
    assert {link.email_id for link in two.links.all()} == {first.pk, second.pk}
    assert Note.objects.get().case == two
    assert [tag.name for tag in two.tags.all()] == ["eilig"]
    again = mail(subject="AW: Eins", thread=Email.objects.get(pk=first.pk).thread)
    take_in(again)
    assert two.links.filter(email=again).exists()
    with pytest.raises(DomainError):
        regrouping.merge_cases(one, two, by=clara)
    with pytest.raises(DomainError):
        regrouping.merge_cases(two, two, by=clara)


def test_cases_are_linked_both_ways_and_taken_apart_again(case, clara):
    other = entering.enter(NewCase(title="Noch einer", department=case.department), by=clara)
    regrouping.relate(case, other, by=clara)
    assert list(other.related.all()) == [case]
    regrouping.unrelate(other, case, by=clara)
    assert not case.related.exists()


@pytest.mark.parametrize(
    ("policy", "days", "joins"),
    [("reopen", 100, True), ("new", 0, False), ("new_after", 3, True), ("new_after", 20, False)],
)
def test_c2_a_mail_to_a_case_that_is_done_does_what_the_department_wants(
    company, policy, days, joins
):
    Department.objects.filter(code="info").update(reopen=policy, reopen_days=14)
    thread = Thread.objects.create()
    take_in(mail(thread=thread))
    old = Case.objects.get()
    Case.objects.update(status=Status.RESOLVED, resolved_at=timezone.now() - timedelta(days=days))
    answer = mail(thread=thread)
    take_in(answer)
    case = Email.objects.get(pk=answer.pk).link.case
    assert (case == old) is joins
    old.refresh_from_db()
    assert old.status == (Status.IN_PROGRESS if joins else Status.CLOSED)
    assert list(case.related.all()) == ([] if joins else [old])


def test_c2_a_machine_never_takes_up_what_is_done(company):
    Department.objects.update(reopen="reopen")
    thread = Thread.objects.create()
    take_in(mail(thread=thread))
    Case.objects.update(status=Status.CLOSED, resolved_at=timezone.now())
    take_in(mail(thread=thread, automatic="auto_reply"))
    assert Case.objects.get().status == Status.CLOSED


def test_c2_what_is_resolved_is_closed_after_its_department_waited(company):
    take_in(mail(), mail())
    early, late = Case.objects.order_by("pk")
    now = timezone.now()
    for case, days in ((early, 15), (late, 13)):
        Case.objects.filter(pk=case.pk).update(
            status=Status.RESOLVED, resolved_at=now - timedelta(days=days)
        )
    assert life.to_close(now) == [early.pk]
    life.close(life.to_close(now))
    for case, status in ((early, Status.CLOSED), (late, Status.RESOLVED)):
        case.refresh_from_db()
        assert case.status == status
    assert life.to_close(now) == []


def test_a_customer_s_mail_is_noted_and_a_machine_s_is_not(company):
    thread = Thread.objects.create()
    take_in(mail(thread=thread))
    case = Case.objects.get()
    first = case.customer_wrote_at
    assert first
    assert case.waits_for_us
    take_in(mail(thread=thread, automatic="auto_reply"))
    case.refresh_from_db()
    assert case.customer_wrote_at == first
