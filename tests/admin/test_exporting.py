import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from emails.admin import MailboxAdmin
from hbu.lib.admin.exporting import guarded
from tests.admin import rows


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "'=", '"=']
)
def test_f12_no_cell_begins_as_a_formula_does(start):
    assert guarded(f"{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize(
    "value", [-5, Decimal("-1.50"), 2.5, None, True, "B-2026-1", "Müller & Co"]
)
def test_f12_numbers_and_harmless_text_stay_what_they_are(value):
    assert guarded(value) == value
    assert type(guarded(value)) is type(value)


def exported(browser, model, fields):
    url = reverse(f"admin:{model}_export")
    form = {"format": "0", "resource": ""} | dict.fromkeys(fields, "on")
    file = browser.post(url, form)
    assert file["Content-Type"].startswith("text/csv"), file.content.decode()[-3000:]
    return list(csv.reader(StringIO(file.content.decode("utf-8-sig")), delimiter=";"))


def test_f12_a_list_is_taken_along_safely_and_in_words(office):
    rows.order(customer=rows.customer("=HYPERLINK(1)"), gross=Decimal("-12.50"), number="B-1")
    head, line = exported(office, "orders_order", ORDER_FIELDS)
    told = dict(zip(head, line, strict=True))
    assert told["number"] == "B-1"
    assert told["state"] == "created"
    assert told["customer: company"] == "'=HYPERLINK(1)"
    assert told["gross"] == "-12.50"
    assert told["created"].startswith(f"{timezone.localtime():%Y-%m-%d}")


ORDER_FIELDS = [
    f"orderresource_{name}" for name in ("number", "state", "customer__name", "gross", "created_at")
]


def test_f12_a_german_spreadsheet_reads_decimals(office):
    rows.order(gross=Decimal("12.50"))
    with override("de"):
        office.cookies["django_language"] = "de"
        _head, line = exported(office, "orders_order", ["orderresource_gross"])
    assert line == ["12,50"]


def test_a_filtered_list_is_taken_along_as_it_is_filtered(office):
    rows.order(number="B-1"), rows.order(number="B-2", state="CANCELLED")
    url = reverse("admin:orders_order_export") + "?state__exact=CANCELLED"
    form = {"format": "0", "resource": "", "orderresource_number": "on"}
    assert "B-1" not in office.post(url, form).content.decode()


def test_taking_along_costs_no_query_for_each_row(office, django_assert_max_num_queries):
    for number in range(25):
        rows.mail(customer=rows.customer(f"Customer {number}"), mailbox=rows.mailbox())
    fields = [f"emailresource_{name}" for name in ("subject", "customer__name", "mailbox__address")]
    with django_assert_max_num_queries(15):
        assert len(exported(office, "emails_email", fields)) == 26


def test_mailboxes_with_their_passwords_are_not_taken_along(office):
    assert MailboxAdmin.export_fields == ()
    assert office.get(reverse("admin:emails_mailbox_export")).status_code == 403


def test_what_may_not_be_seen_is_not_taken_along(desk):
    url = reverse("admin:orders_order_export")
    assert desk.get(url).status_code == 403
    desk.may("orders.view_order")
    assert desk.get(url).status_code == 403
    desk.may("journal.export_lists")
    assert desk.get(url).status_code == 200
