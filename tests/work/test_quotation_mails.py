"""Mails that ask for a quotation: priced, sent where nothing is in doubt, else put before a person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.data import Close, DraftOrder, DraftQuotation
from cases.models import Case, Task
from cases.services import flow
from cases.services.news import orders as news
from emails.models import OutgoingEmail
from emails.services import stages
from emails.services.triage import TRIAGE
from orders.models import Document, Order, Printout, Quotation
from orders.services import quoting
from shop.models import Customer
from tests.work.mails import arrive, letters, mail, order_mail, take

pytestmark = pytest.mark.django_db
REQUEST = """Sehr geehrte Damen und Herren,

bitte unterbreiten Sie uns ein Angebot für folgende Artikel:

{lines}

Mit freundlichen Grüßen
Sabine Berger
"""


def request(*lines, more="", **headers) -> bytes:
    text = REQUEST.format(lines="\n".join(lines or ["500 Stück HB-1001"])) + more
    return mail(text, **{"subject": "Bitte um Angebot", **headers})


def test_a_certain_request_is_answered_with_the_quotation(company):
    (email,) = take(request("500 Stück HB-1001", "200 Stück HB-1002"))
    assert email.kind == "quotation_request"
    quotation = Quotation.objects.get()
    assert (quotation.state, quotation.source) == (Quotation.State.SENT, Order.Source.MAIL)
    assert quotation.customer == Customer.objects.get(number="K-10001")
    assert not Order.objects.exists()
    (letter,) = letters()
    assert (letter.template, letter.answers) == ("quotation_sent", email)
    assert (letter.weight, letter.policy) == ("commitment", "at_least_once")
    assert [one.cause for one in letter.enclosures.all()] == [f"quotation:{quotation.pk}:1"]
    assert Printout.objects.get().cause == f"quotation:{quotation.pk}:1"
    case = Case.objects.get()
    assert (list(case.quotations.all()), case.status) == ([quotation], Case.Status.RESOLVED)
    assert not Task.objects.exists()
    assert Document.objects.get().kind == Document.Kind.OTHER
    assert quotation.document == Document.objects.get()


def test_what_is_accepted_is_confirmed_where_it_was_asked_for(company):
    (email,) = take(request())
    order = quoting.accept(Quotation.objects.get())
    later = timezone.now() + timedelta(seconds=40)
    assert news.unconfirmed(later) == [order.pk]
    for _ in range(2):
        news.tell_confirmed([order.pk])
    offer, confirmation = letters()
    assert (confirmation.template, confirmation.answers) == ("order_confirmed", email)
    assert confirmation.thread == offer.thread
    assert list(Case.objects.get().orders.all()) == [order]
    assert news.unconfirmed(later) == []


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        (request("500 Stück HB-1001", "10 Stück NIX-1"), "check_failed"),
        (request(more="\nBitte legen Sie Muster bei."), "asks_more"),
        (request(sender="anna@sommer.example"), "unknown_customer"),
    ],
)
def test_a_doubtful_request_is_acknowledged_and_put_before_a_person(company, raw, doubt):
    take(raw)
    quotation = Quotation.objects.get()
    assert quotation.state == Quotation.State.REQUESTED
    assert doubt in {one["code"] for one in quotation.doubts}
    assert [letter.template for letter in letters()] == ["quotation_ack"]
    assert Task.objects.get().title == "Check and send the quotation"
    assert not Printout.objects.exists()


def test_an_order_by_a_quotation_waits_for_a_person_who_knows_its_prices(company):
    text = "Wir bestellen 500 Stück HB-1001 gemäß Ihrem Angebot A-2026-000017."
    take(mail(text, subject="Bestellung 4711", to="orders@h-bu.de"))
    order = Order.objects.get()
    assert order.state == Order.State.CREATED
    assert ("refers_to_quotation", "A-2026-000017") in {
        (doubt["code"], doubt["evidence"]) for doubt in order.doubts
    }


def test_above_the_customers_limit_a_person_sends_it(company):
    Customer.objects.update(auto_confirm_limit=1)
    take(request())
    assert Quotation.objects.get().state == Quotation.State.REQUESTED


def test_a_question_without_articles_is_a_matter_for_a_person_as_before(company):
    take(mail("Bitte senden Sie uns ein Angebot mit Ihrer Preisliste.", subject="Bitte um Angebot"))
    assert not Quotation.objects.exists()
    assert Task.objects.get().title == "Write the quotation"


def test_h1_an_agent_that_obeys_the_mail_orders_nothing_and_sends_nothing_in_doubt(
    company, obeying
):
    obeying(DraftOrder(confirm=True), DraftQuotation(send=True), Close(reason="fine"))
    take(request("500 Stück HB-1001", "10 Stück NIX-1"))
    assert not Order.objects.exists()
    assert Quotation.objects.get().state == Quotation.State.REQUESTED
    assert [task.title for task in Task.objects.all()] == ["Check and send the quotation"]
    assert not OutgoingEmail.objects.exists()


def test_many_requests_and_orders_cost_as_many_queries_as_few(company):
    def cost(count: int) -> int:
        raws = [
            raw
            for n in range(count)
            for raw in (request(), order_mail(reference=f"{count}-{n}"), request("5 Stück NIX-1"))
        ]
        pks = [email.pk for email in arrive(*raws)]
        stages.run(TRIAGE, pks)
        stages.run(flow.TAKE_IN, pks)
        with CaptureQueriesContext(connection) as queries:
            stages.run(flow.WORK, pks)
        return len(queries)

    cost(1)
    assert cost(2) == cost(8)
