import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from emails.services import upkeep
from hbu.journal.models import Event
from hbu.lib import blobs
from hbu.lib.errors import DomainError
from orders.models import Order, Printout
from orders.printing.proof import text_of
from orders.services import printing
from orders.services.composing import making
from orders.tasks import make_printouts, sweep_printouts
from tests.orders.billed import customer, invoiced, paper_of, printed, shipped
from tests.orders.books import AURORA, confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(company):
    """The confirmation of an order, which nobody has printed yet."""
    return Printout.objects.get(order=confirmed((AURORA, 200)), kind="confirmation")


def text(printout):
    return " ".join(text_of(printing.content(printout)).split())


def events(printout):
    return list(Event.objects.about(printout).order_by("pk").values_list("kind", flat=True))


def test_a_confirmation_is_made_told_and_kept(wanted):
    made = printed(wanted)
    assert (made.state, made.media_type, made.error) == ("made", "application/pdf", "")
    assert made.filename == f"Auftragsbestaetigung-{made.order.number}.pdf"
    assert made.size == len(printing.content(made))
    assert events(made) == ["printout.wanted", "printout.made"]
    said = text(made)
    assert made.order.number in said
    assert "Perlmuttknopf Aurora" in said
    assert "Modehaus Berger GmbH & Co. KG" in said
    assert "München" in said
    assert "Köln" in said


def test_what_was_asked_for_before_is_not_asked_for_again(wanted):
    assert printing.want([Printout(cause=wanted.cause, kind="confirmation")]) == []
    assert Printout.objects.count() == 1


def test_it_speaks_the_language_of_its_reader(wanted):
    Printout.objects.filter(pk=wanted.pk).update(language="en")
    wanted.refresh_from_db()
    with override("de"):
        made = printed(wanted)
    assert made.filename == f"Order-confirmation-{made.order.number}.pdf"
    said = text(made)
    assert "Order confirmation" in said
    assert "Thank you very much for your order" in said


def test_the_same_printout_has_the_same_bytes(wanted):
    first = making.file(wanted).data
    assert making.file(wanted).data == first


def test_every_font_is_inside_the_file(wanted):
    pdf = PdfReader(io.BytesIO(printing.content(printed(wanted))))
    for page in pdf.pages:
        fonts = page["/Resources"]["/Font"]
        assert fonts
        for font in fonts.values():
            assert "/FontFile2" in font["/FontDescriptor"]


def test_the_janitor_leaves_what_was_printed(wanted):
    made = printed(wanted)
    upkeep.clear_orphans(timezone.now() + timedelta(days=3))
    assert printing.content(made)


def test_o4_a_renderer_that_fails_stops_no_order_and_the_file_appears_once_afterwards(
    company, monkeypatch
):
    with monkeypatch.context() as broken:
        broken.setattr(making.rendering, "pdf", lambda _letter: 1 / 0)
        order = confirmed((AURORA, 200))
        printout = Printout.objects.get(order=order)
        failed = printed(printout)
    assert Order.objects.get(pk=order.pk).state == Order.State.CONFIRMED
    assert (failed.state, failed.filename) == (Printout.State.FAILED, "")
    assert "ZeroDivisionError" in failed.error
    assert failed in Printout.objects.for_a_person()
    with pytest.raises(DomainError):
        printing.content(failed)
    assert printed(failed).state == Printout.State.FAILED  # nobody asked for it again
    printing.make_again(failed)
    made = printed(failed)
    assert made.state == Printout.State.MADE
    printing.make([made.pk, made.pk])
    assert events(made) == [
        "printout.wanted",
        "printout.failed",
        "printout.wanted",
        "printout.made",
    ]
    with pytest.raises(DomainError):
        printing.make_again(made)


def test_o4_an_invoice_is_issued_although_it_cannot_be_printed(company, monkeypatch):
    monkeypatch.setattr(making.rendering, "pdf", lambda _letter: 1 / 0)
    invoice = invoiced()
    assert printed(paper_of(invoice)).state == Printout.State.FAILED
    assert invoice.receivable.open_amount == invoice.gross


def test_o4_a_lost_bell_is_found_by_the_sweep(wanted, monkeypatch):
    rung = []
    monkeypatch.setattr("orders.tasks.ring", lambda task, ids: rung.append((task, list(ids))))
    sweep_printouts()
    Printout.objects.filter(pk=wanted.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    sweep_printouts()
    assert rung == [(make_printouts, []), (make_printouts, [wanted.pk])]


def test_a_printout_that_kills_its_makers_waits_for_a_person(wanted):
    Printout.objects.filter(pk=wanted.pk).update(attempts=printing.MOST_ATTEMPTS)
    failed = printed(wanted)
    assert failed.state == Printout.State.FAILED
    printing.make_again(failed)
    assert printed(failed).state == Printout.State.MADE


@pytest.mark.django_db(transaction=True)
def test_o4_of_two_workers_one_makes_it(company):
    pk = Printout.objects.get(order=confirmed((AURORA, 200))).pk

    def work(_):
        try:
            printing.make([pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    made = Printout.objects.get(pk=pk)
    assert made.state == "made"
    assert events(made).count("printout.made") == 1


def test_a_delivery_note_names_no_price(company):
    order = shipped((AURORA, 200))
    note = printed(Printout.objects.get(order=order, kind="delivery_note"))
    said = text(note)
    assert note.filename == f"Lieferschein-{note.shipment.number}.pdf"
    assert note.shipment.number in said
    assert AURORA in said
    assert "€" not in said


def test_an_order_paid_in_advance_names_our_account(company):
    customer(payment="prepayment")
    order = confirmed((AURORA, 200))
    said = text(printed(Printout.objects.get(order=order, kind="confirmation")))
    assert "DE89 3704 0044 0532 0130 00" in said
    assert "EXMPDEKKXXX" in said


def test_names_of_strangers_are_text_and_not_markup(company):
    customer(name="<b>Knopf</b> & Söhne <script> 漢字 😀")
    order = confirmed((AURORA, 200))
    Order.objects.filter(pk=order.pk).update(billing_address={})
    said = text(printed(Printout.objects.get(order=order, kind="confirmation")))
    assert "<b>Knopf</b> & Söhne <script> ??" in said


def test_the_file_lies_where_all_files_lie(wanted):
    made = printed(wanted)
    assert blobs.get(settings.BLOBS_DIR, made.sha256) == printing.content(made)
