"""The sums under the lines: charges, net, tax and gross."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from orders.data import Charge, Source
from orders.documents.layout import Row
from orders.documents.numbers import Notation

_SUM = (
    r"summe|(?:zwischen|netto|brutto|end|gesamt|auftrags|bestell|waren|rechnungs|pos(?:itions)?)-?summe|total|"
    r"gesamt(?:betrag|preis|wert|summe|netto|brutto|auftragswert|bestellwert|nettowert)?\b|"
    r"(?:netto|brutto)(?:betrag|wert|summe|warenwert|auftragswert|bestellwert|gesamt)?\b|"
    r"endbetrag|nett?\b|gross\b|grand total|untaxed amount|rechnungsbetrag|zu zahlen|zahlbetrag|amount (?:due|payable)|"
    r"(?:bestell|auftrags|waren)(?:wert|betrag)|(?:order|invoice|goods|merchandise) (?:total|value|amount)|"
    r"balance due|sub-?\s?tota+l|totaal|totale|te betalen|net à payer|su\.|imponibile|goods(?=$|\s*:)|zwischentotal"
)
_TAX = r"tva\b|btw\b|iva\b|mwst|m\.w\.st|ust\b|vat\b|sales tax|tax\b|mehrwertsteuer|umsatzsteuer"
_LABEL = re.compile(
    rf"^\W*(?:(?:(?:zzgl|plus|inkl|incl|exkl|excl|add)\b\.?)?\s*(?:gesetzl\w{{0,6}}\.?\s*)?(?:\d[\d.,]*\s?%\s*)?(?:{_TAX})|{_SUM})",
    re.IGNORECASE,
)
_NO_AMOUNT = re.compile(
    r"(?:ust|vat|tax)\W{0,2}(?:id|ident\w*|no|nr|number|reg)|befreit|exempt|menge|gewicht|anzahl|"
    r"stück|quantity|weight|items|pieces|pcs|lines|positions|volume|cartons",
    re.IGNORECASE,
)
_EXCLUDING = r"exkl|excl|ohne|zzgl|plus|before|vor"
_INCLUDING = r"inkl|incl|mit"
# The first that fits names the sum: "Gesamt zzgl. MwSt" is net, "zzgl. 19 % MwSt" is tax.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("gross", rf"\bttc\b|brutto|gross\b|grand|endbetrag|endsumme|zu zahlen|zahlbetrag|amount (?:due|payable)|balance|te betalen|à payer|"
         rf"(?:{_SUM}).{{0,60}}\b(?:{_INCLUDING})\b"),
        ("net", rf"\bht\b|netto|imponibile|\bnett?\b|untaxed|(?:{_SUM}).{{0,60}}\b(?:{_EXCLUDING})\b"),
        ("tax", _TAX),
        ("subtotal", r"sub-?\s?tota+l|zwischen(?:summe|total)|waren(?:wert|summe)|goods|merchandise|positionssumme|possumme"),
        ("total", ""),
    )
)  # fmt: skip
_CARRIED = re.compile(
    r"^\W*(?:übertrag|uebertrag|(?:carried|brought|balance) (?:forward|over)|carry-?over|"
    r"zwischensumme|sub-?\s?total|seite\s?\d|page\s?\d|seitensumme|page total|summe seite|"
    r"(?:summe|total) (?:pos|gruppe|group|block|section))",
    re.IGNORECASE,
)
_LOWERING = r"rabatt|nachlass|abschlag|discount|rebate|bonus|gutschrift"
_RAISING = (
    r"fracht\w{0,12}|versand(?:kosten|pauschale|anteil|spesen)?|porto|verpackung(?:skosten|spauschale)?|"
    r"transport(?:kosten)?|liefer(?:kosten|pauschale)|(?:mindermengen|kleinmengen|energie|maut|metall|express|"
    r"teuerungs|dieselzu)?-?zuschlag|shipping|freight|handling|carriage|postage|packaging|packing|"
    r"delivery(?=\s(?:charge|cost|fee))|(?:\w{3,12} )?surcharge|zustellung"
)
_CHARGE = re.compile(
    rf"^\W*(?:\d{{1,4}}\.?\s+)?(?:(?:zzgl|abzgl|abzüglich|zuzüglich|plus|less|minus|add|\+|-)\b\.?\s*)?(?:\d[\d.,]{{0,6}}\s?%\s*)?"
    rf"(?:(?:gesamt|sonder|mengen|treue|kunden|auftrags|staffel|order|trade|volume|quantity|special)[-\s]?)?"
    rf"(?:(?P<lowering>{_LOWERING})|(?P<raising>{_RAISING}))"
    r"(?=$|\s*(?:[:\d(€$£%/&+.,-]|und\b|and\b|charges?\b|costs?\b|fees?\b|pauschal\w*|auf\b|on\b|für\b|gem\w*|lt\b|of\b|EUR\b|kosten\b|to\b|nach\b|"
    r"net\b|psch\b|ab werk|frei))",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[-(]?\d[\d.,'’]{0,20}(?: \d{3}(?!\d)[\d.,'’]{0,4}){0,4}(?:-(?!\w)|\))?(?!\s?%|[\w%])"
)
_WITH_CENTS = re.compile(r"\d[.,]\d{2}\D*$")
_SIGN = r"(?:[€$£]|EUR|USD|CHF|GBP)"
_MONEY = re.compile(
    rf"{_SIGN}|(?:{_SIGN}\s?)?[-+(]?\d[\d.,'’]{{0,20}}(?: \d{{3}}[\d.,'’]{{0,4}}){{0,3}}-?\)?(?:\s?{_SIGN})?",
    re.IGNORECASE,
)
_MAX_CHARGES = 6
_TWO = 2
_WRAPPED, _BESIDE = 1.3, 0.8
"""Lines between a label and its amount in the same cell or beside it."""
_MAX_REASON = 120
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Sums:
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    charges: tuple[Charge, ...] = ()
    sources: tuple[tuple[str, Source], ...] = ()
    """Where net, tax and gross stand."""


@dataclass(frozen=True, slots=True)
class _Stated:
    amount: Decimal
    source: Source


def is_carried(row: Row) -> bool:
    """A sum carried from page to page: no line, and no end of the lines either."""
    return bool(_CARRIED.match(row.text))


def is_charge(row: Row) -> bool:
    """Freight, packing, a discount on the whole: it counts into the sums and is no line."""
    return any(_CHARGE.match(text) for text in (row.text, *(cell.text for cell in row.cells[:3])))


def kind_of_sum(row: Row) -> str:
    """net, tax, gross, subtotal or total; empty if the row is no sum."""
    at = _label(row)
    if at is None:
        return ""
    return next(kind for kind, pattern in _KINDS if pattern.search(row.cells[at].text))


def _label(row: Row) -> int | None:
    """Which cell names the sum: the first, or one before the last amount, beside other text."""
    for at, cell in enumerate(row.cells):
        behind = row.cells[at + 1 :]
        only_money = 0 < len(behind) < 4 and all(_MONEY.fullmatch(one.text) for one in behind)
        if (at == 0 or only_money) and _names_a_sum(cell.text):
            return at
    return None


def _names_a_sum(text: str) -> bool:
    return bool(_LABEL.match(text)) and not _NO_AMOUNT.search(text)


def read_sums(
    rows: Iterable[Row], notation: Notation, lines: Decimal | None, among: Sequence[Row] = ()
) -> Sums:
    """The sums as stated; `lines` is the sum of the lines and tells what a bare "Total" means.

    `among` are the rows among the lines that name a charge.
    """
    found: dict[str, list[_Stated]] = {}
    charges = [one for row in among if (one := charge_of(row, notation))]
    for row in _unwrapped(rows, notation):
        kind = kind_of_sum(row)
        amount = _last_amount(_from_label(row), notation) if kind else None
        if amount is not None:
            found.setdefault(kind, []).append(_Stated(amount, row.source()))
        elif not kind and found and row not in among and (charge := charge_of(row, notation)):
            charges.append(charge)
    return _tied(_resolve(found, lines), lines, charges)


def _unwrapped(rows: Iterable[Row], notation: Notation) -> Iterator[Row]:
    """The rows, where a label whose amount stands in the row below is one with it.

    What goes on below the amount belongs to the label, too: "Total EUR", "100,00", "ohne MwSt.".
    """
    waiting: list[Row] = []
    for row in rows:
        if waiting and row.number - waiting[-1].number <= _WRAPPED:
            if len(waiting) == 1 and all(_MONEY.fullmatch(cell.text) for cell in row.cells):
                waiting.append(row)
                continue
            if len(waiting) == _TWO and _goes_on(row, waiting[-1]):
                waiting.insert(1, row)
                yield _as_one(waiting)
                waiting = []
                continue
        if waiting:
            yield _as_one(waiting)
            waiting = []
        if kind_of_sum(row) and _last_amount(_from_label(row), notation) is None:
            waiting.append(row)
        else:
            yield row
    if waiting:
        yield _as_one(waiting)


def _goes_on(row: Row, amount: Row) -> bool:
    """Whether it is more of the label: beside its amount, or no label by itself."""
    beside = row.number - amount.number < _BESIDE or not kind_of_sum(row)
    return beside and not re.search(r"\d", row.text)


def _as_one(rows: Sequence[Row]) -> Row:
    first, *more = rows
    label = next(cell for at, cell in enumerate(first.cells) if at == _label(first))
    words = " ".join([label.text, *(row.text for row in more[:-1])])
    cells = (replace(label, text=words, parts=()), *(more[-1].cells if more else ()))
    return replace(first, text=" ".join([words, *(row.text for row in more[-1:])]), cells=cells)


def _from_label(row: Row) -> str:
    return "  ".join(cell.text for cell in row.cells[_label(row) or 0 :])


def _last_amount(text: str, notation: Notation) -> Decimal | None:
    amounts = _AMOUNT.findall(text)
    return notation.decimal(amounts[-1]) if amounts else None


def charge_of(row: Row, notation: Notation) -> Charge | None:
    """A charge needs an amount of money: "Fracht nach Vereinbarung 2026" has none."""
    texts = (row.text, *(cell.text for cell in row.cells[:3]))
    hit = next((hit for text in texts if (hit := _CHARGE.match(text))), None)
    amounts = [each for each in _AMOUNT.findall(row.text) if _WITH_CENTS.search(each)]
    amount = notation.decimal(amounts[-1]) if amounts else None
    if hit is None or not amount:
        return None
    named = next((cell.text for cell in row.cells if _CHARGE.match(cell.text)), row.text)
    return Charge(-abs(amount) if hit["lowering"] else amount, named[:_MAX_REASON])


def _resolve(found: dict[str, list[_Stated]], lines: Decimal | None) -> Sums:
    net = _last(found, "net") or _last(found, "subtotal")
    gross, total = _last(found, "gross"), _last(found, "total")
    tax = _tax(found.get("tax", ()), net, gross or total)
    net = net or _first_of_two(found.get("total", ()), tax, lines)
    if total and gross is None and not _is_net(total.amount, net, tax, lines):
        gross, total = total, None
    return _sums(net or total, tax, gross)


def _first_of_two(
    totals: Sequence[_Stated], tax: _Stated | None, lines: Decimal | None
) -> _Stated | None:
    """Of "Summe: 100", "MwSt: 19", "Gesamtbetrag: 119" the first is net."""
    if len(totals) < _TWO:
        return None
    last, more = totals[-1].amount, tax.amount if tax else Decimal(0)
    fitting = (one for one in totals[:-1] if one.amount in (lines, last - more))
    return next(fitting, None)


def _tax(stated: Sequence[_Stated], net: _Stated | None, gross: _Stated | None) -> _Stated | None:
    """Several rates add up; one that is stated twice, in a recapitulation, does not."""
    if not stated:
        return None
    sums = (sum((one.amount for one in stated), Decimal(0)), stated[-1].amount)
    if net and gross:
        tying = (one for one in sums if abs(net.amount + one - gross.amount) <= _CENT)
        return _Stated(next(tying, sums[0]), stated[-1].source)
    return _Stated(sums[0], stated[-1].source)


def _sums(net: _Stated | None, tax: _Stated | None, gross: _Stated | None) -> Sums:
    named = {"net": net, "tax": tax, "gross": gross}
    return Sums(
        net=net.amount if net else None,
        tax=tax.amount if tax else None,
        gross=gross.amount if gross else None,
        sources=tuple((name, one.source) for name, one in named.items() if one),
    )


def _is_net(
    total: Decimal, net: _Stated | None, tax: _Stated | None, lines: Decimal | None
) -> bool:
    return net is None and (total == lines or (tax is None and lines is None))


def _last(found: dict[str, list[_Stated]], kind: str) -> _Stated | None:
    return found[kind][-1] if kind in found else None


def _tied(sums: Sums, lines: Decimal | None, charges: Sequence[Charge]) -> Sums:
    """The sums with those charges that make them tie with the lines; with all where none do."""
    if not charges or lines is None:
        return replace(sums, charges=tuple(charges))
    if sums.net == lines and (sums.gross is None or _adds_up(sums)):
        return sums  # the charges are spoken of, and not charged
    for chosen in _choices(charges):
        net = lines + sum((one.amount for one in chosen), Decimal(0))
        if sums.net is not None and abs(net - sums.net) <= _CENT:
            return replace(sums, charges=chosen)
        if sums.gross is not None and abs(net + (sums.tax or 0) - sums.gross) <= _CENT:
            return replace(sums, net=net, charges=chosen)
    return replace(sums, charges=tuple(charges))


def _choices(charges: Sequence[Charge]) -> Iterator[tuple[Charge, ...]]:
    """Some of the charges, all of them first."""
    few = tuple(charges[:_MAX_CHARGES])
    for count in range(len(few), 0, -1):
        yield from combinations(few, count)


def _adds_up(sums: Sums) -> bool:
    if sums.net is None or sums.gross is None:
        return False
    return abs(sums.net + (sums.tax or 0) - sums.gross) <= _CENT
