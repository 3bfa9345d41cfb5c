import datetime
import threading
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from hbu.company.models import Counter, Terms
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Invoice, InvoiceLine, Order, Printout, Receivable
from orders.services import invoicing, returning, shipping
from orders.services.returning import Back
from shop.models import Customer, Product, Stock
from tests.orders.billed import D, customer, invoiced, lines_of, packed, shipped
from tests.orders.books import AURORA, at_once, confirmed

pytestmark = pytest.mark.django_db


def refusal(act):
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.code


def test_an_invoice_states_what_was_shipped_with_its_sums(company):
    order = shipped((AURORA, 200), ("HB-1002", 300))
    invoice = invoicing.issue(order)
    year = timezone.localdate().year
    assert invoice.number == f"RE-{year}-000001"
    assert [(one.sku, one.quantity) for one in invoice.lines.all()] == [(AURORA, 200), ("HB-1002", 300)]  # fmt: skip
    assert invoice.net == sum(one.total for one in invoice.lines.all())
    assert (invoice.net, invoice.tax, invoice.gross) == (order.net, order.tax, order.gross)
    assert invoice.taxes == [
        {
            "rate": "19.0",
            "basis": str(invoice.net),
            "amount": str(invoice.tax),
            "category": "S",
            "reason": "",
        }
    ]
    assert invoice.seller["name"] == "Happy Buttons GmbH"
    assert invoice.buyer["vat_id"] == "DE999625851"
    assert invoice.ship_to["city"] == "München"
    assert invoice.delivered_on == invoice.issued_on
    assert [line.invoiced for line in lines_of(order)] == [200, 300]


def test_copies_stay_when_the_customer_moves(company):
    invoice = invoiced()
    customer(name="Neu GmbH", city="Bonn", vat_id="")
    invoice.refresh_from_db()
    assert (invoice.buyer["name"], invoice.buyer["city"]) == ("Modehaus Berger GmbH & Co. KG", "München")  # fmt: skip


def test_each_parcel_can_have_its_invoice(company):
    order = packed((AURORA, 200), ("HB-1002", 300))
    first, second = lines_of(order)
    shipping.send(order, {first.pk: 50})
    one = invoicing.issue(order)
    assert [(row.order_line_id, row.quantity) for row in one.lines.all()] == [(first.pk, 50)]
    assert refusal(lambda: invoicing.issue(order)) == "invoice.nothing"
    shipping.send(order)
    two = invoicing.issue(order, {second.pk: 100})
    three = invoicing.issue(order)
    billed = [{row.order_line_id: row.quantity for row in one.lines.all()} for one in (two, three)]
    assert billed == [{second.pk: 100}, {first.pk: 150, second.pk: 200}]


def test_no_more_is_billed_than_was_shipped(company):
    order = packed()
    line = lines_of(order)[0]
    shipping.send(order, {line.pk: 50})
    assert refusal(lambda: invoicing.issue(order, {line.pk: 51})) == "invoice.too_much"
    assert refusal(lambda: invoicing.issue(order, {line.pk: -1})) == "invoice.too_much"
    assert refusal(lambda: invoicing.issue(order, {0: 1})) == "invoice.too_much"
    assert not Invoice.objects.exists()
    assert not Counter.objects.filter(name__startswith="RE-").exists()


def test_in_advance_the_whole_order_is_billed_before_it_is_shipped(company):
    Terms.objects.update_or_create(pk=1, defaults={"prepayment_days": 10})
    customer(payment=Customer.Payment.PREPAYMENT)
    order = confirmed((AURORA, 200))
    assert order.payment == "prepayment"
    invoice = invoicing.issue(order)
    assert invoice.gross == order.gross
    assert invoice.delivered_on is None
    assert invoice.due_on == invoice.issued_on + datetime.timedelta(days=10)


def test_what_nobody_has_agreed_to_is_not_billed(company):
    from tests.orders.books import enter

    assert refusal(lambda: invoicing.issue(enter())) == "order.wrong_state"


def test_the_claim_follows_the_terms(company):
    Terms.objects.update_or_create(pk=1, defaults={"reminder_days": [7, 17, 27]})
    customer(payment_days=30, cash_discount_percent=2, cash_discount_days=14)
    with time_machine.travel("2026-11-21T10:00:00+01:00", tick=False):
        invoice = invoiced()
    claim = invoice.receivable
    assert (claim.open_amount, claim.state) == (invoice.gross, Receivable.State.OPEN)
    assert claim.due_on == invoice.due_on == datetime.date(2026, 12, 21)
    assert claim.next_reminder_on == datetime.date(2026, 12, 28)
    assert (invoice.cash_discount_percent, invoice.cash_discount_until) == (2, datetime.date(2026, 12, 5))  # fmt: skip


def test_an_invoice_is_told_and_wanted_as_a_file(company):
    invoice = invoiced()
    event = Event.objects.about(invoice).get(kind="invoice.issued")
    assert event.data["number"] == invoice.number
    assert set(Printout.objects.filter(invoice=invoice).values_list("cause", flat=True)) == {
        f"invoice:{invoice.pk}:invoice"
    }


def test_an_authority_gets_an_xrechnung_and_a_pdf_to_read(company):
    customer(invoice_format="xrechnung", buyer_reference="04011000-12345-34", invoice_email="r@b.example")  # fmt: skip
    invoice = invoiced()
    assert set(Printout.objects.filter(invoice=invoice).values_list("kind", flat=True)) == {
        "invoice", "xrechnung",
    }  # fmt: skip
    customer(buyer_reference="")
    assert refusal(invoiced) == "invoice.no_buyer_reference"


def test_the_order_is_invoiced_when_all_of_it_is_billed(company):
    order = shipped()
    shipping.deliver_all(order)
    assert order.state == Order.State.DELIVERED
    invoicing.issue(order)
    assert Order.objects.get(pk=order.pk).state == Order.State.INVOICED


def taxed(order, category):
    Order.objects.filter(pk=order.pk).update(tax_category=category)
    order.refresh_from_db(fields=["tax_category"])
    return order


@pytest.mark.parametrize(
    ("category", "country"),
    [
        ("K", "FR"),
        ("G", "CH"),
        ("AE", "AT"),
    ],
)
def test_free_of_vat_it_says_why(company, category, country):
    customer(country=country, vat_id="FR40303265045" if category != "G" else "")
    order = taxed(shipped(), category)
    invoice = invoicing.issue(order)
    assert (invoice.tax, invoice.gross) == (0, invoice.net)
    assert [(one["category"], one["rate"]) for one in invoice.taxes] == [(category, "0")]
    assert invoice.taxes[0]["reason"]
    assert all(line.tax_rate == 0 for line in invoice.lines.all())


@pytest.mark.parametrize(
    ("category", "terms", "code"),
    [
        ("K", {"country": "FR", "vat_id": ""}, "invoice.no_vat_id"),
        ("AE", {"country": "FR", "vat_id": ""}, "invoice.no_vat_id"),
        ("K", {"country": "DE"}, "invoice.not_abroad"),
        ("G", {"country": "DE"}, "invoice.not_abroad"),
    ],
)
def test_an_invoice_that_would_lack_something_is_not_issued(company, category, terms, code):
    order = taxed(shipped(), category)
    customer(**terms)
    assert refusal(lambda: invoicing.issue(Order.objects.get(pk=order.pk))) == code
    assert not Invoice.objects.exists()


def test_an_invoice_without_an_address_is_not_issued(company):
    order = shipped()
    order.billing_address = {"name": "Modehaus Berger", "country": "DE"}
    order.save(update_fields=["billing_address"])
    assert refusal(lambda: invoicing.issue(order)) == "invoice.no_address"


def test_over_nothing_there_is_no_invoice(company):
    Product.objects.filter(sku=AURORA).update(price=0)
    order = shipped((AURORA, 200))
    assert order.gross == 0
    assert refusal(lambda: invoicing.issue(order)) == "invoice.nothing_due"


def test_a_cancellation_takes_the_whole_invoice_back_once(company):
    order = shipped((AURORA, 200), ("HB-1002", 300))
    invoice = invoicing.issue(order)
    correction = invoicing.cancel(invoice, reason="wrong address")
    assert correction.number.startswith("ST-")
    assert (correction.refers_to, correction.gross, correction.reason) == (invoice, invoice.gross, "wrong address")  # fmt: skip
    assert correction.taxes == invoice.taxes
    assert correction.lines.count() == 2
    assert [line.invoiced for line in lines_of(order)] == [0, 0]
    claim = Receivable.objects.get(invoice=invoice)
    assert (claim.state, claim.open_amount) == (Receivable.State.SETTLED, 0)
    assert not Receivable.objects.filter(invoice=correction).exists()
    assert refusal(lambda: invoicing.cancel(invoice, reason="again")) == "invoice.cancelled"
    assert refusal(lambda: invoicing.cancel(correction, reason="undo")) == "invoice.no_invoice"
    again = invoicing.issue(order)
    assert again.gross == invoice.gross


def test_a_reason_is_needed(company):
    invoice = invoiced()
    assert refusal(lambda: invoicing.cancel(invoice, reason=" ")) == "invoice.no_reason"
    assert refusal(lambda: invoicing.credit(invoice, {}, reason="")) == "invoice.no_reason"


def test_what_came_back_is_credited(company):
    order = shipped((AURORA, 200), ("HB-1002", 300))
    invoice = invoicing.issue(order)
    first, _ = lines_of(order)
    goods = returning.take_back(order, {first.pk: Back(50, restock=True)}, reason="too dark")
    (note,) = invoicing.credit_return(goods)
    assert note.number.startswith("GS-")
    (line,) = note.lines.all()
    assert (line.quantity, line.total) == (50, (first.unit_price * 50).quantize(Decimal("0.01")))
    assert lines_of(order)[0].credited == 50
    assert Receivable.objects.get(invoice=invoice).open_amount == invoice.gross - note.gross
    assert refusal(lambda: invoicing.credit_return(goods)) == "invoice.nothing_to_credit"
    assert refusal(lambda: invoicing.cancel(invoice, reason="all")) == "invoice.credited"
    assert invoicing.billable(Order.objects.get(pk=order.pk)) == {}


def test_pieces_that_the_customer_keeps_are_credited_as_an_amount(company):
    invoice = invoiced()
    line = invoice.lines.get()
    with_pieces = {line.pk: 10}
    assert refusal(lambda: invoicing.credit(invoice, with_pieces, reason="x")) == "invoice.not_returned"  # fmt: skip
    note = invoicing.credit(invoice, {line.pk: D("1.50")}, reason="scratched")
    assert (note.net, note.gross) == (D("1.50"), D("1.79"))
    assert lines_of(invoice.order)[0].credited == 0


def test_no_more_is_credited_than_stands_on_the_line(company):
    invoice = invoiced()
    line = invoice.lines.get()
    too_much = {line.pk: line.total + D("0.01")}
    assert refusal(lambda: invoicing.credit(invoice, too_much, reason="x")) == "invoice.too_much_credited"  # fmt: skip
    invoicing.credit(invoice, {line.pk: line.total - D("1.00")}, reason="x")
    rest = {line.pk: D("1.01")}
    assert refusal(lambda: invoicing.credit(invoice, rest, reason="x")) == "invoice.too_much_credited"  # fmt: skip
    negative = {line.pk: D("-1.00")}
    assert refusal(lambda: invoicing.credit(invoice, negative, reason="x")) == "invoice.too_much_credited"  # fmt: skip
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_what_is_credited_beyond_the_open_amount_is_owed_to_the_customer(company):
    invoice = invoiced()
    Receivable.objects.filter(invoice=invoice).update(open_amount=D("1.00"), state="partly")
    line = invoice.lines.get()
    note = invoicing.credit(invoice, {line.pk: D("10.00")}, reason="x")
    assert note.gross == D("11.90")
    assert Receivable.objects.get(invoice=invoice).open_amount == 0
    assert Receivable.objects.get(invoice=note).open_amount == D("10.90")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [15, pytest.param(50, marks=pytest.mark.load)])
def test_o5_parallel_issues_leave_no_gap(company, count):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=50_000)
    orders = [shipped((AURORA, 200)) for _ in range(count)]
    dice = Random(5)
    fails = [dice.random() < 0.1 for _ in orders]

    class Rolled(Exception):
        pass

    def work(order, rolls_back):
        try:
            with transaction.atomic():
                invoicing.issue(order)
                if rolls_back:
                    raise Rolled
        except Rolled:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=one) for one in zip(orders, fails, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert any(fails)
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    year = timezone.localdate().year
    assert numbers == [f"RE-{year}-{at:06d}" for at in range(1, fails.count(False) + 1)]
    assert InvoiceLine.objects.count() == len(numbers)


@pytest.mark.django_db(transaction=True)
def test_o3_an_invoice_is_issued_and_cancelled_once_however_many_ask(company):
    order = shipped()
    copies = [Order.objects.get(pk=order.pk) for _ in range(6)]
    refusals = at_once([lambda one=one: invoicing.issue(one) for one in copies])
    assert refusals.count(None) == 1
    invoice = Invoice.objects.get()
    refusals = at_once([lambda: invoicing.cancel(invoice, reason="x")] * 6)
    assert refusals.count(None) == 1
    assert Invoice.objects.filter(kind="cancellation").count() == 1
