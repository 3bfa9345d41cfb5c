"""Where the fields of a document stand: as boxes on a page, as passages of a text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from orders.data import Box, ReadDocument, Source
from orders.matching import CERTAIN

_DOUBTFUL = 0.7
_MARGIN = 0.003
"""Of the page, around a box: letters shall not touch their frame."""
_BLANKS = re.compile(r"[\s;|\"]+")
"""Also what parts the cells of a table written as text."""
_PARTS = frozenset(';|"')
_LEAST = 2
"""Characters; a single digit stands everywhere."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a page, in per cent of it."""

    path: str
    words: str
    level: str
    style: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text; the field that was read from it, if one was."""

    text: str
    path: str = ""
    level: str = ""


def level(score: float) -> str:
    """How a reading is coloured: certain, to look at, or doubtful."""
    if score >= CERTAIN:
        return "sure"
    return "look" if score >= _DOUBTFUL else "weak"


def sources(read: ReadDocument) -> dict[str, Source]:
    """The places of the fields and lines, by their paths."""
    lines = {
        f"lines.{index}": replace(line.source, score=min(line.source.score, line.score))
        for index, line in enumerate(read.lines)
    }
    return {**read.sources, **lines}


def boxes(places: Mapping[str, Source]) -> dict[int, list[Mark]]:
    """The marks of each page, from 1; lines first, so that a field inside one lies above it."""
    pages: dict[int, list[Mark]] = {}
    ordered = sorted(places.items(), key=lambda one: not one[0].startswith("lines."))
    for path, one in ordered:
        if one.box is not None and one.page > 0:
            mark = Mark(path, one.snippet, level(one.score), _style(one.box))
            pages.setdefault(one.page, []).append(mark)
    return pages


def _style(box: Box) -> str:
    left, top, right, bottom = (min(max(share, 0.0), 1.0) for share in box)
    left, top = max(left - _MARGIN, 0.0), max(top - _MARGIN, 0.0)
    right, bottom = min(right + _MARGIN, 1.0), min(bottom + _MARGIN, 1.0)
    shares = (("left", left), ("top", top), ("width", right - left), ("height", bottom - top))
    return ";".join(f"{name}:{share * 100:.2f}%" for name, share in shares)


def passages(text: str, places: Mapping[str, Source]) -> Iterator[Passage]:
    """The text in pieces, with the snippets of the fields marked where they are found."""
    end = 0
    for start, stop, path in _spans(text, places):
        if start < end:
            continue
        if start > end:
            yield Passage(text[end:start])
        yield Passage(text[start:stop], path, level(places[path].score))
        end = stop
    if end < len(text):
        yield Passage(text[end:])


def _spans(text: str, places: Mapping[str, Source]) -> list[tuple[int, int, str]]:
    """From the left; of two that begin together the longer comes first."""
    flat, at = _flat(text)
    spans: list[tuple[int, int, str]] = []
    after = 0
    for path, one in places.items():
        wanted = _BLANKS.sub(" ", one.snippet).strip()
        if len(wanted) < _LEAST:
            continue
        # Lines come one after another, and two of them may read the same.
        is_line = path.startswith("lines.")
        start = flat.find(wanted, after) if is_line else flat.find(wanted)
        if start < 0:
            continue
        stop = start + len(wanted)
        after = stop if is_line else after
        spans.append((at[start], at[stop - 1] + 1, path))
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def _flat(text: str) -> tuple[str, list[int]]:
    """The text with single blanks, and where each of its characters stood."""
    letters: list[str] = []
    at: list[int] = []
    for index, letter in enumerate(text):
        blank = letter.isspace() or letter in _PARTS
        if blank and letters and letters[-1] == " ":
            continue
        letters.append(" " if blank else letter)
        at.append(index)
    return "".join(letters), at
