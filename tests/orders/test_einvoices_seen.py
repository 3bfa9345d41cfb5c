from dataclasses import replace as changed

import pytest

from orders.documents.einvoice.dialects import looks_like_xml, told_by
from orders.documents.einvoice.embedded import xml_of
from orders.documents.einvoice.reading import read_xml
from tests.corpora import einvoices_seen as seen
from tests.corpora import seen_files as files
from tests.corpora.seen_cii import LICENCE, PAPERS
from tests.corpora.seen_papers import (
    EXTENDED,
    FERD,
    XML,
    Item,
    Paper,
    cii,
    facts_read,
    zugferd_1,
)
from tests.explosions import no_explosion

PLAIN = cii(PAPERS[0])


def test_e7_what_public_examples_look_like_is_read_to_the_last_field():
    assert seen.measure()[0].notes == ()


def test_an_invoice_is_told_behind_pages_of_licences():
    text = LICENCE + LICENCE + PLAIN
    assert told_by(text) == "cii"
    assert looks_like_xml(text.encode())
    assert not looks_like_xml((LICENCE + "<html/>").encode())
    assert not looks_like_xml(b"<!-- never closed <Invoice>")


@pytest.mark.parametrize("break_of_line", ["", "\n", "&#13;\n", "&#xD;"])
def test_an_enclosed_document_may_be_larger_than_a_parser_takes(break_of_line):
    blob = ("JVBERi0x" * 9 + break_of_line) * 160_000
    file = f"<ram:X><ram:AttachmentBinaryObject filename='a.pdf'>{blob}</ram:AttachmentBinaryObject></ram:X>"
    paper = Paper("large", head=file)
    assert facts_read(read_xml((XML + cii(paper)).encode())) == paper.facts


def test_b12_letters_that_never_end_a_text_take_no_longer():
    with no_explosion():
        read_xml(f"<Invoice>{'>' * 50}{'A' * 5_000_000}".encode())


def test_a_gross_price_alone_still_breaks_the_rule_for_net_prices():
    gross = "<ram:GrossPriceProductTradePrice><ram:ChargeAmount>110.00</ram:ChargeAmount></ram:GrossPriceProductTradePrice>"
    document = read_xml(cii(Paper("", items=(Item("Nagel", stated=gross),))).encode())
    assert str(document.lines[0].price) == "110.00"
    assert "BR-26" in failed(document)


def two_versions(first, second):
    """Two files of one name, in the tree and beside it, each with the day it was changed."""
    tree = "/Names<</EmbeddedFiles<</Names[(factur-x.xml)6 0 R]>>>>/AF[8 0 R]"
    return files.plain(
        files.basics(tree)
        | {
            5: files.embedded(PLAIN.encode(), first),
            6: files.spec("factur-x.xml"),
            7: files.embedded(PLAIN.replace("RE-2024", "NEU").encode(), second),
            8: files.spec("factur-x.xml", 7),
        }
    )


@pytest.mark.parametrize(
    ("first", "second", "is_second"),
    [
        ("20240101", "20240202", True),
        ("20240202", "20240101", False),
        ("", "", False),
        ("", "20240101", True),
    ],
)
def test_of_two_versions_in_a_pdf_the_newest_counts(first, second, is_second):
    _, xml = xml_of(two_versions(first, second))
    assert (b"NEU" in xml) is is_second


def test_zugferd_1_allowances_written_with_a_minus_are_taken_off():
    minus = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator>"
        "</ram:ChargeIndicator><ram:ActualAmount>-21.55</ram:ActualAmount><ram:Reason>Skonto</ram:Reason>"
        "</ram:SpecifiedTradeAllowanceCharge>"
    )
    sums = "<ram:AllowanceTotalAmount>21.55</ram:AllowanceTotalAmount>"
    paper = Paper("minus", f"{FERD}extended", settlement=minus, written=sums)
    older = read_xml(zugferd_1(paper).encode())
    assert [str(charge.amount) for charge in older.charges] == ["-21.55"]
    assert "BR-CO-11" not in failed(older)
    newer = read_xml(cii(changed(paper, profile=EXTENDED)).encode())
    assert [str(charge.amount) for charge in newer.charges] == ["21.55"]
    assert "BR-CO-11" in failed(newer)


def failed(document):
    return {check.rule for check in document.checks if check.state == "failed"}


ORDERED = (
    "<ram:RequestedDeliverySupplyChainEvent><ram:OccurrenceSpecifiedPeriod>"
    '<ram:StartDateTime><udt:DateTimeString format="203">202404150900</udt:DateTimeString></ram:StartDateTime>'
    '<ram:EndDateTime><udt:DateTimeString format="203">202404301800</udt:DateTimeString></ram:EndDateTime>'
    "</ram:OccurrenceSpecifiedPeriod></ram:RequestedDeliverySupplyChainEvent>"
)


def order(level, written=""):
    text = cii(Paper("order", f"urn:order-x.eu:1p0:{level}", written=written, code="220"))
    text = text.replace("rsm:CrossIndustryInvoice", "rsm:SCRDMCCBDACIOMessageStructure")
    text = text.replace("BilledQuantity", "RequestedQuantity")
    delivery = f"<ram:ApplicableHeaderTradeDelivery>{ORDERED}</ram:ApplicableHeaderTradeDelivery>"
    return read_xml(text.replace("<ram:ApplicableHeaderTradeDelivery/>", delivery).encode())


def test_an_order_x_asks_for_delivery_within_a_span():
    document = order("comfort")
    assert (document.kind, str(document.requested_date)) == ("order", "2024-04-30")


@pytest.mark.parametrize(("level", "is_wrong"), [("basic", False), ("comfort", True)])
def test_an_order_x_of_level_basic_states_sums_of_charges_alone(level, is_wrong):
    document = order(level, "<ram:ChargeTotalAmount>21.00</ram:ChargeTotalAmount>")
    assert ("BR-CO-12" in failed(document)) is is_wrong
