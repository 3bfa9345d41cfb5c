import pytest

from agents.data import ASK_FOR_A_VALID_INVOICE
from cases.models import Case, Task
from cases.services import asking
from emails.models import OutgoingEmail, RoyalTemplate
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Document
from tests.corpora import bill_ubl
from tests.corpora.bills import SHAPES
from tests.work.mails import mail, take

pytestmark = pytest.mark.django_db
XML = bill_ubl.written(SHAPES["plain"], "xrechnung 3.0").replace(
    "<cbc:IssueDate>2026-03-05</cbc:IssueDate>", ""
)


def invoiced(**headers):
    text = "anbei erhalten Sie unsere Rechnung RE-2026-0042. Bitte überweisen Sie den Betrag."
    headers = {"subject": "Rechnung RE-2026-0042", "sender": "rechnung@knopf.example"} | headers
    take(mail(text, ("R.xml", "application/xml", XML.encode()), to="finance@h-bu.de", **headers))
    return Document.objects.get()


def asked(document):
    return OutgoingEmail.objects.filter(cause=f"document:{document.pk}:correction")


def owed():
    return [task.status for task in Task.objects.filter(title=ASK_FOR_A_VALID_INVOICE)]


def test_the_letter_says_what_is_wrong_in_the_conversation_that_brought_it(company, clara):
    document = invoiced()
    assert asking.can_be_asked(document)
    assert owed() == ["new"]
    letter = asking.ask(document, by=clara)
    case = Case.objects.get()
    assert (letter.state, letter.weight, letter.created_by) == ("queued", "personal", clara)
    assert (letter.to_address, letter.thread_id) == ("rechnung@knopf.example", case.thread_id)
    assert case.number in letter.subject
    assert "RE-2026-0042" in letter.text
    assert "BR-03" in letter.text
    assert letter.score >= 80
    assert owed() == ["resolved"]
    assert Event.objects.about(document).first().kind == "document.correction_asked"


def test_what_is_shown_before_is_what_leaves(company, clara):
    document = invoiced()
    shown = asking.preview(document)
    assert not asked(document).exists()
    letter = asking.ask(document, by=clara)
    assert shown.startswith("rechnung@knopf.example\n")
    assert shown.endswith(letter.text)


def test_it_is_asked_once(company, clara):
    document = invoiced()
    asking.ask(document, by=clara)
    with pytest.raises(DomainError, match="already"):
        asking.ask(document, by=clara)
    assert asked(document).count() == 1


def test_a_letter_that_must_not_leave_is_not_written(company, clara):
    document = invoiced(Auto_Submitted="auto-generated")
    with pytest.raises(DomainError, match="sent by a machine"):
        asking.ask(document, by=clara)
    assert not asked(document).exists()
    assert owed() == ["new"]


def test_without_a_mail_or_a_template_somebody_writes_it_by_hand(company, clara):
    document = invoiced()
    RoyalTemplate.objects.filter(code=asking.TEMPLATE).delete()
    for act in (asking.preview, lambda one: asking.ask(one, by=clara)):
        with pytest.raises(DomainError, match="template"):
            act(document)
    document.filings.all().delete()
    with pytest.raises(DomainError, match="No mail"):
        asking.preview(document)


def test_only_a_broken_e_invoice_that_nobody_found_right_is_asked_for_again(company):
    document = invoiced()
    assert not asking.can_be_asked(Document(kind="invoice", checks=[]))
    assert not asking.can_be_asked(Document(kind="order", checks=document.checks))
    assert not asking.can_be_asked(
        Document(kind="invoice", state="checked", checks=document.checks)
    )


def test_the_page_shows_the_letter_and_a_post_sends_it(company, client, clara):
    document = invoiced()
    client.force_login(clara)
    address = f"/admin/orders/document/{document.pk}/do/ask-again/"
    page = client.get(address).content.decode()
    assert "rechnung@knopf.example" in page
    assert "BR-03" in page
    assert not asked(document).exists()
    client.post(address)
    assert asked(document).exists()
