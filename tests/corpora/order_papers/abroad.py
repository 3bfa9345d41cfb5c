"""Orders from other countries: their words, numbers and days."""

from dataclasses import replace
from decimal import Decimal

from reportlab.lib.pagesizes import A4, landscape

from tests.corpora.order_papers.basket import basket
from tests.corpora.order_papers.drawn import Sheet
from tests.corpora.order_papers.programs import US, columns, named, sums


def in_alps(seed):
    """Swiss: thousands parted by a typographic apostrophe, a page on its side."""
    b = replace(basket(seed, language="de", units=False), swiss=True)
    s = Sheet(size=8, page=landscape(A4))

    def money(value):
        return b.amount(value).replace("'", "’")

    s.put(30, b.buyer)
    s.put(600, f"Bestell-Nr.: {b.number}")
    s.down(12)
    s.put(600, f"Bestelldatum: {b.day(b.issued)}")
    s.down(40)
    columns(s, ((30, "Pos"), (60, "Unsere Art.-Nr."), (140, "Lief.-Art.-Nr."), (230, "Artikelbezeichnung"), (500, "Zeichn.-Nr."), (620, "Menge", 1), (630, "ME"), (700, "Preis CHF", 1), (800, "Total CHF", 1)))  # fmt: skip
    for x in b.lines:
        s.put(30, str(x.position))
        s.put(60, x.own)
        s.put(140, x.sku)
        s.put(500, f"ZN-{2000 + x.position}")
        s.put(620, b.pieces(x.quantity).replace("'", "’"), right=True)
        s.put(630, "Stk")
        s.put(700, b.price(x.price).replace("'", "’"), right=True)
        s.put(800, money(x.total), right=True)
        named(s, 230, x.name, 44, 9)
        s.down(4)
    for label, amount in (("Zwischentotal", b.net), ("MWST 19%", b.tax), ("Total CHF", b.gross)):
        s.put(620, label)
        s.put(800, money(amount), right=True)
        s.down(11)
    return b, s.done()


TONGUES = (
    ("ORDINE A FORNITORE", "Numero ordine", "Data ordine", ("Codice", "Descrizione", "U.M.", "Quantità", "Prezzo unit.", "Sc. %", "Importo"),
     ("Imponibile", "IVA 22%", "Totale ordine")),
    ("COMMANDE FOURNISSEUR", "N° de commande", "Date", ("Code article", "Désignation", "Unité", "Quantité", "Prix unit. HT", "Rem. %", "Total HT"),
     ("Total HT", "TVA 20 %", "Total TTC")),
    ("BESTELBON", "Bestelnummer", "Datum", ("Artikelnr.", "Omschrijving", "Eenheid", "Aantal", "Stuksprijs", "Korting", "Bedrag"),
     ("Subtotaal", "21% BTW", "Te betalen")),
)  # fmt: skip


def abroad(seed):
    """Italian, French and Dutch."""
    title, number, day, names, labels = TONGUES[seed % 3]
    b = basket(seed, language="de", units=False, discounts=True)
    s = Sheet()
    s.put(50, "Officine Bertolini S.r.l.", bold=True)
    s.down(12)
    s.put(50, title)
    s.down(24)
    s.put(50, number)
    s.put(200, day)
    s.down(12)
    s.put(50, b.number)
    s.put(200, b.issued.strftime("%d/%m/%Y"))
    s.down(30)
    places = ((50,), (130,), (320,), (395, 1), (460, 1), (500, 1), (575, 1))
    columns(s, [(x, name, *right) for (x, *right), name in zip(places, names, strict=True)])
    for x in b.lines:
        s.put(50, x.sku)
        s.put(320, "pz")
        s.put(395, b.pieces(x.quantity), right=True)
        s.put(460, b.price(x.list_price), right=True)
        s.put(500, str(x.discount or ""), right=True)
        s.put(575, b.amount(x.total), right=True)
        named(s, 130, x.name)
        s.down(3)
    sums(s, b, 430, 575, labels)
    return replace(b, buyer="Officine Bertolini S.r.l."), s.done()


def american(seed):
    """The month comes first, freight comes last."""
    b = basket(seed, language="en", units=False, unsaid=("net",))
    b = replace(b, buyer="Northern Valve Company Inc.", gross=b.net + Decimal("45.00"))
    s = Sheet()
    s.put(50, b.buyer)
    s.put(350, "PURCHASE ORDER", bold=True)
    s.down(14)
    s.put(50, "Cleveland, OH 44114")
    s.put(350, "DATE")
    s.put(420, b.issued.strftime("%m/%d/%Y"))
    s.down(14)
    s.put(350, "PO #")
    s.put(420, b.number)
    s.down(20)
    for left, right in (("VENDOR", "SHIP TO"), (US[0], "Receiving Dock 4"), (US[1], b.buyer)):
        s.put(50, left)
        s.put(350, right)
        s.down(12)
    s.down(20)
    columns(s, ((50, "DESCRIPTION"), (280, "CATALOG #"), (420, "UNIT COST", 1), (490, "QUANTITY", 1), (560, "COST", 1)))  # fmt: skip
    for x in b.lines:
        s.put(280, x.sku)
        s.put(420, f"${b.price(x.price)}", right=True)
        s.put(490, b.pieces(x.quantity), right=True)
        s.put(560, f"${b.amount(x.total)}", right=True)
        named(s, 50, x.name, 40)
        s.down(4)
    for label, amount in (("SUBTOTAL", b.net), ("SHIPPING", Decimal("45.00")), ("TOTAL", b.gross)):
        s.put(430, label)
        s.put(560, f"${b.amount(amount)}", right=True)
        s.down(12)
    return b, s.done()
