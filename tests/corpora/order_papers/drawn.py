"""Orders as programs print them that only know where on the page a word goes."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.corpora.order_papers.basket import basket

HEIGHT = A4[1]


class Sheet:
    def __init__(self, font="Helvetica", size=9, page=A4):
        self.target = io.BytesIO()
        self.canvas = Canvas(self.target, pagesize=page, invariant=1)
        self.font, self.size, self.top = font, size, page[1] - 50
        self.y = self.top
        self.canvas.setFont(font, size)

    def put(self, x, text, *, right=False, bold=False, y=None):
        self.canvas.setFont(f"{self.font}-Bold" if bold else self.font, self.size)
        draw = self.canvas.drawRightString if right else self.canvas.drawString
        draw(x, self.y if y is None else y, text)

    def down(self, points, needs=60):
        self.y -= points
        if self.y < needs:
            self.new_page()
            return True
        return False

    def new_page(self):
        self.canvas.showPage()
        self.y = self.top

    def done(self):
        self.canvas.save()
        return self.target.getvalue()


def wrapped(text, width):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines, line = [*lines, line], word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def totals(s, b, left, right):
    rows = [
        (b.say("Nettobetrag", "Net amount"), b.net),
        (b.say("USt. 19 %", "VAT 19 %"), b.tax),
        (b.say("Endbetrag", "Total incl. VAT"), b.gross),
    ]
    for label, amount in [*b.charges, *rows]:
        s.put(left, label)
        s.put(right, b.amount(amount), right=True)
        s.down(13)


def bare_columns(seed):
    """No rules; right-aligned numbers under left-aligned titles; titles in two rows."""
    b = basket(seed, measures=seed % 3 == 0)
    s = Sheet()
    s.put(50, b.buyer, bold=True)
    s.put(380, b.say("Bestellung", "Purchase Order"), bold=True)
    s.down(14)
    s.put(50, "Industriestraße 7, 50667 Köln")
    s.put(380, b.say("Nummer", "PO no.") + ":")
    s.put(470, b.number)
    s.down(14)
    s.put(380, b.say("Bestelldatum", "Date") + ":")
    s.put(470, b.day(b.issued))
    s.down(40)
    titles = (
        (40, "Pos.", "Line"),
        (75, "Menge", "Qty"),
        (135, "Einh.", "Unit"),
        (175, "Artikel-", "Part"),
        (250, "Bezeichnung", "Description"),
        (440, "Einzel-", "Unit"),
        (505, "Gesamt-", "Line"),
    )
    second = ((175, "Nummer", "Number"), (440, "preis", "price"), (505, "preis", "total"))
    for row in (titles, second):
        for x, german, english in row:
            s.put(x, b.say(german, english), bold=True)
        s.down(11)
    s.down(6)
    for x in b.lines:
        name = wrapped(x.name, 34)
        s.put(40, f"{x.position:03d}")
        s.put(125, b.pieces(x.quantity), right=True)
        s.put(135, x.unit)
        s.put(175, x.sku)
        s.put(490, b.price(x.price), right=True)
        s.put(560, b.amount(x.total), right=True)
        for line in name:
            s.put(250, line)
            s.down(11)
        s.down(4)
    s.down(10)
    totals(s, b, 380, 560)
    return b, s.done()


def sap(seed):
    """Two rows for each line, our number on a third, price per 100 in the cell."""
    b = basket(seed, language="de", per=100, units=False, unsaid=("gross",))
    s = Sheet(font="Courier", size=9)
    s.put(50, b.buyer)
    s.put(350, "Bestellung", bold=True)
    s.down(24)
    s.put(350, "Bestellnummer/Datum")
    s.down(11)
    s.put(350, f"{b.number} / {b.day(b.issued)}")
    s.down(30)
    s.put(50, "Bitte liefern Sie:")
    s.down(20)
    s.put(50, "Pos.   Material       Bezeichnung")
    s.down(11)
    s.put(50, "       Bestellmenge   Einheit     Preis pro Einheit         Nettowert")
    s.down(16)
    for x in b.lines:
        s.put(50, f"{x.position * (10 // b.step):05d}  {x.own:<13}  {x.name[:45]}")
        s.down(11)
        s.put(
            50,
            f"       {b.amount(x.quantity, 3):>12}   Stück       {b.price(x.price * 100):>9} / 100 ST  {b.amount(x.total):>14}",
        )
        s.down(11)
        s.put(50, f"       Ihre Materialnummer: {x.sku}")
        s.down(18)
    s.put(50, f"{'Gesamtnettowert ohne MwSt EUR':<58}{b.amount(b.net):>14}")
    return b, s.done()


def blocks(seed):
    """A form for each article: labels and values."""
    b = basket(seed, count=4)
    s = Sheet(size=10)
    s.put(50, b.say("Bestellformular", "Order form"), bold=True)
    s.down(24)
    for label, value in (
        (b.say("Bestellnummer", "PO Number"), b.number),
        (b.say("Datum", "Date"), b.day(b.issued)),
        (b.say("Firma", "Company"), b.buyer),
    ):
        s.put(50, f"{label}:")
        s.put(170, value)
        s.down(14)
    for x in b.lines:
        s.down(12)
        s.put(50, f"{b.say('Position', 'Item')} {x.position}", bold=True)
        for label, value in (
            (b.say("Artikelnummer", "Item number"), x.sku), (b.say("Bezeichnung", "Description"), x.name[:60]),
            (b.say("Menge", "Quantity"), f"{b.pieces(x.quantity)} {x.unit}"),
            (b.say("Einzelpreis", "Unit price"), f"{b.price(x.price)} EUR"), (b.say("Gesamtpreis", "Total price"), f"{b.amount(x.total)} EUR"),
        ):  # fmt: skip
            s.down(13)
            s.put(60, f"{label}:")
            s.put(170, value)
        s.down(6, needs=130)
    s.down(16)
    totals(s, b, 60, 300)
    return b, s.done()


def typed(seed):
    """A typewriter font with columns of blanks, as old systems print."""
    b = basket(seed, count=6)
    s = Sheet(font="Courier", size=9)
    for line in (
        f"{b.buyer}, Bahnhofstr. 1, 8001 Zürich",
        "",
        f"{b.say('BESTELLUNG', 'PURCHASE ORDER')} {b.number}",
        f"{b.say('Datum', 'Date')}: {b.day(b.issued)}   {b.say('Liefertermin', 'Delivery date')}: {b.day(b.wanted)}",
        "",
    ):
        s.put(40, line)
        s.down(11)
    head = (
        b.say("Menge", "Qty"),
        b.say("ME", "UM"),
        b.say("Artikel-Nr", "Item no"),
        b.say("Bezeichnung", "Description"),
        b.say("Preis", "Price"),
        b.say("Betrag", "Amount"),
    )
    s.put(40, f"{head[0]:>9} {head[1]:<6}{head[2]:<12} {head[3]:<30} {head[4]:>10} {head[5]:>12}")
    s.down(11)
    s.put(40, "-" * 84)
    for x in b.lines:
        s.down(11)
        s.put(
            40,
            f"{b.pieces(x.quantity):>9} {x.unit:<6}{x.sku:<12} {x.name[:30]:<30} {b.price(x.price):>10} {b.amount(x.total):>12}",
        )
    s.down(11)
    s.put(40, "-" * 84)
    for label, amount in (
        (b.say("Summe netto", "Net total"), b.net),
        (b.say("MwSt 19,0 %", "VAT 19.0 %"), b.tax),
        (b.say("Gesamtsumme", "Total amount"), b.gross),
    ):
        s.down(11)
        s.put(40, f"{label:>70} {b.amount(amount):>13}")
    return b, s.done()


def headless(seed):
    """No titles at all."""
    b = basket(seed)
    s = Sheet(size=10)
    s.put(50, f"{b.buyer}")
    s.down(20)
    s.put(
        50,
        b.say(
            f"Bestellung {b.number} vom {b.day(b.issued)}",
            f"Purchase order {b.number} of {b.day(b.issued)}",
        ),
        bold=True,
    )
    s.down(30)
    for x in b.lines:
        s.put(95, b.pieces(x.quantity), right=True)
        s.put(100, x.unit)
        s.put(140, x.sku)
        s.put(480, b.price(x.price), right=True)
        s.put(550, b.amount(x.total), right=True)
        for line in wrapped(x.name, 40):
            s.put(220, line)
            s.down(12)
        s.down(5)
    s.down(8)
    totals(s, b, 380, 550)
    return b, s.done()


def above(seed):
    """The name stands above the figures, which close the line."""
    b = basket(seed, discounts=True)
    s = Sheet(size=9)
    s.put(50, b.say("Auftrag", "Order"), bold=True)
    s.put(300, f"{b.say('Auftragsnummer', 'Order No.')}: {b.number}")
    s.down(13)
    s.put(300, f"{b.say('Datum', 'Date')}: {b.day(b.issued)}")
    s.down(30)
    for x, german, english in (
        (50, "Artikel", "Article"),
        (150, "Beschreibung", "Description"),
        (330, "Menge", "Qty"),
        (380, "Preis", "Price"),
        (440, "Rabatt", "Discount"),
        (510, "Wert", "Value"),
    ):
        s.put(x, b.say(german, english), bold=True)
    s.down(18)
    for x in b.lines:
        for line in wrapped(x.name, 40):
            s.put(150, line)
            s.down(10)
        s.put(50, x.sku)
        s.put(360, b.pieces(x.quantity), right=True)
        s.put(410, b.price(x.list_price), right=True)
        s.put(470, f"{x.discount} %" if x.discount else "", right=True)
        s.put(545, b.amount(x.total), right=True)
        s.down(18)
    totals(s, b, 380, 545)
    return b, s.done()
