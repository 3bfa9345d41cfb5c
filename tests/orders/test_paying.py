import random
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Allocation, BankEntry, Receivable
from orders.services import open_items, paying, reconciling
from orders.services.paying import Share
from tests.orders.books import at_once
from tests.orders.ledger import DAY, active, open_of, owed, paid_in, state_of

pytestmark = pytest.mark.usefixtures("company")
IBAN = "DE02120300000000202051"


def matched(entry) -> str:
    reconciling.match()
    entry.refresh_from_db()
    return entry.state


@pytest.mark.parametrize(
    "purpose",
    [
        "RE-2026-900123", "re2026-900123", "RE 2026 900123", "Rechnung Nr. 2026/900123",
        "Zahlung Rg. RE-2026-900 123 vom 19.10.2026", "RE2026900123 Modehaus", "RE:2026:900123",
    ],
)  # fmt: skip
def test_a_payment_that_names_its_invoice_pays_it(purpose):
    invoice = owed(number="RE-2026-900123")
    assert matched(paid_in("119.00", purpose)) == "matched"
    assert (open_of(invoice), state_of(invoice)) == (0, "paid")
    assert Event.objects.filter(kind="invoice.paid", subject_id=invoice.pk).count() == 1
    assert Receivable.objects.get(invoice=invoice).paid_on == DAY


@pytest.mark.parametrize(
    ("amount", "purpose"),
    [
        ("119.00", "B-2026-900123"),
        ("119.00", "Danke schön"),
        ("119.00", "RE-2026-900124"),
        ("119.01", "Rechnung 900123"),
        ("0.01", "RE-2025-900123"),
        ("119.00", "bitte am 2026-10-19 buchen"),
    ],
)
def test_an_amount_alone_or_another_number_pays_nothing(amount, purpose):
    invoice = owed(number="RE-2026-900123")
    assert matched(paid_in(amount, purpose)) == "open"
    assert open_of(invoice) == 119


def test_several_numbers_in_one_payment_pay_each():
    owed("100.00", number="RE-2026-900001")
    owed("50.00", number="RE-2026-900002")
    owed("25.00", number="RE-2026-900003")
    assert matched(paid_in("175.00", "RE-2026-900001, 900002 und 900003")) == "matched"
    assert [amount for _, amount in active()] == [100, 50, 25]


def test_a_credit_note_is_deducted_from_what_is_paid():
    invoice = owed("100.00", number="RE-2026-900001")
    old = owed("20.00", open_amount="0")
    note = owed("20.00", number="GS-2026-900001", kind="credit_note", refers_to=old)
    assert matched(paid_in("80.00", "RE-2026-900001 abzgl. GS-2026-900001")) == "matched"
    assert (open_of(invoice), open_of(note)) == (0, 0)
    assert active() == [("GS-2026-900001", -20), ("RE-2026-900001", 100)]


def test_what_we_pay_back_settles_the_credit_note():
    note = owed("20.00", number="GS-2026-900001", kind="credit_note", refers_to=owed())
    assert matched(paid_in("-20.00", "Erstattung GS-2026-900001")) == "matched"
    assert open_of(note) == 0


def test_what_else_we_pay_asks_nobody():
    assert matched(paid_in("-500.00", "Miete")) == "ignored"


@pytest.mark.parametrize(("late", "state"), [(0, "matched"), (2, "matched"), (3, "open")])
def test_cash_discount_is_granted_in_time_and_two_days_longer(late, state):
    invoice = owed("119.00", discount="2", discount_days=10)
    day = DAY + timedelta(days=10 + late)
    assert matched(paid_in("116.62", invoice.number, day=day)) == state
    if state == "matched":
        assert Allocation.objects.get().cash_discount == Decimal("2.38")
        assert open_of(invoice) == 0


def test_a_cent_of_their_rounding_is_taken_as_it_is():
    invoice = owed("119.99", discount="3", discount_days=10)
    assert matched(paid_in("116.40", invoice.number)) == "matched"
    assert Allocation.objects.get().cash_discount == Decimal("3.59")
    assert open_of(invoice) == 0


def test_a_part_of_a_named_invoice_is_booked_when_the_customer_pays_it():
    invoice = owed("119.00")
    assert matched(paid_in("100.00", invoice.number, party="Modehaus Berger")) == "matched"
    assert (open_of(invoice), state_of(invoice)) == (19, "partly")


def test_a_part_from_a_stranger_waits_for_a_person():
    entry = paid_in("100.00", owed("119.00").number, party="Somebody Else")
    assert matched(entry) == "open"
    assert [one.score for one in reconciling.propose(entry)] == [0.7]


def test_what_was_paid_too_much_stays_with_the_payment():
    invoice = owed("119.00")
    entry = paid_in("130.00", invoice.number, party="Modehaus Berger GmbH & Co. KG")
    assert matched(entry) == "partly"
    assert paying.rest_of(entry) == 11
    assert open_of(invoice) == 0


def test_who_paid_from_an_account_before_is_known_by_it():
    first = owed("50.00")
    assert matched(paid_in("50.00", first.number, iban=IBAN)) == "matched"
    second = owed("77.70")
    assert matched(paid_in("77.70", "vielen Dank", iban=IBAN)) == "matched"
    assert open_of(second) == 0


def test_two_invoices_of_the_same_amount_wait_for_a_person():
    assert matched(paid_in("50.00", owed("50.00").number, iban=IBAN)) == "matched"
    owed("77.70"), owed("77.70")
    entry = paid_in("77.70", "vielen Dank", iban=IBAN)
    assert matched(entry) == "open"
    assert len(reconciling.propose(entry)) == 2


def test_an_order_or_a_customer_number_with_the_exact_amount_is_enough():
    first, second = owed("50.00"), owed("60.00", customer="K-10002")
    assert matched(paid_in("50.00", f"Auftrag {first.order.number}")) == "matched"
    assert matched(paid_in("60.00", "Kd-Nr. K-10002")) == "matched"
    assert (open_of(first), open_of(second)) == (0, 0)


def test_a_name_alone_only_proposes():
    invoice = owed("50.00")
    entry = paid_in("50.00", "Danke", party="MODEHAUS BERGER GMBH")
    assert matched(entry) == "open"
    best = reconciling.propose(entry)[0]
    assert (best.parts[0].item, best.certain) == (invoice.pk, False)


def test_an_invoice_that_is_paid_twice_is_told_and_waits():
    invoice = owed("50.00")
    assert matched(paid_in("50.00", invoice.number)) == "matched"
    again = paid_in("50.00", invoice.number)
    assert matched(again) == "open"
    assert "not open" in again.reasons[0]["what"]


def test_another_currency_is_kept_and_not_matched():
    invoice = owed("50.00")
    assert matched(paid_in("50.00", invoice.number, currency="USD")) == "open"
    with pytest.raises(DomainError, match="currencies"):
        paying.allocate(BankEntry.objects.get(), invoice, Decimal(50))


def test_taking_back_opens_the_invoice_and_the_payment_again(clara):
    invoice, entry = owed("50.00"), paid_in("50.00")
    allocation = paying.allocate(entry, invoice, Decimal(50), by=clara)
    paying.take_back(allocation, by=clara)
    entry.refresh_from_db()
    assert (entry.state, open_of(invoice), state_of(invoice)) == ("open", 50, "open")
    assert Receivable.objects.get(invoice=invoice).paid_on is None
    with pytest.raises(DomainError):
        paying.take_back(allocation, by=clara)
    paying.allocate(entry, invoice, Decimal(50), by=clara)
    assert open_of(invoice) == 0


@pytest.mark.parametrize(
    ("amount", "discount"),
    [("50.01", "0"), ("0", "0"), ("-1", "0"), ("49", "2"), ("49", "-1"), ("1.001", "0")],
)
def test_amounts_that_do_not_fit_are_refused_and_change_nothing(amount, discount):
    invoice, entry = owed("50.00"), paid_in("500.00")
    with pytest.raises(DomainError):
        paying.allocate(entry, invoice, Decimal(amount), cash_discount=Decimal(discount))
    assert (open_of(invoice), active()) == (50, [])


def test_no_more_is_allocated_than_came_in():
    entry = paid_in("60.00")
    paying.allocate(entry, owed("50.00"), Decimal(50))
    with pytest.raises(DomainError, match="left"):
        paying.allocate(entry, owed("50.00"), Decimal(11))
    with pytest.raises(DomainError):
        paying.allocate_all(entry, [Share(owed("5.00"), Decimal(5)), Share(owed(), Decimal(6))])
    assert len(active()) == 1


def test_a_payment_that_comes_back_takes_its_allocation_back():
    invoice = owed("50.00")
    came = paid_in("50.00", invoice.number, iban=IBAN, end_to_end="E1")
    assert matched(came) == "matched"
    back = paid_in("-50.00", "", reversal=True, end_to_end="E1", day=DAY + timedelta(days=2))
    assert matched(back) == "ignored"
    came.refresh_from_db()
    assert (came.state, open_of(invoice), active()) == ("ignored", 50, [])


def test_a_return_that_arrives_first_waits_for_its_payment():
    invoice = owed("50.00")
    back = paid_in("-50.00", "", reversal=True, end_to_end="E1", day=DAY + timedelta(days=2))
    assert matched(back) == "open"
    matched(paid_in("50.00", invoice.number, end_to_end="E1"))
    back.refresh_from_db()
    assert (back.state, open_of(invoice), active()) == ("ignored", 50, [])


def test_a_payment_can_be_set_aside_and_taken_up_again(clara):
    entry = paid_in("50.00", "Zinsen")
    with pytest.raises(DomainError):
        paying.ignore(entry, reason=" ", by=clara)
    paying.ignore(entry, reason="Interest", by=clara)
    with pytest.raises(DomainError):
        paying.allocate(entry, owed("50.00"), Decimal(50))
    paying.reconsider(entry, by=clara)
    assert entry.state == "open"
    assert list(BankEntry.objects.to_match()) == [entry]


def test_the_database_refuses_less_than_nothing():
    invoice = owed("50.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Receivable.objects.filter(invoice=invoice).update(open_amount=-1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_o3_two_staff_on_one_payment_one_is_told(company, round_):
    entry, invoices = paid_in("50.00"), [owed("50.00") for _ in range(4)]
    refusals = at_once(
        [lambda one=one: paying.allocate(entry, one, Decimal(50)) for one in invoices]
    )
    assert refusals.count(None) == 1
    assert len(active()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_o3_two_payments_on_one_invoice_one_is_told(company, round_):
    invoice, entries = owed("50.00"), [paid_in("50.00") for _ in range(4)]
    refusals = at_once(
        [lambda one=one: paying.allocate(one, invoice, Decimal(50)) for one in entries]
    )
    assert refusals.count(None) == 1
    assert (open_of(invoice), state_of(invoice)) == (0, "paid")
    states = sorted(BankEntry.objects.values_list("state", flat=True))
    assert states == ["matched", "open", "open", "open"]


@pytest.mark.django_db(transaction=True)
def test_o3_taking_back_and_matching_at_once_end_where_the_rows_say(company):
    invoice, entries = owed("50.00"), [paid_in("50.00") for _ in range(3)]
    allocation = paying.allocate(entries[0], invoice, Decimal(50))
    at_once(
        [
            lambda: paying.take_back(allocation),
            lambda: paying.take_back(allocation),
            lambda: paying.allocate(entries[1], invoice, Decimal(50)),
            lambda: paying.allocate(entries[2], invoice, Decimal(50)),
        ]
    )
    used = sum(amount for _, amount in active())
    assert open_of(invoice) == 50 - used


@pytest.mark.parametrize("seed", range(12))
def test_open_is_always_what_was_billed_less_what_was_paid_and_credited(seed, clara):
    chance = random.Random(seed)
    invoices = [owed("100.00") for _ in range(3)]
    credited = dict.fromkeys(invoices, Decimal(0))
    entries = [paid_in(f"{chance.randint(20, 200)}.{chance.randint(10, 99)}") for _ in range(4)]
    for _ in range(40):
        step, invoice = chance.random(), chance.choice(invoices)
        with suppress(DomainError):
            if step < 0.5:
                amount = Decimal(chance.randint(1, 9000)) / 100
                discount = Decimal(chance.choice([0, 0, 2]))
                paying.allocate(chance.choice(entries), invoice, amount, cash_discount=discount)
            elif step < 0.8 and (rows := list(Allocation.objects.all())):
                paying.take_back(chance.choice(rows), by=clara)
            elif step < 0.9:
                paying.take_back_all(chance.choice(entries), by=clara)
            else:
                part = Decimal(chance.randint(1, 1000)) / 100
                with transaction.atomic():
                    open_items.lessen(invoice, part, on=None, by=clara)
                credited[invoice] += part
        for one in invoices:
            rows = Allocation.objects.filter(invoice=one, taken_back_at=None)
            used = sum((row.amount + row.cash_discount for row in rows), Decimal(0))
            assert open_of(one) == one.gross - used - credited[one] >= 0
        for one in entries:
            assert 0 <= paying.rest_of(one) <= one.amount
