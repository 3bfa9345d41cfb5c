import io
import zlib
from resource import RUSAGE_SELF, getrusage

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from hbu.lib import jail
from hbu.lib.errors import DomainError
from orders.documents.pdf import MAX_CHARACTERS, text_of
from orders.documents.reading import read_pdf
from tests.orders.papers import built, english_order, german_order, words


def test_table_columns_stay_apart():
    row = next(line for line in text_of(german_order())["text"].split("\n") if "HB-1001" in line)
    assert row.split("  ")[0] == "1"
    assert [cell.strip() for cell in row.split("  ") if cell.strip()] == [
        "1",
        "HB-1001",
        "Perlmuttknopf 18 mm weiß",
        "1.000",
        "Stk",
        "0,85 €",
        "850,00 €",
    ]


def test_pages_are_parted_and_all_counted():
    page = io.BytesIO()
    canvas = Canvas(page)
    for number in range(60):
        canvas.drawString(50, 700, f"page number {number}")
        canvas.showPage()
    canvas.save()
    answer = text_of(page.getvalue())
    assert answer["text"].count("\f") == 49
    assert (answer["pages"], answer["complete"]) == (60, False)


def test_b10_a_document_cut_short_fails_a_check():
    page = io.BytesIO()
    canvas = Canvas(page)
    for _ in range(51):
        canvas.drawString(50, 700, "Bestellung")
        canvas.showPage()
    canvas.save()
    _, document = read_pdf(page.getvalue())
    assert document.checks[-1].state == "failed"


def test_b10_text_ends_at_its_limit():
    rows = [words("Knopf " * 600) for _ in range(80)]
    answer = text_of(built(*rows))
    assert len(answer["text"]) == MAX_CHARACTERS
    assert not answer["complete"]


def locked(password, owner="owner"):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(german_order())))
    writer.encrypt(password, owner)
    page = io.BytesIO()
    writer.write(page)
    return page.getvalue()


def test_a_pdf_that_is_only_locked_against_changes_is_read():
    assert "HB-1001" in text_of(locked(""))["text"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a PDF"),
        (b"GIF89a", "not a PDF"),
        (german_order()[:-500], "incomplete"),
        (b"%PDF-1.4\ngarbage\n%%EOF", "damaged"),
        (locked("secret"), "password"),
    ],
    ids=["empty", "no pdf", "truncated", "garbage", "encrypted"],
)
def test_b10_what_cannot_be_read_is_said_in_words(data, message):
    with pytest.raises(DomainError, match=message):
        text_of(data)
    text, document = read_pdf(data)
    assert (text, document.lines) == ("", ())
    assert message in document.error


def test_a_scan_without_text_is_an_error():
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.rect(10, 10, 100, 100)
    canvas.save()
    assert "scan" in read_pdf(page.getvalue())[1].error


def raw_pdf(contents, *, filters="/FlateDecode", kids="[3 0 R]", catalog="", extra=b"<<>>"):
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        f"<</Type/Pages/Count 1/Kids{kids}>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter %s>>stream\n" % (len(contents), filters.encode())
        + contents
        + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        extra,
    ]
    body, offsets = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 7\n0000000000 65535 f \n"
        + table
        + b"trailer<</Root 1 0 R/Size 7>>\nstartxref\n%d\n%%%%EOF" % len(body)
    )


def inflating_to(megabytes):
    squeeze, block = zlib.compressobj(1), bytes(1 << 20)
    return b"".join(squeeze.compress(block) for _ in range(megabytes)) + squeeze.flush()


ONE_LINE = zlib.compress(b"BT /F1 9 Tf 50 700 Td (HB-1001) Tj ET")
XMP = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta>"""
XMP_STREAM = b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(XMP), XMP)
BOMBS = {
    "flate": lambda: raw_pdf(inflating_to(200)),
    "double flate": lambda: raw_pdf(
        zlib.compress(inflating_to(200)), filters="[/FlateDecode/FlateDecode]"
    ),
    "endless page": lambda: raw_pdf(
        zlib.compress(b"BT /F1 9 Tf 0 1e12 Td (x) Tj ET BT /F1 9 Tf 0 -1e12 Td (y) Tj ET")
    ),
    "wide page": lambda: raw_pdf(zlib.compress(b"BT /F1 .001 Tf 9e9 7 Td (x) Tj ET")),
    "pages within themselves": lambda: raw_pdf(ONE_LINE, kids="[2 0 R 3 0 R]"),
    "many pages": lambda: raw_pdf(ONE_LINE, kids=f"[{'3 0 R ' * 10_000}]"),
    "damaged stream": lambda: raw_pdf(ONE_LINE[:20] + b"\xff" * 9 + ONE_LINE[20:]),
    "xfa": lambda: raw_pdf(ONE_LINE, catalog="/AcroForm<</XFA 6 0 R>>", extra=XMP_STREAM),
    "xmp": lambda: raw_pdf(ONE_LINE, catalog="/Metadata 6 0 R", extra=XMP_STREAM),
}


def test_a_page_by_hand_is_read_if_it_is_harmless():
    assert text_of(raw_pdf(ONE_LINE))["text"] == "HB-1001"


@pytest.mark.parametrize("name", BOMBS)
def test_b10_a_bomb_ends_in_the_jail_and_orders_nothing(name):
    data = BOMBS[name]()
    before = getrusage(RUSAGE_SELF).ru_maxrss
    _, document = read_pdf(data)
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 50_000
    assert not document.lines


def test_b10_endless_drawing_is_killed_when_its_time_is_up():
    data = raw_pdf(zlib.compress(b"BT /F1 9 Tf 1 0 Td (x) Tj ET " * 100_000))
    with pytest.raises(jail.Jailed) as caught:
        jail.call("orders.documents.pdf:text_of", data, seconds=1)
    assert caught.value.reason is jail.Why.TIMEOUT


def test_the_jail_goes_on_after_a_bomb():
    read_pdf(BOMBS["double flate"]())
    results = jail.call_many("orders.documents.pdf:text_of", [english_order(), b"", german_order()])
    assert [isinstance(result, dict) for result in results] == [True, False, True]
