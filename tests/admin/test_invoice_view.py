import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from orders.admin.invoice_view import readable
from orders.data import ReadDocument
from orders.documents.einvoice.reading import read_xml
from tests.corpora import bill_cii
from tests.corpora.bills import EXTENDED_ONLY, SHAPES


def shown(bill, kind="en16931"):
    with override("en"):
        sections = readable(read_xml(bill_cii.written(bill, kind).encode()))
        return {str(one.title): one for one in sections}


def plain(cells):
    return [strip_tags(str(cell)) for cell in cells]


def test_e7_data_are_laid_out_like_a_page():
    sections = shown(SHAPES["adjusted"])
    assert list(sections) == [
        "The document in words", "Parties", "Lines", "Allowances and charges", "VAT", "Sums",
    ]  # fmt: skip
    facts = dict(map(plain, sections["The document in words"].items))
    assert (facts["number"], facts["type"]) == ("RE-2026-0042", "invoice")
    assert plain(sections["Lines"].rows[0][1:4]) == ["HO-20", "Holzknopf 20 mm", "300 C62"]
    assert [row[1] for row in sections["Allowances and charges"].rows] == ["-10.00", "6.90"]
    assert dict(map(plain, sections["Sums"].items))["to pay"].endswith("EUR")


def test_each_fact_says_which_field_it_stands_in():
    number = dict(shown(SHAPES["plain"])["The document in words"].items)["number"]
    assert number == '<span class="hb-mark" data-mark="number">RE-2026-0042</span>'


def test_what_a_stranger_wrote_stays_text():
    document = ReadDocument("invoice", "ubl", number="<img src=x onerror=alert(1)>")
    number = dict(readable(document)[0].items)["number"]
    assert "<img" not in number
    assert "&lt;img" in number


def test_lines_that_do_not_count_are_in_brackets():
    rows = shown(EXTENDED_ONLY["sub-lines"], "extended")["Lines"].rows
    assert plain(row[0] for row in rows) == ["1", "1.1", "1.2", "1.3"]
    assert plain(row[-1] for row in rows) == ["(50.00)", "20.00", "30.00", "(0.00)"]


@pytest.mark.parametrize(
    "document", [ReadDocument("invoice", "pdf"), ReadDocument("invoice", "ubl", error="damaged")]
)
def test_what_has_a_page_or_no_data_needs_none(document):
    assert readable(document) == ()
