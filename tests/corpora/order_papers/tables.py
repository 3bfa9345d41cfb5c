"""Orders as tables with rules, set by a program that knows tables."""

import io

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from tests.corpora.order_papers.basket import basket

STYLES = getSampleStyleSheet()
SMALL = ParagraphStyle("small", fontSize=8, leading=9.6)
EVERYWHERE = ((0, 0), (-1, -1))


def words(text, style="Normal"):
    return Paragraph(text, SMALL if style == "small" else STYLES[style])


def built(story, *, page=A4, footer=None, header=None):
    target = io.BytesIO()

    def decorate(canvas, _document):
        canvas.setFont("Helvetica", 7)
        if footer:
            canvas.drawString(20 * mm, 10 * mm, f"{footer} · Seite {canvas.getPageNumber()}")
        if header:
            canvas.drawString(20 * mm, page[1] - 12 * mm, f"{header}  {canvas.getPageNumber()}")

    margins = dict.fromkeys(("leftMargin", "rightMargin"), 18 * mm)
    SimpleDocTemplate(target, pagesize=page, invariant=1, **margins).build(
        story, onFirstPage=decorate, onLaterPages=decorate
    )
    return target.getvalue()


def sums(b, *, right=True, gross=True):
    rows = (
        [[b.say("Zwischensumme", "Subtotal"), b.amount(sum(x.total for x in b.lines))]]
        if b.charges
        else []
    )
    rows += [[label, b.amount(amount)] for label, amount in b.charges]
    rows += [[b.say("Summe netto", "Net total"), b.amount(b.net)]]
    if gross:
        rows += [
            [b.say("zzgl. 19 % MwSt.", "VAT 19%"), b.amount(b.tax)],
            [b.say("Gesamtbetrag", "Grand total"), b.amount(b.gross)],
        ]
    return Table(
        rows,
        hAlign="RIGHT" if right else "LEFT",
        style=[("ALIGN", (1, 0), (1, -1), "RIGHT"), ("FONTSIZE", *EVERYWHERE, 8)],
    )


def classic(seed):
    """Grid, wrapped names, sender's letterhead."""
    b = basket(seed, charges=seed % 2 == 0)
    head = [
        b.say(*x)
        for x in (
            ("Pos.", "Item"),
            ("Artikel-Nr.", "Part number"),
            ("Bezeichnung", "Description"),
            ("Menge", "Quantity"),
            ("ME", "UoM"),
            ("Einzelpreis", "Unit price"),
            ("Gesamtpreis", "Line total"),
        )
    ]
    rows = [
        [
            str(x.position),
            x.sku,
            words(x.name, "small"),
            b.pieces(x.quantity),
            x.unit,
            b.price(x.price),
            b.amount(x.total),
        ]
        for x in b.lines
    ]
    table = Table([head, *rows], colWidths=[28, 62, 140, 48, 36, 62, 66], repeatRows=1)
    table.setStyle(
        [
            ("GRID", *EVERYWHERE, 0.4, colors.grey),
            ("FONTSIZE", *EVERYWHERE, 8),
            ("ALIGN", (3, 0), (3, -1), "RIGHT"),
            ("ALIGN", (5, 0), (-1, -1), "RIGHT"),
            ("VALIGN", *EVERYWHERE, "TOP"),
        ]
    )
    info = [
        [b.say("Bestellnummer:", "Order number:"), b.number],
        [b.say("Bestelldatum:", "Order date:"), b.day(b.issued)],
        [b.say("Liefertermin:", "Delivery date:"), b.day(b.wanted)],
    ]
    return b, built(
        [
            words(f"{b.buyer} · Lange Straße 12 · 70173 Stuttgart"),
            words(b.say("Bestellung", "Purchase Order"), "Title"),
            Table(info, hAlign="LEFT"),
            Spacer(1, 12),
            table,
            Spacer(1, 8),
            sums(b),
            words(
                b.say(
                    "Zahlbar innerhalb 30 Tagen netto, 14 Tage 2 % Skonto.", "Payment 30 days net."
                )
            ),
        ],
        footer=b.buyer,
    )


def centred(seed):
    """Cells centred in height, prices for a hundred, units in the header."""
    b = basket(seed, units=False, per=100)
    head = [
        b.say("Artikelbezeichnung", "Description"),
        b.say("Artikelnr.", "Item no."),
        b.say("Menge\n(Stk)", "Qty\n(pcs)"),
        b.say("Preis\nje 100 Stk", "Price\nper 100"),
        b.say("Betrag\nEUR", "Amount\nEUR"),
    ]
    rows = [
        [words(x.name), x.sku, b.pieces(x.quantity), b.price(x.price * 100), b.amount(x.total)]
        for x in b.lines
    ]
    table = Table(
        [head, *rows],
        colWidths=[130, 80, 60, 70, 80],
        repeatRows=1,
        style=[
            ("VALIGN", *EVERYWHERE, "MIDDLE"),
            ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
            ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
        ],
    )
    title = b.say(
        f"Bestellung Nr. {b.number} vom {b.day(b.issued)}",
        f"Purchase order no. {b.number} dated {b.day(b.issued)}",
    )
    return b, built(
        [
            words(title, "Heading2"),
            words(
                b.say(
                    "Sehr geehrte Damen und Herren,<br/>wir bestellen zu den vereinbarten Bedingungen:",
                    "Please supply the following goods:",
                )
            ),
            Spacer(1, 10),
            table,
            Spacer(1, 6),
            sums(b),
        ]
    )


def wide(seed):
    """Landscape, both article numbers, bar code, discount, day of delivery for each line."""
    b = basket(seed, discounts=True, unsaid=("gross",))
    head = [
        b.say(*x)
        for x in (
            ("Pos", "Line"),
            ("Unsere Art.-Nr.", "Our part no."),
            ("Ihre Art.-Nr.", "Your part no."),
            ("EAN", "EAN"),
            ("Bezeichnung", "Description"),
            ("Menge", "Qty"),
            ("Einheit", "Unit"),
            ("Listenpreis", "List price"),
            ("Rabatt %", "Disc. %"),
            ("Betrag", "Amount"),
            ("Liefertermin", "Delivery"),
        )
    ]
    rows = [
        [
            str(x.position),
            x.own,
            x.sku,
            x.gtin,
            words(x.name, "small"),
            b.pieces(x.quantity),
            x.unit,
            b.price(x.list_price),
            str(x.discount) if x.discount else "",
            b.amount(x.total),
            b.short_day(x.wanted),
        ]
        for x in b.lines
    ]
    table = Table(
        [head, *rows],
        colWidths=[26, 66, 66, 78, 150, 46, 40, 58, 46, 62, 60],
        repeatRows=1,
        style=[
            ("FONTSIZE", *EVERYWHERE, 8),
            ("INNERGRID", *EVERYWHERE, 0.2, colors.grey),
            ("ALIGN", (5, 0), (5, -1), "RIGHT"),
            ("ALIGN", (7, 0), (9, -1), "RIGHT"),
        ],
    )
    boxes = Table(
        [
            [
                b.say("Besteller", "Bill to"),
                b.say("Lieferant", "Supplier"),
                b.say("Bestell-Nr.", "PO Number"),
                b.say("Datum", "Date"),
            ],
            [b.buyer, "Happy Buttons GmbH", b.number, b.day(b.issued)],
        ],
        colWidths=[190] * 4,
        hAlign="LEFT",
    )
    return b, built(
        [
            words(b.say("BESTELLUNG", "PURCHASE ORDER"), "Heading1"),
            boxes,
            Spacer(1, 10),
            table,
            Spacer(1, 6),
            sums(b, gross=False),
        ],
        page=landscape(A4),
    )


def under(seed):
    """The article number under the description, quantity and unit in one cell, no position."""
    b = basket(seed)
    label = b.say("Art.-Nr. ", "Item no. ") if seed % 2 else ""
    head = [
        b.say(*x)
        for x in (
            ("Menge", "Quantity"),
            ("Artikel", "Product"),
            ("Preis", "Price"),
            ("Summe", "Total"),
        )
    ]
    rows = [
        [
            f"{b.pieces(x.quantity)} {x.unit}",
            words(f"{x.name}<br/>{label}{x.sku}"),
            b.price(x.price) + " €",
            b.amount(x.total) + " €",
        ]
        for x in b.lines
    ]
    table = Table(
        [head, *rows],
        colWidths=[80, 240, 80, 80],
        repeatRows=1,
        style=[
            ("VALIGN", *EVERYWHERE, "TOP"),
            ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
            ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
        ],
    )
    return b, built(
        [
            words(b.buyer, "Heading2"),
            words(f"{b.say('Datum', 'Date')}: {b.day(b.issued)}"),
            words(f"{b.say('Unsere Bestellung', 'Purchase Order')} {b.number}", "Heading3"),
            table,
            sums(b),
        ]
    )


def pages(seed):
    """Many lines, sums carried forward, letterhead and footer on each page."""
    b = basket(seed, count=45)
    head = [
        b.say(*x)
        for x in (
            ("Pos.", "Pos."),
            ("Bestellmenge", "Order qty"),
            ("Einh.", "Unit"),
            ("Best.-Nr.", "Cat. no."),
            ("Artikelbezeichnung", "Description"),
            ("E-Preis", "Unit price"),
            ("G-Preis", "Total"),
        )
    ]
    rows, carried, story = (
        [],
        0,
        [
            words(f"{b.say('Bestellung', 'Order')} {b.number}", "Title"),
            words(f"{b.say('Datum', 'Date')}: {b.day(b.issued)}"),
        ],
    )
    style = [
        ("FONTSIZE", *EVERYWHERE, 8),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("ALIGN", (5, 0), (-1, -1), "RIGHT"),
        ("TOPPADDING", *EVERYWHERE, 1),
        ("BOTTOMPADDING", *EVERYWHERE, 1),
    ]
    from reportlab.platypus import PageBreak

    for at, x in enumerate(b.lines):
        rows.append(
            [
                f"{x.position}.",
                b.pieces(x.quantity),
                x.unit,
                x.sku,
                words(x.name, "small"),
                b.price(x.price),
                b.amount(x.total),
            ]
        )
        carried += x.total
        if at % 15 == 14 and at + 1 < len(b.lines):
            rows.append(
                ["", "", "", "", b.say("Übertrag", "Carried forward"), "", b.amount(carried)]
            )
            story += [
                Table([head, *rows], colWidths=[30, 60, 36, 66, 170, 60, 66], style=style),
                PageBreak(),
            ]
            rows = [["", "", "", "", b.say("Übertrag", "Brought forward"), "", b.amount(carried)]]
    story += [Table([head, *rows], colWidths=[30, 60, 36, 66, 170, 60, 66], style=style), sums(b)]
    return b, built(
        story,
        footer=f"{b.buyer} · HRB 12345 · IBAN DE02 1203 0000 0000 2020 51",
        header=f"{b.buyer} · {b.number}",
    )


def commented(seed):
    """Groups with subtotals, comments between the lines, freight among them."""
    b = basket(seed, count=8, charges=True)
    head = [
        b.say(*x)
        for x in (
            ("Nr.", "No."),
            ("Artikelnummer", "SKU"),
            ("Beschreibung", "Description"),
            ("Anzahl", "Qty"),
            ("Einzelpreis (€)", "Unit price (€)"),
            ("Gesamt (€)", "Total (€)"),
        )
    ]
    rows, style = [head], [("ALIGN", (3, 0), (-1, -1), "RIGHT"), ("FONTSIZE", *EVERYWHERE, 9)]

    def across(text):
        style.append(("SPAN", (0, len(rows)), (-1, len(rows))))
        style.append(("ALIGN", (0, len(rows)), (0, len(rows)), "LEFT"))
        rows.append([text, "", "", "", "", ""])

    for part, (name, english) in enumerate(
        (("Lager Nord", "Warehouse North"), ("Lager Süd", "Warehouse South"))
    ):
        across(b.say(f"Kommission {name}", f"For {english}"))
        for x in b.lines[part * 4 : part * 4 + 4]:
            rows.append(
                [
                    str(x.position),
                    x.sku,
                    x.name[:40],
                    b.pieces(x.quantity),
                    b.price(x.price),
                    b.amount(x.total),
                ]
            )
            if x.position % 3 == 0:
                across(b.say("Bitte neutral verpacken.", "Please pack neutrally."))
        rows.append(
            [
                "",
                "",
                b.say("Zwischensumme", "Subtotal"),
                "",
                "",
                b.amount(sum(x.total for x in b.lines[part * 4 : part * 4 + 4])),
            ]
        )
    rows += [["", "", label, "", "", b.amount(amount)] for label, amount in b.charges]
    rows += [
        ["", "", b.say("Nettobetrag", "Net amount"), "", "", b.amount(b.net)],
        ["", "", b.say("MwSt 19 %", "VAT 19 %"), "", "", b.amount(b.tax)],
        ["", "", b.say("Bruttobetrag", "Gross amount"), "", "", b.amount(b.gross)],
    ]
    table = Table(rows, colWidths=[30, 80, 200, 50, 70, 70], style=style)
    return b, built(
        [
            words(b.say("Einkaufsbestellung", "Purchase Order"), "Title"),
            words(
                b.say(
                    f"Bestell-Nr. {b.number} / {b.day(b.issued)}",
                    f"PO # {b.number} / {b.day(b.issued)}",
                )
            ),
            Spacer(1, 8),
            table,
        ]
    )
