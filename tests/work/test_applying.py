import pytest
from django.utils import timezone

from agents import registry
from agents.data import Ask, HandOver, Outcome, Reply
from agents.models import AgentRun, Department
from cases.models import Case, Task
from cases.services import applying, flow, following
from cases.services.news import orders as news
from emails.models import Email, RoyalTemplate
from hbu.company.models import OpeningHours, WorkCalendar
from hbu.journal.models import Event
from orders.models import Order
from orders.services import fulfilling, placing
from shop.models import Stock
from tests.work.mails import STRANGER, complaint, doubtful, letters, mail, order_mail, take

pytestmark = pytest.mark.django_db


# Hand-over, several mails, stock that runs out


def test_a_case_handed_over_is_answered_from_its_new_desk(company, obeying):
    obeying(HandOver(department="finance", reason="money"), Reply(template="complaint_ack"))
    emails = take(complaint(), complaint(sender=STRANGER))
    assert {case.department.code for case in Case.objects.all()} == {"finance"}
    assert {task.department.code for task in Task.objects.all()} == {"finance"}
    assert {letter.from_address for letter in letters()} == {"finance@h-bu.de"}
    assert len(emails) == Event.objects.filter(kind="case.handed_over").count()


def test_c4_a_case_handed_over_is_due_by_the_hours_of_its_new_desk(company, obeying):
    nights = WorkCalendar.objects.create(code="nights", name="Nachtschicht")
    for weekday in range(7):
        OpeningHours.objects.create(calendar=nights, weekday=weekday, opens="20:00", closes="23:00")
    Department.objects.filter(code="finance").update(calendar=nights)
    obeying(HandOver(department="finance", reason="money"))
    take(complaint())
    assert timezone.localtime(Case.objects.get().resolution_due_at).hour in range(20, 24)


def test_two_mails_of_one_case_are_handed_over_together(company, obeying):
    obeying(HandOver(department="finance", reason="money"))
    first = complaint(Message_ID="<first@x.example>")
    take(first, complaint(In_Reply_To="<first@x.example>"))
    assert Case.objects.get().department.code == "finance"


def test_two_orders_for_the_last_pieces_in_one_chunk_end_as_one_and_a_doubt(company):
    Stock.objects.filter(product__sku="HB-1001").update(on_hand=300)
    emails = take(order_mail(reference="PO-1"), order_mail(reference="PO-2"))
    assert [email.state for email in emails] == [Email.State.HANDLED] * 2
    first, second = Order.objects.order_by("pk")
    assert (first.state, second.state) == (Order.State.CONFIRMED, Order.State.CREATED)
    assert [doubt["code"] for doubt in second.doubts] == ["stock.too_low"]
    assert Task.objects.get().title == "Check the order"


def test_one_order_sent_twice_is_confirmed_once(company):
    take(order_mail(), order_mail())
    assert sorted(Order.objects.values_list("state", flat=True)) == ["CONFIRMED", "CREATED"]
    assert [letter.template for letter in letters(weight="commitment")] == ["order_confirmed"]


def test_a_second_worker_on_the_same_mail_changes_nothing(company, monkeypatch):
    real = applying.apply

    def twice(decided):
        real(decided)
        real(decided)

    monkeypatch.setattr(flow, "apply", twice)
    take(order_mail())
    assert (len(letters()), Order.objects.count(), AgentRun.objects.count()) == (1, 1, 1)


def test_a_letter_that_must_not_leave_leaves_the_case_to_a_person(company):
    (email,) = take(mail("Wo bleibt unsere Bestellung?", subject="Lieferstatus"), answerable=False)
    assert [letter.state for letter in letters(answers=email)] == ["withheld"]
    case = Case.objects.get()
    assert (case.status, case.first_response_at) == (Case.Status.NEW, None)
    assert Task.objects.filter(case=case).exists()


def test_a_confirmation_that_must_not_leave_keeps_the_case_open(company):
    take(order_mail(), answerable=False)
    assert Order.objects.get().state == Order.State.CONFIRMED
    assert [letter.state for letter in letters()] == ["withheld"]
    assert Case.objects.get().status == Case.Status.NEW
    assert "imported" in Task.objects.get().reason


def test_a_broken_template_costs_no_order(company):
    RoyalTemplate.objects.filter(code="order_received").update(body="{{ promised_date }}{{ x")
    (email,) = take(doubtful())
    assert email.state == Email.State.HANDLED
    assert Order.objects.count() == 1
    assert letters() == []
    assert Task.objects.get().title == "Check the order"


def test_praise_in_an_open_case_does_not_close_it(company):
    take(complaint(Message_ID="<first@x.example>", sender=STRANGER))
    thanks = "Vielen Dank, Ihr seid wunderbar, großes Lob an das tolle Team!"
    take(
        mail(
            thanks,
            subject="Großes Lob",
            sender=STRANGER,
            to="info@h-bu.de",
            In_Reply_To="<first@x.example>",
        )
    )
    assert Case.objects.get().status != Case.Status.RESOLVED


# One click of a clerk


def test_one_click_confirms_tells_the_customer_and_ends_the_case(company, ben):
    (email,) = take(doubtful())
    assert [letter.template for letter in letters()] == ["order_received"]
    placing.accept_doubts(Order.objects.get(), by=ben)
    for _ in range(2):
        news.tell_confirmed(Order.objects.values_list("pk", flat=True))
        following.settle(list(Order.objects.all()))
    received, confirmation = letters()
    assert (confirmation.template, confirmation.state) == ("order_confirmed", "queued")
    assert (confirmation.thread_id, confirmation.answers_id) == (received.thread_id, email.pk)
    assert confirmation.in_reply_to == email.message_id
    assert (confirmation.weight, confirmation.policy) == ("commitment", "at_least_once")
    assert Task.objects.get().status == Task.Status.RESOLVED
    case = Case.objects.get()
    assert case.status == Case.Status.RESOLVED
    assert Event.objects.about(case).get(kind="case.resolved").actor == ben


def test_a_cancelled_order_ends_the_case_without_a_letter(company, ben):
    take(doubtful())
    fulfilling.cancel(Order.objects.get(), reason="a test", by=ben)
    news.tell_confirmed(Order.objects.values_list("pk", flat=True))
    following.settle(list(Order.objects.all()))
    assert [letter.template for letter in letters()] == ["order_received"]
    assert Task.objects.get().status == Task.Status.RESOLVED
    assert Case.objects.get().status == Case.Status.RESOLVED


def test_the_case_waits_while_another_order_or_task_of_it_is_open(company, ben):
    take(order_mail("200 Stück HB-1001", "1 Stück NIX-1", Message_ID="<first@x.example>"))
    more = order_mail("300 Stück HB-1001", "1 Stück NIX-1", reference="PO-2")
    take(more.replace(b"Subject:", b"In-Reply-To: <first@x.example>\nSubject:", 1))
    case = Case.objects.get()
    first, second = case.orders.order_by("pk")
    placing.accept_doubts(first, by=ben)
    following.settle([first])
    assert set(Task.objects.values_list("status", flat=True)) == {Task.Status.NEW}
    other = Task.objects.create(
        number="T-0", case=case, title="Call Ms Berger", department=case.department
    )
    placing.accept_doubts(second, by=ben)
    following.settle([second])
    case.refresh_from_db()
    assert case.status != Case.Status.RESOLVED
    assert list(Task.objects.open()) == [other]


def test_the_doorbell_and_the_sweep_find_what_a_click_left(
    company, ben, monkeypatch, django_capture_on_commit_callbacks
):
    from cases import tasks

    take(doubtful())
    order = Order.objects.get()
    for task in (tasks.tell_confirmed, tasks.settle):
        monkeypatch.setattr(task, "delay", task)
    with django_capture_on_commit_callbacks(execute=True):
        placing.accept_doubts(order, by=ben)
    assert [letter.template for letter in letters()] == ["order_received", "order_confirmed"]
    assert Case.objects.get().status == Case.Status.RESOLVED
    assert following.unsettled() == []


def test_the_sweep_lists_orders_whose_doorbell_was_lost(company, ben):
    take(doubtful())
    assert following.unsettled() == []
    placing.accept_doubts(Order.objects.get(), by=ben)
    assert following.unsettled() == [Order.objects.get().pk]
    following.settle(list(Order.objects.all()))
    assert following.unsettled() == []


def test_a_person_who_moved_the_case_meanwhile_is_not_overruled(company, monkeypatch):
    def think(_brief):
        Case.objects.update(status=Case.Status.AWAITING_VENDOR)
        return Outcome(actions=(Reply(template="complaint_ack"), Ask(title="x", reason="x")))

    for role in registry.ROLES:
        monkeypatch.setitem(registry.ROLES, role, think)
    take(complaint())
    case = Case.objects.get()
    assert case.status == Case.Status.AWAITING_VENDOR
