from datetime import date
from decimal import Decimal

import pytest

from orders.data import ReadDocument
from orders.documents import door
from orders.documents.einvoice.embedded import xml_of
from orders.documents.einvoice.hybrid import read_hybrid, same_as_picture, without_data
from orders.documents.einvoice.reading import read_xml
from tests.corpora import bill_cii, bill_ubl, einvoices
from tests.corpora.bills import EXTENDED_ONLY, ORDERS, SHAPES, Bill, button, many
from tests.corpora.hybrids import page, pdf
from tests.corpora.spellings import encoded

PLAIN = SHAPES["plain"]


def of_kind(kind, bill=PLAIN):
    return read_xml(encoded(bill_cii.written(bill, kind)))


def as_ubl(profile, bill=PLAIN, root="Invoice"):
    return read_xml(encoded(bill_ubl.written(bill, profile, root)))


def test_e7_every_fifth_of_our_corpus_is_read_to_the_last_field():
    wrong = {case.name: einvoices.wrong(case) for case in einvoices.cases()[::5]}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_e7_a_sound_invoice_raises_no_alarm():
    sound = [case for case in einvoices.cases()[2::9] if not einvoices.is_marred(case)]
    assert {case.name: found for case in sound if (found := einvoices.alarms(case))} == {}


@pytest.mark.parametrize(
    ("kind", "format"),
    [
        ("zugferd1 comfort", "zugferd-1"),
        ("minimum", "factur-x"),
        ("zugferd 2.0 basic", "factur-x"),
        ("extended", "factur-x"),
        ("en16931", "cii"),
        ("xrechnung 1.2", "xrechnung-cii"),
        ("xrechnung 3.0", "xrechnung-cii"),
    ],
)
def test_e7_each_syntax_is_named(kind, format):
    assert of_kind(kind).format == format
    assert of_kind(kind).profile == bill_cii.GUIDELINES[kind]


def test_e7_xrechnung_and_plain_ubl_are_told_apart():
    assert as_ubl("xrechnung 2.0").format == "xrechnung-ubl"
    assert as_ubl("peppol").format == "ubl"
    assert as_ubl("en16931", root="CreditNote").type_code == "380"


def test_e7_the_orders_are_orders():
    cii = read_xml(encoded(bill_cii.written(ORDERS["two"], "orderx extended")))
    ubl = read_xml(encoded(bill_ubl.ordered(ORDERS["two"])))
    for read, format in ((cii, "order-x"), (ubl, "ubl-order")):
        assert (read.kind, read.format, read.number) == ("order", format, "B-2026/118")
        assert read.requested_date == date(2026, 3, 18)
        assert [(line.sku, line.buyer_sku) for line in read.lines] == [
            ("PK-18", "HB-1001"),
            ("NG <2>", ""),
        ]


def test_an_order_that_names_only_the_buyers_number_or_a_gtin_is_known_by_it():
    theirs, gtin = (
        read_xml(encoded(bill_ubl.ordered(ORDERS[name]))).lines[0]
        for name in ("only theirs", "only gtin")
    )
    assert (theirs.sku, theirs.buyer_sku) == ("HB-1001", "")
    assert (gtin.sku, gtin.gtin) == ("4012345001235", "4012345001235")


def test_prices_for_a_hundred_become_prices_of_one():
    for read in (
        of_kind("en16931", SHAPES["per hundred"]),
        as_ubl("peppol", SHAPES["per hundred"]),
    ):
        assert [line.price for line in read.lines] == [Decimal("0.899"), Decimal("0.00456")]


def test_a_discount_on_the_price_is_told_as_per_cent():
    for read in (of_kind("en16931", SHAPES["adjusted"]), as_ubl("peppol", SHAPES["adjusted"])):
        assert (read.lines[0].price, read.lines[0].discount) == (Decimal("0.2700"), Decimal(10))
        assert [charge.amount for charge in read.charges] == [Decimal(-10), Decimal("6.90")]


def test_the_tax_is_that_in_the_currency_of_the_invoice():
    for read in (of_kind("en16931", SHAPES["foreign"]), as_ubl("en16931", SHAPES["foreign"])):
        assert (read.currency, read.tax) == ("CHF", Decimal("42.74"))


def test_sub_lines_are_shown_and_only_details_count():
    read = of_kind("extended", EXTENDED_ONLY["sub-lines"])
    assert [(line.line_id, line.sums_up) for line in read.lines] == [
        ("1", False),
        ("1.1", True),
        ("1.2", True),
        ("1.3", False),
    ]
    assert [line.position for line in read.lines] == [1, 2, 3, 4]
    assert read.net == Decimal("50.00")


def test_the_head_of_an_invoice_says_what_it_belongs_to():
    read = of_kind("en16931", SHAPES["correction"])
    assert (read.type_code, read.preceding) == ("384", "RE-2026-0041")
    read = as_ubl("xrechnung 3.0", SHAPES["two rates"])
    assert (read.order_reference, read.buyer_reference) == ("B-2026-118", "04011000-12345-34")
    assert read.lines[0].order_line == "10"
    assert of_kind("en16931", SHAPES["attached"]).attachments == ("Lieferschein.pdf",)
    assert as_ubl("peppol", SHAPES["period"]).period == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_field_says_where_it_stands():
    read = of_kind("en16931")
    assert read.sources["gross"].path.endswith("ram:GrandTotalAmount")
    assert read.sources["gross"].snippet == "249.90"
    assert read.lines[0].source.path.endswith("ram:IncludedSupplyChainTradeLineItem")
    assert read.lines[0].source.snippet == "500 C62 PK-18 Perlmuttknopf 18 mm"


def test_what_was_read_can_be_stored():
    for read in (
        of_kind("extended", SHAPES["adjusted"]),
        as_ubl("xrechnung 3.0", SHAPES["two rates"]),
    ):
        assert ReadDocument.from_json(read.as_json()) == read


def test_an_invoice_in_an_envelope_is_found():
    inside = bill_ubl.written(PLAIN, "peppol")
    sent = f'<StandardBusinessDocument xmlns="x"><StandardBusinessDocumentHeader/>{inside}</StandardBusinessDocument>'
    assert read_xml(sent.encode()).number == PLAIN.number


def test_a_line_of_mere_text_is_no_line_that_counts():
    xml = bill_cii.written(PLAIN, "zugferd1 extended")
    text = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:IncludedNote>"
        "<ram:Content>Wir danken</ram:Content></ram:IncludedNote></ram:AssociatedDocumentLineDocument></ram:IncludedSupplyChainTradeLineItem>"
    )
    read = read_xml(
        xml.replace(
            "</rsm:SpecifiedSupplyChainTradeTransaction>",
            f"{text}</rsm:SpecifiedSupplyChainTradeTransaction>",
        ).encode()
    )
    assert [(line.name, line.sums_up) for line in read.lines] == [
        ("Perlmuttknopf 18 mm", True),
        ("Wir danken", False),
    ]
    assert not [check for check in read.checks if check.state == "failed"]


def test_a_longer_list_than_we_read_is_said_to_be_cut():
    read = of_kind("en16931", Bill(items=many(5_050)))
    assert len(read.lines) == 5_000
    assert [(check.name, check.state) for check in read.checks][-1] == (
        "The document was read to its end",
        "failed",
    )


def test_other_xml_is_no_invoice():
    for data in (
        b"<html><body/></html>",
        b"<Invoice><GeneratingSystem/></Invoice>",
        b"<a/>",
        b"",
        b"words",
    ):
        read = read_xml(data)
        assert (read.kind, bool(read.error)) == ("other", True)


def test_e7_a_damaged_e_invoice_is_told_apart_from_everything_else():
    whole = encoded(bill_cii.written(PLAIN, "en16931"))
    read = read_xml(whole[: len(whole) // 2])
    assert (read.kind, read.format) == ("invoice", "cii")
    assert "e-invoice" in read.error
    assert [(check.part, check.state) for check in read.checks] == [
        ("format", "failed"), ("format", "not checked"), ("rules", "not checked"), ("content", "not checked"),
    ]  # fmt: skip
    inside = read_hybrid(pdf(whole[:800]))
    assert (inside.kind, "e-invoice" in inside.error) == ("invoice", True)
    assert read_hybrid(pdf(b"")).kind == "invoice"


def test_wrong_letters_are_read_and_said_to_be_wrong():
    data = (
        encoded(bill_cii.written(SHAPES["umlauts"], "en16931")).decode().encode("cp1252", "replace")
    )
    read = read_xml(data)
    assert read.seller.city == "Lüneburg"
    assert [check.detail for check in read.checks if check.state == "failed"] == [
        "its bytes are not UTF-8"
    ]


def test_e7_the_xml_of_a_pdf_is_found_under_its_name():
    xml = encoded(bill_cii.written(PLAIN, "basic"))
    assert xml_of(pdf(xml)) == ("factur-x.xml", xml)
    assert xml_of(page("Rechnung")) is None
    assert xml_of(pdf(b"<a/>", "other.xml")) is None
    assert xml_of(b"%PDF-1.4 rubbish") is None


def test_e7_the_pdf_around_the_xml_is_looked_at():
    facturx = pytest.importorskip("facturx")
    made = facturx.generate_from_binary(
        page("Rechnung"),
        encoded(bill_cii.written(PLAIN, "en16931")),
        flavor="factur-x",
        level="en16931",
    )
    states = {check.name: check.state for check in read_hybrid(made).checks}
    assert states["The XML is attached to the PDF as the standard wants it"] == "ok"
    assert states["PDF and XML name the same profile"] == "ok"
    assert states["The PDF is an archive PDF (PDF/A-3)"] == "not checked"
    other = made.replace(b"<fx:ConformanceLevel>EN 16931<", b"<fx:ConformanceLevel>EXTENDED<")
    if other != made:
        states = {check.name: check.state for check in read_hybrid(other).checks}
        assert states["PDF and XML name the same profile"] == "failed"


def test_e7_a_pdf_without_data_is_an_invoice_of_the_other_kind():
    assert without_data("invoice").state == "not checked"
    assert without_data("order") is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Rechnung RE-2026-0042 Betrag 249,90 EUR", "ok"),
        ("Invoice RE - 2026 - 0042\nTotal 249.90", "ok"),
        ("Rechnung RE-2026-0042 Betrag 294,90 EUR", "failed"),
        ("Rechnung RE-2026-0043 Betrag 249,90 EUR", "failed"),
        ("", "not checked"),
        ("Seite 1 von 1", "not checked"),
        (
            "Unsere Bedingungen für alle Lieferungen und Leistungen, die wir Ihnen in Rechnung stellen, Seite 1",
            "failed",
        ),
    ],
)
def test_e7_picture_and_data_are_compared(text, state):
    assert same_as_picture(of_kind("en16931"), text).state == state


def test_thousands_are_found_in_either_notation():
    read = of_kind("en16931", Bill(items=(button(price="1000.00"),)))
    for text in ("595.000,00", "595,000.00", "595 000,00", "595'000.00"):
        assert same_as_picture(read, f"RE-2026-0042 {text}").state == "ok"


UBL_ORDER = b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"><ID>4711</ID>'


def test_e1_an_order_in_xml_that_orders_nothing_says_so():
    document = read_xml(UBL_ORDER + b"</Order>")
    assert (document.kind, document.number, document.error) == ("order", "4711", "")
    failed = [check.name for check in document.checks if check.state == "failed"]
    assert "The order has lines" in failed


def test_e1_a_damaged_order_is_not_called_an_invoice():
    document = read_xml(UBL_ORDER)
    assert document.kind == "order"
    assert document.error == "This is an order in XML, but its XML is damaged: ask for a new one."


def test_e1_the_fields_of_a_hybrid_are_marked_where_its_page_shows_them():
    shown = (
        "Knopfmanufaktur Lüneburg GmbH", "Rechnung RE-2026-0042 vom 05.03.2026",
        "1  PK-18  Perlmuttknopf 18 mm  500 Stk  0,42  210,00", "Netto 210,00", "Gesamt 249,90 EUR",
    )  # fmt: skip
    made = pdf(encoded(bill_cii.written(SHAPES["plain"], "en16931")), words=shown)
    read = ReadDocument.from_json(door.read(made)["document"])
    boxes = {name: source.box for name, source in read.sources.items() if source.page == 1}
    boxes["line"] = read.lines[0].source.box
    rows = ["number", "date", "line", "net", "gross"]
    tops = [boxes[name][1] for name in rows]
    assert tops == sorted(tops)
    assert boxes["number"][0] < boxes["date"][0]
    assert all(box[0] < box[2] < 1 and box[1] < box[3] < 1 for box in boxes.values())
    assert read.sources["number"].path.startswith("/rsm:")
    assert "tax" not in boxes  # the page does not show it
