"""Lines that somebody pasted or typed, one article each: "HB-1001 200", "200 x HB-1001", cells.

Pure. What is no line of an order is handed back, never guessed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from orders.data import ReadDocument, ReadLine, Source

MAX_LINES = 500
MAX_CHARACTERS = 60_000
_UNIT = r"(?:stk\.?|stück|st\.|pcs\.?|pieces?|pc\.?|ea\.?|x|×|\*)"
_NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})+|\d{1,9}(?:[.,]0{1,2})?"
_QUANTITY = re.compile(rf"({_NUMBER})\s*{_UNIT}?", re.IGNORECASE)
_FIRST = re.compile(rf"({_NUMBER})\s*(?:{_UNIT})?\s+(\S.*)", re.IGNORECASE)
_TIMES = re.compile(rf"({_NUMBER})\s*[x×*]\s*(\S.*)", re.IGNORECASE)
_LAST = re.compile(rf"(\S.*?)(?:\s*[x×*:]\s*|\s+)({_NUMBER})\s*{_UNIT}?", re.IGNORECASE)
_CELLS = re.compile(r"\t|;|\s{3,}|\s*\|\s*")
_BULLET = re.compile(r"^\s*(?:[-•*–]\s+|\d{1,3}[.)]\s+(?=\S+\s+\S))")


@dataclass(frozen=True, slots=True)
class Pasted:
    document: ReadDocument
    unread: tuple[str, ...] = ()
    """Lines in which no article and quantity were found."""


def read(text: str) -> Pasted:
    lines: list[ReadLine] = []
    unread: list[str] = []
    written = [one.strip() for one in text[:MAX_CHARACTERS].splitlines() if one.strip()]
    for index, line in enumerate(written[:MAX_LINES]):
        found = _line(line, len(lines) + 1)
        if found:
            lines.append(found)
        elif index or any(character.isdigit() for character in line):
            unread.append(line[:120])
    unread += [one[:120] for one in written[MAX_LINES:]][:1]
    return Pasted(ReadDocument(kind="order", format="shop", lines=tuple(lines)), tuple(unread))


def _line(text: str, position: int) -> ReadLine | None:
    cells = [one.strip().strip('"') for one in _CELLS.split(text) if one.strip()]
    found = _of_cells(cells) if len(cells) > 1 else _of_words(_BULLET.sub("", text))
    if found is None or found[1] <= 0:
        return None
    article, quantity = found
    sku, name = _named(article)
    return ReadLine(position, sku, name, quantity, source=Source(snippet=text[:300]))


def _of_cells(cells: list[str]) -> tuple[str, Decimal] | None:
    """The first cell that is no number says what; the nearest number after it how many."""
    what = next((i for i, cell in enumerate(cells) if not _QUANTITY.fullmatch(cell)), None)
    if what is None:
        # Article numbers of digits alone: they come first.
        return (cells[0], _number(cells[1])) if _QUANTITY.fullmatch(cells[1]) else None
    order = [*range(what + 1, len(cells)), *range(what - 1, -1, -1)]
    many = next((cells[i] for i in order if _QUANTITY.fullmatch(cells[i])), "")
    return (cells[what], _number(many)) if many else None


def _of_words(text: str) -> tuple[str, Decimal] | None:
    if found := _TIMES.fullmatch(text):
        return found[2], _number(found[1])
    words = text.split()
    if len(words) == 2 and all(word.isdigit() for word in words):
        return words[0], Decimal(words[1])
    if found := _LAST.fullmatch(text):
        return found[1].strip(" ,;:"), _number(found[2])
    if found := _FIRST.fullmatch(text):
        return found[2], _number(found[1])
    return None


def _number(text: str) -> Decimal:
    """Pieces are whole: what stands between groups of three digits is no decimal point."""
    found = _QUANTITY.fullmatch(text)
    pieces = re.sub(r"[.,]0{1,2}$", "", found[1] if found else text)
    return Decimal(re.sub(r"\D", "", pieces) or 0)


def _named(article: str) -> tuple[str, str]:
    """One word is a number of an article; of several the first, where it holds a digit."""
    first, _space, rest = article.partition(" ")
    if not rest:
        return article[:60], ""
    return (first[:60], rest[:200]) if any(c.isdigit() for c in first) else ("", article[:200])
