"""The typefaces of our letters: Source Sans and Source Serif (SIL Open Font License 1.1).

They hold Latin with all its accents, Greek and Cyrillic, and are embedded as far as they are used,
as an archive PDF wants it.
"""

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SANS, BOLD, SERIF = "Sans", "Sans-Bold", "Serif"
_FILES = {
    SANS: ("font_source_sans_pro", "SourceSansPro-Regular"),
    BOLD: ("font_source_sans_pro", "SourceSansPro-Semibold"),
    SERIF: ("font_source_serif_pro", "SourceSerifPro-Semibold"),
}
_REPLACED = "?"
_SOFT_HYPHEN = "\u00ad"
_UNSEEN = frozenset({ord(_SOFT_HYPHEN)})
"""Drawn as it stands, a soft hyphen is a hyphen in the middle of a line."""


@lru_cache(maxsize=1)
def register() -> None:
    for name, (package, file) in _FILES.items():
        spec = find_spec(package)
        folders = list(spec.submodule_search_locations or ()) if spec else []
        if not folders:
            raise FileNotFoundError(f"The font package {package} is not installed.")
        path = Path(folders[0]) / "files" / f"{file}.ttf"
        pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(SANS, normal=SANS, bold=BOLD, italic=SANS, boldItalic=BOLD)
    pdfmetrics.registerFontFamily(SERIF, normal=SERIF, bold=SERIF, italic=SERIF, boldItalic=SERIF)


@lru_cache(maxsize=len(_FILES))
def _letters(font: str) -> frozenset[int]:
    register()
    face: Any = pdfmetrics.getFont(font)
    return frozenset(face.face.charToGlyph)


def shown(text: str, font: str = SANS) -> str:
    """The text in letters that the font has: an archive PDF must not point to one that is not."""
    known = _letters(font)
    if all(ord(one) in known for one in text) and _SOFT_HYPHEN not in text:
        return text
    return "".join(one if ord(one) in known - _UNSEEN else _instead(one, known) for one in text)


def _instead(letter: str, known: frozenset[int]) -> str:
    if letter in "\u2010\u2011":
        return "-"
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in {"Cc", "Cf", "Mn"}:
        return ""
    plain = unicodedata.normalize("NFKD", letter)
    return plain if all(ord(one) in known for one in plain) else _REPLACED
