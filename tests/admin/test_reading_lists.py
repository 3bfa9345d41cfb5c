"""What lists and small pages of reading tell at a glance."""

import re
from html import unescape

import pytest
from django.urls import reverse

from emails.models import Thread
from emails.services.replay import running
from orders.models import Document
from shop.models import Supplier
from tests.admin import rows


def shown(browser, name, *arguments):
    answer = browser.get(reverse(f"admin:{name}", args=arguments))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_rule_says_in_its_row_what_it_does(office):
    department = rows.department("quality")
    rows.rule(department=department, sla="express", priority="high", stop=True, note="For fairs.")
    page = shown(office, "emails_routingrule_changelist")
    for words in ("Quality", "SLA: express", "priority: high", "stop here", "For fairs."):
        assert re.search(rf">\s*{words}\s*<", page)


def test_an_order_without_a_buyer_is_listed_with_its_customer(office):
    document = Document.objects.create(kind="order", format="pdf", number="4711")
    rows.order((rows.product(), 10), customer=rows.customer("Atelier Lys"), document=document)
    assert "Atelier Lys" in shown(office, "orders_document_changelist")


def test_a_conversation_is_listed_with_who_began_it_and_its_mails(office):
    thread = Thread.objects.create(subject="Buttons")
    rows.mail(thread=thread)
    rows.mail(thread=thread, from_name="Otto Berger")
    page = shown(office, "emails_thread_changelist")
    assert "Sabine Berger" in page
    assert "Otto Berger" not in page
    assert re.search(r'field-mails[^>]*data-label="mails">\s*2\s*<', page)


def test_a_difference_is_told_in_words(office, clara):
    rows.rule(department=rows.department("quality"), sla="express")
    mail = rows.mail(sla="standard")
    replay = running.ask("route", ids=[mail.pk], by=clara)
    running.go_on(replay.pk)
    difference = replay.differences.get()
    page = shown(office, "emails_replaydifference_change", difference.pk)
    assert difference.digest not in page
    for words in ("standard", "express", "Find the department"):
        assert words in page


@pytest.mark.parametrize(
    "typed", ["pearls.example\nshells.example", " pearls.example\r\n\r\nshells.example\n"]
)
def test_domains_of_a_supplier_are_typed_one_a_line(office, typed):
    supplier = Supplier.objects.create(number="L-1", name="Pearls", domains=["old.example"])
    assert "old.example</textarea>" in shown(office, "shop_supplier_change", supplier.pk)
    form = {
        "number": "L-1", "name": "Pearls", "country": "DE", "domains": typed, "addresses": "",
        "names-TOTAL_FORMS": 0, "names-INITIAL_FORMS": 0,
    }  # fmt: skip
    office.post(reverse("admin:shop_supplier_change", args=[supplier.pk]), form)
    supplier.refresh_from_db()
    assert supplier.domains == ["pearls.example", "shells.example"]
    assert supplier.addresses == []
