from dataclasses import replace

import pytest

from hbu.company.models import Company
from orders.documents.einvoice.content import TO_US
from orders.documents.einvoice.reading import read_xml
from orders.services.filing import Paper, file
from tests.corpora import bill_cii
from tests.corpora.bills import SHAPES

pytestmark = pytest.mark.django_db


def filed(**buyer):
    bill = SHAPES["plain"]
    bill = replace(bill, buyer=replace(bill.buyer, **buyer))
    (row,) = file([Paper(read_xml(bill_cii.written(bill, "en16931").encode()), "a.xml", "1" * 64)])
    return row, {check["name"]: check["state"] for check in row.checks}


def test_e7_an_e_invoice_to_somebody_else_is_told_when_it_is_filed(company):
    row, checks = filed(name="Sad Buttons GmbH", vat_id="DE136695976")
    assert checks[TO_US] == "failed"
    assert "DE136695976" in str(row.concerns)


def test_e7_an_e_invoice_to_us_is_known_by_our_vat_id_or_name(company):
    us = Company.objects.get()
    assert filed(name=us.name, vat_id="")[1][TO_US] == "ok"


def test_e7_without_a_company_it_stays_open(db):
    assert filed()[1][TO_US] == "not checked"
