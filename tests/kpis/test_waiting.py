from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis import waiting
from kpis.waiting import SORTS
from tests.kpis.test_today import allow, part


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


@pytest.fixture
def all_sorts(receive, open_case, write_letter, make_order, department):
    """One row of each sort of work."""
    from cases.models import Task
    from emails.models import Mailbox
    from orders.models import BankEntry, BankStatement, Document, Printout, Quotation

    now = timezone.now()
    late = open_case(standing="breached", next_deadline_at=now)
    Task.objects.create(number="T-1", case=late, title="Look", department=department)
    receive("In quarantine", state="quarantined", error="ValueError: odd")
    write_letter(state="uncertain")
    order = make_order()
    Mailbox.objects.create(address="orders@h-bu.de", department=department, gap_since=now)
    Quotation.objects.create(number="A-1", source="mail")
    Document.objects.create(kind="invoice", format="pdf", number="4711", party="Garn AG")
    statement = BankStatement.objects.create(sha256="x", filename="x", format="camt", account="DE")
    BankEntry.objects.create(
        statement=statement, key="k", booked_on=date(2026, 11, 2), amount=Decimal(12), party="Anna"
    )
    Printout.objects.create(
        cause="x", kind="confirmation", state="failed", order=order, error="No fonts"
    )


def work(user, sort=""):
    return waiting.waiting(user, timezone.now(), sort)


def test_every_sort_of_work_stands_in_the_one_list(clara, all_sorts):
    found = work(clara)
    assert {pile.code for pile in found.piles} == {sort.code for sort in SORTS} - {"reminder"}
    assert all(pile.count == 1 for pile in found.piles)
    assert len(found.items) == found.total == len(found.piles)
    assert all(item.deed.title and item.deed.why and item.deed.since for item in found.items)


def test_each_line_and_each_count_leads_to_the_rows(clara_in, clara, all_sorts):
    found = work(clara)
    for item in found.items:
        assert clara_in.get(item.deed.url).status_code == 200, item
    for pile in found.piles:
        page = clara_in.get(pile.url)
        assert page.status_code == 200, pile
        if "cl" in (page.context or {}):
            assert page.context["cl"].result_count == pile.count, pile


def test_one_sort_is_shown_alone_until_the_last_of_it_is_done(clara, all_sorts):
    from emails.models import Email

    alone = work(clara, "quarantine")
    assert [item.sort for item in alone.items] == ["quarantine"]
    assert alone.chosen.count == 1
    assert alone.total == len(alone.piles)
    Email.objects.update(state="dismissed")
    whole = work(clara, "quarantine")
    assert whole.chosen is None
    assert {item.sort for item in whole.items} == {pile.code for pile in whole.piles}


def test_a_long_pile_is_counted_whole(clara, receive):
    now = timezone.now()
    for number in range(40):
        receive(f"Odd {number}", state="quarantined", received_at=now - timedelta(minutes=number))
    assert len(work(clara).items) == waiting.LENGTH
    assert (work(clara).total, work(clara).more) == (40, 40 - waiting.LENGTH)
    assert len(work(clara, "quarantine").items) == waiting.LENGTH_OF_ONE


def test_a_third_reminder_waits_for_its_person(clara, db):
    from tests.factories import company

    company.load()
    from orders.models import Receivable
    from orders.services import fulfilling
    from tests.orders.books import packed

    order = packed()
    fulfilling.ship(order)
    fulfilling.deliver(order)
    from orders.services import invoicing

    invoicing.issue(order)
    today = timezone.localdate()
    Receivable.objects.update(level=2, next_reminder_on=today, due_on=today - timedelta(days=40))
    (item,) = [one for one in work(clara).items if one.sort == "reminder"]
    assert "overdue by 40 days" in item.deed.why


def test_the_list_empties_and_says_so(clara_in, all_sorts, db):
    assert "Nothing waits for you." not in part(clara_in, "waiting")
    from cases.models import Case, Task
    from emails.models import Email, Mailbox, OutgoingEmail
    from orders.models import BankEntry, Document, Order, Printout, Quotation

    for model in (
        Task,
        Case,
        Email,
        OutgoingEmail,
        Printout,
        Order,
        Quotation,
        Document,
        BankEntry,
    ):
        model.objects.all().delete()
    Mailbox.objects.update(gap_since=None)
    assert "Nothing waits for you." in part(clara_in, "waiting")


def test_who_may_see_one_sort_sees_one(client, ben, all_sorts):
    allow(ben, "view_order")
    ben = type(ben).objects.get(pk=ben.pk)
    assert {pile.code for pile in work(ben).piles} == {"order"}


def test_a_doubtful_order_leads_to_its_desk(clara, make_order):
    order = make_order(doubts=[{"what": "The sum differs", "evidence": "3"}])
    (item,) = work(clara).items
    assert item.deed.url == f"/admin/orders/order/{order.pk}/desk/"


def test_a_pressing_case_says_until_when(clara, open_case):
    case = open_case(standing="at_risk", next_deadline_at=timezone.now() + timedelta(minutes=9))
    (item,) = work(clara).items
    assert item.deed.url == case.get_absolute_url()
    assert "due " in item.deed.why


def test_one_query_a_sort(clara, all_sorts):
    work(clara)
    with CaptureQueriesContext(connection) as queries:
        work(clara)
    assert len(queries) <= len(SORTS)
