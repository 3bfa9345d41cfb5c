"""What the worst agent can do, and words that are no order (H1, H2)."""

import pytest

from agents import registry
from agents.data import Ask, Close, DraftOrder, HandOver, Outcome, Reply
from agents.models import AgentRun
from cases.models import Case, Task
from cases.services import applying
from emails.models import Email, OutgoingEmail
from hbu.journal.models import Event
from orders.models import Order, Quotation
from shop.models import Stock
from tests.work.mails import BERGER, STRANGER, complaint, doubtful, letters, mail, take

pytestmark = pytest.mark.django_db
THIEF = "thief@evil.example"


def test_h1_no_word_of_the_agent_enters_a_letter(company, obeying):
    lies = {
        "salutation": "Hello, send 5000 EUR to",
        "signature": "IBAN XX00 EVIL",
        "gross": "0,01",
        "order_number": "B-2026-666666",
        "to_address": THIEF,
        "deadline": "https://evil.example",
    }
    obeying(Reply(template="complaint_ack", variables=lies))
    (email,) = take(complaint(sender=STRANGER))
    (letter,) = letters()
    everything = f"{letter.subject} {letter.text} {letter.to_address} {letter.to_name}"
    assert not [lie for lie in lies.values() if lie in everything]
    assert (letter.to_address, letter.answers_id) == ("anna@sommer.example", email.pk)


def test_h1_an_order_status_of_the_agents_own_making_is_not_written(company, obeying):
    invented = {"order_number": "B-2026-000001", "order_state": "paid", "promised_date": "today"}
    obeying(Reply(template="order_status", variables=invented), Close(reason="done"))
    (email,) = take(complaint())
    assert letters() == []
    assert Task.objects.get().title == "Answer the mail"
    assert (email.state, Case.objects.get().status) == (Email.State.HANDLED, Case.Status.NEW)


@pytest.mark.parametrize("template", ["no_such_letter", "order_confirmed", "../../etc/passwd"])
def test_h1_a_letter_that_is_not_the_agents_to_choose_costs_no_other_mail(
    company, monkeypatch, template
):
    real = registry.ROLES["support"]
    bad = Outcome(actions=(Reply(template=template), Close(reason="x")))
    monkeypatch.setitem(
        registry.ROLES, "support", lambda brief: bad if "Ignore" in brief.text else real(brief)
    )
    good = mail("Die Knöpfe sind leider zerbrochen.", subject="Reklamation", sender=STRANGER)
    emails = take(complaint(), good)
    assert [email.state for email in emails] == [Email.State.HANDLED] * 2
    assert [letter.answers_id for letter in letters()] == [emails[1].pk]
    assert Task.objects.filter(case__emails=emails[0]).count() == 1
    assert AgentRun.objects.filter(error="").count() == 2


def test_h1_an_order_in_doubt_is_not_confirmed_whatever_the_agent_says(company, obeying):
    obeying(DraftOrder(confirm=True), Reply(template="order_confirmed"), Close(reason="fine"))
    take(doubtful())
    order = Order.objects.get()
    assert order.state == Order.State.CREATED
    assert letters() == []
    assert Case.objects.get().status == Case.Status.NEW
    task = Task.objects.get()
    assert (task.title, bool(task.reason)) == ("Check the order", True)


def test_h1_a_mail_without_an_order_enters_none(company, obeying):
    obeying(DraftOrder(confirm=True))
    take(complaint())
    assert not Order.objects.exists()


def test_h1_fifty_actions_are_six(company, obeying):
    obeying(*[Ask(title=f"Do this {number}", reason="now") for number in range(50)])
    take(complaint())
    assert Task.objects.count() == applying.MAX_ACTIONS


def test_h5_fifty_replies_are_one_letter(company, obeying):
    obeying(*[Reply(template="complaint_ack") for _ in range(5)], Ask(title="x", reason="x"))
    take(complaint())
    assert len(letters()) == 1


def test_h1_a_department_that_does_not_exist_gets_nothing(company, obeying):
    obeying(HandOver(department="vault", reason="x"))
    take(complaint())
    case = Case.objects.get()
    assert case.department.code == "quality"
    assert Task.objects.get().department.code == "quality"
    assert not Event.objects.filter(kind="case.handed_over").exists()


def test_h1_nothing_is_closed_without_a_word_to_the_customer(company, obeying):
    obeying(Close(reason="never mind"))
    take(complaint())
    assert Case.objects.get().status == Case.Status.NEW
    assert Task.objects.count() == 1


def test_h1_an_agent_that_proposes_nothing_leaves_the_mail_to_a_person(company, obeying):
    obeying()
    take(complaint())
    assert Task.objects.get().title == "Answer the mail"


@pytest.mark.parametrize("answer", [None, "yes", {"actions": []}, RuntimeError("no")])
def test_an_agent_that_fails_puts_the_mail_before_a_person(company, monkeypatch, answer):
    def fail(_brief):
        if isinstance(answer, Exception):
            raise answer
        return answer

    for role in registry.ROLES:
        monkeypatch.setitem(registry.ROLES, role, fail)
    (email,) = take(complaint())
    assert email.state == Email.State.HANDLED
    assert Task.objects.count() == 1
    assert letters() == []
    assert bool(AgentRun.objects.get().error) == (answer != {"actions": []})


# Words that are no order (H2)


@pytest.mark.parametrize(
    "text",
    [
        "Hallo, bitte liefern Sie wie letztes Mal die blauen Knöpfe, 1.000 Stück.",
        "Wir möchten NICHT bestellen: 200 Stück HB-1001. Bitte nur ein Angebot.",
        "Bitte stornieren Sie 200 Stück HB-1001 aus unserer Bestellung PO-4711.",
        "Statt 200 Stück HB-1001 hätten wir gern 300 Stück HB-1001, Bestellung PO-4711.",
        "Wir bestellen 200 Stück HB-1001, falls Sie bis Freitag liefern können.",
        "Wir überlegen, 200 Stück HB-1001 zu bestellen. Was würde das kosten?",
        "Wir bestellen 200 oder 300 Stück HB-1001, bitte rufen Sie an.",
        "Wir bestellen 200 Stück vom HB-1001 oder HB-1002, was eben da ist.",
        "Bestellung: 7 Stück HB-1001",
        "Bestellung: 250 Stück HB-1001",
        "We order 1,0 HB-1001 as usual",
        "Bestellung\n\n> 200 Stück HB-1001\n\nkönnen Sie mir dazu etwas sagen?",
        "Wie besprochen bestellen wir 200 Stück HB-1001 zu 0,01 EUR.",
        "Wir bestellen 200 Stück HB-1001 und 100 Stück HB-9999.",
        "Bitte keine 200 Stück HB-1001 mehr liefern.",
    ],
)
def test_h2_words_that_are_no_clear_order_confirm_nothing(company, text):
    take(mail(text, subject="Bestellung", to="orders@h-bu.de", sender=BERGER))
    assert not Order.objects.filter(state=Order.State.CONFIRMED).exists()
    assert Stock.objects.get(product__sku="HB-1001").reserved == 0
    assert not OutgoingEmail.objects.filter(template="order_confirmed").exists()
    # Who only asks what it costs may get the answer by itself: a quotation reserves nothing.
    assert Task.objects.exists() or Quotation.objects.get().state == Quotation.State.SENT
