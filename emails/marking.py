"""Where in a mail the words stand that a verdict went by: marked in its text, or in its HTML.

Only the sender's own words counted; so a word is marked as often as they hold it, from the top, and
the history quoted below keeps none. What is marked in HTML has to be sanitised after that.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from hbu.lib.words import SPELLINGS, pattern

LOOKED_AT = 20_000
MARKS = 200
_APART = str.maketrans("-_/", "   ")
_LETTERS = {letter: spelling for letter, spelling in SPELLINGS if len(letter) == 1}
_DOTS = "\u0308"
_NOT_SHOWN = {"script", "style", "title", "head"}


@dataclass(frozen=True, slots=True)
class Sought:
    """Words of a verdict, what they counted for, and how they are marked."""

    words: str
    title: str
    style: str


class Marker:
    def __init__(self, sought: Iterable[Sought], own: str) -> None:
        self._sought: dict[str, Sought] = {}
        for one in sought:
            self._sought.setdefault(_spelling(one.words), one)
        self._sought.pop("", None)
        self._pattern = pattern(self._sought) if self._sought else None
        self._left = Counter(words for _, _, words in self._found(own))

    def pieces(self, text: str) -> Iterator[tuple[str, Sought | None]]:
        """Yield the text in pieces, those to be marked with what they counted for."""
        at = 0
        for start, end, words in self._found(text):
            if self._left[words] > 0:
                self._left[words] -= 1
                yield text[at:start], None
                yield text[start:end], self._sought[words]
                at = end
        yield text[at:], None

    def html(self, html: str) -> str:
        """Return HTML with its words marked; it must be sanitised again."""
        tree = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
        if tree is None or self._pattern is None:
            return html
        # Listed before anything is changed, in the order in which people read.
        for event, element in list(etree.iterwalk(tree, events=("start", "end"))):
            if event == "end":
                self._mark_behind(element)
            elif element.tag not in _NOT_SHOWN:
                self._mark_inside(element)
        return str(etree.tostring(tree, encoding="unicode", method="html"))

    def _mark_inside(self, element: "etree._Element") -> None:
        before, marks = self._marks(element.text or "")
        if marks:
            element.text = before
            for place, mark in enumerate(marks):
                element.insert(place, mark)

    def _mark_behind(self, element: "etree._Element") -> None:
        before, marks = self._marks(element.tail or "")
        if marks:
            element.tail = before
            for mark in reversed(marks):
                # The tail of an element moves with it, and addnext() puts the new one before it.
                element.addnext(mark)

    def _marks(self, text: str) -> tuple[str, list["etree._Element"]]:
        """Return the text before the first mark, and the marks with the text behind each."""
        before = ""
        marks: list[etree._Element] = []
        for piece, sought in self.pieces(text):
            if sought:
                mark = etree.Element("mark", title=sought.title, style=sought.style)
                mark.text = piece
                marks.append(mark)
            elif marks:
                marks[-1].tail = piece
            else:
                before += piece
        return before, marks

    def _found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where sought words start and end in the text as it is written."""
        if self._pattern is None or not text.strip():
            return
        folded, origin = _folded(text[:LOOKED_AT])
        for count, match in enumerate(self._pattern.finditer(folded)):
            if count == MARKS:
                return
            words = " ".join(match.group().split())
            yield origin[match.start()], origin[match.end() - 1] + 1, words


def _spelling(words: str) -> str:
    folded, _ = _folded(words)
    return " ".join(folded.split())


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the text as `hbu.lib.words.fold` spells it, and where each letter of that came from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text.lower() if len(text.lower()) == len(text) else text):
        dotted = letter == _DOTS and bool(letters) and letters[-1] in "aou"
        spelling = "e" if dotted else _LETTERS.get(letter, letter.translate(_APART))
        letters.append(spelling)
        origin.extend([place] * len(spelling))
    return "".join(letters), origin
