import io
import json
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from emails.simulation import papers
from orders.data import ReadLine
from orders.documents.checks import scored
from orders.documents.totals import Sums

BERGER = papers.Party("Modehaus Berger GmbH", "Sendlinger Straße 48", "80331", "München")
US = papers.Party("Happy Buttons GmbH", "Knopfmachergasse 7", "50667", "Köln")
PAPER = papers.Paper(
    number="4500012345",
    issued=date(2026, 11, 24),
    buyer=BERGER,
    seller=US,
    lines=(
        papers.PaperLine(
            "HB-1004", "Büffelhornknopf Sylt", 500, Decimal("0.70"), Decimal("350.00")
        ),
    ),
    net=Decimal("350.00"),
    tax=Decimal("66.50"),
    gross=Decimal("416.50"),
)
FIELDS = {
    "path", "kind", "format", "number", "date", "currency", "buyer", "seller", "buyer_reference",
    "lines", "net", "tax", "gross", "payable", "checks", "error", "prepaid", "taxes", "charges",
    "type_code", "profile", "requested_date", "delivery_date", "due_date", "order_reference",
    "preceding",
}  # fmt: skip


def read(*paths):
    said = io.StringIO()
    call_command("read_document", *map(str, paths), "--json", stdout=said)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def told(*paths):
    said = io.StringIO()
    call_command("read_document", *map(str, paths), stdout=said)
    return said.getvalue()


@pytest.fixture
def order(tmp_path):
    path = tmp_path / "order.pdf"
    path.write_bytes(papers.purchase_order("classic", PAPER))
    return path


@pytest.mark.parametrize("layout", papers.LAYOUTS)
def test_e1_an_order_as_pdf_is_told_field_by_field(order, layout):
    order.write_bytes(papers.purchase_order(layout, PAPER))
    (one,) = read(order)
    assert set(one) == FIELDS
    assert (one["kind"], one["format"], one["number"]) == ("order", "pdf", "4500012345")
    assert (one["date"], one["currency"], one["error"]) == ("2026-11-24", "EUR", "")
    assert (one["net"], one["tax"], one["gross"]) == ("350.00", "66.50", "416.50")
    assert one["payable"] == one["gross"]
    (line,) = one["lines"]
    assert (line["position"], line["quantity"], line["total"]) == (1, "500", "350.00")
    assert Decimal(line["price"]) == Decimal("0.70")
    assert (line["sku"], line["score"]) == ("HB-1004", 1.0)
    assert "350,00" in line["source"]["snippet"]
    assert {check["state"] for check in one["checks"]} == {"ok"}


def test_an_invoice_is_told_apart(order):
    order.write_bytes(papers.invoice(PAPER))
    (one,) = read(order)
    assert (one["kind"], one["payable"]) == ("invoice", "416.50")


def test_a_wrong_sum_fails_its_check_and_the_line_scores_less(order):
    line = replace(PAPER.lines[0], total=Decimal("530.00"))
    order.write_bytes(papers.purchase_order("classic", replace(PAPER, lines=(line,))))
    (one,) = read(order)
    assert one["lines"][0]["score"] == 0.5
    assert "350.00 ≠ 530.00" in next(
        check["detail"] for check in one["checks"] if check["state"] == "failed"
    )
    assert "350.00 ≠ 530.00" in told(order)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_order_as_text_is_read(tmp_path, encoding):
    path = tmp_path / "order.txt"
    path.write_text("Bitte 500 Stück HB-1001", encoding=encoding)
    (one,) = read(path)
    assert (one["kind"], one["format"], one["payable"]) == ("order", "text", None)
    assert [(line["unit"], line["score"]) for line in one["lines"]] == [("Stück", 0.9)]


def test_folders_are_walked_and_every_file_has_its_say(order, tmp_path):
    folder = tmp_path / "deeper"
    folder.mkdir()
    (folder / "broken.pdf").write_bytes(order.read_bytes()[:500])
    (folder / "empty.txt").touch()
    (folder / "noise.txt").write_bytes(bytes(range(256)))
    (folder / "sheet.xlsx").write_bytes(b"PK")
    (folder / "picture.gif").write_bytes(b"GIF89a")
    os.mkfifo(folder / "pipe")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    (folder / os.fsdecode(b"caf\xe9.txt")).touch()
    found = {one["path"].rpartition("/")[2]: one for one in read(tmp_path, tmp_path / "none.pdf")}
    assert len(found) == 10
    assert found["order.pdf"]["error"] == ""
    assert found["broken.pdf"]["error"] == "The PDF is incomplete."
    assert found["sheet.xlsx"]["error"] == "The spreadsheet is damaged and cannot be read."
    assert "Only PDF files" in found["picture.gif"]["error"]
    assert found["noise.txt"]["error"] == "The file holds no text."
    assert found["pipe"]["error"] == "This is no file."
    assert found["none.pdf"]["error"] == found["gone.txt"]["error"] == "There is no such file."
    assert {one["kind"] for name, one in found.items() if name != "order.pdf"} == {"other"}
    assert all(set(one) == FIELDS for one in found.values())


def test_people_read_what_was_ordered(order):
    said = told(order)
    assert "4500012345" in said
    assert "416.50 EUR" in said
    assert "1  500 " in said


@pytest.mark.parametrize(
    ("price", "total", "ambiguous", "score"),
    [
        ("2", "20.00", False, 1.0),
        ("2", None, False, 0.9),
        (None, None, False, 0.9),
        ("2", None, True, 0.5),
        ("2", "30.00", False, 0.5),
    ],
)
def test_a_line_is_as_sure_as_its_figures(price, total, ambiguous, score):
    line = ReadLine(
        position=1,
        sku="HB-1",
        name="",
        quantity=Decimal(10),
        price=price and Decimal(price),
        total=total and Decimal(total),
        ambiguous=ambiguous,
    )
    assert scored([line], Sums())[0].score == score
