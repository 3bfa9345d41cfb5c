from datetime import datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from agents.models import Department
from cases.models import Case, CaseEmail
from cases.services import flow, opening
from emails.models import Email, Thread
from emails.services import stages
from emails.services.joining import COPY
from emails.threading import signed_message_id
from hbu.journal.models import Event
from hbu.lib.errors import DomainError

pytestmark = pytest.mark.django_db
State = Email.State
numbers = iter(range(10**6))


def mail(**fields):
    values = {
        "fingerprint": f"{next(numbers):064}",
        "state": State.TRIAGED,
        "subject": "Buttons",
        "kind": "general",
        "priority": "normal",
        "sla": "standard",
        "from_address": "anna@atelier-nord.example",
        "department": Department.objects.get(code="info"),
    }
    if "thread" not in fields:
        fields["thread"] = Thread.objects.create()
    return Email.objects.create(**(values | fields))


def take_in(*emails):
    stages.run(flow.TAKE_IN, [email.pk for email in emails])
    for email in emails:
        email.refresh_from_db()


def kinds():
    found = Event.objects.filter(kind__regex="^(case|email)[.]").order_by("pk")
    return [event.kind for event in found]


def test_a_mail_opens_a_case_with_its_facts_and_deadlines(company):
    now = datetime(2026, 10, 19, 9, tzinfo=timezone.get_current_timezone())
    with time_machine.travel(now, tick=False):
        email = mail(subject="500 buttons", kind="order", priority="high")
        take_in(email)
    case = email.cases.get()
    assert (case.title, case.kind, case.priority) == ("500 buttons", "order", "high")
    assert case.department.code == "info"
    assert case.number.startswith("C-2026-")
    # Four working hours, and the lunch break.
    assert case.first_response_due_at == now + timedelta(hours=4, minutes=30)
    assert case.resolution_due_at > case.first_response_due_at
    assert (email.state, email.attempts, email.claimed_until) == (State.TAKEN_IN, 0, None)
    assert kinds() == ["case.opened", "email.taken_in"]


def test_a_mail_without_a_department_or_a_known_sla_opens_a_case_all_the_same(company):
    email = mail(department=None, sla="gone", subject="", priority="")
    take_in(email)
    case = email.cases.get()
    assert (case.title, case.priority, case.policy.code) == ("-", "normal", "standard")
    assert case.department is not None


def test_an_answer_joins_the_open_case_of_its_thread(company):
    thread = Thread.objects.create()
    first, second, other = mail(thread=thread), mail(thread=thread), mail()
    take_in(first, second, other)
    later = mail(thread=thread)
    take_in(later)
    assert first.cases.get() == second.cases.get() == later.cases.get() != other.cases.get()
    assert Case.objects.count() == 2


def test_a_closed_case_is_not_joined(company):
    thread = Thread.objects.create()
    first = mail(thread=thread)
    take_in(first)
    Case.objects.update(status=Case.Status.CLOSED)
    second = mail(thread=thread)
    take_in(second)
    assert first.cases.get() != second.cases.get()


def test_a_person_brings_a_waiting_case_back_and_a_machine_never(company):
    waiting = (Case.Status.AWAITING_CUSTOMER, Case.Status.RESOLVED)
    for status, automatic in product(waiting, ("", "auto_reply", "bulk")):
        thread = Thread.objects.create()
        take_in(mail(thread=thread))
        before = len(kinds())
        Case.objects.filter(thread=thread).update(status=status, resolved_at=timezone.now())
        answer = mail(thread=thread, automatic=automatic)
        take_in(answer)
        case, reopens = Case.objects.get(thread=thread), not automatic
        assert case.status == (Case.Status.IN_PROGRESS if reopens else status)
        assert (case.resolved_at is None) == reopens
        assert ("case.reopened" in kinds()[before:]) == reopens
        assert answer.state == (State.TAKEN_IN if reopens else State.HANDLED)
        assert answer.cases.get() == case


MACHINES = [
    ({"kind": "spam"}, False),
    ({"automatic": "auto_reply", "kind": "order"}, False),
    ({"automatic": "bounce"}, False),
    ({"automatic": "feedback_report"}, False),
    ({"automatic": "bulk"}, False),
    ({"automatic": "bulk", "kind": "order"}, True),
    ({"automatic": "bulk", "kind": "invoice"}, True),
    ({"automatic": ""}, True),
    ({"must_not_answer": COPY}, False),
    ({"must_not_answer": COPY, "kind": "order"}, True),
]


def test_d1_machines_and_copies_open_no_case_unless_they_bring_business(company):
    for fields, opens in MACHINES:
        email = mail(**fields)
        take_in(email)
        assert (fields, email.cases.exists()) == (fields, opens)
        assert email.state == (State.TAKEN_IN if opens else State.HANDLED)
        assert kinds()[-1] == ("email.taken_in" if opens else "email.set_aside")


def test_business_that_a_machine_brings_is_worked_on_in_an_open_case_too(company):
    thread = Thread.objects.create()
    take_in(mail(thread=thread))
    Case.objects.update(status=Case.Status.AWAITING_CUSTOMER)
    order, notice = (
        mail(thread=thread, automatic="bulk", kind=kind) for kind in ("order", "general")
    )
    take_in(order, notice)
    assert (order.state, notice.state) == (State.TAKEN_IN, State.HANDLED)
    assert Case.objects.get().status == Case.Status.AWAITING_CUSTOMER


def test_d3_what_comes_under_our_own_address_is_linked_and_changes_nothing(company):
    thread = Thread.objects.create()
    take_in(mail(thread=thread))
    Case.objects.update(status=Case.Status.RESOLVED)
    forged = mail(thread=thread, impostor=True, joined_by="reference")
    take_in(forged)
    assert (forged.state, forged.cases.get()) == (State.HANDLED, Case.objects.get())
    assert Case.objects.get().status == Case.Status.RESOLVED


def test_d2_our_own_letter_that_comes_back_opens_no_case(company, settings):
    key = settings.HBU_MESSAGE_ID_KEY.encode()
    ours = mail(message_id=signed_message_id(key, "4711", "h-bu.de"))
    forged = mail(message_id="<hb.4711.00@h-bu.de>")
    take_in(ours, forged)
    assert (ours.cases.exists(), forged.cases.exists()) == (False, True)


def test_a_mail_is_taken_in_once_however_often_it_is_rung(company):
    email = mail()
    stale = [Email.objects.get(pk=email.pk)]
    take_in(email)
    flow.take_in(stale)
    take_in(email)
    assert (Case.objects.count(), CaseEmail.objects.count()) == (1, 1)


def test_a_chunk_that_fails_leaves_no_case_behind(company, monkeypatch):
    email = mail()

    def dies(*_args, **_kwargs):
        raise SystemExit

    monkeypatch.setattr(flow, "_move", dies)
    with pytest.raises(SystemExit):
        take_in(email)
    email.refresh_from_db()
    assert (Case.objects.count(), email.state) == (0, State.TRIAGED)


def test_numbers_are_drawn_without_holes_or_doubles(company):
    take_in(*(mail() for _ in range(30)))
    take_in(*(mail() for _ in range(3)))
    drawn = [int(one.rpartition("-")[2]) for one in Case.objects.values_list("number", flat=True)]
    assert sorted(drawn) == list(range(min(drawn), min(drawn) + 33))


def test_a15_deadlines_only_move_on_in_the_night_the_clocks_go_back(company):
    due = []
    for minute in range(0, 180, 10):
        moment = datetime.fromisoformat("2026-10-25T00:00+02:00") + timedelta(minutes=60 + minute)
        with time_machine.travel(moment, tick=False):
            email = mail()
            take_in(email)
        due.append(email.cases.get().first_response_due_at)
    assert due == sorted(due)


def test_without_a_company_the_quarantine_says_so(db):
    with pytest.raises(DomainError, match="No company"), transaction.atomic():
        opening.take_in([])
