"""What the titles of a table's columns mean, in German and English and a little beyond."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from orders.documents.layout import Cell

_NR = r"[-.\s]{0,2}(?:nr|no|nummer|number|num|code|id)\b\.?"
_ARTICLE = r"(?:art(?:ikel|icle)?|item|part|product|produkt|material|mat|sku|catalog(?:ue)?|cat|model|teile?)"
_THEIRS = r"ihre|lief(?:erant(?:en)?)?\.?|hersteller|your|supplier(?:['’]s)?|vendor(?:['’]s)?|seller(?:['’]s)?|mfr\.?"
_BASIS = (
    r"(?:\s?[(\[]?(?:ohne|exkl\.?|excl\.?|inkl\.?|incl\.?|zzgl\.?)\s?(?:mwst|ust|vat|tax)\b\.?[)\]]?|"
    r"\s?[(\[]?(?:in\s)?(?:eur|euro|€|usd|chf|netto|net)\b[)\]]?)?"
    r"(?:\s?(?:/|\bje\b|\bper\b|\bpro\b)\s?(?P<basis>\d[\d.,]{0,6}(?:\s?[^\W\d]{1,10})?|"
    r"(?:stk|stück|st|einheit|me|ve|unit|uom|pcs?|piece|each|ea|dtzd|dutzend|doz(?:en)?|paar|pair|kg|m|tsd|tausend)\b\.?))?"
)
# The first that fits wins, so what contains another title ("unit price") stands before it.
_TITLES = {
    "supplier": rf"(?:{_THEIRS})[-\s]?(?:{_ARTICLE}|bestell|teile)?[-.\s]{{0,2}}(?:{_NR}|ref(?:erence)?\b\.?|sku)|"
    rf"(?:{_THEIRS})[-\s]?{_ARTICLE}\b\.?|{_ARTICLE}\.?(?:{_NR})?\s?(?:des\s)?(?:lieferant(?:en)?|hersteller|supplier|vendor)",
    "own": r"(?:unsere|kunden|eigene|interne|our|buyer(?:['’]s)?|customer(?:['’]s)?|internal|own|ihre kunden)"
    rf"[-\s]?(?:{_ARTICLE}|teile)?[-.\s]{{0,2}}(?:{_NR}|ref(?:erence)?\b\.?|sku)|"
    rf"(?:unsere|our|customer)[-\s]?{_ARTICLE}\b\.?|idn[-.\s]?(?:nr\.?)?",
    "gtin": r"(?:ean|gtin|upc)(?:[-/\s]?(?:code|nr|no|nummer|ean|gtin|13|barcode)\b\.?){0,2}|barcode",
    "ignored": r"zoll(?:tarif)?[-.\s]{0,2}(?:nr|nummer)?\.?|hs[-\s]code|gewicht|weight|zeichnung\w*|drawing(?: no\.?)?|"
    r"rev(?:ision)?\.?|kostenstelle|cost cent(?:re|er)|projekt|project|konto|account|bemerkung(?:en)?|"
    r"remarks?|notes?|(?:mwst|ust|vat|tax|steuer)[-.\s]{0,3}(?:betrag|amount)|lagerort|herkunft|origin|status|geliefert|delivered|offen|back\s?order(?:ed)?|"
    r"farbe|colou?r|größe|size|währung|currency|curr\.|whg\.?",
    "sku": rf"(?:{_ARTICLE}|best(?:ell)?)\.?{_NR}|sku|artnr\.?|art\.|ref(?:erence)?\.?(?:{_NR})?|referenz|p/n|mpn|{_ARTICLE}[-\s]?#|"
    rf"r[ée]f(?:[ée]rence)?\.?|codice(?: articolo)?|código|artikelnummer|(?:{_NR})(?=\s?/\s?(?:bezeichnung|beschreibung|desc))",
    "name": rf"(?:{_ARTICLE}[-\s]?)?(?:bezeichnung|beschreibung|description|descr?\b\.?|kurztext|langtext|text|name|details)|"
    r"(?:waren|leistungs)(?:bezeichnung|beschreibung)|désignation|libellé|descrizione|omschrijving|descripción|goods|bez\.",
    "per": r"preis(?:einheit|basis)|pe|price (?:unit|basis)|per|je",
    "price": r"(?:(?:einzel|stück|netto|einheits|verkaufs|listen|vk|ek|e|unit|net|list|each)[-\s]{0,2}){0,2}"
    rf"(?:preis|price|cost|ep|[ev]k(?:[-\s](?:preis|netto))?|rate|prix(?: unit(?:aire)?\b\.?)?|p\.?u\.?|u\.?p\.?|(?:stuks?)?prijs|prezzo(?: unit(?:ario)?\.?)?|precio)(?!\w){_BASIS}",
    "total": r"(?:gesamt|zeilen|positions|pos|netto|line|ext(?:ended|\.|d)?|nett?|sub|total)[-.\s]{0,2}"
    r"(?:netto|gesamt|preis|summe|betrag|wert|price|total|amount|value|cost)|gesamt|summe|betrag|wert|gp|total|"
    r"amount|value|netto|nett|extension|montant|importo|bedrag|totaal|totale|importe|g-?preis",
    "gross": r"brutto(?:[-\s]?(?:preis|summe|betrag|wert|gesamt))?|gross(?: (?:amount|value|total))?",
    "quantity": r"(?:qty\.?|quantity) (?:ordered|required)|(?:bestell|auftrags|liefer|abruf|order(?:ed)?)?[-\s]?(?:menge|qty\.?|quantity)|anzahl|anz\.|stückzahl|qty\.?|quantity|"
    r"ordered|quantité|qté\.?|quantità|q\.?tà|aantal|cantidad|mge\.?|menge[ne]?",
    "pieces": r"stück|stk\.?|pieces|pcs\.?|units",
    "unit": r"mengeneinheit|einheit|einh\.?|eh|me|unit(?: of measure)?|uom|u/m|um|u\.m\.?|unité|eenheid|unità",
    "discount": r"(?:zeilen|positions?|pos\.?|line)?[-\s]?(?:rabatt|discount)|rab\.?|disc\.?|nachlass|remise|rem\.?|sc(?:onto)?\b\.?|korting",
    "tax": r"(?:mwst|ust|vat|tax)\.?(?:[-\s]?(?:satz|rate|code))?|steuer(?:satz)?",
    "date": r"(?:wunsch|liefer|anliefer|bedarfs|eintreff)[-\s]?(?:termin|datum|woche)|termin|delivery(?: date)?|due(?: date)?|"
    r"(?:required|requested|need(?:ed)?|ship|date)(?:[-\s](?:date|by|req\.?))?|lt|eta|date|datum",
    "position": r"sr\.?(?: no\.?)?|s/n|(?:bestell)?pos(?:ition|\.?-?nr)?\b\.?|lfd\.?\s?nr\.?|line(?: (?:no|item|#)\.?)?|nr\.?|no\.?|ln\.?|zeile|ligne|riga|regel|(?<!\S)p\.?(?!\S)|#",
    "item": r"item",
    "thing": r"artikel|product|produkt|material|ware|article",
}  # fmt: skip
_TITLE = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in _TITLES.items()) + r")(?!\w)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"(?:\s?[(\[]?(?:ohne|exkl\.?|excl\.?|inkl\.?|incl\.?|zzgl\.?)\s?(?:mwst|ust|vat|tax)\b\.?[)\]]?|"
    r"\s?[(\[]?(?:in\s)?(?:eur|euro|€|\$|£|usd|chf|gbp|%|netto|net|ht|stk|stück|pcs)\b\.?[)\]]?|\s?[(\[]?[€$£%][)\]]?)*",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\s*(?:/|\+|&|\||,|\bund\b|\band\b|x\b|×|à)\s*", re.IGNORECASE)
_BARE_PRICE = re.compile(r"(?:cost|price|preis)", re.IGNORECASE)
_NEARLY_ALL = 0.8
TITLE_WIDTH = 60
_MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class Column:
    kind: str
    """A key of the titles above; empty for a column of no interest."""
    place: Cell
    basis: str = ""
    """What a price is for, where the header says so: "100 Stk"."""
    also: str = ""
    """A second thing that stands in the same cells: "Artikelnummer / Bezeichnung"."""


def title_of(text: str) -> Column | None:
    """What a label says that stands alone: "Menge", "Preis je 100 Stk"."""
    if len(text) > TITLE_WIDTH:
        return None
    cell = Cell(text.strip(" .:"), 0, 1)
    columns = list(columns_of(cell))
    if not is_one_title(cell) or not columns[0].kind:
        return None
    alone = {"supplier": "sku", "item": "name", "thing": "name", "pieces": "quantity"}
    return replace(columns[0], kind=alone.get(columns[0].kind, columns[0].kind))


def is_one_title(cell: Cell) -> bool:
    columns = list(columns_of(cell))
    return len(columns) == 1 and len(columns[0].place.text) >= _NEARLY_ALL * len(cell.text)


def columns_of(cell: Cell) -> Iterator[Column]:
    """A cell is one column, or several whose titles stand close together."""
    titles = [title for title in _TITLE.finditer(cell.text[:_MAX_TITLE]) if title[0]]
    if not titles:
        yield Column("", cell)
    previous: Column | None = None
    end = 0
    for title in titles:
        if title.start() < end:  # "Stk" in "Menge (Stk)"
            continue
        suffix = _SUFFIX.match(cell.text, title.end())
        stop = suffix.end() if suffix else title.end()
        kind = title.lastgroup or ""
        column = Column(kind, _place(cell, title.start(), stop), title["basis"] or "")
        if previous and _TOGETHER.fullmatch(cell.text, end, title.start()):
            previous = _merged(previous, column)
        else:
            if previous:
                yield previous
            previous = column
        end = stop
    if previous:
        yield previous


def _merged(first: Column, second: Column) -> Column:
    """Two titles of one column: "Artikelnummer / Bezeichnung", "Menge/ME"."""
    place = _both(first.place, second.place)
    if first.kind == second.kind or "ignored" in (first.kind, second.kind):
        return replace(first, place=place)
    words = ("name", "item", "thing")  # descriptions may hold anything, so they lead
    main, also = (second, first) if second.kind in words else (first, second)
    return Column(main.kind, place, first.basis or second.basis, also.kind)


def _both(first: Cell, second: Cell) -> Cell:
    start, end = min(first.start, second.start), max(first.end, second.end)
    return Cell(f"{first.text} {second.text}", start, end, first.box, first.path)


def _place(cell: Cell, start: int, stop: int) -> Cell:
    """The part of a cell between two of its characters."""
    text = cell.text[start:stop]
    if len(cell.words) == 1:  # of several rows, whose words have no places of their own
        letter = (cell.end - cell.start) / len(cell.text)
        ends = cell.start + letter * start, cell.start + letter * stop
        return replace(cell, text=text, start=ends[0], end=ends[1], parts=())
    offset, inside = 0, []
    for word in cell.words:
        at = cell.text.find(word.text, offset)
        offset = at + len(word.text)
        if at < stop and offset > start:
            inside.append(word)
    if not inside:
        return replace(cell, text=text, parts=())
    return Cell(text, inside[0].start, inside[-1].end, inside[0].box, cell.path)


def settled(columns: list[Column]) -> tuple[Column, ...]:
    """Titles that mean one thing or another get their meaning from those beside them."""
    kinds = {column.kind for column in columns} | {column.also for column in columns}
    meaning = {
        "supplier": "sku",
        "sku": "own" if "supplier" in kinds else "sku",
        "own": "own" if kinds & {"supplier", "sku", "item", "thing"} else "sku",
        "item": _meaning_of_item(kinds),
        "thing": _meaning_of_thing(kinds),
        "pieces": "unit" if "quantity" in kinds else "quantity",
        "ignored": "",
        "gross": "" if "total" in kinds else "total",
    }
    settled = tuple(
        replace(c, kind=meaning.get(c.kind, c.kind), also=meaning.get(c.also, c.also))
        for c in columns
    )
    found = {column.kind for column in settled} | {column.also for column in settled}
    settled = settled if "total" in found else _with_total(settled)
    return settled if "quantity" in found and found & {"sku", "name", "own"} else ()


def _with_total(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """ "Unit Cost", "Quantity", "Cost": the one that does not say "unit" is what the line costs."""
    bare = [at for at, one in enumerate(columns) if _BARE_PRICE.fullmatch(one.place.text)]
    prices = sum(one.kind == "price" for one in columns)
    if prices < 2 or len(bare) != 1:
        return columns
    return tuple(
        replace(one, kind="total") if at == bare[0] else one for at, one in enumerate(columns)
    )


def _meaning_of_item(kinds: set[str]) -> str:
    if "name" not in kinds:
        return "name"
    return "position" if kinds & {"sku", "supplier", "own", "thing"} else "sku"


def _meaning_of_thing(kinds: set[str]) -> str:
    if "name" not in kinds:
        return "name"
    if "supplier" in kinds:
        return "own"
    return "" if "sku" in kinds else "sku"
