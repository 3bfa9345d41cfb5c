from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from hbu.company.models import Holiday, Terms
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Printout, Receivable, Reminder
from orders.services import paying, reminding
from tests.orders.books import at_once
from tests.orders.ledger import owed, paid_in

pytestmark = pytest.mark.usefixtures("company")
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _terms(company):
    Terms.objects.update_or_create(
        pk=1, defaults={"reminder_days": [7, 17, 27], "reminder_fee": Decimal("5.00")}
    )


def overdue(days=7, **fields):
    """An invoice that has been due for so many days on that Monday."""
    return owed(issued=MONDAY - timedelta(days=days + 30), **fields)


def row(invoice) -> Receivable:
    return Receivable.objects.get(invoice=invoice)


def levels() -> list[int]:
    return list(Reminder.objects.order_by("pk").values_list("level", flat=True))


def test_a_week_after_it_was_due_the_first_reminder_is_written():
    invoice = overdue()
    overdue(6)
    (reminder,) = reminding.remind(MONDAY)
    assert (reminder.invoice, reminder.level, reminder.fee) == (invoice, 1, 0)
    assert reminder.number.startswith("M-")
    assert (reminder.open_amount, reminder.pay_until) == (119, date(2026, 11, 26))
    assert Printout.objects.get().cause == f"reminder:{reminder.pk}"
    assert Event.objects.get(kind="reminder.written").subject_id == reminder.pk
    assert (row(invoice).level, row(invoice).next_reminder_on) == (1, date(2026, 11, 27))


def test_running_twice_writes_nothing_twice():
    overdue()
    assert len(reminding.remind(MONDAY)) == 1
    assert reminding.remind(MONDAY) == []


@pytest.mark.parametrize("day", [MONDAY - timedelta(days=1), MONDAY - timedelta(days=2)])
def test_on_a_weekend_nobody_is_reminded(day):
    overdue(30)
    assert reminding.remind(day) == []


def test_on_a_holiday_nobody_is_reminded():
    Holiday.objects.create(date=MONDAY, name="Kirmes")
    overdue(30)
    assert reminding.remind(MONDAY) == []
    assert len(reminding.remind(MONDAY + timedelta(days=1))) == 1


def test_the_third_is_a_persons_to_give_and_the_only_one_that_costs(clara):
    invoice = overdue()
    for days in (0, 14, 35):
        reminding.remind(MONDAY + timedelta(days=days))
    assert levels() == [1, 2]
    later = MONDAY + timedelta(days=35)
    assert list(Receivable.objects.to_confirm(later)) == [row(invoice)]
    with time_machine.travel(later):
        third = reminding.remind_now(row(invoice), by=clara)
    assert (third.level, third.fee, third.by) == (3, 5, clara)
    assert row(invoice).next_reminder_on is None
    assert not Receivable.objects.to_confirm(later).exists()
    with time_machine.travel(later), pytest.raises(DomainError):
        reminding.remind_now(row(invoice), by=clara)


def test_what_was_paid_or_paused_is_not_reminded(clara):
    paid, paused, open_one = overdue(), overdue(), overdue()
    paying.allocate(paid_in(), paid, Decimal(119))
    with time_machine.travel(MONDAY):
        until = MONDAY + timedelta(days=9)
        reminding.pause(row(paused), until=until, reason="Complaint", by=clara)
    assert [one.invoice for one in reminding.remind(MONDAY)] == [open_one]
    assert reminding.remind(until) == []
    assert [one.invoice for one in reminding.remind(until + timedelta(days=1))] == [paused]


def test_do_not_remind_holds_until_a_person_says_otherwise(clara):
    invoice = overdue()
    reminding.pause(row(invoice), until=None, reason="Managing director", by=clara)
    assert reminding.remind(MONDAY + timedelta(days=371)) == []
    reminding.resume(row(invoice), by=clara)
    assert len(reminding.remind(MONDAY)) == 1


def test_credit_notes_are_not_reminded():
    owed(
        number="GS-2026-900009",
        kind="credit_note",
        refers_to=owed(issued=MONDAY),
        issued=MONDAY - timedelta(days=90),
    )
    assert reminding.remind(MONDAY) == []


def test_nobody_is_reminded_by_hand_before_it_is_due(clara):
    invoice = owed(issued=MONDAY)
    with time_machine.travel(MONDAY), pytest.raises(DomainError, match="not due"):
        reminding.remind_now(row(invoice), by=clara)


@pytest.mark.parametrize("count", [1, 20])
def test_the_number_of_queries_does_not_grow(count, django_assert_max_num_queries):
    for _ in range(count):
        overdue()
    with django_assert_max_num_queries(24):
        assert len(reminding.remind(MONDAY)) == count


def test_half_paid_asks_for_the_rest():
    invoice = overdue()
    paying.allocate(paid_in("100.00"), invoice, Decimal(100))
    assert [one.open_amount for one in reminding.remind(MONDAY)] == [19]


@pytest.mark.django_db(transaction=True)
def test_o3_two_workers_remind_once(company):
    for _ in range(5):
        overdue()
    assert at_once([lambda: reminding.remind(MONDAY)] * 4) == [None] * 4
    assert levels() == [1] * 5
