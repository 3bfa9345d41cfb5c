"""Who is told of what happened: once, and never beyond what he or she may see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone

from cases import tasks as doorbells
from cases.models import Case, Note, Notification, Task
from cases.notices import AUDIENCES
from cases.services import assigning, bell, hearing, notifying, seeing, tasks, telling_staff
from emails.models import Email, OutgoingEmail
from hbu.journal.models import Cursor, Event
from hbu.journal.recording import _listeners
from tests.cases.staffed import agent, case, department, happens, heard, told, wants

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(django_user_model):
    """A colleague in another department."""
    return django_user_model.objects.create_user("dora", first_name="Dora", is_staff=True)


@pytest.fixture
def sales(ben):
    return department("sales", ben)


def mail(**values):
    number = Email.objects.count() + 1
    return Email.objects.create(
        fingerprint=f"{number:064}", from_name="Anna Sommer", from_address="anna@sommer.example",
        subject="One more thing", kind="general", **values,
    )  # fmt: skip


def words_of(row):
    return telling_staff.words(row)


def test_whoever_gets_a_case_is_told_unless_he_took_it_himself(sales, ben, clara):
    one = case(desk=sales)
    assigning.assign(one, assignee=agent(ben), by=clara)
    heard()
    assert told() == [("ben", "assigned")]
    other = case("C-2025-000002", desk=sales)
    assigning.assign(other, assignee=agent(ben), by=ben)
    heard()
    assert told() == [("ben", "assigned")]
    said = words_of(Notification.objects.get())
    assert said.title == "C-2025-000001 is yours now, from Clara"
    assert said.url == "/cases/C-2025-000001/"


def test_a_case_that_was_handed_on_meanwhile_is_nobodys_news(sales, ben, dora, clara):
    sales.members.add(dora)
    one = case(desk=sales)
    assigning.assign(one, assignee=agent(ben), by=clara)
    assigning.assign(one, assignee=agent(dora), by=clara)
    heard()
    assert told() == [("dora", "assigned")]


def test_a_department_hears_of_its_new_cases_if_it_wants(sales, ben, dora):
    sales.members.add(dora)
    wants(ben, "assigned_team")
    heard(happens("case.opened", case(desk=sales)))
    assert told() == [("ben", "assigned_team")]


def test_a_note_tells_those_it_mentions_and_those_who_follow(sales, ben, clara, dora):
    one = case(desk=sales)
    one.followers.add(ben, clara, dora)
    note = Note.objects.create(case=one, text="@dora please call Anna", author=ben)
    heard(happens("case.noted", one, actor=ben, note=note.pk, mentions=[dora.pk]))
    assert sorted(told()) == [("clara", "followed"), ("dora", "mentioned")]
    row = Notification.objects.get(user=dora)
    assert words_of(row).body == "@dora please call Anna"


def test_f3_who_does_not_see_the_case_is_not_told(sales, ben, dora, django_user_model):
    left = django_user_model.objects.create_user("left", is_staff=True, is_active=False)
    sales.members.add(left)
    one = case(desk=sales)
    with transaction.atomic():
        people = [ben, dora, left]
        notifying.tell(people, "rule", cause="rule:1", case=one, text="Look at this")
    assert told() == [("ben", "rule")]


def test_f3_a_case_that_went_elsewhere_is_shown_no_more(sales, ben):
    one = case(desk=sales, title="Secret token 4711")
    heard(happens("case.opened", one))
    with transaction.atomic():
        notifying.tell([ben], "rule", cause="rule:1", case=one, text="Secret token 4711")
    assert bell.unread(ben) == 1
    Case.objects.update(department=department("finance"))
    assert (bell.unread(ben), bell.newest(ben)) == (0, [])


def test_who_sees_what_is_what_lists_say(sales, ben, clara, dora, mallory):
    finance = department("finance", dora)
    cases = [
        case("C-1", desk=sales), case("C-2", desk=finance), case("C-3", desk=finance, assignee=ben),
        case("C-4", desk=sales),
    ]  # fmt: skip
    cases[3].followers.add(mallory)
    users = [ben, clara, dora, mallory]
    lists = {
        (user.pk, one.pk) for user in users for one in Case.objects.visible_to(user).order_by("pk")
    }
    assert seeing.pairs({user.pk for user in users}, {one.pk for one in cases}) == lists
    assert len(lists) == 2 + 1 + 4 + 2 + 1


def test_software_agents_are_never_told(sales, ben):
    agent(ben, "software")
    one = case(desk=sales, assignee=ben)
    heard(happens("case.joined", one, email=mail().pk))
    assert told() == []


def test_a_customers_mail_tells_whose_case_it_is(sales, ben, clara):
    one = case(desk=sales, assignee=ben)
    one.followers.add(clara)
    heard(happens("case.joined", one, email=mail().pk))
    assert sorted(told()) == [("ben", "customer_wrote"), ("clara", "followed")]
    assert words_of(Notification.objects.get(user=ben)).title == (
        "Anna Sommer wrote in C-2025-000001"
    )


@pytest.mark.parametrize("values", [{"automatic": "auto_reply"}, {"impostor": True}])
def test_what_a_machine_or_an_impostor_wrote_is_no_news(sales, ben, values):
    heard(happens("case.joined", case(desk=sales, assignee=ben), email=mail(**values).pk))
    assert told() == []


def test_a_task_tells_whoever_owes_it_once(sales, ben, dora, clara):
    one = case(desk=sales)
    wanted = Task(case=one, title="Call the customer", assignee=agent(dora), department=sales)
    tasks.add(wanted, by=clara)
    heard()
    # Dora sees the step that she owes, though not its case.
    assert told() == [("dora", "task")]
    (line,) = bell.newest(dora)
    assert "Call the customer" in line.words.title
    assert line.words.url.startswith("/admin/cases/task/")
    assert line.words.body == ""
    tasks.assign(wanted, assignee=agent(ben), by=ben)
    heard()
    assert told() == [("dora", "task")]


def test_a_case_that_was_put_off_is_back_with_whoever_put_it_off(sales, ben):
    heard(happens("case.woken", case(desk=sales), for_user=ben.pk))
    assert told() == [("ben", "snooze_over")]


def test_a_letter_that_came_back_is_told_to_whoever_wrote_it(sales, ben):
    common = {"from_address": "sales@h-bu.de", "to_address": "x@gone.example", "subject": "Hello"}
    mine = OutgoingEmail.objects.create(
        cause="hand:1", weight="personal", created_by=ben, state="bounced", message_id="1", **common
    )
    ours = OutgoingEmail.objects.create(
        cause="email:1", created_by=ben, state="bounced", message_id="2", **common
    )
    heard(happens("outgoing.bounced", mine), happens("outgoing.bounced", ours))
    assert told() == [("ben", "bounced")]
    assert words_of(Notification.objects.get()).title == "Your letter to x@gone.example came back"


def test_what_is_wrong_with_the_house_is_told_to_who_can_mend_it(sales, ben, clara, dora):
    dora.user_permissions.add(Permission.objects.get(codename="change_mailbox"))
    heard(happens("mailbox.failing", sales, address="sales@h-bu.de", error="refused"))
    assert sorted(told()) == [("clara", "system"), ("dora", "system")]
    assert "sales@h-bu.de" in words_of(Notification.objects.filter(user=clara).get()).body


def test_c6_who_does_not_want_to_hear_is_not_told(sales, ben):
    one = case(desk=sales, assignee=ben)
    wants(ben, "customer_wrote", in_page=False)
    heard(happens("case.joined", one, email=mail().pk))
    assert told() == []
    wants(ben, "customer_wrote", in_page=False, mail="at_once")
    heard(happens("case.joined", one, email=mail().pk))
    row = Notification.objects.get()
    assert (row.in_page, row.mail_at is None, bell.unread(ben)) == (False, False, 0)


def test_c6_a_bell_that_rings_twice_tells_once(sales, ben):
    event = happens("case.joined", case(desk=sales, assignee=ben), email=mail().pk)
    for _ in range(3):
        heard(event)
    assert Notification.objects.count() == 1
    bell.read_all(ben)
    heard(event)
    assert Notification.objects.count() == 1


def test_c6_a_lost_bell_is_heard_by_the_sweep_once(sales, ben, clara):
    now = timezone.now()
    assert hearing.unheard(now) == []
    event = happens("case.joined", case(desk=sales, assignee=ben), email=mail().pk)
    Cursor.objects.filter(pk=hearing.READER).update(event_id=event.pk - 1)
    assert hearing.unheard(now) == []
    later = now + timedelta(minutes=10)
    found = hearing.unheard(later)
    assert found == [event.pk]
    doorbells.notify(found)
    assert hearing.unheard(later) == []
    assert told() == [("ben", "customer_wrote")]


def test_every_kind_of_event_that_somebody_hears_of_rings():
    rung = {kind for kind, found in _listeners.items() for one in found if "notify" in one.__name__}
    assert rung == set(AUDIENCES)


def test_c6_fifty_mails_in_a_case_are_one_line(sales, ben):
    busy, other = case("C-1", desk=sales, assignee=ben), case("C-2", desk=sales, assignee=ben)
    events = [happens("case.joined", busy, email=mail().pk) for _ in range(50)]
    for start in range(0, 50, 25):
        heard(*events[start : start + 25])
    heard(happens("case.joined", other, email=mail().pk))
    assert bell.unread(ben) == 2
    lines = bell.newest(ben)
    assert [(one.row.case.number, one.count) for one in lines] == [("C-2", 1), ("C-1", 50)]
    bell.read(ben, [lines[1].row.pk])
    assert bell.unread(ben) == 1
    heard(*events)
    heard(happens("case.joined", busy, email=mail().pk))
    assert [(one.row.case.number, one.count) for one in bell.newest(ben)] == [
        ("C-1", 1), ("C-2", 1), ("C-1", 50),
    ]  # fmt: skip


def test_a_chunk_costs_the_same_queries_however_long_it_is(
    sales, ben, clara, django_assert_max_num_queries
):
    cases = [case(f"C-{number}", desk=sales, assignee=ben) for number in range(25)]
    for one in cases:
        one.followers.add(clara)
    events = [happens("case.joined", one, email=mail().pk) for one in cases]
    Event.objects.get(pk=events[0].pk)
    with django_assert_max_num_queries(20):
        heard(*events)
    assert Notification.objects.count() == 50


def test_opening_a_case_answers_its_bell(sales, ben):
    one = case(desk=sales, assignee=ben)
    heard(happens("case.joined", one, email=mail().pk))
    bell.read_about(ben, one)
    assert bell.unread(ben) == 0


def test_what_was_read_long_ago_is_forgotten(sales, ben):
    now, ago = timezone.now(), timezone.now() - timedelta(days=91)
    for cause, values in {
        "read long ago": {"at": ago, "read_at": ago},
        "read today": {"at": ago, "read_at": now},
        "never read": {"at": ago},
        "only mailed": {"at": ago, "in_page": False, "mail_at": ago, "mailed_at": ago},
        "waits for its mail": {"in_page": False, "mail_at": now},
    }.items():
        Notification.objects.create(user=ben, kind="rule", cause=cause, **values)
    doorbells.forget_notices()
    left = set(Notification.objects.values_list("cause", flat=True))
    assert left == {"read today", "never read", "waits for its mail"}
