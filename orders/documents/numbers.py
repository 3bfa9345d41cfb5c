"""Numbers and units as German and English business letters write them."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from orders.documents.dates import month_first

# A group of thousands has three digits and no leading zero, and one separator throughout.
# "12,-" is how German price lists write a round amount.
_SHAPES = {
    "de": re.compile(r"(?:[1-9]\d{0,2}(?:([.' ])\d{3})(?:\1\d{3})*|\d+)(?:,\d+)?"),
    "en": re.compile(r"(?:[1-9]\d{0,2}(?:([,' ])\d{3})(?:\1\d{3})*|\d+)(?:\.\d+)?"),
}
_CURRENCY = re.compile(r"EURO?|USD|CHF|GBP|[€$£]", re.IGNORECASE)
_ROUND_AMOUNT = re.compile(r"[.,](?:-{1,2}|–|—)$")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " ") | {"’": "'", "−": "-"})
_MAX_LENGTH = 40

# Amounts with two decimals show how a document writes numbers; dates and times do not.
_AMOUNT = re.compile(r"(?<![\d.,:])\d[\d.,'’]{0,20}[.,]\d{2}(?![\d.,:]|\s?(?:Uhr|h)\b)")

# Codes in capitals in the real world are those of UN/ECE Recommendation 20: C62, H87, DZN, GRO.
_PIECES = {
    1: "stk stck st stück stücke stueck pc pcs pce pces piece pieces ea each unit units x "
    "knopf knöpfe knoepfe button buttons c62 h87 nar",
    2: "paar pair pairs pr npr",
    12: "dtzd dtz dz dutzend doz dozen dozens dzn dpc",
    100: "hundert hundred cen",
    144: "gros gross grs gro",
    1000: "tausend tsd thousand mille tst mil t3",
}
_PACKS = (
    "ve vpe pkg pck pk pack packs packung packungen paket pakete package packages karte karten "
    "card cards beutel bag bags box boxes schachtel schachteln karton kartons carton cartons "
    "ctn ktn xpk xbx xct xbg"
)
# Goods by the length or the weight: units, though not of pieces.
_MEASURES = (
    "m lfm lfdm mtr meter metre metres cm mm kg kgm g gr l ltr liter rolle rollen roll rolls rl "
    "set sets satz sätze psch pauschal ls std h hr hur bogen blatt spule spulen"
)
_FACTORS = {word: factor for factor, words in _PIECES.items() for word in words.split()}
_PACK_WORDS = frozenset(_PACKS.split())
_MEASURE_WORDS = frozenset(_MEASURES.split())
UNIT_WORDS = tuple(sorted({*_FACTORS, *_PACK_WORDS} - {"x"}, key=len, reverse=True))


def unit_factor(unit: str) -> int | None:
    """How many pieces the unit holds; None if that depends on the article or is not known."""
    word = _word(unit)
    return _FACTORS.get(word) if word else 1


def is_pack(unit: str) -> bool:
    """Whether the unit is a package, which holds as many pieces as the article says."""
    return _word(unit) in _PACK_WORDS


def is_unit(word: str) -> bool:
    """Whether the word is a unit at all."""
    bare = _word(word)
    return bare in _FACTORS or bare in _PACK_WORDS or bare in _MEASURE_WORDS


def _word(unit: str) -> str:
    return unit.strip(" .()").lower()


def readings(text: str) -> dict[str, Decimal]:
    """What the number says in German and in English, where it can be one."""
    bare, sign = _bare(text)
    if len(bare) > _MAX_LENGTH:
        return {}
    return {
        language: Decimal(sign + _digits(bare, language))
        for language, shape in _SHAPES.items()
        if shape.fullmatch(bare)
    }


def _bare(text: str) -> tuple[str, str]:
    bare = _CURRENCY.sub("", text.translate(_SPACES)).strip()
    bare = _ROUND_AMOUNT.sub("", bare)
    negative = bare.startswith("-") or bare.endswith("-")  # SAP puts the sign behind
    if bare.startswith("(") and bare.endswith(")"):  # bookkeepers use brackets
        bare, negative = bare[1:-1], True
    return bare.strip("+- "), "-" if negative else ""


def _digits(bare: str, language: str) -> str:
    mark = "," if language == "de" else "."
    return re.sub(rf"[^\d{mark}]", "", bare).replace(",", ".")


def parse_decimal(text: str, language: str = "de") -> Decimal | None:
    """The number, or None. `language` decides only what both readings allow: "1.000", "1,000"."""
    found = readings(text)
    if not found:
        return None
    return found.get(language, next(iter(found.values())))


def ambiguous(text: str) -> bool:
    """Whether German and English readers would see different numbers."""
    return len(set(readings(text).values())) > 1


@dataclass(frozen=True, slots=True)
class Notation:
    """How one document writes numbers."""

    language: str
    proven: bool = False
    """Its own amounts show it; otherwise it is only the language of its words."""
    month_first: bool = False
    """Days are written as in the United States."""

    def decimal(self, text: str) -> Decimal | None:
        return parse_decimal(text, self.language)

    def doubtful(self, text: str) -> bool:
        """A separator that nothing explains: "1,000 Stk" in a German letter without amounts.

        What reads as thousands in the letter's own language is taken at its word.
        """
        if self.proven or not ambiguous(text):
            return False
        return readings(text)[self.language] != max(readings(text).values())


def notation(text: str, language: str) -> Notation:
    """Read off the amounts with two decimals; they must agree."""
    votes: Counter[str] = Counter()
    american = month_first(text)
    for found in _AMOUNT.finditer(text):
        fitting = readings(found[0])
        if len(fitting) == 1:
            votes.update(fitting)
    if len(votes) == 1:
        return Notation(next(iter(votes)), proven=True, month_first=american)
    return Notation(language if language in _SHAPES else "de", month_first=american)
