import io
import zlib
from resource import RUSAGE_SELF, getrusage

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from hbu.lib import jail
from hbu.lib.errors import DomainError
from orders.documents.files import read_bytes
from orders.documents.pdf import MAX_CHARACTERS, read
from tests.orders.papers import built, english_order, german_order, words


def test_table_columns_stay_apart():
    row = next(line for line in read(german_order()).text.split("\n") if "HB-1001" in line)
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
    answer = read(page.getvalue())
    assert answer.text.count("\f") == 49
    assert (answer.pages, answer.complete) == (60, False)


def test_b10_a_document_cut_short_fails_a_check():
    page = io.BytesIO()
    canvas = Canvas(page)
    for _ in range(51):
        canvas.drawString(50, 700, "Bestellung")
        canvas.showPage()
    canvas.save()
    _, document = read_bytes(page.getvalue())
    assert document.checks[-1].state == "failed"


def test_b10_text_ends_at_its_limit():
    rows = [words("Knopf " * 600) for _ in range(80)]
    answer = read(built(*rows))
    assert len(answer.text) == MAX_CHARACTERS
    assert not answer.complete


def locked(password, owner="owner"):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(german_order())))
    writer.encrypt(password, owner)
    page = io.BytesIO()
    writer.write(page)
    return page.getvalue()


def test_a_pdf_that_is_only_locked_against_changes_is_read():
    assert "HB-1001" in read(locked("")).text


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
        read(data)
    text, document = read_bytes(data, name="order.pdf")
    assert (text, document.lines) == ("", ())
    assert message in document.error


def test_a_scan_without_text_is_an_error():
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.rect(10, 10, 100, 100)
    canvas.save()
    assert "scan" in read_bytes(page.getvalue())[1].error


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


def forms_in_forms(depth, each):
    """Drawn each^depth times."""
    drawn = b"".join(
        b"%d 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources%s/Length %d>>stream\n%s\n"
        b"endstream\nendobj\n"
        % (
            7 + level,
            b"<</XObject<</F %d 0 R>>>>" % (8 + level),
            len(b"/F Do " * each),
            b"/F Do " * each,
        )
        for level in range(depth)
    )
    last = b"%d 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Length 30>>stream\n" % (
        7 + depth
    )
    page = raw_pdf(b"/F Do", filters="[]").replace(b"/Font<<", b"/XObject<</F 7 0 R>>/Font<<")
    # Without its table a reader has to look for the objects, and does.
    return (
        page.partition(b"xref")[0]
        + drawn
        + last
        + b"BT /F1 9 Tf 50 700 Td (x) Tj ET\nendstream\nendobj\ntrailer<</Root 1 0 R/Size 99>>\nstartxref\n0\n%%EOF"
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
    "forms in forms": lambda: forms_in_forms(9, 10),
    "xfa": lambda: raw_pdf(ONE_LINE, catalog="/AcroForm<</XFA 6 0 R>>", extra=XMP_STREAM),
    "xmp": lambda: raw_pdf(ONE_LINE, catalog="/Metadata 6 0 R", extra=XMP_STREAM),
}


def test_a_page_by_hand_is_read_if_it_is_harmless():
    assert read(raw_pdf(ONE_LINE)).text.strip() == "HB-1001"


@pytest.mark.parametrize("name", BOMBS)
def test_b10_a_bomb_ends_in_the_jail_and_orders_nothing(name):
    data = BOMBS[name]()
    before = getrusage(RUSAGE_SELF).ru_maxrss
    _, document = read_bytes(data)
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 50_000
    assert not document.lines


def test_b10_endless_drawing_is_killed_when_its_time_is_up():
    read_bytes(german_order())
    data = forms_in_forms(9, 10)
    with pytest.raises(jail.Jailed) as caught:
        jail.call("orders.documents.door:read", data, seconds=0.5)
    assert caught.value.reason is jail.Why.TIMEOUT


def test_the_jail_goes_on_after_a_bomb():
    read_bytes(BOMBS["double flate"]())
    results = [read_bytes(data)[1] for data in (english_order(), b"%PDF-", german_order())]
    assert [bool(document.lines) for document in results] == [True, False, True]
