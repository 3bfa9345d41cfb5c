"""What rules and macros can do to a case, and what they can not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import Agent, Department
from cases import actions
from cases.models import Case, Note, Notification, Task, WebhookCall
from cases.services import acting, choices, following
from emails.models import Email, OutgoingEmail
from hbu.journal.models import Event
from tests.work.mails import ask, take

KNOWN = {
    "departments": ["support"], "people": ["ben", actions.LEAST_BUSY], "agents": ["bot"],
    "priorities": ["urgent"], "statuses": ["resolved"], "whom": list(actions.WHOM),
    "templates": ["generic_ack"],
}  # fmt: skip


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "assign", "department": "support"},
        {"kind": "assign", "person": actions.LEAST_BUSY},
        {"kind": "priority", "to": "urgent"},
        {"kind": "status", "to": "resolved"},
        {"kind": "tag", "words": ["vip"]},
        {"kind": "untag", "words": ["vip"]},
        {"kind": "task", "title": "Call", "reason": "", "hours": 4, "department": "support"},
        {"kind": "note", "text": "Hello"},
        {"kind": "notify", "whom": "leads", "text": "Look"},
        {"kind": "notify", "whom": "person", "person": "ben", "text": "Look"},
        {"kind": "answer", "template": "generic_ack"},
        {"kind": "agent", "agent": "bot"},
        {"kind": "snooze", "hours": 0.5},
        {"kind": "webhook", "url": "https://erp.example/hook?x=1"},
    ],
)
def test_c5_every_kind_of_action_may_be_saved_and_is_read_as_a_sentence(action):
    assert actions.validate([action], KNOWN) == []
    said = actions.in_words(action)
    assert said.startswith(actions.KINDS[action["kind"]].label)
    assert "kind" not in said


@pytest.mark.parametrize(
    "action",
    [
        "tag", {}, {"kind": "shell", "command": "rm"}, {"kind": "assign"},
        {"kind": "assign", "department": "nowhere"}, {"kind": "priority"},
        {"kind": "priority", "to": "very"}, {"kind": "status", "to": "new"},
        {"kind": "tag", "words": "vip"}, {"kind": "tag", "words": []},
        {"kind": "tag", "words": ["x" * 41]}, {"kind": "task", "title": " "},
        {"kind": "task", "title": "x", "hours": -1}, {"kind": "task", "title": "x", "hours": True},
        {"kind": "note", "text": "x" * 2001}, {"kind": "note", "text": "x", "extra": 1},
        {"kind": "notify", "whom": "person", "text": "x"}, {"kind": "snooze", "hours": 1e9},
        {"kind": "snooze", "hours": float("nan")}, {"kind": "webhook", "url": "ftp://x"},
        {"kind": "webhook", "url": "http://a@b/"}, {"kind": "webhook", "url": "http://[::1"},
    ],
)  # fmt: skip
def test_c5_anything_else_is_refused(action):
    assert actions.validate([action], KNOWN)


def test_c5_no_action_at_all_or_too_many_are_refused():
    assert actions.validate([], KNOWN)
    assert actions.validate({}, KNOWN)
    assert actions.validate([{"kind": "priority", "to": "urgent"}] * 21, KNOWN)


def test_c5_every_kind_can_be_done():
    assert set(acting.DEEDS) == set(actions.KINDS)


@pytest.fixture
def case(department):
    return Case.objects.create(number="C-1", title="Buttons", department=department)


@pytest.fixture
def mailed(company):
    """A case that a mail opened."""
    (email,) = take(ask())
    # As if nobody had answered yet.
    OutgoingEmail.objects.all().delete()
    return email.link.case


def do(case, *given, by=None, via="rule:1", **manner):
    done = acting.perform(case, given, by=by, via=via, manner=acting.Manner("R", **manner))
    case.refresh_from_db()
    return [one.error for one in done]


def test_c5_the_demo_knows_what_actions_may_say(mailed):
    known = choices.of_actions()
    assert {"departments", "people", "agents", "priorities", "statuses", "templates"} <= set(known)
    assert "generic_ack" in known["templates"]
    assert "new" not in known["statuses"]


def test_c5_a_rule_sets_what_people_set(case, ben):
    support = Department.objects.get()
    support.members.add(ben)
    agent = Agent.objects.create(user=ben, name="Ben", kind=Agent.Kind.HUMAN)
    errors = do(
        case,
        {"kind": "assign", "department": "info", "person": actions.LEAST_BUSY},
        {"kind": "priority", "to": "high"},
        {"kind": "tag", "words": ["VIP", "q"]},
        {"kind": "untag", "words": ["q"]},
        {"kind": "task", "title": "Call", "hours": 2},
        {"kind": "note", "text": "Careful"},
        {"kind": "notify", "whom": "assignee", "text": "Look at this"},
        {"kind": "snooze", "hours": 1},
        {"kind": "status", "to": "awaiting_vendor"},
    )
    assert errors == [""] * 9
    assert (case.department, case.assignee, case.priority) == (support, agent, "high")
    assert (case.status, list(case.tags.values_list("name", flat=True))) == (
        "awaiting_vendor",
        ["vip"],
    )
    task = Task.objects.get(title="Call")
    assert task.reason == "R"
    assert timedelta(minutes=110) < task.due_at - timezone.now() < timedelta(minutes=121)
    assert Note.objects.get().author is None
    assert Notification.objects.get(user=ben, kind="rule").data["text"] == "Look at this"


def test_c5_the_least_busy_is_who_has_the_fewest_open_cases(case, ben, clara):
    support = Department.objects.get()
    busy, free = (
        Agent.objects.create(user=user, name=user.username, kind=Agent.Kind.HUMAN)
        for user in (ben, clara)
    )
    for agent in (busy, free):
        agent.departments.add(support)
    Case.objects.create(number="C-9", title="x", department=support, assignee=busy)
    assert acting.least_busy(support) == free
    free.is_active = False
    free.save()
    assert acting.least_busy(support) == busy


def test_c3_a_rule_answers_once_for_a_cause(mailed):
    answer = {"kind": "answer", "template": "generic_ack"}
    assert do(mailed, answer) == [""]
    assert do(mailed, answer) == [""]
    letter = OutgoingEmail.objects.get(cause="rule:1:0")
    assert (letter.weight, letter.thread_id) == ("acknowledgement", mailed.thread_id)
    # Another rule finds the acknowledgement of this conversation spent: budgets hold for rules.
    assert do(mailed, answer, via="rule:2") == ["This conversation has had its acknowledgement."]
    assert do(mailed, answer, via="rule:3", weight="commitment") == [""]


def test_c5_what_a_rule_wrote_is_no_answer_and_calls_for_no_reminder(mailed):
    assert do(mailed, {"kind": "answer", "template": "still_there"}, weight="commitment") == [""]
    letters = OutgoingEmail.objects.filter(cause="rule:1:0")
    letters.update(state="sent", sent_at=timezone.now())
    following.note_answers(letters.values_list("pk", flat=True))
    mailed.refresh_from_db()
    assert mailed.answered_at is mailed.first_response_at is None


def test_d1_a_rule_never_answers_a_machine(mailed):
    answer = {"kind": "answer", "template": "generic_ack"}
    Email.objects.update(automatic="auto_reply")
    assert do(mailed, answer) == [acting.NO_MAIL]
    Email.objects.update(automatic="", must_not_answer="It is a list")
    assert do(mailed, answer, via="rule:2") == ["It is a list"]
    assert not OutgoingEmail.objects.filter(state__in=OutgoingEmail.TRUE_SENDS).exists()


def test_c5_a_missing_template_is_an_error_of_that_action_alone(mailed):
    errors = do(mailed, {"kind": "answer", "template": "gone"}, {"kind": "priority", "to": "high"})
    assert errors[0]
    assert not errors[1]
    assert mailed.priority == "high"


def test_c5_a_case_is_handed_to_a_software_agent_who_looks_again(mailed):
    bot = Agent.objects.software().filter(departments__isnull=False).first()
    assert do(mailed, {"kind": "agent", "agent": bot.user.username}) == [""]
    assert mailed.assignee == bot
    mail = mailed.emails.get()
    assert (mail.state, mail.department) == (Email.State.TAKEN_IN, bot.departments.first())


def test_c5_nothing_is_done_to_a_case_that_was_put_into_another(case):
    other = Case.objects.create(number="C-9", title="x", department=case.department)
    Case.objects.filter(pk=case.pk).update(merged_into=other)
    assert do(case, {"kind": "priority", "to": "low"}) != [""]


def test_f10_a_webhook_is_a_row_and_is_told_once(case):
    action = {"kind": "webhook", "url": "https://erp.example/hook"}
    assert do(case, action) == do(case, action) == [""]
    call = WebhookCall.objects.get()
    assert (call.state, call.cause, call.by) == ("waits", "rule:1:0", "R")
    assert Event.objects.get(kind="case.webhook").data["call"] == call.pk
