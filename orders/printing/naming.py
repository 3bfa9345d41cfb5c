"""What our files are called: by their kind and number, in the reader's language, plain ASCII."""

import re

_KINDS = {
    "quotation": ("Angebot", "Quotation"),
    "confirmation": ("Auftragsbestaetigung", "Order-confirmation"),
    "delivery_note": ("Lieferschein", "Delivery-note"),
    "invoice": ("Rechnung", "Invoice"),
    "credit_note": ("Rechnungskorrektur", "Credit-note"),
    "cancellation": ("Stornorechnung", "Cancellation"),
    "xrechnung": ("XRechnung", "XRechnung"),
    "reminder": ("Zahlungserinnerung", "Payment-reminder"),
}


def filename(kind: str, number: str, language: str, ending: str = "pdf") -> str:
    german, english = _KINDS.get(kind, ("Dokument", "Document"))
    name = german if language.startswith("de") else english
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", number).strip("-")
    return f"{name}-{plain}.{ending}"[-150:]
