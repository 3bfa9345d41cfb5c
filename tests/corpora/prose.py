"""Orders as people write them into mails, and mails that order nothing."""

from dataclasses import dataclass
from decimal import Decimal

from orders.data import ReadLine
from orders.documents.numbers import unit_factor
from orders.documents.reading import read_order
from tests.corpora.figure import Figure


@dataclass(frozen=True)
class Letter:
    language: str
    text: str
    lines: tuple[tuple[str, str, str], ...]
    """Quantity in pieces (or as stated, for packs), what stands for the article, price or ""."""


def _letters(language, written):
    for block in written.strip().split("\n====\n"):
        text, _, wanted = block.partition("\n-> ")
        lines = [tuple(part.strip() for part in line.split("|")) for line in wanted.split("\n-> ")]
        yield Letter(language, text, tuple(lines if wanted else ()))


GERMAN = """
Guten Tag,

bitte 500 Stk. Art. 4711 und 2 Dutzend Perlmutt 18 mm.

Mit freundlichen Grüßen
Anna Berger
-> 500 | 4711 |
-> 24 | Perlmutt 18 mm |
====
Sehr geehrte Damen und Herren,

hiermit bestellen wir:

- 1.000 Stück HB-1017 Hemdenknopf Klassik weiß 11 mm zu 0,09 EUR
- 200 Stück HB-1022
- 3 Gros HB-1030

Lieferung bitte bis KW 50.

Freundliche Grüße
Modehaus Berger GmbH
Tel. 089 123456
-> 1000 | HB-1017 | 0.09
-> 200 | HB-1022 |
-> 432 | HB-1030 |
====
Hallo Frau Knopp,

wir brauchen noch mal dringend 300 Hemdenknöpfe weiß 11 mm (HB-1017) und 150 von den schwarzen (HB-1018).

LG Tom
-> 300 | HB-1017 |
-> 150 | HB-1018 |
====
Bestellung Nr. 4500017788

Pos. 1: HB-1004, Menge 500, Preis 0,70
Pos. 2: HB-1005, Menge 250, Preis 1,10
Pos. 3: HB-1001, Menge 2.000, Preis 0,38
-> 500 | HB-1004 | 0.70
-> 250 | HB-1005 | 1.10
-> 2000 | HB-1001 | 0.38
====
Moin,
schickt uns bitte 5 Dtzd. Jeansknopf Rivet 17 mm, dazu zehn Dutzend Druckknopf Click 12 mm.
Gruß Hein
-> 60 | Jeansknopf Rivet 17 mm |
-> 120 | Druckknopf Click 12 mm |
====
Guten Morgen,

wir möchten folgende Artikel bestellen:

HB-1026   Holzknopf Natur 15 mm      400 Stk
HB-1027   Holzknopf Natur 20 mm      600 Stk
HB-1034   Knebelknopf Dufflecoat      80 Stk

Rechnung bitte an die bekannte Adresse.
-> 400 | HB-1026 |
-> 600 | HB-1027 |
-> 80 | HB-1034 |
====
Artikel: HB-1040
Menge: 200 Stück
Liefertermin: 12.12.2026

Artikel: HB-1041
Menge: 100 Stück
Liefertermin: 12.12.2026
-> 200 | HB-1040 |
-> 100 | HB-1041 |
====
Bitte senden Sie uns 1.500 St. HB-1016 à 0,08 € und 1.500 St. HB-1017 à 0,09 €.
Unsere Bestellnummer lautet PO-2026-118.
-> 1500 | HB-1016 | 0.08
-> 1500 | HB-1017 | 0.09
====
Hallo,
200x HB-1009
100x HB-1010
50 x HB-1011
Danke!
-> 200 | HB-1009 |
-> 100 | HB-1010 |
-> 50 | HB-1011 |
====
HB-1012: 300
HB-1013: 150
HB-1014: 75 Stück
-> 300 | HB-1012 |
-> 150 | HB-1013 |
-> 75 | HB-1014 |
====
Sehr geehrter Herr Öhler,

aus Ihrem Angebot vom 3.11. nehmen wir 1200 Stück des Mantelknopfs Boulevard grau 28 mm zum Preis von 85,00 EUR je 100 Stück.

Beste Grüße
-> 1200 | Boulevard grau 28 mm | 0.85
====
Guten Tag,

könnten Sie uns 250 Stück HB-1043 schicken? Wir benötigen sie bis zum 15.12.2026.

Vielen Dank
-> 250 | HB-1043 |
====
Bestellen Sie bitte für uns ein:
1) 400 Stck. Polsterknopf Chesterfield 22 mm
2) 800 Stck. Polsterknopf Automotive 18 mm
-> 400 | Polsterknopf Chesterfield 22 mm |
-> 800 | Polsterknopf Automotive 18 mm |
====
Wir bestellen verbindlich zweihundert Stück Art.-Nr. HB-1008 sowie 100 Stück Art.-Nr. HB-1007.
-> 200 | HB-1008 |
-> 100 | HB-1007 |
====
Menge; Artikel; Bezeichnung
300; HB-1017; Hemdenknopf weiß
200; HB-1018; Hemdenknopf schwarz
-> 300 | HB-1017 |
-> 200 | HB-1018 |
====
| Pos | Artikel | Menge | Einheit |
|-----|---------|-------|---------|
| 1   | HB-1001 | 500   | Stk     |
| 2   | HB-1003 | 1.000 | Stk     |
-> 500 | HB-1001 |
-> 1000 | HB-1003 |
====
Wie telefonisch mit Frau Schmitz am 12.11. besprochen benötigen wir 600 Stück HB-1020.
-> 600 | HB-1020 |
====
Nachbestellung zu Auftrag B-000123: bitte weitere 400 Stk. HB-1028 liefern. Lieferadresse: Industriestr. 12, 50667 Köln.
-> 400 | HB-1028 |
====
Ich hätte gern 24 Kinderknöpfe Marienkäfer und 36 Kinderknöpfe Segelboot 18 mm.
-> 24 | Kinderknöpfe Marienkäfer |
-> 36 | Kinderknöpfe Segelboot 18 mm |
====
Bitte um Lieferung von:
• 2 VE HB-1032
• 10 Karton HB-1033
-> 2 | HB-1032 |
-> 10 | HB-1033 |
====
Guten Tag, wann kommt unsere Bestellung 4500012345 über 500 Stück HB-1004? Sie sollte am 10.11. da sein.
====
Bitte stornieren Sie die 300 Stück HB-1017 aus unserer Bestellung vom 1.11.
====
Die 200 gelieferten Hemdenknöpfe HB-1017 sind zerkratzt. Wir reklamieren.
====
Was kosten 5.000 Stück HB-1022 mit Logo? Bitte um ein Angebot.
====
Anbei unsere Rechnung RE-2026-0815 über 1.234,56 EUR, zahlbar innerhalb von 14 Tagen. IBAN DE89 3704 0044 0532 0130 00.
====
Unser Team feiert am 24. das 20-jährige Bestehen, 300 Gäste werden erwartet.
"""
ENGLISH = """
Dear Sir or Madam,

please send us 500 pcs HB-1002 and 2 dozen HB-1011.

Kind regards
James Miller
-> 500 | HB-1002 |
-> 24 | HB-1011 |
====
Hi,

PO 88123

Item HB-1004, qty 1,000, price 0.70 EUR each
Item HB-1006, qty 250, price 1.20 EUR each

Please deliver by 12 December 2026.
-> 1000 | HB-1004 | 0.70
-> 250 | HB-1006 | 1.20
====
Hello team, we need 300 white shirt buttons 11 mm (HB-1017) and another 150 of HB-1018, thanks!
-> 300 | HB-1017 |
-> 150 | HB-1018 |
====
Please supply:
1. 400 x Walnut button 22 mm
2. 1,500 x Ocean recycled button 11 mm
3. 5 gross Rivet jeans button 17 mm
-> 400 | Walnut button 22 mm |
-> 1500 | Ocean recycled button 11 mm |
-> 720 | Rivet jeans button 17 mm |
====
We would like to order 2,000 units of SKU HB-1045 @ EUR 0.22.
-> 2000 | HB-1045 | 0.22
====
SKU        Description                     Qty    Price
HB-1038    Fireproof workwear button       600    0.55
HB-1037    Automotive tufting clip       1,200    0.31
-> 600 | HB-1038 | 0.55
-> 1200 | HB-1037 | 0.31
====
Could you ship 120 pieces of the Toelz stag horn button 23 mm to our Leeds warehouse by Friday?
-> 120 | Toelz stag horn button 23 mm |
====
Order: HB-1029 - 300 pcs, HB-1030 - 300 pcs, HB-1031 - 150 pcs
-> 300 | HB-1029 |
-> 300 | HB-1030 |
-> 150 | HB-1031 |
====
Article: HB-1046
Quantity: 800
Unit price: 0.95

Article: HB-1039
Quantity: 400
Unit price: 1.05
-> 800 | HB-1046 | 0.95
-> 400 | HB-1039 | 1.05
====
One hundred HB-1042 and two hundred HB-1044 please.
-> 100 | HB-1042 |
-> 200 | HB-1044 |
====
Where is our order 4500012345 for 500 pcs HB-1004? It was due on 10 November.
====
What would 5,000 pcs of HB-1022 with our logo cost? Please quote.
====
Please cancel the 300 pcs HB-1017 of our last order.
====
Meeting on 12 December at 10:30 in room 204, 15 people will attend.
"""
MORE_GERMAN = """
Sehr geehrtes Team,
für unsere Frühjahrskollektion ordern wir:
HB-1020, 1.200 Stück
HB-1021, 600 Stück
HB-1024, 300 Stück.
Bitte bestätigen Sie den Termin 15.01.2027.
Herzliche Grüße
-> 1200 | HB-1020 |
-> 600 | HB-1021 |
-> 300 | HB-1024 |
====
Hi, nehmen gern 100 Packungen HB-1016. Bestellnr. 77-1234. Danke und Gruß
-> 100 | HB-1016 |
====
Bitte liefern Sie an unser Werk Fulda:

Art.-Nr. HB-1036: 2.500 Stück
Art.-Nr. HB-1037: 2.500 Stück

Kostenstelle 4711, Ansprechpartner Herr Kurz, Tel. 0661/998877.
-> 2500 | HB-1036 |
-> 2500 | HB-1037 |
====
Wir brauchen vom Metallknopf Antik 17 mm 350 Stück und vom Metallknopf Antik 20 mm 150 Stück.
-> 350 | Metallknopf Antik 17 mm |
-> 150 | Metallknopf Antik 20 mm |
====
200 Stk. HB-1009 je 1,15 EUR = 230,00 EUR
400 Stk. HB-1010 je 1,45 EUR = 580,00 EUR
Summe netto 810,00 EUR
-> 200 | HB-1009 | 1.15
-> 400 | HB-1010 | 1.45
====
Pos Menge ME Artikel Bezeichnung EP GP
10  500   ST HB-1001 Perlmuttknopf Aurora 11,5 mm  0,38  190,00
20  100   ST HB-1003 Perlmuttknopf Nocturne 15 mm  0,82   82,00
-> 500 | HB-1001 | 0.38
-> 100 | HB-1003 | 0.82
====
Guten Tag Frau Knopp, anbei wie gewünscht unsere Bestellung: zwei Gros HB-1017, ein Gros HB-1018, fünfzig Stück HB-1014.
-> 288 | HB-1017 |
-> 144 | HB-1018 |
-> 50 | HB-1014 |
====
Bestellung
Artikelnummer: HB-1025
Bezeichnung: Mantelknopf Boulevard camel 28 mm
Menge: 250 Stk.
Einzelpreis: 0,85 EUR
-> 250 | HB-1025 | 0.85
====
Unsere Kundennummer 10234, Bestellung 2026/118 vom 20.11.2026: 750 Stück Beziehknopf Rohling 19 mm, Lieferung frei Haus.
-> 750 | Beziehknopf Rohling 19 mm |
====
Ihre Rechnung 2026-4711 über 500 Stück HB-1004 wurde gestern bezahlt.
====
Gibt es HB-1022 auch in 25 mm? Wir brauchen eventuell 500 Stück.
====
Frage zu Artikel HB-1032: Hält der Druckknopf 60 Grad in der Waschmaschine aus?
"""
MORE_ENGLISH = """
Good morning,

please process the following order (PO 2026-77):

HB-1001 ........ 1,000 pcs
HB-1002 ........ 500 pcs

Ship to: 14 Mill Lane, Leeds LS1 4AB
-> 1000 | HB-1001 |
-> 500 | HB-1002 |
====
I'd like 24 of the HB-1040 and 36 of the HB-1041 please. My account is 10077.
-> 24 | HB-1040 |
-> 36 | HB-1041 |
====
2 x box HB-1032
3 x box HB-1033
-> 2 | HB-1032 |
-> 3 | HB-1033 |
====
Qty 300 - Boulevard coat button grey 28 mm
Qty 300 - Boulevard coat button camel 28 mm
-> 300 | Boulevard coat button grey 28 mm |
-> 300 | Boulevard coat button camel 28 mm |
====
We order as follows: 1,250 pieces HB-1022 at EUR 0.31 each, total EUR 387.50. Delivery in week 50.
-> 1250 | HB-1022 | 0.31
====
Kindly dispatch five dozen HB-1006, six dozen HB-1007 and a gross of HB-1008.
-> 60 | HB-1006 |
-> 72 | HB-1007 |
-> 144 | HB-1008 |
====
Attached is the invoice 4711 for 500 pcs thread, EUR 120.00.
====
We received 500 pcs HB-1004 but ordered 600 pcs. Please send a credit note.
====
Do you stock HB-1011? We might need around 200 pcs next year.
"""
LETTERS = (*_letters("de", GERMAN), *_letters("en", ENGLISH))
OTHERS = (*_letters("de", MORE_GERMAN), *_letters("en", MORE_ENGLISH))


def is_right(wanted: tuple[str, str, str], line: ReadLine) -> bool:
    quantity, article, price = wanted
    pieces = line.quantity * (unit_factor(line.unit) or 1)
    said = f"{line.sku} {line.name}".casefold()
    named = line.sku.casefold() == article.casefold() or article.casefold() in said
    return named and pieces == Decimal(quantity) and (not price or line.price == Decimal(price))


def measure() -> tuple[Figure, ...]:
    found = asked = read = sure = right_and_sure = 0
    notes = []
    for letter in (*LETTERS, *OTHERS):
        document = read_order(letter.text, format="text", language=letter.language)
        # A letter that a person has to look at anyway orders nothing by itself.
        doubtful = any(check.state == "failed" for check in document.checks)
        left = list(document.lines)
        for wanted in letter.lines:
            hit = next((line for line in left if is_right(wanted, line)), None)
            asked += 1
            if hit is None:
                notes.append(f"missed {wanted} in {letter.text[:50]!r}")
            else:
                found += 1
                left.remove(hit)
        wrong = [] if doubtful and not letter.lines else left
        read += len(document.lines) - len(left) + len(wrong)
        notes += [
            f"wrong {one.quantity} {one.sku} {one.name}: {letter.text[:40]!r}" for one in wrong
        ]
        right_and_sure += sum(
            not doubtful and line.score >= 0.9 for line in document.lines if line not in left
        )
        sure += sum(not doubtful and line.score >= 0.9 for line in document.lines)
    return (
        Figure("order lines in letters: recall", found, asked, 0.88, tuple(notes)),
        Figure("order lines in letters: precision", found, read, 0.96),
        Figure("certain lines in letters are right", right_and_sure, sure, 0.99),
    )
