"""How numbers, days and the words of papers are written in German and in English."""

from datetime import date
from decimal import Decimal

_SWAP = str.maketrans(",.", ".,")

_LABELS = {
    "order": ("Bestellung", "Purchase order"),
    "invoice": ("Rechnung", "Invoice"),
    "delivery_note": ("Lieferschein", "Delivery note"),
    "order_number": ("Bestellnummer", "Purchase order no."),
    "invoice_number": ("Rechnungsnummer", "Invoice no."),
    "delivery_note_number": ("Lieferscheinnummer", "Delivery note no."),
    "date": ("Datum", "Date"),
    "delivery_date": ("Liefertermin", "Delivery date"),
    "your_reference": ("Ihr Zeichen", "Your reference"),
    "vat_id": ("USt-IdNr.", "VAT ID"),
    "vendor": ("Lieferant", "Vendor"),
    "ship_to": ("Lieferanschrift", "Ship to"),
    "to": ("An", "To"),
    "page": ("Seite", "Page"),
    "pay_by": ("Zahlbar ohne Abzug bis", "Payable net by"),
    "position": ("Pos.", "Line"),
    "article": ("Artikel-Nr.", "Item no."),
    "own_article": ("Unsere Art.-Nr.", "Our item no."),
    "name": ("Bezeichnung", "Description"),
    "quantity": ("Menge", "Quantity"),
    "unit": ("Einheit", "Unit"),
    "piece": ("Stk", "pcs"),
    "price": ("Einzelpreis", "Unit price"),
    "price_per_100": ("Preis/100", "Price/100"),
    "total": ("Gesamt", "Amount"),
    "net": ("Nettosumme", "Net total"),
    "tax": ("MwSt.", "VAT"),
    "gross": ("Gesamtbetrag", "Total amount"),
}


def label(code: str, language: str) -> str:
    return _LABELS[code][language == "en"]


def amount(value: Decimal, language: str) -> str:
    """Write money with two to four decimals: 1.234,50 or 0.3825."""
    digits = value.quantize(Decimal("0.0001")).normalize().as_tuple().exponent
    places = max(2, -int(digits))
    return _in_language(f"{value:,.{places}f}", language)


def pieces(quantity: int, language: str) -> str:
    return _in_language(f"{quantity:,}", language)


def day(value: date, language: str) -> str:
    return f"{value:%d.%m.%Y}" if language == "de" else f"{value.day} {value:%B %Y}"


def _in_language(text: str, language: str) -> str:
    return text.translate(_SWAP) if language == "de" else text
