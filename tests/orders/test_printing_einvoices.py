"""E-invoices of ours: written from the invoice's row, proved by our own reader, never sent wrong."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from orders import billing
from orders.data import CheckState, Party
from orders.documents.einvoice import writing
from orders.documents.einvoice.hybrid import read_hybrid
from orders.documents.einvoice.reading import read_xml
from orders.models import Invoice, InvoiceLine, Order, Printout
from orders.printing import proof
from orders.services import invoicing, printing
from orders.services.composing import einvoice, making
from shop.pricing import line_total
from tests.orders.billed import D, customer, invoiced, paper_of, printed, shipped
from tests.orders.books import AURORA

pytestmark = pytest.mark.django_db


def failed(checks):
    return [(one["rule"], one["name"], one["detail"]) for one in checks if one["state"] == "failed"]


def by_xrechnung():
    return customer(
        invoice_format="xrechnung",
        buyer_reference="04011000-12345-34",
        invoice_email="rechnung@berger.example",
        cash_discount_percent=2,
        cash_discount_days=14,
    )


def test_the_pdf_carries_the_invoice_as_data_that_our_reader_accepts(company):
    invoice = invoiced((AURORA, 200), ("HB-1002", 300))
    made = printed(paper_of(invoice))
    assert (made.state, made.error) == ("made", "")
    assert failed(made.checks) == []
    read = read_hybrid(printing.content(made))
    assert (read.number, read.gross, read.kind, read.type_code) == (invoice.number, invoice.gross, "invoice", "380")  # fmt: skip
    assert read.profile == "urn:cen.eu:en16931:2017"
    assert read.seller.vat_id == "DE999894301"
    assert read.buyer.name == "Modehaus Berger GmbH & Co. KG"
    assert [(one.sku, one.quantity, one.total) for one in read.lines] == [
        (one.sku, one.quantity, one.total) for one in invoice.lines.order_by("position")
    ]


def test_an_xrechnung_is_data_and_its_pdf_is_for_reading(company):
    by_xrechnung()
    invoice = invoiced()
    data = printed(paper_of(invoice, "xrechnung"))
    assert (data.state, data.error, data.media_type) == ("made", "", "application/xml")
    assert data.filename == f"XRechnung-{invoice.number}.xml"
    read = read_xml(printing.content(data))
    assert read.format == "xrechnung-cii"
    assert read.buyer_reference == "04011000-12345-34"
    assert "#SKONTO#TAGE=14#PROZENT=2.00#" in read.payment_terms
    assert failed(data.checks) == []
    assert any(one["detail"].startswith("BR-DE-1") for one in data.checks)
    pdf = printed(paper_of(invoice))
    assert pdf.state == "made"
    assert read_hybrid(printing.content(pdf)) is None


@pytest.mark.parametrize("correct", ["cancel", "credit"])
@pytest.mark.parametrize("xrechnung", [False, True])
def test_corrections_name_the_invoice_they_correct(company, correct, xrechnung):
    if xrechnung:
        by_xrechnung()
    invoice = invoiced((AURORA, 200), ("HB-1002", 300))
    if correct == "cancel":
        correction = invoicing.cancel(invoice, reason="Größe falsch")
    else:
        line = invoice.lines.first()
        correction = invoicing.credit(invoice, {line.pk: D("2.50")}, reason="Größe falsch")
    made = printed(paper_of(correction, "xrechnung" if xrechnung else "invoice"))
    assert (made.state, made.error) == ("made", "")
    data = printing.content(made)
    read = read_xml(data) if xrechnung else read_hybrid(data)
    assert (read.type_code, read.preceding) == ("381", invoice.number)
    assert read.payable == correction.gross > 0
    assert "Größe falsch" in read.note


@pytest.mark.parametrize(
    ("category", "country", "vat_id"),
    [("K", "FR", "FR40303265045"), ("AE", "AT", "ATU13585627"), ("G", "CH", "")],
)
def test_free_of_vat_both_files_say_why(company, category, country, vat_id):
    customer(country=country, vat_id=vat_id)
    order = shipped()
    Order.objects.filter(pk=order.pk).update(tax_category=category)
    invoice = invoicing.issue(Order.objects.get(pk=order.pk))
    made = printed(paper_of(invoice))
    assert (made.state, made.error) == ("made", "")
    read = read_hybrid(printing.content(made))
    assert [(one.category, one.rate) for one in read.taxes] == [(category, 0)]
    assert read.taxes[0].reason == invoice.taxes[0]["reason"]
    said = " ".join(proof.text_of(printing.content(made)).split())
    assert invoice.taxes[0]["reason"] in said
    assert "DE999894301" in said
    assert vat_id in said


def test_in_advance_it_says_that_the_delivery_follows(company):
    customer(payment="prepayment")
    from tests.orders.books import confirmed

    made = printed(paper_of(invoicing.issue(confirmed((AURORA, 200)))))
    assert (made.state, made.error) == ("made", "")
    assert failed(made.checks) == []


def test_a_mismatch_between_data_and_invoice_never_leaves(company, monkeypatch):
    invoice = invoiced()
    written = writing.written
    wrong = lambda paper, *rest: written(replace(paper, order_reference="4711"), *rest)  # noqa: E731
    monkeypatch.setattr(making.writing, "written", wrong)
    held = printed(paper_of(invoice))
    assert held.state == Printout.State.FAILED
    assert "order_reference" in held.error
    assert held.sha256 == ""
    assert [detail for _, _, detail in failed(held.checks)] == ["order_reference"]


def test_a_broken_rule_never_leaves(company, monkeypatch):
    invoice = invoiced()
    paper = einvoice.paper
    wrong = lambda row, *rest: replace(paper(row, *rest), due_date=None, payment_terms="")  # noqa: E731
    monkeypatch.setattr(making.einvoice, "paper", wrong)
    held = printed(paper_of(invoice))
    assert held.state == Printout.State.FAILED
    assert held.error.startswith("BR-CO-25")


def test_pages_that_show_another_amount_never_leave(company, monkeypatch):
    invoice = invoiced()
    summed = making.invoice.parts.summed
    monkeypatch.setattr(making.invoice.parts, "summed", lambda *given: summed(*given)[:-1])
    held = printed(paper_of(invoice))
    assert held.state == Printout.State.FAILED


def test_a_validator_we_do_not_have_is_not_claimed(company):
    made = printed(paper_of(invoiced()))
    open_ones = {one["name"] for one in made.checks if one["state"] == "not checked"}
    assert open_ones == {
        "All rules of the standard (Schematron)",
        "The PDF is an archive PDF (PDF/A-3)",
    }


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")),
    min_size=1,
    max_size=40,
).filter(lambda words: words.strip() != "")
PLACES = ("DE", "AT", "FR", "CH", "US")
SELLER = Party(
    name="Happy Buttons GmbH", vat_id="DE999894301", street="Knopfmachergasse 7", postcode="50667",
    city="Köln", country="DE", contact="Buchhaltung", email="finance@h-bu.de",
    phone="+49 221 4710-100", iban="DE89370400440532013000", legal_id="HRB 99071",
    endpoint="EM:finance@h-bu.de",
)  # fmt: skip


@st.composite
def rows(draw):
    """An invoice as it might be issued, and its lines."""
    category = draw(st.sampled_from(["S", "S", "S", "K", "AE", "G"]))
    rates = [Decimal(19), Decimal(7), Decimal(0)]
    lines = []
    for position in range(1, draw(st.integers(1, 6)) + 1):
        quantity = Decimal(draw(st.integers(1, 20_000)))
        price = draw(st.decimals("0.0001", "99.9999", places=4))
        rate = billing.rate_of(category, draw(st.sampled_from(rates)))
        lines.append(
            InvoiceLine(
                position=position, sku=f"HB-{position}", name=draw(NAMES), quantity=quantity,
                unit_price=price, tax_rate=rate, total=line_total(price, quantity),
            )
        )  # fmt: skip
    reason = "Steuerfrei" if category != "S" else ""
    made = billing.billed(((one.total, one.tax_rate) for one in lines), category, reason)
    assume(made.gross > 0)
    kind = draw(st.sampled_from(Invoice.Kind.values))
    day = draw(st.dates(date(2025, 1, 1), date(2030, 12, 31)))
    country = "DE" if category == "S" else draw(st.sampled_from(PLACES[1:]))
    buyer = Party(
        name=draw(NAMES), identifier="K-1", vat_id="FR40303265045", street=draw(NAMES),
        postcode="75017", city=draw(NAMES), country=country, contact=draw(st.just("") | NAMES),
        email="r@b.example", endpoint="EM:r@b.example",
    )  # fmt: skip
    discount = draw(st.sampled_from([Decimal(0), Decimal(2), Decimal("2.5")]))
    if kind != Invoice.Kind.INVOICE:
        discount = Decimal(0)
    row = Invoice(
        number="RE-2026-000042", kind=kind, language=draw(st.sampled_from(["de", "en"])),
        issued_on=day, due_on=day + timedelta(days=30), delivered_on=day,
        seller=as_stored(SELLER), buyer=as_stored(buyer), ship_to=as_stored(replace(buyer, vat_id="", identifier="", endpoint="", email="")),
        payment="invoice", cash_discount_percent=discount,
        cash_discount_until=day + timedelta(days=14) if discount else None,
        order_reference=draw(st.just("") | NAMES), buyer_reference="04011000-12345-34",
        tax_category=category, net=made.net, tax=made.tax, gross=made.gross,
        reason=draw(NAMES) if kind != Invoice.Kind.INVOICE else "",
        taxes=[
            {"rate": str(one.rate), "basis": str(one.basis), "amount": str(one.amount),
             "category": one.category, "reason": one.reason}
            for one in made.taxes
        ],
    )  # fmt: skip
    if kind != Invoice.Kind.INVOICE:
        row.refers_to = Invoice(number="RE-2026-000041", issued_on=day)
    return row, lines


def as_stored(party):
    from dataclasses import asdict

    return asdict(party)


class Held:
    """The lines of an invoice that no database knows."""

    def __init__(self, lines):
        self.lines = lines

    def order_by(self, _field):
        return self.lines


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows(), st.sampled_from([einvoice.FACTUR_X, einvoice.XRECHNUNG]))
def test_whatever_is_issued_is_read_back_as_it_was_meant(made, profile):
    row, lines = made
    row_with_lines = SimpleNamespace(**{**vars(row), "lines": Held(lines), "refers_to": row.refers_to if row.kind != "invoice" else None})  # fmt: skip
    with override(row.language):
        paper = einvoice.paper(row_with_lines, profile)
    process = einvoice.PROCESS if profile == einvoice.XRECHNUNG else ""
    checks = proof.of_xml(writing.written(paper, process), paper)
    assert [one for one in checks if one.state is CheckState.FAILED] == []
    read = read_xml(writing.written(paper, process))
    assert (read.net, read.tax, read.gross) == (row.net, row.tax, row.gross)
    assert read.date == row.issued_on
    assert [(one.quantity, one.price, one.total) for one in read.lines] == [
        (one.quantity, one.unit_price, one.total) for one in lines
    ]
