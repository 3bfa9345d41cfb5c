"""From the words of a catalogue to what a button looks like: material, colour, holes, motif."""

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal

MATERIALS = (
    ("leather", r"leder|leather"),
    ("pearl", r"perlmutt|pearl"),
    ("horn", r"horn"),
    ("nut", r"steinnuss|corozo|tagua"),
    ("wood", r"holz|buche|nuss|eiche|wood|beech|walnut|oak|bambus|bamboo"),
    ("crystal", r"kristall|glas|crystal|glass"),
    ("porcelain", r"porzellan|keramik|porcelain|ceramic"),
    ("metal", r"messing|stahl|zink|alumin|neodym|metall|silber|brass|steel|zinc|metal|silver"),
)
"""The first that fits counts: steel with leather on it shows leather."""
MOTIFS = (
    ("toggle", r"knebel|toggle"),
    ("ladybird", r"marienk|ladybird"),
    ("boat", r"segelboot|sailing"),
    ("anchor", r"anker|anchor"),
    ("diamonds", r"raut|diamond"),
    ("flower", r"malerei|handbemalt|painted"),
    ("weave", r"flecht|geflochten|woven|braided"),
    ("tuft", r"polster|bezogen|upholster|tufting"),
    ("rivet", r"jeans"),
    ("snap", r"druckknopf|snap"),
    ("magnet", r"magnet"),
    ("glow", r"nachleucht|leuchtknopf|luminous|afterglow"),
    ("blank", r"rohling|beziehknopf|blank"),
    ("facets", r"kristall|crystal|geschliffen"),
    ("crest", r"logo|wappen|crest"),
    ("antique", r"antik|antique"),
)
FINISHES = (
    ("horn", r"hornoptik|horn[- ]effect|horn look|meliert|mottled"),
    ("sheen", r"perlglanz|pearly|pearl sheen|pearl lustre"),
    ("speckled", r"recycl|rezykl"),
)
HOLES = (
    (4, r"vier[- ]?loch|four[- ]holes?|4[- ]loch"),
    (2, r"zwei[- ]?loch|two[- ]holes?|2[- ]loch"),
)
SHANK = r"öse|shank|nagel|clip|schlaufe|loop|magnet|rohling|blank"
COLOURS = (
    ("altsilber|antique silver", "#8f9197"),
    ("altmessing|antique brass", "#9b7c46"),
    ("naturweiß|natural white", "#f3ecdf"),
    ("perlmuttweiß|pearl white", "#f4f2ee"),
    ("rauchgrau|smok", "#6d7480"),
    ("anthrazit|anthracite", "#3b4046"),
    ("dunkelbraun|dark brown", "#4a2f1f"),
    ("naturbraun|natural brown", "#9a7b56"),
    ("nussbaum|walnut", "#6e4a2e"),
    ("kobalt|cobalt", "#f6f7fa"),
    ("marine|navy", "#1f2f55"),
    ("petrol|teal", "#1f6f78"),
    ("türkis|turquoise", "#35a7a3"),
    ("cognac", "#9a5a2a"),
    ("espresso", "#3d2a20"),
    ("tabak|tobacco", "#7a4f2c"),
    ("camel", "#b98b56"),
    ("kupfer|copper", "#b8693d"),
    ("grünlich|greenish", "#dbe8c4"),
    ("bordeaux|burgund", "#6d1f32"),
    ("natur|natural|beige|sand", "#d3aa74"),
    ("gold", "#c9a04a"),
    ("silber|silver", "#c3c6cb"),
    ("weiß|weiss|white", "#f4f4f1"),
    ("schwarz|black", "#24252a"),
    ("braun|brown", "#6a4328"),
    ("grau|grey|gray", "#85898f"),
    ("klar|clear|transparent", "#e4eef2"),
    ("rot|red", "#c8202f"),
    ("blau|blue", "#2f66b5"),
    ("grün|green", "#3c7d4c"),
    ("gelb|yellow", "#e3b72f"),
    ("orange", "#df7c2c"),
    ("rosa|pink", "#e59ab2"),
    ("lila|violett|violet|purple", "#6b4b92"),
    ("creme|ivory|elfenbein", "#efe4c8"),
)
PLAIN = "#b9bcc2"


@dataclass(frozen=True, slots=True)
class Look:
    material: str
    colour: str
    """As #rrggbb."""
    holes: int
    """2, 4, or 0 for a button with a shank or a closed face."""
    motif: str
    scale: float
    """0 for the smallest button, 1 for the biggest."""
    finish: str
    """What it is made to look like, where that is not its material."""
    seed: int
    """The same for the same product, so that its picture never changes by itself."""


def look(*, sku: str, material: str, colour: str, size_mm: Decimal | None, words: str) -> Look:
    """Return what a product looks like; `words` are its names and descriptions."""
    said = f"{words} {material}".lower()
    motif = _first(MOTIFS, said)
    size = float(size_mm) if size_mm else 18.0
    return Look(
        material=_first(MATERIALS, material.lower()) or "plastic",
        colour=colour_of(colour),
        holes=_holes(said, motif),
        motif=motif,
        scale=min(max((size - 9) / 24, 0.0), 1.0),
        finish=_first(FINISHES, said),
        seed=int.from_bytes(hashlib.sha256(sku.encode()).digest()[:2], "big"),
    )


def colour_of(words: str) -> str:
    return _first(tuple((code, pattern) for pattern, code in COLOURS), words.lower()) or PLAIN


def _holes(said: str, motif: str) -> int:
    for number, pattern in HOLES:
        if re.search(pattern, said):
            return number
    closed = motif not in ("", "glow") or re.search(SHANK, said)
    return 0 if closed else 4


def _first(patterns: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for name, pattern in patterns if re.search(pattern, said)), "")
