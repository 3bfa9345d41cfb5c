"""Whether a document is German or English, by the words that orders use."""

import re

_LOOKED_AT = 20_000
_GERMAN = re.compile(
    r"\b(?:menge|anzahl|stück|stk|bestell\w{0,12}|bezeichnung|beschreibung|artikel\w{0,10}|einzelpreis|preis|"
    r"gesamt\w{0,10}|betrag|liefer\w{0,10}|datum|und|der|die|bitte|von|wir|zzgl|mwst|summe|einheit)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:qty|quantity|pcs|order|purchase|description|item|price|unit|amount|delivery|date|and|the|please|of|"
    r"we|vat|total|number|supplier|vendor|ship)\b",
    re.IGNORECASE,
)


def language_of(text: str) -> str:
    """ "de" or "en"; German where nothing tells."""
    shown = text[:_LOOKED_AT]
    return "en" if len(_ENGLISH.findall(shown)) > len(_GERMAN.findall(shown)) else "de"
