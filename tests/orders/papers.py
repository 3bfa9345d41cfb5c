"""Purchase orders as customers print them, and the catalogue they order from."""

import io
from decimal import Decimal

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from orders.data import Article
from orders.matching import Catalogue

STYLES = getSampleStyleSheet()


def article(number, sku, *names, price="0.85", **fields):
    stock = {"pack_size": 100, "min_quantity": 100, "available": 10_000} | fields
    return Article(number, sku, names, Decimal(price), Decimal(19), **stock)


PEARL = article(1, "HB-1001", "Perlmuttknopf 18 mm weiß", "Mother-of-pearl button 18 mm white")
PEARL_SMALL = article(
    2, "HB-1002", "Perlmuttknopf 15 mm weiß", "Mother-of-pearl button 15 mm white", price="0.72"
)
HORN = article(3, "HB-2003", "Hornknopf 23 mm dunkel", "Horn button 23 mm dark", price="1.20")
SNAP = article(4, "HB-3000", "Druckknopf 10 mm silber", "Snap button 10 mm silver", price="0.0456")
WOOD = article(
    5, "HB-4010", "Holzknopf 20 mm natur", "Wooden button 20 mm", price="0.30", aliases=("KN-77",)
)
ARTICLES = (PEARL, PEARL_SMALL, HORN, SNAP, WOOD)
CATALOGUE = Catalogue(ARTICLES)


def built(*story):
    page = io.BytesIO()
    SimpleDocTemplate(page, pagesize=A4).build(list(story))
    return page.getvalue()


def words(text, style="Normal"):
    return Paragraph(text, STYLES[style])


def german_order():
    rows = [
        ["Pos.", "Art.-Nr.", "Bezeichnung", "Menge", "ME", "Einzelpreis", "Gesamt"],
        ["1", "HB-1001", "Perlmuttknopf 18 mm weiß", "1.000", "Stk", "0,85 €", "850,00 €"],
        ["2", "HB-2003", "Hornknopf 23 mm dunkel", "200", "Stk", "1,20 €", "240,00 €"],
    ]
    sums = [
        ["Summe netto", "1.090,00 €"],
        ["zzgl. 19 % MwSt", "207,10 €"],
        ["Gesamtbetrag", "1.297,10 €"],
    ]
    return built(
        words("Modehaus Berg GmbH · Lange Straße 12 · 70173 Stuttgart"),
        words("Bestellung", "Title"),
        Table(
            [
                ["Bestellnummer:", "B-2026-118", "Datum:", "21.11.2026"],
                ["Liefertermin:", "KW 50/2026", "Unser Zeichen:", "ab-17"],
                ["Lieferant:", "Happy Buttons GmbH", "Besteller:", "Modehaus Berg GmbH"],
            ],
            hAlign="LEFT",
        ),
        Spacer(1, 20),
        Table(rows, colWidths=[30, 60, 150, 50, 30, 65, 65]),
        Table(sums, hAlign="RIGHT"),
        words("Bitte bestätigen Sie den Auftrag. Teillieferungen sind nicht zulässig."),
    )


def english_order():
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=A4)
    canvas.setFont("Helvetica", 9)
    for x, y, text in (
        (50, 780, "PURCHASE ORDER"),
        (50, 760, "PO Number"),
        (150, 760, "Order date"),
        (280, 760, "Delivery date"),
        (50, 748, "4500012345"),
        (150, 748, "24 November 2026"),
        (280, 748, "12 January 2027"),
        (50, 640, "Registered in England No. 123456    VAT No. GB123456789"),
    ):
        canvas.drawString(x, y, text)
    rows = (
        ("Line", "Qty", "Unit", "Item", "Description", "Unit price", "Amount"),
        ("10", "1,500", "pcs", "HB-1001", "Mother-of-pearl button 18 mm white", "0.85", "1,275.00"),
        ("20", "300", "pcs", "HB-2003", "Horn button 23 mm dark", "1.20", "360.00"),
        ("", "", "", "", "Total excl. VAT", "", "1,635.00"),
    )
    for height, row in enumerate(rows):
        for x, text in zip((50, 80, 130, 170, 220, 400, 470), row, strict=True):
            draw = canvas.drawRightString if x in {80, 400, 470} else canvas.drawString
            draw(x + 25 if x in {80, 400, 470} else x, 720 - 14 * height, text)
    canvas.save()
    return page.getvalue()


def order_per_hundred(valign="TOP"):
    rows = [
        ["Pos", "Menge", "Einheit", "Artikelbezeichnung", "Artikelnr.", "Preis/100 St", "Betrag"],
        [
            "1",
            "500",
            "Stück",
            words("Perlmuttknopf 18 mm weiß, zwei Löcher, poliert, Rückseite matt"),
            "HB-1001",
            "85,00",
            "425,00",
        ],
        ["2", "1.200", "Stück", words("Hornknopf 23 mm dunkel"), "HB-2003", "120,00", "1.440,00"],
        [
            "3",
            "10.000",
            "Stück",
            words("Druckknopf 10 mm silber, rostfrei, im Beutel zu je hundert Stück"),
            "HB-3000",
            "4,56",
            "456,00",
        ],
    ]
    table = Table(
        rows, colWidths=[30, 50, 50, 130, 60, 70, 60], style=[("VALIGN", (0, 0), (-1, -1), valign)]
    )
    return built(
        words("Bestellung Nr. 2026/4711 vom 21.11.2026", "Title"),
        table,
        words("Nettosumme: 2.321,00 EUR"),
    )


def order_of_two_pages():
    head = ["Pos.", "Artikelnummer", "Bezeichnung", "Menge", "Preis", "Gesamt"]
    line = ["HB-1002", "Perlmuttknopf 15 mm weiß", "100 Stk", "0,72", "72,00"]
    widths = [40, 80, 160, 60, 60, 70]
    first = [
        head,
        *([str(n), *line] for n in range(1, 21)),
        ["", "", "Übertrag", "", "", "1.440,00"],
    ]
    second = [
        head,
        ["", "", "Übertrag", "", "", "1.440,00"],
        *([str(n), *line] for n in range(21, 31)),
    ]
    return built(
        words("Bestellung", "Title"),
        words("Bestell-Nr.: 88-2026"),
        Table(first, colWidths=widths),
        words("Modehaus Berg GmbH · HRB 12345 · USt-IdNr. DE123456789 · Seite 1 von 2"),
        PageBreak(),
        Table(second, colWidths=widths),
        Table(
            [["Gesamt netto", "2.160,00"], ["19 % USt.", "410,40"], ["Gesamt brutto", "2.570,40"]]
        ),
    )
