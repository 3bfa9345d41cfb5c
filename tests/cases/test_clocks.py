"""What cases owe and until when, kept where lists can be sorted by it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import tasks
from cases.models import Case, SLAPolicy, SLAResult
from cases.services import assigning, clocks, following, life
from hbu.company.models import Holiday, OpeningHours, WorkCalendar
from hbu.journal.models import Event
from hbu.journal.recording import record
from tests.cases.desk import answer, at, desk, frozen, letter, move, open_case

pytestmark = pytest.mark.django_db
Status, Standing = Case.Status, Case.Standing


def refresh(case, moment):
    with frozen(moment):
        clocks.recompute([case.pk])
    case.refresh_from_db()
    return case


def results(**values):
    rows = SLAResult.objects.filter(**values).order_by("clock", "since")
    return [(row.clock, row.minutes, row.kept) for row in rows]


def test_c4_a_new_case_knows_its_deadlines_and_when_to_look_again(company):
    case = open_case("23 08:00")
    assert (case.policy.code, case.standing) == ("standard", Standing.ON_TRACK)
    assert case.first_response_due_at == case.next_deadline_at == at("23 12:00")
    assert case.next_alarm_at == at("23 11:00")
    assert case.update_due_at is None


def test_a_case_that_waits_for_others_has_no_deadline_but_its_first_answer(company):
    case = open_case()
    move(case, Status.AWAITING_VENDOR, "23 10:00")
    assert (case.resolution_due_at, case.next_deadline_at) == (None, at("23 12:00"))
    answer(case, "23 11:00")
    case.refresh_from_db()
    assert (case.next_deadline_at, case.next_alarm_at) == (None, None)
    assert case.standing == Standing.PAUSED


def test_c4_results_are_written_when_clocks_end_and_go_when_they_run_again(company):
    SLAPolicy.objects.update(update_minutes=120)
    case = open_case()
    answer(case, "23 09:00")
    for wrote, answered in (("23 10:00", "23 11:00"), ("24 08:00", "24 10:30")):
        Case.objects.update(customer_wrote_at=at(wrote))
        answer(case, answered)
    move(case, Status.RESOLVED, "24 11:00")
    assert case.standing == Standing.BREACHED
    assert results() == [
        ("first_response", 60, True),
        ("resolution", 8.5 * 60 + 3 * 60, True),
        ("update", 60, True),
        ("update", 150, False),
    ]
    move(case, Status.IN_PROGRESS, "25 08:00")
    assert not results(clock="resolution")
    move(case, Status.RESOLVED, "25 09:00")
    assert results(clock="resolution") == [("resolution", 8.5 * 60 + 4 * 60, True)]


def test_a_first_answer_that_was_late_and_never_left_counts_as_broken(company):
    case = open_case()
    move(case, Status.RESOLVED, "24 09:00")
    assert results(clock="first_response") == [("first_response", 570, False)]
    other = open_case()
    move(other, Status.RESOLVED, "23 09:00")
    assert not results(case=other, clock="first_response")
    assert (case.standing, other.standing) == (Standing.BREACHED, Standing.MET)


def test_what_ended_is_judged_by_what_was_promised_then(company):
    case = open_case()
    answer(case, "23 11:00")
    SLAPolicy.objects.filter(code="standard").update(first_response_minutes=60)
    refresh(case, "23 11:30")
    assert results() == [("first_response", 180, True)]
    assert clocks.readable(case, at("23 12:00")).clocks[0].promised == 240


def test_what_the_shop_and_programs_bring_owes_no_first_answer(company):
    for channel in (Case.Channel.SHOP, Case.Channel.PROGRAM):
        case = open_case(channel=channel)
        assert (case.first_response_due_at, case.next_deadline_at) == (None, case.resolution_due_at)


# Which promise


def rule(code, condition, position=1, **fields):
    values = {"name_de": code, "name_en": code, "first_response_minutes": 10}
    return SLAPolicy.objects.create(
        code=code,
        condition=condition,
        position=position,
        **(values | {"resolution_minutes": 20} | fields),
    )


def test_c4_the_rule_names_the_sla_else_the_first_condition_that_holds(company, ben):
    urgent = {"field": "priority", "op": "is", "value": "urgent"}
    rule("second", urgent, position=2)
    first = rule("first", {"all": [urgent, {"field": "department", "op": "is", "value": "info"}]})
    rule("off", urgent, position=0, is_active=False)
    named, plain = open_case(sla="oem", priority="urgent"), open_case(sla="gone", priority="urgent")
    calm, elsewhere = (
        open_case(sla=""),
        open_case(sla="", priority="urgent", department=desk("sales")),
    )
    codes = [case.policy.code for case in (named, plain, calm, elsewhere)]
    assert codes == ["oem", "first", "standard", "second"]
    with frozen("23 09:00"):
        assigning.assign(calm, priority="urgent", by=ben)
    assert calm.policy == first
    assert calm.first_response_due_at == at("23 08:10")


def test_a_department_has_hours_of_its_own(company):
    nights = WorkCalendar.objects.create(code="nights", name="Nachtschicht")
    OpeningHours.objects.create(calendar=nights, weekday=0, opens="18:00", closes="23:00")
    oem = desk("oem1")
    oem.calendar = nights
    oem.save()
    assert open_case(department=oem).first_response_due_at == at("23 22:00")


def test_a_holiday_that_is_entered_moves_the_deadlines_of_open_cases(company):
    case, done = open_case("23 16:00"), open_case("23 16:00")
    move(done, Status.CLOSED, "23 16:30")
    before = done.resolution_due_at
    Holiday.objects.create(date="2026-11-24", name="Betriebsausflug")
    refresh(case, "23 16:45")
    done.refresh_from_db()
    assert case.first_response_due_at == at("25 11:00")
    assert done.resolution_due_at == before


def test_a_change_of_the_hours_rings_for_every_open_case_and_is_found_if_the_bell_is_lost(
    company, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(tasks.refresh_clocks, "delay", rung.append)
    monkeypatch.setattr(tasks.recount, "delay", tasks.recount)
    case, now = open_case(), timezone.now()
    assert clocks.overlooked(now + timedelta(minutes=5)) == []
    with django_capture_on_commit_callbacks(execute=True):
        event = record("config.changed", Holiday.objects.first())
        other = record("config.changed", case)
    assert rung == [[case.pk]]
    assert clocks.overlooked(now + timedelta(minutes=5)) == [event.pk, other.pk]
    assert clocks.overlooked(now + timedelta(minutes=5)) == []


def test_the_number_of_queries_does_not_grow_with_the_cases(company):
    rule("hot", {"field": "tags", "op": "contains", "value": "hot"})
    cases = [open_case() for _ in range(12)]
    counts = []
    for many in (cases[:2], cases):
        with CaptureQueriesContext(connection) as queries, frozen("23 09:30"):
            clocks.recompute([case.pk for case in many])
        counts.append(len(queries))
    assert counts[0] == counts[1] < 25


def test_open_cases_from_before_there_were_clocks_are_counted(company):
    case = open_case()
    Case.objects.update(standing=Standing.NONE, next_alarm_at=None)
    assert clocks.uncounted() == [case.pk]
    refresh(case, "23 09:00")
    assert (clocks.uncounted(), case.next_alarm_at) == ([], at("23 11:00"))


# The first answer


def test_c4_an_acknowledgement_is_no_answer_and_a_person_or_a_confirmation_is(company):
    case = open_case()
    thanks = {"weight": "acknowledgement", "template": "generic_ack"}
    for fields in (thanks, {"weight": "notice"}, {"state": "queued", "sent_at": None}):
        following.note_answers([letter(case, "23 08:01", **fields).pk])
        assert following.unnoted(at("23 09:00")) == []
    assert Case.objects.get().first_response_at is None
    promise = letter(case, "23 09:30", weight="commitment", template="order_confirmed")
    own = letter(case, "23 09:00", template="generic_ack")
    assert following.unnoted(at("23 09:40")) == [promise.pk, own.pk]
    following.note_answers([promise.pk, own.pk])
    case.refresh_from_db()
    assert (case.first_response_at, case.answered_at) == (at("23 09:00"), at("23 09:30"))
    assert following.unnoted(at("23 09:40")) == []


def test_a_letter_answers_the_case_that_was_open_when_it_left(company):
    old = open_case("16 08:00")
    move(old, Status.CLOSED, "17 10:00")
    new = open_case("23 08:00")
    Case.objects.filter(pk=new.pk).update(thread=old.thread)
    following.note_answers([letter(old, "16 09:00").pk, letter(old, "23 09:00").pk])
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.first_response_at, new.first_response_at) == (at("16 09:00"), at("23 09:00"))


def test_a_later_answer_is_missed_only_while_the_customer_waits(company):
    case = open_case()
    answer(case, "23 09:00")
    later = letter(case, "23 10:00")
    assert following.unnoted(at("23 11:00")) == []
    Case.objects.update(customer_wrote_at=at("23 09:30"))
    assert following.unnoted(at("23 11:00")) == [later.pk]
    following.note_answers([later.pk])
    assert following.unnoted(at("23 11:00")) == []


# The end


def test_resolved_cases_are_closed_when_nobody_came_back(company):
    case = open_case()
    move(case, Status.RESOLVED, "03 09:00")
    assert not life.to_close(at("17 08:00"))
    with time_machine.travel(at("17 09:01"), tick=False), transaction.atomic():
        tasks.close_resolved(life.to_close(at("17 09:01")))
    case.refresh_from_db()
    assert case.status == Status.CLOSED


# Where people read it


def seconds(text):
    units = {"h": 3600, "min": 60, "s": 1}
    words = text.split()
    return sum(int(n) * units[u] for n, u in zip(words[::2], words[1::2], strict=True))


def test_e8_what_the_pages_show_of_a_clock_adds_up(company, clara, client):
    client.force_login(clara)
    case = open_case("20 13:07")
    move(case, Status.AWAITING_CUSTOMER, "23 09:30")
    for address in (f"/cases/{case.number}/", f"/admin/cases/case/{case.pk}/change/"):
        with frozen("24 10:00"):
            page = client.get(address)
        assert page.status_code == 200
        tables = re.findall(r'class="hb-stretches">.*?</table>', page.content.decode(), re.DOTALL)
        assert len(tables) == 2
        for table in tables:
            shown = re.findall(r"<td>((?:\d+ (?:h|min|s) ?)+)</td>", table)
            assert sum(map(seconds, shown[:-1])) == seconds(shown[-1]) > 0
        assert "waiting for the customer" in tables[1]
        assert "waiting for the customer" not in tables[0]


def test_a_policy_is_edited_with_its_condition_and_its_steps(company, clara, client):
    client.force_login(clara)
    case = open_case(sla="")
    asked = {
        "code": "urgent", "name_de": "Eilig", "name_en": "Urgent", "position": 1, "is_active": "on",
        "condition": '{"field": "priority", "op": "is", "value": "normal"}',
        "first_response_minutes": 30, "resolution_minutes": 60,
        "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 0,
        "steps-0-percent": 50, "steps-0-whom": "leads",
    }  # fmt: skip
    wrong = client.post("/admin/cases/slapolicy/add/", asked | {"condition": '{"field": "x"}'})
    assert (wrong.status_code, SLAPolicy.objects.filter(code="urgent").exists()) == (200, False)
    for name, what in [
        ("first_response_minutes", ""), ("resolution_minutes", 20), ("steps-0-whom", "person"),
    ]:  # fmt: skip
        refused = client.post("/admin/cases/slapolicy/add/", asked | {name: what})
        assert refused.status_code == 200, name
    assert not SLAPolicy.objects.filter(code="urgent").exists()
    done = client.post("/admin/cases/slapolicy/add/", asked)
    assert done.status_code == 302
    policy = SLAPolicy.objects.get(code="urgent")
    assert [step.percent for step in policy.steps.all()] == [50]
    assert "Priority" in client.get("/admin/cases/slapolicy/").content.decode()
    event = Event.objects.filter(kind="config.added", subject_id=policy.pk).latest("pk")
    assert clocks.counted([event.pk]) == [case.pk]
    assert refresh(case, "23 08:10").policy == policy
    assert case.next_alarm_at == at("23 08:15")
