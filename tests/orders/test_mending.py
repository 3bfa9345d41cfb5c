from datetime import date
from decimal import Decimal

import pytest

from orders.data import Check, CheckState, Party, ReadDocument, ReadLine, Source
from orders.mending import BY_HAND, mended

PLACE = Source("Summe 20,00", page=1, box=(0.1, 0.2, 0.3, 0.4), score=0.6)


def line(position, quantity, price, total, **fields):
    amounts = (Decimal(one) for one in (quantity, price, total))
    quantity, price, total = amounts
    source = Source(f"line {position}", score=0.5)
    return ReadLine(
        position, f"A-{position}", "Knopf", quantity, "Stk", price, total, source=source, **fields
    )


ORDER = ReadDocument(
    kind="order",
    format="pdf",
    number="P0-1",
    buyer=Party("Berger"),
    lines=(line(10, "10", "1.00", "10.00"), line(20, "5", "2.00", "11.00", ambiguous=True)),
    net=Decimal("20.00"),
    checks=(Check("Every row was read", CheckState.FAILED, "x"),),
    sources={"net": PLACE},
)


def failed(document):
    return [check.name for check in document.checks if check.state is CheckState.FAILED]


def test_a_field_is_put_right_where_it_stands_and_is_certain():
    fixed = mended(ORDER, {"number": "PO-1", "net": Decimal(21), "date": date(2026, 11, 21)})
    assert (fixed.number, fixed.net, fixed.date) == ("PO-1", Decimal(21), date(2026, 11, 21))
    assert fixed.sources["net"] == Source("Summe 20,00", 1, (0.1, 0.2, 0.3, 0.4), BY_HAND, 1.0)
    assert fixed.sources["number"].path == BY_HAND


def test_a_party_keeps_what_nobody_touched():
    fixed = mended(ORDER, {"buyer.vat_id": "DE1", "seller.name": "Happy Buttons"})
    assert fixed.buyer == Party("Berger", vat_id="DE1")
    assert fixed.seller.name == "Happy Buttons"


def test_a_line_is_put_right_and_the_figures_are_done_again():
    fixed = mended(ORDER, {"lines.1.total": Decimal("10.00")})
    assert fixed.lines[1].total == Decimal("10.00")
    assert (fixed.lines[1].score, fixed.lines[1].source.path) == (1.0, BY_HAND)
    assert fixed.lines[0] is ORDER.lines[0]
    # What is no arithmetic stays as it was found.
    assert failed(fixed) == ["Every row was read"]
    worse = mended(fixed, {"net": Decimal("99.00")})
    assert failed(worse) == ["The lines add up to the net sum", "Every row was read"]


def test_a_quantity_said_by_a_person_is_read_in_one_way_only():
    assert not mended(ORDER, {"lines.1.quantity": Decimal(5000)}).lines[1].ambiguous
    assert mended(ORDER, {"lines.1.name": "Horn"}).lines[1].ambiguous


def test_a_line_is_taken_out_and_another_is_added():
    added = {"lines.2.sku": "A-9", "lines.2.quantity": Decimal(3), "lines.0": None}
    fixed = mended(ORDER, added)
    assert [(one.sku, one.quantity) for one in fixed.lines] == [("A-20", 5), ("A-9", 3)]
    assert fixed.lines[1].position == 21


def test_a_line_without_a_quantity_is_none():
    assert mended(ORDER, {"lines.2.sku": "A-9"}).lines == ORDER.lines


@pytest.mark.parametrize(
    "path", ["checks", "lines.0.score", "buyer.nonsense", "lines", "sources.net", "lines.0.sku.x"]
)
def test_no_other_path_is_written_to(path):
    with pytest.raises((KeyError, ValueError)):
        mended(ORDER, {path: "x"})


def test_the_report_on_an_e_invoice_is_about_its_file_and_stays():
    report = (Check("Schema", CheckState.FAILED, "", "format"),)
    invoice = ReadDocument(kind="invoice", format="ubl", checks=report)
    assert mended(invoice, {"number": "R-1"}).checks == report


def test_what_could_not_be_read_counts_as_read_once_a_person_typed_it():
    scan = ReadDocument(kind="invoice", format="pdf", error="It may be a scan.")
    assert mended(scan, {"number": "R-1"}).error == ""
