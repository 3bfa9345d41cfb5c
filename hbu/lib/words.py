"""Words as people type them: one spelling for comparison, many phrases found in one pass."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")
Branches = dict[str, Any]

# Decomposed letters (as macOS writes them) come first. Not unicodedata.normalize(): it is
# quadratic on long runs of combining marks, and anybody may mail us those.
SPELLINGS = (
    ("a\u0308", "ae"),
    ("o\u0308", "oe"),
    ("u\u0308", "ue"),
    ("ä", "ae"),
    ("ö", "oe"),
    ("ü", "ue"),
    ("ß", "ss"),
)
GAP = r"\s{1,4}"
END = ""
LONGEST_NUMBER = 19
_REST_OF_WORD = re.compile(r"\w{0,30}")


def whole_number(text: str) -> int | None:
    """Return the number that the text is; None for what is none, or larger than a column holds."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


@lru_cache(maxsize=32)
def fold(text: str) -> str:
    """Return the text in one spelling: "Ändern", "ändern" and "aendern" become the same."""
    folded = text.lower()
    if folded.isascii():
        return folded
    for letter, spelling in SPELLINGS:
        folded = folded.replace(letter, spelling)
    return folded


def word_end(text: str, at: int) -> int:
    """Return where the word ends that goes on at a place; the place itself if none does."""
    return _REST_OF_WORD.match(text, at).end()  # type: ignore[union-attr] # it may be empty


class Hit(NamedTuple, Generic[Meaning]):
    written: str
    meaning: Meaning
    start: int
    end: int


class Lexicon(Generic[Meaning]):
    """Phrases and what they mean, found in a folded text from left to right.

    Where several phrases begin, the longest wins and hides the words inside it, so that
    "about our order" need not count as an order. `*` at the end lets the last word go on.
    """

    def __init__(self, phrases: Mapping[str, Meaning]) -> None:
        self._entries = {
            _spelling(phrase): (phrase.rstrip("*"), meaning) for phrase, meaning in phrases.items()
        }
        self._pattern = pattern(phrases)

    def hits(self, folded: str) -> Iterator[Hit[Meaning]]:
        for match in self._pattern.finditer(folded):
            written, meaning = self._entries[" ".join(match.group().split())]
            yield Hit(written, meaning, *match.span())


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return one expression for all phrases; its cost per letter does not grow with their number."""
    wordy: Branches = {}
    symbols: Branches = {}
    for phrase in phrases:
        spelling = _spelling(phrase)
        tree = wordy if re.match(r"\w", spelling) else symbols
        _plant(tree, spelling, "" if phrase.endswith("*") else r"(?!\w)")
    choices = [rf"(?<!\w){_expression(wordy)}"] if wordy else []
    return re.compile("|".join([*choices, _expression(symbols)] if symbols else choices))


def _spelling(phrase: str) -> str:
    return " ".join(fold(phrase).rstrip("*").split())


def _plant(tree: Branches, spelling: str, ending: str) -> None:
    for letter in spelling:
        tree = tree.setdefault(letter, {})
    tree[END] = ending


def _expression(tree: Branches) -> str:
    """Return the tree as nested choices, longer ones before the end of a shorter one."""
    choices = [
        (GAP if letter == " " else re.escape(letter)) + _expression(branch)
        for letter, branch in tree.items()
        if letter != END
    ]
    if END in tree:
        choices.append(tree[END])
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
