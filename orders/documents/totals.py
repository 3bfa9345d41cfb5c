"""The sums under the lines: net, tax and gross."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from orders.documents.layout import Row
from orders.documents.numbers import Notation

_SUM = (
    r"summe|total|gesamt\w*|netto\w*|brutto\w*|end(?:betrag|summe)|net\b|gross\b|grand total|"
    r"rechnungsbetrag|zu zahlen|amount due|(?:bestell|auftrags|waren)(?:wert|summe)|"
    r"(?:order|invoice) (?:total|value)|sub-?\s?total|zwischensumme"
)
_TAX = r"mwst|m\.w\.st|ust\b|vat\b|sales tax|tax\b|mehrwertsteuer|umsatzsteuer"
_LABEL = re.compile(
    rf"^\W*(?:(?:zzgl\.?|plus|inkl\.?|incl\.?)?\s*(?:\d[\d.,]*\s?%\s*)?(?:{_TAX})|{_SUM})",
    re.IGNORECASE,
)
_NO_AMOUNT = re.compile(r"(?:ust|vat|tax)\W{0,2}(?:id|no|nr|number|reg)", re.IGNORECASE)
# The first that fits names the sum: "Gesamt zzgl. MwSt" is net, "zzgl. 19 % MwSt" is tax.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("gross", rf"brutto|gross\b|grand|endbetrag|(?:{_SUM}).*\b(?:inkl|incl)"),
        ("net", rf"netto|\bnet\b|warenwert|(?:{_SUM}).*\b(?:exkl|excl|ohne|zzgl|plus|before)\b"),
        ("tax", _TAX),
        ("subtotal", r"sub-?\s?total|zwischensumme"),
        ("total", ""),
    )
)
_CARRIED = re.compile(
    r"^\W*(?:übertrag|uebertrag|(?:carried|brought) (?:forward|over)|carry-?over|"
    r"zwischensumme|sub-?\s?total|seite\s?\d|page\s?\d|seitensumme)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"-?\d[\d.,']{0,20}(?: \d{3}(?!\d)[\d.,']{0,4}){0,4}(?!\s?%|[\w%])")


@dataclass(frozen=True, slots=True)
class Sums:
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None


def is_carried(row: Row) -> bool:
    """A sum carried from page to page: no line, and no end of the lines either."""
    return bool(_CARRIED.match(row.text))


def kind_of_sum(row: Row) -> str:
    """net, tax, gross, subtotal or total; empty if the row is no sum."""
    label = row.cells[0].text
    if not _LABEL.match(label) or _NO_AMOUNT.search(label):
        return ""
    return next(kind for kind, pattern in _KINDS if pattern.search(label))


def read_sums(rows: Iterable[Row], notation: Notation, lines: Decimal | None) -> Sums:
    """The sums as stated; `lines` is the sum of the lines and tells what a bare "Total" means."""
    found: dict[str, list[Decimal]] = {}
    for row in rows:
        kind = kind_of_sum(row)
        amount = _last_amount(row.text, notation) if kind else None
        if amount is not None:
            found.setdefault(kind, []).append(amount)
    return _resolve(found, lines)


def _last_amount(text: str, notation: Notation) -> Decimal | None:
    amounts = _AMOUNT.findall(text)
    return notation.decimal(amounts[-1]) if amounts else None


def _resolve(found: dict[str, list[Decimal]], lines: Decimal | None) -> Sums:
    net = _last(found, "net") or _last(found, "subtotal")
    tax = sum(found["tax"], Decimal(0)) if "tax" in found else None
    gross, total = _last(found, "gross"), _last(found, "total")
    if total is not None and gross is None and not _is_net(total, net, tax, lines):
        return Sums(net, tax, total)
    return Sums(net if net is not None else total, tax, gross)


def _is_net(
    total: Decimal, net: Decimal | None, tax: Decimal | None, lines: Decimal | None
) -> bool:
    return net is None and (total == lines or (tax is None and lines is None))


def _last(found: dict[str, list[Decimal]], kind: str) -> Decimal | None:
    return found[kind][-1] if kind in found else None
