"""Documents that cannot be made: a person hears of it once, and the letter leaves when they are."""

import pytest

from cases import tasks
from cases.models import Case, Task
from cases.services import printouts
from emails.models import OutgoingEmail
from orders.models import Order, Printout
from orders.services import printing
from orders.services.composing import making
from tests.work.mails import letters, order_mail, printed, take

pytestmark = pytest.mark.django_db


def fail(monkeypatch):
    def broken(_printout):
        raise RuntimeError("no ink")

    monkeypatch.setattr(making, "file", broken)


def test_o4_a_document_that_fails_holds_its_letter_and_asks_a_person_once(
    company, ben, monkeypatch
):
    with monkeypatch.context() as patch:
        fail(patch)
        take(order_mail())
        printed()
    order, (letter,) = Order.objects.get(), letters()
    assert order.state == Order.State.CONFIRMED
    printout = Printout.objects.get()
    assert printout.state == Printout.State.FAILED
    for _ in range(3):
        printouts.owe([printout.pk])
    letter.refresh_from_db()
    assert "could not be made: RuntimeError: no ink" in letter.reason
    task = Task.objects.get()
    assert (task.title, order.number in task.reason) == (printouts.MAKE_IT, True)
    assert Case.objects.get().status == Case.Status.IN_PROGRESS
    assert printouts.unasked() == []

    printing.make_again(printout, by=ben)
    printed()
    letter.refresh_from_db()
    task.refresh_from_db()
    assert (letter.reason, letter.enclosures.get().sha256 != "") == ("", True)
    assert task.status == Task.Status.RESOLVED
    assert Case.objects.get().status == Case.Status.RESOLVED


def test_the_sweep_finds_made_and_failed_documents_whose_bells_were_lost(company, monkeypatch):
    take(order_mail())
    (printout,) = Printout.objects.all()
    assert printouts.unenclosed() == printouts.unasked() == []
    with monkeypatch.context() as patch:
        fail(patch)
        printing.make([printout.pk])
    assert printouts.unasked() == [printout.pk]
    tasks.owe_printouts([printout.pk])
    assert printouts.unasked() == []
    Printout.objects.update(state=Printout.State.WANTED, attempts=0)
    printing.make([printout.pk])
    assert printouts.unenclosed() == [printout.pk]
    tasks.enclose([printout.pk])
    assert printouts.unenclosed() == []
    assert OutgoingEmail.objects.get().enclosures.get().filename


def test_a_document_made_before_its_letter_is_written_goes_with_it(company, ben):
    from orders.services import placing
    from tests.work.mails import doubtful

    take(doubtful())
    order = Order.objects.get()
    placing.accept_doubts(order, by=ben)
    printing.make(list(Printout.objects.values_list("pk", flat=True)))
    tasks.tell_confirmed([order.pk])
    letter = OutgoingEmail.objects.get(template="order_confirmed")
    assert letter.enclosures.get().sha256 == Printout.objects.get().sha256
