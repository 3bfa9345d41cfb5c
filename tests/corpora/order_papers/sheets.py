"""Orders as spreadsheets and delimited text."""

import csv
import io

import openpyxl

from tests.corpora.order_papers.basket import basket


def saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def plain_book(seed):
    """Letterhead above, sums below, numbers as numbers."""
    b = basket(seed, charges=seed % 2 == 0)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = b.say("Bestellung", "Order")
    sheet.append([b.buyer])
    sheet.append([b.say("Bestellnummer:", "PO number:"), b.number])
    sheet.append([b.say("Datum:", "Date:"), b.issued])
    sheet.append([b.say("Liefertermin:", "Delivery date:"), b.wanted])
    sheet.append([])
    sheet.append(
        [
            b.say(*x)
            for x in (
                ("Pos.", "Line"),
                ("Artikelnummer", "Item number"),
                ("Bezeichnung", "Description"),
                ("Menge", "Quantity"),
                ("Einheit", "Unit"),
                ("Einzelpreis", "Unit price"),
                ("Gesamtpreis", "Total"),
            )
        ]
    )
    for x in b.lines:
        sheet.append(
            [x.position, x.sku, x.name, float(x.quantity), x.unit, float(x.price), float(x.total)]
        )
    for label, amount in [
        *b.charges,
        (b.say("Summe netto", "Net total"), b.net),
        (b.say("MwSt 19 %", "VAT 19 %"), b.tax),
        (b.say("Gesamtbetrag", "Grand total"), b.gross),
    ]:
        sheet.append([None, None, label, None, None, None, float(amount)])
    return b, saved(book), "order.xlsx"


def typed_book(seed):
    """Numbers as text in the writer's notation, columns in another order, on a second sheet."""
    b = basket(seed, unsaid=("gross",))
    book = openpyxl.Workbook()
    book.active.title = "Info"
    book.active.append(
        [b.say("Bitte nur das zweite Blatt ausfüllen.", "Please fill in the second sheet only.")]
    )
    book.active.append(
        [b.say("Bestell-Nr.", "Order no."), b.number, b.say("vom", "dated"), b.day(b.issued)]
    )
    sheet = book.create_sheet(b.say("Artikel", "Items"))
    sheet.append([])
    sheet.append(
        [
            None,
            b.say("Menge", "Qty"),
            b.say("Artikel", "Article"),
            b.say("Art.-Nr.", "SKU"),
            b.say("Preis/Stk", "Price"),
            b.say("Betrag", "Amount"),
        ]
    )
    for x in b.lines:
        sheet.append(
            [
                None,
                f"{b.pieces(x.quantity)} {x.unit}",
                x.name,
                x.sku,
                f"{b.price(x.price)} €",
                f"{b.amount(x.total)} €",
            ]
        )
    sheet.append(
        [None, None, b.say("Nettosumme", "Net amount"), None, None, f"{b.amount(b.net)} €"]
    )
    return b, saved(book), "order.xlsx"


def sheet_of_all_articles(seed):
    """A list of everything, where a quantity stands beside what is wanted."""
    b = basket(seed, units=False, unsaid=("gross", "net", "number", "date"))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([b.say("Bestellformular 2026", "Order form 2026")])
    sheet.append(
        [
            b.say(*x)
            for x in (
                ("Artikelnr.", "Item no."),
                ("Artikelname", "Product name"),
                ("Preis", "Price"),
                ("Bestellmenge", "Order quantity"),
            )
        ]
    )
    others = basket(seed + 500, count=20).lines
    for x, other in zip((*b.lines, *[None] * 11), others, strict=False):
        sheet.append([other.sku, other.name, float(other.price), None])
        if x:
            sheet.append([x.sku, x.name, float(x.price), float(x.quantity)])
        else:
            sheet.append([other.sku + "0", other.name, float(other.price), 0])
    return b, saved(book), "order.xlsx"


def delimited(seed):
    """CSV as programs export it."""
    b = basket(seed, unsaid=("number", "date", "net", "gross"))
    delimiter = b.say(";", ",")
    target = io.StringIO()
    writer = csv.writer(
        target, delimiter=delimiter, quoting=csv.QUOTE_ALL if seed % 2 else csv.QUOTE_MINIMAL
    )
    writer.writerow(
        [
            b.say(*x)
            for x in (
                ("Artikelnummer", "sku"),
                ("Bezeichnung", "description"),
                ("Menge", "quantity"),
                ("Einheit", "unit"),
                ("Einzelpreis", "unit price"),
                ("EAN", "ean"),
            )
        ]
    )
    for x in b.lines:
        writer.writerow([x.sku, x.name, b.pieces(x.quantity), x.unit, b.price(x.price), x.gtin])
    encoding = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-8")[seed % 5]
    return b, target.getvalue().encode(encoding), "order.csv"


def with_letterhead(seed):
    """Delimited text with the facts of the order above its lines."""
    b = basket(seed, unsaid=("gross",))
    delimiter = ("|", "\t", ";")[seed % 3]
    rows = [
        [b.say("Bestellnummer", "Order number"), b.number],
        [b.say("Bestelldatum", "Order date"), b.day(b.issued)],
        [],
    ]
    rows.append(
        [
            b.say(*x)
            for x in (
                ("Pos", "Pos"),
                ("Ihre Artikelnummer", "Your item number"),
                ("Unsere Artikelnummer", "Our item number"),
                ("Text", "Text"),
                ("Menge", "Qty"),
                ("ME", "UoM"),
                ("Preis", "Price"),
                ("Wert", "Value"),
            )
        ]
    )
    rows += [
        [
            str(x.position),
            x.sku,
            x.own,
            x.name,
            b.pieces(x.quantity),
            x.unit,
            b.price(x.price),
            b.amount(x.total),
        ]
        for x in b.lines
    ]
    rows.append(["", "", "", b.say("Summe netto", "Net total"), "", "", "", b.amount(b.net)])
    return b, "\r\n".join(delimiter.join(row) for row in rows).encode(), "order.csv"
