"""Orders as the programs of other houses print them: browsers, office suites, SAP, line printers.

Found by printing with those programs what the reader had never seen; drawn again in their order,
so that nothing but the drawing is needed here.
"""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from tests.corpora.order_papers.basket import CENT, basket
from tests.corpora.order_papers.drawn import Sheet, wrapped

US = ("Knopfwerk Sperling GmbH", "Werkstraße 3", "73230 Kirchheim unter Teck")
STREET = "Am Hafen 12, 24103 Kiel"


def columns(s, titles, *, down=16):
    for x, title, *right in titles:
        s.put(x, title, right=bool(right), bold=True)
    s.down(down)


def sums(s, b, left, right, labels, money="{}"):
    for label, amount in zip(labels, (b.net, b.tax, b.gross), strict=False):
        s.put(left, label)
        s.put(right, money.format(b.amount(amount)), right=True)
        s.down(13)


def named(s, x, name, width=32, pitch=11):
    for text in wrapped(name, width):
        s.put(x, text)
        s.down(pitch)


def browser(seed):
    """A shop's form from a browser: the article in brackets, our address beside their label."""
    b = basket(seed, language="en", units=False)
    s = Sheet()
    s.put(50, b.buyer)
    s.down(30)
    s.put(50, "Shipping address", bold=True)
    s.put(350, US[0])
    s.down(12)
    s.put(50, b.buyer)
    s.put(350, US[1])
    s.down(30)
    s.put(50, f"Purchase Order #{b.number}", bold=True)
    s.down(24)
    for x, label, value in ((50, "Buyer", "Joan Park"), (150, "Your Order Reference", "Q-7781"),
                            (300, "Order Date:", b.day(b.issued)), (430, "Expected Arrival:", b.day(b.wanted))):  # fmt: skip
        s.put(x, label, bold=True)
        s.put(x, value, y=s.y - 12)
    s.down(40)
    columns(s, ((50, "Description"), (300, "Taxes"), (360, "Date Req."), (460, "Qty", 1), (510, "Unit Price", 1), (570, "Amount", 1)))  # fmt: skip
    for x in b.lines:
        s.put(300, "20% ST")
        s.put(345, x.wanted.isoformat())
        s.put(460, f"{b.amount(x.quantity)} Units", right=True)
        s.put(510, b.price(x.price), right=True)
        s.put(570, f"€ {b.amount(x.total)}", right=True)
        named(s, 50, f"[{x.sku}] {x.name}", 42)
        s.down(4)
    sums(s, b, 400, 570, ("Untaxed Amount", "Tax 20%", "Total"), "€ {}")
    return b, s.done()


def conditions(seed):
    """SAP with the conditions of each price below its line."""
    b = basket(seed, language="de", per=100, units=False, discounts=True, unsaid=("gross",))
    s = Sheet()
    s.put(50, b.buyer)
    s.put(330, "Bestellung", bold=True)
    s.down(14)
    s.put(50, US[0])
    s.put(330, "Bestellnummer/Datum")
    s.down(12)
    s.put(330, f"{b.number} / {b.day(b.issued)}")
    s.down(20)
    s.put(50, "Bitte liefern an:")
    s.down(12)
    s.put(50, f"{b.buyer}, Werk 2")
    s.down(30)
    columns(s, ((50, "Pos."), (90, "Material"), (200, "Bezeichnung")), down=12)
    columns(s, ((90, "Bestellmenge"), (200, "Einheit"), (300, "Preis pro Einheit"), (545, "Nettowert", 1)))  # fmt: skip
    for x in b.lines:
        s.put(50, f"{x.position * (10 // b.step):05d}")
        s.put(90, x.own)
        s.put(200, x.name[:60])
        s.down(12, needs=150)
        s.put(150, b.pieces(x.quantity), right=True)
        s.put(200, "Stück")
        s.down(12)
        s.put(90, f"Ihre Materialnummer {x.sku}")
        s.down(12)
        gross = (x.quantity * x.list_price).quantize(CENT, ROUND_HALF_UP)
        for label, price, value in (("Bruttopreis", x.list_price, gross), ("Rabatt %", None, x.total - gross), ("Nettowert", x.price, x.total)):  # fmt: skip
            if price is None and not x.discount:
                continue
            s.put(110, label)
            s.put(300, f"{x.discount},000-" if price is None else b.price(price * 100), right=True)
            s.put(310, "%" if price is None else "EUR")
            s.put(340, "" if price is None else "100 ST")
            s.put(545, b.amount(abs(value)) + "-" * (value < 0), right=True)
            s.down(12)
        s.down(6)
    s.put(50, "Gesamtnettowert ohne MwSt EUR")
    s.put(545, b.amount(b.net), right=True)
    return b, s.done()


def reduced(seed):
    """The discount of a line stands below it in a row of its own."""
    b = basket(seed, language="de", units=False, discounts=True, count=4)
    s = Sheet()
    s.put(50, f"{b.buyer} · {STREET}")
    s.down(30)
    s.put(50, f"Bestell-Nr. {b.number}")
    s.put(300, f"Datum: {b.day(b.issued)}")
    s.down(30)
    columns(s, ((50, "P"), (70, "Menge"), (150, "Bezeichnung"), (460, "Einzelpreis €", 1), (550, "Gesamtpreis €", 1)))  # fmt: skip
    for x in b.lines:
        full = (x.quantity * x.list_price).quantize(CENT, ROUND_HALF_UP)
        s.put(50, str(x.position))
        s.put(70, f"{b.pieces(x.quantity)} Stk.")
        s.put(150, x.sku, bold=True)
        s.put(460, b.price(x.list_price), right=True)
        s.put(550, b.amount(full), right=True)
        s.down(11)
        named(s, 150, x.name)
        if x.discount:
            s.put(150, f"abzgl. {x.discount},00 % Rabatt")
            s.put(550, b.amount(x.total - full), right=True)
            s.down(11)
        s.down(5)
    sums(s, b, 350, 550, ("Su. netto", "+ 19% MWSt", "Su. brutto EUR"))
    return b, s.done()


def narrow(seed):
    """Cells so narrow that article numbers break at their hyphens and sums over two rows."""
    b = basket(seed, language="en")
    b = replace(b, lines=tuple(replace(x, sku=f"{476 + at}-{119 + 7 * at}", own=f"{511203 + at}-K")
                               for at, x in enumerate(b.lines)))  # fmt: skip
    s = Sheet()
    s.put(50, b.buyer, bold=True)
    s.put(330, f"Purchase Order No. {b.number}")
    s.down(12)
    s.put(330, f"Date of issue {b.day(b.issued)}")
    s.down(14)
    s.put(50, "To")
    s.down(12)
    s.put(50, US[0])
    s.down(30)
    columns(s, ((52, "Line"), (80, "Your"), (119, "Our"), (164, "Details"), (415, "Qty", 1), (425, "UOM"), (500, "Price", 1), (560, "Value £", 1)), down=10)  # fmt: skip
    columns(s, ((80, "code"), (119, "code"), (500, "£", 1)))
    for x in b.lines:
        s.put(52, str(x.position))
        s.put(415, b.pieces(x.quantity), right=True)
        s.put(425, x.unit)
        s.put(500, b.price(x.price), right=True)
        s.put(560, b.amount(x.total), right=True)
        rows = [*wrapped(x.name, 40), ""]
        for code, own, name in ((*(part.partition("-")[0] + "-" for part in (x.sku, x.own)), rows[0]),
                                (*(part.partition("-")[2] for part in (x.sku, x.own)), rows[1])):  # fmt: skip
            s.put(80, code)
            s.put(119, own)
            s.put(164, name)
            s.down(9)
        for name in rows[2:]:
            s.put(164, name)
            s.down(9 if name else 6)
    s.down(12)
    for label, amount in (("Goods", b.net), ("VAT", b.tax), ("Order total", b.gross)):
        s.put(420, label)
        s.put(560, "£", right=True)
        s.put(560, b.amount(amount), right=True, y=s.y - 11)
        s.down(26)
    return b, s.done()


def above_its_figures(seed):
    """The article's number over its name, the figures beside the last row of the name."""
    b = basket(seed, language="de")
    s = Sheet()
    s.put(50, b.buyer)
    s.down(12)
    s.put(50, STREET)
    s.down(30)
    s.put(50, f"Bestellung Nr. {b.number} / {b.day(b.issued)}")
    s.down(30)
    columns(s, ((50, "Pos"), (80, "Artikel"), (360, "Menge", 1), (390, "ME"), (460, "Preis", 1), (545, "Gesamt", 1)))  # fmt: skip
    for x in b.lines:
        s.put(50, str(x.position))
        s.put(80, x.sku)
        s.down(12, needs=110)
        *names, last = wrapped(x.name, 36)
        for name in names:
            s.put(80, name)
            s.down(12)
        s.put(80, last)
        s.put(360, b.pieces(x.quantity), right=True)
        s.put(390, x.unit)
        s.put(460, b.price(x.price), right=True)
        s.put(545, b.amount(x.total), right=True)
        s.down(18)
    sums(s, b, 400, 545, ("Summe netto", "19 % MwSt", "Summe brutto"))
    return b, s.done()


def line_printer(seed):
    """A line printer: sums carried over, remarks below, the price for a hundred."""
    b = basket(seed, language="de", per=100, units=False, count=14)
    s = Sheet(font="Courier", size=8)
    for text in (b.buyer.upper(), STREET, "", *US, "", "B E S T E L L U N G", "",
                 f"BESTELL-NR.  : {b.number:<20}", f"DATUM        : {b.day(b.issued)}", ""):  # fmt: skip
        s.put(36, text)
        s.down(10)
    titles = "POS ARTIKEL-NR     BEZEICHNUNG                        MENGE ME       PREIS  PE          WERT"
    s.put(36, titles)
    s.down(10)
    carried = Decimal(0)
    for x in b.lines:
        first, *more = wrapped(x.name, 28)
        price = b.price(x.price * 100)
        s.put(36, f"{x.position:>3} {x.sku:<14} {first:<29}{b.pieces(x.quantity):>11} ST {price:>11}  100{b.amount(x.total):>14}")  # fmt: skip
        carried += x.total
        for text in (*more, f"LIEFERTERMIN: KW {x.wanted:%V/%G}", ""):
            s.down(10)
            s.put(36, " " * 19 + text)
        if s.y < 200:
            s.down(10)
            s.put(36, f"{'ZWISCHENSUMME':>70}{b.amount(carried):>20}")
            s.new_page()
            for text in (titles, f"{'UEBERTRAG':>70}{b.amount(carried):>20}"):
                s.put(36, text)
                s.down(10)
        s.down(6, needs=20)
    for label, amount in (("NETTO EUR", b.net), ("MWST 19,00%", b.tax), ("BRUTTO EUR", b.gross)):
        s.put(36, f"{label:>70}{b.amount(amount):>20}")
        s.down(10)
    return replace(b, buyer=b.buyer.upper()), s.done()


def told(seed):
    """A list in sentences that go on in the next row."""
    b = basket(seed, language="de", units=False, count=4)
    s = Sheet(size=10)
    for text in (f"{b.buyer} – Einkauf", STREET, "", f"Datum: {b.day(b.issued)}", "", f"Betreff: Bestellung {b.number}",
                 "", "Guten Tag,", "", "bitte liefern Sie uns:", ""):  # fmt: skip
        s.put(50, text)
        s.down(13)
    for x in b.lines:
        named(s, 70, f"{b.pieces(x.quantity)} Stück {x.name}, Art. {x.sku}, zu je {b.price(x.price)} € = {b.amount(x.total)} €", 96, 13)  # fmt: skip
    s.down(10)
    for label, amount in (("Gesamtsumme netto", b.net), ("zzgl. 19 % MwSt", b.tax), ("Gesamt brutto", b.gross)):  # fmt: skip
        s.put(50, f"{label}: {b.amount(amount)} €")
        s.down(13)
    return b, s.done()
