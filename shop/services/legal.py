"""Texts that only the company itself can answer for: terms of sale, privacy. Shown where it gives them.

They lie beside the company's file, one a language: `legal/de/terms.txt`. The first line is the title,
an empty line ends a paragraph, a line that begins with "# " is a heading.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from hbu.lib.keeping import kept

KINDS = ("terms", "privacy")
LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Page:
    kind: str
    title: str
    parts: tuple[tuple[str, str], ...]
    """(heading or paragraph, text)."""


@kept(60.0)
def pages(language: str) -> Sequence[Page]:
    """Return the pages there are, in this language or the one there is."""
    return [page for page in (_page(kind, language) for kind in KINDS) if page]


def _page(kind: str, language: str) -> Page | None:
    folder = settings.HBU_COMPANY_FILE.parent / "legal"
    for code in (language, *LANGUAGES):
        path = folder / code / f"{kind}.txt"
        if code in LANGUAGES and path.is_file():
            return _read(kind, path.read_text("utf-8"))
    return None


def _read(kind: str, text: str) -> Page:
    title, _, rest = text.strip().partition("\n")
    blocks = [block.strip() for block in re.split(r"\n\s*\n", rest) if block.strip()]
    parts = tuple(
        ("heading", block[2:]) if block.startswith("# ") else ("paragraph", block)
        for block in blocks
    )
    return Page(kind, title.strip(), parts)
