"""Orders of the kind that readers stumble over."""

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import Spacer, Table

from tests.corpora.order_papers.basket import basket
from tests.corpora.order_papers.drawn import Sheet, totals, wrapped
from tests.corpora.order_papers.tables import EVERYWHERE, built, classic, sums, words


def sideways(seed):
    """The page is stored on its side and turned upright by the viewer."""
    b, data = classic(seed + 100)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    for page in writer.pages:
        page.rotate(90).transfer_rotation_to_content()
        page.rotate(270)
    target = BytesIO()
    writer.write(target)
    return b, target.getvalue()


def tight(seed):
    """Columns that touch, titles with spaced letters."""
    b = basket(seed)
    s = Sheet(size=8)
    s.put(40, " ".join(b.say("BESTELLUNG", "ORDER")), bold=True)
    s.down(20)
    s.put(
        40,
        f"{b.say('Bestell-Nr.', 'Order no.')} {b.number}   {b.say('Datum', 'Date')} {b.day(b.issued)}",
    )
    s.down(24)
    titles = (
        (40, "Pos", "Ln"),
        (62, "Artikelnr.", "Item no."),
        (112, "Menge", "Qty"),
        (142, "Bezeichnung", "Description"),
        (420, "ME", "UM"),
        (445, "Preis", "Price"),
        (500, "Betrag", "Amount"),
    )
    for x, german, english in titles:
        s.put(x, b.say(german, english), bold=True)
    for x in b.lines:
        s.down(12)
        s.put(40, str(x.position))
        s.put(62, x.sku)
        s.put(139, b.pieces(x.quantity), right=True)
        s.put(142, x.name[:60])
        s.put(420, x.unit)
        s.put(490, b.price(x.price), right=True)
        s.put(550, b.amount(x.total), right=True)
    s.down(20)
    totals(s, b, 400, 550)
    return b, s.done()


def unpriced(seed):
    """A call-off: articles and quantities, no prices, days by week."""
    b = basket(seed, unsaid=("net", "gross", "price"))
    head = [
        b.say(*x)
        for x in (
            ("Pos.", "Pos."),
            ("Materialnummer", "Material no."),
            ("Bezeichnung", "Description"),
            ("Abrufmenge", "Order qty"),
            ("ME", "UoM"),
            ("Termin", "Due date"),
        )
    ]
    rows = [
        [
            str(x.position),
            x.sku,
            words(x.name),
            b.pieces(x.quantity),
            x.unit,
            f"KW {x.wanted.isocalendar().week}/{x.wanted.year}",
        ]
        for x in b.lines
    ]
    table = Table(
        [head, *rows],
        colWidths=[30, 90, 190, 70, 40, 70],
        style=[("BOX", *EVERYWHERE, 0.5, colors.black), ("ALIGN", (3, 0), (3, -1), "RIGHT")],
    )
    return b, built(
        [
            words(b.say("Lieferabruf", "Purchase order"), "Title"),
            words(
                f"{b.say('Bestellung Nr.', 'Order number')} {b.number}, {b.say('Datum', 'date')} {b.day(b.issued)}"
            ),
            Spacer(1, 10),
            table,
        ]
    )


def two_tables(seed):
    """A table of contacts and addresses stands before the lines, one of terms behind them."""
    b = basket(seed)
    contacts = Table(
        [
            [b.say("Funktion", "Role"), "Name", b.say("Telefon", "Phone"), "E-Mail"],
            [b.say("Einkauf", "Buyer"), "Anna Berg", "+49 711 123456", "a.berg@example.com"],
            [b.say("Lager", "Warehouse"), "Jo Lang", "+49 711 123499", "lager@example.com"],
        ],
        style=[("GRID", *EVERYWHERE, 0.3, colors.grey)],
    )
    facts = Table(
        [
            [
                b.say("Bestell-Nr.", "PO No."),
                b.say("Kunden-Nr.", "Customer No."),
                b.say("Datum", "Date"),
                b.say("Währung", "Currency"),
            ],
            [b.number, "70012", b.day(b.issued), "EUR"],
        ],
        style=[("GRID", *EVERYWHERE, 0.3, colors.grey)],
    )
    head = [
        b.say(*x)
        for x in (
            ("Bezeichnung", "Description"),
            ("Einzelpreis", "Unit price"),
            ("Menge", "Quantity"),
            ("Einheit", "Unit"),
            ("Gesamt", "Total"),
            ("Artikel-Nr.", "Item no."),
        )
    ]
    rows = [
        [
            words(x.name),
            f"{b.price(x.price)} EUR",
            b.pieces(x.quantity),
            x.unit,
            f"{b.amount(x.total)} EUR",
            x.sku,
        ]
        for x in b.lines
    ]
    lines = Table(
        [head, *rows],
        colWidths=[150, 75, 55, 45, 85, 80],
        style=[
            ("GRID", *EVERYWHERE, 0.3, colors.grey),
            ("ALIGN", (1, 0), (2, -1), "RIGHT"),
            ("ALIGN", (4, 0), (4, -1), "RIGHT"),
        ],
    )
    terms = Table(
        [
            [b.say("Zahlung", "Payment"), b.say("Lieferung", "Delivery")],
            [
                b.say("30 Tage netto", "30 days net"),
                b.say("frei Haus, 2 Paletten", "DAP, 2 pallets"),
            ],
        ],
        hAlign="LEFT",
    )
    return b, built(
        [
            words(b.say("Bestellung", "Purchase order"), "Title"),
            facts,
            Spacer(1, 6),
            contacts,
            Spacer(1, 10),
            lines,
            sums(b),
            terms,
        ]
    )


def listed(seed):
    """A list with figures in its words: 500 x HB-1001 ... @ 0.85 = 425.00."""
    b = basket(seed)
    s = Sheet(size=10)
    s.put(50, b.say("Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"))
    s.down(14)
    s.put(
        50,
        b.say(
            f"hiermit bestellen wir unter der Bestellnummer {b.number} vom {b.day(b.issued)}:",
            f"please find below our order number {b.number} dated {b.day(b.issued)}:",
        ),
    )
    s.down(20)
    for x in b.lines:
        s.put(
            60,
            f"{x.position}) {b.pieces(x.quantity)} {x.unit} {x.sku} {x.name[:40]} {b.say('à', '@')} {b.price(x.price)} EUR = {b.amount(x.total)} EUR",
        )
        s.down(16)
    s.put(50, f"{b.say('Summe netto', 'Net total')}: {b.amount(b.net)} EUR")
    b = basket(seed, unsaid=("gross",))
    return b, s.done()


def boxed(seed):
    """A box for each article with two labels in each row."""
    b = basket(seed, count=5)
    story = [
        words(b.say("Bestellung", "Purchase Order"), "Title"),
        words(f"{b.say('Bestellnummer', 'PO Number')}: {b.number}"),
        words(f"{b.say('Datum', 'Date')}: {b.day(b.issued)}"),
        Spacer(1, 8),
    ]
    for x in b.lines:
        rows = [
            [f"{b.say('Art.-Nr.', 'Item no.')}: {x.sku}", f"{b.say('Menge', 'Qty')}: {b.pieces(x.quantity)} {x.unit}"],
            [f"{b.say('Bezeichnung', 'Description')}: {x.name[:44]}", f"{b.say('Einzelpreis', 'Unit price')}: {b.price(x.price)} €"],
            [f"EAN: {x.gtin}", f"{b.say('Gesamtpreis', 'Total price')}: {b.amount(x.total)} €"],
        ]  # fmt: skip
        story += [
            Table(rows, colWidths=[290, 180], style=[("BOX", *EVERYWHERE, 0.5, colors.black)]),
            Spacer(1, 6),
        ]
    return b, built([*story, sums(b)])


def bilingual(seed):
    """Titles in two languages, one below the other or beside a slash."""
    b = basket(seed, per=100)
    if seed % 2:
        head = [
            "Pos.\nItem",
            "Artikel-Nr.\nPart no.",
            "Bezeichnung\nDescription",
            "Menge\nQuantity",
            "ME\nUoM",
            "Preis/100\nPrice/100",
            "Gesamtpreis\nTotal",
        ]
    else:
        head = [
            "Pos./Item",
            "Artikel-Nr./Part no.",
            "Bezeichnung/Description",
            "Menge/Qty",
            "ME/UoM",
            "Preis/100",
            "Betrag/Amount",
        ]
    rows = [
        [
            str(x.position),
            x.sku,
            words(x.name, "small"),
            b.pieces(x.quantity),
            x.unit,
            b.price(x.price * 100),
            b.amount(x.total),
        ]
        for x in b.lines
    ]
    table = Table(
        [head, *rows],
        colWidths=[45, 90, 130, 55, 45, 60, 75],
        style=[
            ("FONTSIZE", *EVERYWHERE, 8),
            ("ALIGN", (3, 0), (3, -1), "RIGHT"),
            ("ALIGN", (5, 0), (-1, -1), "RIGHT"),
            ("VALIGN", *EVERYWHERE, "MIDDLE"),
        ],
    )
    return b, built(
        [
            words("Bestellung / Purchase Order", "Title"),
            words(f"Bestell-Nr. / PO no.: {b.number}"),
            words(f"Datum / Date: {b.day(b.issued)}"),
            Spacer(1, 8),
            table,
            sums(b),
        ]
    )


def endless(seed):
    """Lines run on over pages without their titles; the page is numbered at its top."""
    b = basket(seed, count=70, measures=True)
    s = Sheet(font="Times", size=10) if False else Sheet(size=9)
    s.put(50, f"{b.say('Auftrag Nr.', 'Order No.')} {b.number}")
    s.put(400, b.day(b.issued))
    s.down(24)
    for x, german, english in (
        (40, "Lfd. Nr.", "No."),
        (90, "Art.", "Art."),
        (170, "Bez.", "Details"),
        (380, "Anz.", "Qty"),
        (420, "Einh.", "Unit"),
        (455, "EP", "Rate"),
        (515, "GP", "Amount"),
    ):
        s.put(x, b.say(german, english), bold=True)
    s.down(14)
    page = 1
    for x in b.lines:
        s.put(40, f"{x.position}.")
        s.put(90, x.sku)
        s.put(410, b.pieces(x.quantity), right=True)
        s.put(420, x.unit)
        s.put(495, b.price(x.price), right=True)
        s.put(560, b.amount(x.total), right=True)
        for line in wrapped(x.name, 38):
            s.put(170, line)
            s.down(10, needs=30)
        if s.down(4, needs=60):
            page += 1
            s.put(500, f"{b.say('Seite', 'Page')} {page}", y=810)
            s.put(40, f"{b.buyer}, {b.say('Auftrag', 'Order')} {b.number}", y=810)
    s.down(10)
    totals(s, b, 380, 560)
    return b, s.done()


def bracketed(seed):
    """The article number in brackets behind the name, amounts with their currency in front, a return."""
    b = basket(seed, returns=True)
    head = [
        b.say(*x)
        for x in (
            ("Artikelbeschreibung", "Item description"),
            ("Stück", "Pieces"),
            ("Stückpreis", "Price each"),
            ("Zeilensumme", "Line amount"),
        )
    ]
    rows = [
        [
            words(f"{x.name} ({x.sku})"),
            b.pieces(x.quantity),
            f"EUR {b.price(x.price)}",
            f"EUR {b.amount(x.total)}",
        ]
        for x in b.lines
    ]
    table = Table(
        [head, *rows],
        colWidths=[230, 60, 90, 100],
        style=[("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("VALIGN", *EVERYWHERE, "MIDDLE")],
    )
    return b, built(
        [
            words(f"{b.say('Bestellung', 'Order')} {b.number}", "Title"),
            words(b.say(f"Stuttgart, den {b.day(b.issued)}", f"London, {b.day(b.issued)}")),
            Spacer(1, 8),
            table,
            sums(b),
        ],
        page=landscape(A4),
    )


def charged(seed):
    """Freight and a discount stand in the table like lines, with positions of their own."""
    b = basket(seed, charges=True, discounts=True)
    head = [
        b.say(*x)
        for x in (
            ("Pos", "Pos"),
            ("Art.Nr.", "Part No"),
            ("Artikel", "Item"),
            ("Menge", "Qty"),
            ("Preis €", "Price €"),
            ("Rab. %", "Disc"),
            ("Netto €", "Net €"),
        )
    ]
    rows = [
        [
            str(x.position),
            x.sku,
            x.name[:38],
            f"{b.pieces(x.quantity)} {x.unit}",
            b.price(x.list_price),
            f"{x.discount}%" if x.discount else "",
            b.amount(x.total),
        ]
        for x in b.lines
    ]
    rows += [
        [str(len(b.lines) + at), "", label, "1", b.amount(amount), "", b.amount(amount)]
        for at, (label, amount) in enumerate(b.charges, 1)
    ]
    table = Table(
        [head, *rows],
        colWidths=[30, 70, 180, 70, 50, 40, 70],
        style=[("FONTSIZE", *EVERYWHERE, 8), ("LINEBELOW", *EVERYWHERE, 0.2, colors.grey)],
    )
    ends = Table(
        [
            [b.say("Gesamt netto", "Total net"), b.amount(b.net)],
            ["19 % " + b.say("MwSt", "VAT"), b.amount(b.tax)],
            [b.say("Gesamt brutto", "Total gross"), b.amount(b.gross)],
        ],
        hAlign="RIGHT",
    )
    return b, built(
        [
            words(b.say("Bestellung", "Purchase Order"), "Title"),
            words(f"{b.say('Beleg-Nr.', 'Document no.')} {b.number}"),
            words(f"{b.say('Belegdatum', 'Document date')} {b.day(b.issued)}"),
            table,
            ends,
        ]
    )


def squeezed(seed):
    """Every cell wraps and is centred by itself, so that a line's figures stand at many heights."""
    b = basket(seed)
    head = [
        b.say(*x)
        for x in (
            ("Pos.", "Line"),
            ("Art.- Nr.", "Item #"),
            ("Bezeichnung", "Description"),
            ("Menge", "Qty"),
            ("Einzel- preis", "Unit price"),
            ("Gesamt- preis", "Line total"),
        )
    ]
    rows = [
        [
            str(x.position),
            x.sku,
            words(x.name),
            words(f"{b.pieces(x.quantity)}<br/>{x.unit}"),
            words(f"{b.price(x.price)} €"),
            words(f"{b.amount(x.total)}<br/>EUR"),
        ]
        for x in b.lines
    ]
    table = Table(
        [[words(text) for text in head], *rows],
        colWidths=[40, 70, 130, 55, 60, 75],
        style=[
            ("VALIGN", *EVERYWHERE, "MIDDLE"),
            ("TOPPADDING", *EVERYWHERE, 0),
            ("BOTTOMPADDING", *EVERYWHERE, 0),
        ],
    )
    return b, built(
        [
            words(b.say("Bestellung", "Purchase order"), "Title"),
            words(f"{b.say('Bestellnr.', 'Order no.')} {b.number}"),
            words(b.day(b.issued)),
            table,
            sums(b),
        ]
    )


def untitled(seed):
    """Quantities and articles without titles and without prices."""
    b = basket(seed, unsaid=("price", "net", "gross"))
    rows = [[f"{b.pieces(x.quantity)} {x.unit}", x.sku, words(x.name)] for x in b.lines]
    table = Table(rows, colWidths=[80, 80, 260], hAlign="LEFT")
    return b, built(
        [
            words(f"{b.say('Bestellung', 'Order')} {b.number}", "Heading2"),
            words(f"{b.say('Datum', 'Date')}: {b.day(b.issued)}"),
            words(b.say("Bitte liefern Sie uns:", "Please send us:")),
            table,
        ]
    )


def scheduled(seed):
    """Below each line stand its days of delivery, drawings and scales of prices, all with figures."""
    b = basket(seed)
    more = b.say(
        "Zeichnung 4711-08 Rev. 3<br/>Staffel: ab 100: 0,85; ab 5.000: 0,80<br/>Liefertermin: {}",
        "Drawing 4711-08 rev. 3<br/>Scale: from 100: 0.85; from 5,000: 0.80<br/>Delivery date: {}",
    )
    head = [
        b.say(*x)
        for x in (
            ("Pos.", "Item"),
            ("Material / Bezeichnung", "Material / Description"),
            ("Menge/ME", "Qty/UoM"),
            ("Preis", "Price"),
            ("Nettowert", "Net value"),
        )
    ]
    rows = [
        [
            f"{x.position:05d}",
            words(f"{x.sku}<br/>{x.name}<br/>{more.format(b.short_day(x.wanted))}", "small"),
            f"{b.pieces(x.quantity)} {x.unit}",
            b.price(x.price),
            b.amount(x.total),
        ]
        for x in b.lines
    ]
    table = Table(
        [head, *rows],
        colWidths=[40, 210, 80, 60, 80],
        repeatRows=1,
        style=[
            ("VALIGN", *EVERYWHERE, "TOP"),
            ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
            ("FONTSIZE", *EVERYWHERE, 9),
        ],
    )
    return b, built(
        [
            words(b.say("Bestellung", "Purchase order"), "Title"),
            words(
                f"{b.say('Bestellung Nr.', 'PO number')} {b.number} {b.say('vom', 'dated')} {b.day(b.issued)}"
            ),
            table,
            sums(b),
        ]
    )
