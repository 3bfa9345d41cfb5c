"""Documents made to break whoever reads them: PDFs, XML, archives, sheets."""

import io
import random
import zipfile
import zlib

from tests.orders.papers import english_order, german_order
from tests.orders.test_pdf import BOMBS, ONE_LINE, raw_pdf

ROOTS = {
    "cii": b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">',
    "ubl": b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">',
    "order": b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2">',
    "zugferd": b'<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0">',
}


def pdfs():
    for name, make in BOMBS.items():
        yield f"PDF: {name}", "x.pdf", make()
    rng = random.Random(3)
    whole = (german_order(), english_order())
    for number in range(40):
        data = bytearray(whole[number % 2])
        for _ in range(1 + number):
            data[rng.randrange(len(data))] = rng.randrange(256)
        yield f"PDF with {number + 1} wrong bytes", "x.pdf", bytes(data)
    for share in (5, 20, 50, 80, 95, 99):
        yield f"PDF cut at {share} %", "x.pdf", whole[0][: len(whole[0]) * share // 100]
    deep = zlib.compress(b"q " * 500_000 + b"BT /F1 9 Tf (x) Tj ET")
    yield "PDF: saved states", "x.pdf", raw_pdf(deep)
    yield "PDF: brackets", "x.pdf", raw_pdf(zlib.compress(b"[" * 2_000_000))
    yield "PDF: a name without end", "x.pdf", raw_pdf(zlib.compress(b"/" + b"x" * 5_000_000))
    yield "PDF: dictionaries", "x.pdf", raw_pdf(ONE_LINE, extra=b"<<" * 200_000)
    yield (
        "PDF: texts",
        "x.pdf",
        raw_pdf(zlib.compress(b"BT /F1 9 Tf 9 0 0 9 9 9 Tm (HB) Tj ET " * 200_000)),
    )
    yield "PDF of nothing but its mark", "x.pdf", b"%PDF-1.7" + b"\0" * 1_000_000 + b"%%EOF"


def xmls():
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "%s">]>'
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(12)
    ) + b"]>"  # fmt: skip
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>'
    for name, root in ROOTS.items():
        end = b"</" + root[1:].split()[0] + b">"
        for what, content in {
            "a file": declaration + entity % b"file:///etc/passwd" + root + b"&a;" + end,
            "an address": declaration + entity % b"http://127.0.0.1:9/x" + root + b"&a;" + end,
            "laughs": declaration + laughs + root + b"&a11;" + end,
            "parameters": declaration + b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>' + root + end,
            "depth": declaration + root + b"<a>" * 100_000,
            "width": declaration + root + b"<a/>" * 300_000 + end,
            "attributes": declaration + root + b"<a " + b" ".join(b'x%d=""' % n for n in range(50_000)) + b"/>" + end,
            "inclusion": declaration + root + b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>' + end,
            "nothing": declaration + root, "another alphabet": b'<?xml version="1.0" encoding="utf-99"?>' + root + end,
            "utf-16": (declaration + root + end).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
            "a long number": declaration + root + b"<ID>" + b"9" * 1_000_000 + b"</ID>" + end,
        }.items():  # fmt: skip
            yield f"XML {name}: {what}", "x.xml", content


def zipped(*members, compress=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compress, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
CELLS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def sheets():
    book = ("[Content_Types].xml", TYPES), ("xl/workbook.xml", b"<workbook/>")
    yield "sheet of zeros", "x.xlsx", zipped(*book, (SHEET, CELLS + bytes(60_000_000)))
    yield (
        "sheet without end",
        "x.xlsx",
        zipped(*book, (SHEET, CELLS + b"<row><c><v>1</v></c></row>" * 400_000)),
    )
    yield (
        "ten thousand members",
        "x.xlsx",
        zipped(*book, *((f"xl/{n}.xml", b"x") for n in range(10_000))),
    )
    yield "a sheet above itself", "x.xlsx", zipped(*book, ("../../x", b"x"), ("/etc/passwd", b"x"))
    yield (
        "strings of laughs",
        "x.xlsx",
        zipped(*book, ("xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><sst>&a;</sst>')),
    )
    inner = zipped(("0", bytes(10_000_000)))
    for depth in range(4):
        yield f"archive in archive {depth}", "x.zip", inner
        inner = zipped(*((f"{n}.zip", inner) for n in range(8)), compress=zipfile.ZIP_STORED)
    lying = bytearray(zipped(("x", bytes(20_000_000))))
    at = lying.find(b"PK\x01\x02") + 24
    lying[at : at + 4] = b"\1\0\0\0"
    yield "archive that lies about sizes", "x.xlsx", bytes(lying)
    rng = random.Random(5)
    whole = zipped(*book, (SHEET, CELLS + b"</sheetData></worksheet>"))
    for number in range(12):
        data = bytearray(whole)
        for _ in range(number + 1):
            data[rng.randrange(len(data))] = rng.randrange(256)
        yield f"sheet with {number + 1} wrong bytes", "x.xlsx", bytes(data)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for number in range(8):
        yield f"old sheet of noise {number}", "x.xls", ole + rng.randbytes(4_000 * (number + 1))
    yield "old sheet of one sector", "x.xls", ole + b"\0" * 504 + b"\xfd\xff\xff\xff" * 10_000
    yield "old sheet of raw records", "x.xls", b"\x09\x08\x10\0\0\x06" + b"\xff" * 50_000


def tables():
    yield "columns without end", "x.csv", b"a;" * 1_000_000
    yield "rows without end", "x.csv", b"a;1\n" * 500_000
    yield "a quote without end", "x.csv", b'"' + b"x;\n" * 500_000
    yield "quotes", "x.csv", b'"' * 1_000_000
    yield "NULs in a table", "x.csv", b"a;b\n" + b"\0" * 100_000
    yield "delimiters", "x.csv", b",;\t|" * 200_000
    yield "two bytes a letter", "x.csv", ("Artikel;Menge\nHB-1;5\n" * 20_000).encode("utf-16")
    yield "a text of noise", "x.txt", random.Random(9).randbytes(500_000)


PAPERS = (pdfs, xmls, sheets, tables)
