"""What somebody wants to find, as people type it into one box, and what was found with it marked.

    anna "rote knöpfe" -rabatt from:meier per

All words must be there, a phrase as it stands; what follows a minus must not be. The last word may
go on. Both databases are asked with the same folded words, so both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from hbu.lib.words import fold

WORD = re.compile(r"[^\W_]+")
ASKED = re.compile(
    r'(?P<minus>-)?(?:(?P<sender>from|von):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)
ACCENTS = re.compile("[\u0300-\u036f]+")
LONGEST_WORD = 60
LONGEST_QUESTION = 500
MOST_TERMS = 16
# Stands before each word of a sender's name, so that `from:anna` needs no column of its own.
SENDER = "xfromx"
EXCERPT = 200
BEFORE = 60


@dataclass(frozen=True, slots=True)
class Term:
    words: tuple[str, ...]
    goes_on: bool = False
    """The last word may be the beginning of a longer one."""


@dataclass(frozen=True, slots=True)
class Question:
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Only what must not be there is no question: it would be answered by everything else."""
        return bool(self.wanted)


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text in the one spelling in which they are compared."""
    for match in WORD.finditer(ACCENTS.sub("", fold(text))):
        yield _plain(match.group()[:LONGEST_WORD])


def _plain(word: str) -> str:
    return word if word.isascii() else ACCENTS.sub("", unicodedata.normalize("NFD", word))


def folded(text: str) -> str:
    return " ".join(words_of(text))


def as_sender(text: str) -> str:
    return " ".join(f"{SENDER}{word}" for word in words_of(text))


def read(typed: str) -> Question:
    """Read what somebody typed; whatever is no word is left out, nothing is an error."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    last_typed = False
    for match in ASKED.finditer(typed[:LONGEST_QUESTION].replace("\x00", " ")):
        words = tuple(words_of(match["phrase"] or match["word"] or ""))
        if not words or len(wanted) + len(unwanted) >= MOST_TERMS:
            continue
        sender = bool(match["sender"])
        if sender:
            words = tuple(f"{SENDER}{word}" for word in words)
        (unwanted if match["minus"] else wanted).append(Term(words, goes_on=sender))
        last_typed = not (match["minus"] or match["phrase"])
    # One letter alone begins half of all words.
    if wanted and last_typed and len("".join(wanted[-1].words)) > 1:
        wanted[-1] = Term(wanted[-1].words, goes_on=True)
    return Question(tuple(wanted), tuple(unwanted))


def for_sqlite(question: Question, columns: str = "") -> str:
    """Return the question in the language of FTS5, of the named columns only if some are named."""
    said = " AND ".join(_phrase(term) for term in question.wanted)
    said = f"{{{columns}}} : ({said})" if columns else f"({said})"
    if question.unwanted:
        said += f" NOT ({' OR '.join(_phrase(term) for term in question.unwanted)})"
    return said


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.goes_on else ""}'


def for_postgresql(question: Question, *, unwanted: bool = True) -> str:
    """Return the question as to_tsquery takes it, with what must not be there or without."""
    said = [_neighbours(term) for term in question.wanted]
    if unwanted:
        said += [f"!({_neighbours(term)})" for term in question.unwanted]
    return " & ".join(said)


def _neighbours(term: Term) -> str:
    *first, last = (f"'{word}'" for word in term.words)
    return f"({' <-> '.join([*first, f'{last}:*' if term.goes_on else last])})"


def excerpt(text: str, question: Question) -> list[tuple[str, bool]]:
    """Return a piece of the text around the first word that was found: (piece, was it found)."""
    found = _found(text, question)
    first = next(found, None)
    start, end = _window(text, first[0] if first else 0)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    # What lies behind the window is not looked for.
    for begins, ends in chain([first], found) if first else ():
        if ends > end:
            break
        pieces += [(_line(text[at:begins]), False), (text[begins:ends], True)]
        at = ends
    pieces += [(_line(text[at:end]), False), (" …" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece[0]]


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _window(text: str, first: int) -> tuple[int, int]:
    start = max(0, first - BEFORE)
    if start:
        # Not in the middle of a word, unless it is one without end.
        start = next((at + 1 for at in range(start, first) if text[at].isspace()), start)
    end = min(len(text), start + EXCERPT)
    if end < len(text):
        # Words are not cut in two, but one without end.
        end = next((at for at in range(end, end - BEFORE, -1) if text[at].isspace()), end)
    return start, end


def _found(text: str, question: Question) -> Iterator[tuple[int, int]]:
    terms = [term for term in question.wanted if not term.words[0].startswith(SENDER)]
    whole = {word for term in terms for word in term.words}
    begun = tuple(term.words[-1] for term in terms if term.goes_on)
    for match in WORD.finditer(text):
        word = folded(match.group()[:LONGEST_WORD])
        if word in whole or (begun and word.startswith(begun)):
            yield match.span()
