from datetime import date
from decimal import Decimal

import pytest

from agents.data import ASK_FOR_A_VALID_INVOICE, CHECK_THE_INVOICE
from cases.models import Case, Filing, Task
from cases.services import papers
from cases.services.briefing import brief, with_customers
from emails.models import Attachment
from emails.simulation.papers import Paper, PaperLine, Party, invoice
from orders.data import Check, CheckState, ReadDocument
from orders.models import Document, Order
from orders.services import correcting
from shop.models import Supplier
from tests.work.mails import mail, order_mail, order_pdf, pdf, take

pytestmark = pytest.mark.django_db
HORN = "Gerhard Sölch <rechnung@hornwerk-oberpfalz.example>"


def paper(number="RE-40012"):
    us = Party("Happy Buttons GmbH", "Knopfmachergasse 7", "50667", "Köln")
    horn = Party(
        "Hornwerk Oberpfalz GmbH", "Glasschleife 3", "92660", "Neustadt",
        vat_id="DE999049837", iban="DE02 1203 0000 0000 2020 51",
    )  # fmt: skip
    line = PaperLine("RM-1", "Hornscheiben", 100, Decimal("0.50"), Decimal("50.00"))
    sums = Decimal("50.00"), Decimal("9.50"), Decimal("59.50")
    return invoice(Paper(number, date(2026, 11, 16), us, horn, (line,), *sums))


def invoiced(*files, number="RE-40012", **values):
    files = files or (pdf(f"{number}.pdf", paper(number)),)
    text = f"anbei erhalten Sie unsere Rechnung {number}. Bitte überweisen Sie den Betrag."
    headers = {"subject": f"Rechnung {number}", "sender": HORN, "to": "finance@h-bu.de"}
    return take(mail(text, *files, **headers | values))[0]


def checks():
    return list(Task.objects.filter(title=CHECK_THE_INVOICE).order_by("pk"))


def test_an_invoice_is_filed_with_its_mail_and_known_by_its_supplier(company):
    email = invoiced()
    document = Document.objects.get()
    assert (document.kind, document.number) == ("invoice", "RE-40012")
    assert document.supplier == Supplier.objects.get(number="L-70001")
    assert Filing.objects.get().email == email
    assert [task.reason for task in checks()] == ["“Rechnung RE-40012”"]


def test_the_task_says_what_is_wrong(company):
    invoiced()
    invoiced(pdf("again.pdf", paper() + b"\n% once more\n%%EOF\n"))
    second = Document.objects.first()
    assert [one["code"] for one in second.concerns] == ["duplicate"]
    assert "An invoice with this number came before" in checks()[1].reason


def test_an_unknown_supplier_is_put_before_a_person(company):
    Supplier.objects.all().delete()
    invoiced()
    assert "The supplier is not known" in checks()[0].reason


def test_the_same_file_in_two_mails_is_one_document_of_both(company):
    invoiced(), invoiced(subject="Erinnerung: Rechnung RE-40012")
    document = Document.objects.get()
    assert document.filings.count() == 2
    assert "The same file was sent again" in checks()[1].reason


def test_an_order_on_paper_is_the_document_of_its_order(company):
    email = take(order_mail(files=[pdf("Bestellung.pdf", order_pdf())]))[0]
    order = Order.objects.get()
    assert Document.objects.get() == order.document
    assert (order.document.filename, order.document.text != "") == ("Bestellung.pdf", True)
    assert order.document.filings.get().email == email


def test_words_that_order_are_filed_with_the_words(company):
    take(order_mail("200 Stück HB-1001", reference="PO-77"))
    document = Document.objects.get()
    assert (document.sha256, document.number) == ("", "PO-77")
    assert "200 Stück HB-1001" in document.text


def test_a_mail_that_is_handled_twice_files_once(company):
    email = invoiced()
    with_customers([email])
    matters = brief([email])
    again = papers.file(matters)[email.pk]
    assert again.documents == (Document.objects.get(),)
    assert again.documents[0].concerns == []
    assert Filing.objects.count() == 1


def test_a_scan_in_an_invoice_mail_waits_for_a_person_too(company):
    invoiced(pdf("Scan.pdf", b"%PDF-1.4 nothing\n%%EOF"))
    document = Document.objects.get()
    assert (document.kind, document.error != "") == ("invoice", True)
    assert "The document could not be read" in checks()[0].reason


def test_an_e_invoice_that_is_none_is_asked_for_again(company):
    document = Document(
        kind="invoice",
        number="R-1",
        concerns=[{"code": "format", "what": "It is no valid e-invoice", "evidence": "x"}],
    )
    asks = papers.ask_about([document], [])
    assert [ask.title for ask in asks] == [CHECK_THE_INVOICE, ASK_FOR_A_VALID_INVOICE]


def test_the_check_is_done_when_the_invoice_is_decided_on(company, clara):
    invoiced()
    document = Document.objects.get()
    papers.settle([document])
    assert [task.status for task in checks()] == ["new"]
    correcting.check(document, by=clara)
    assert papers.unsettled() == [document.pk]
    papers.settle([document])
    assert [task.status for task in checks()] == ["resolved"]
    assert Case.objects.get().status == "resolved"
    assert papers.unsettled() == []


def test_a_case_with_two_invoices_waits_for_both(company, clara):
    invoiced(pdf("1.pdf", paper("RE-1")), pdf("2.pdf", paper("RE-2")))
    first, second = Document.objects.order_by("pk")
    correcting.check(first, by=clara)
    papers.settle([first])
    assert [task.status for task in checks()] == ["new"]
    correcting.reject(second, reason="not ordered", by=clara)
    papers.settle([second])
    assert [task.status for task in checks()] == ["resolved"]


def test_the_e_invoice_counts_before_the_picture_beside_it(company):
    email = invoiced()
    report = tuple(Check(part, CheckState.OK, "", part) for part in ("format", "rules"))
    xml = ReadDocument(kind="invoice", format="xrechnung", number="RE-40012", checks=report)
    Attachment.objects.create(
        email=email, filename="a.xml", content_type="text/xml", size=1, sha256="f" * 64,
        document=xml.as_json(),
    )  # fmt: skip
    Filing.objects.all().delete()
    Document.objects.all().delete()
    with_customers([email])
    filed = papers.file(brief([email]))[email.pk]
    assert filed.documents[0].format == "xrechnung"
