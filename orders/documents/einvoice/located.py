"""Where the pages of a hybrid show what its data state, so that people can compare the two.

What is not found is not marked: whether page and data agree is told by a check, not by marks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice

from orders.data import ReadDocument, ReadLine, Source
from orders.documents.einvoice.values import written
from orders.documents.layout import Cell, Row, source_of

_LONGEST = 6
"""Words of one value."""
_AT_MOST = 200
"""Lines that are looked for."""
_SUMS = frozenset({"net", "tax", "gross", "payable", "prepaid"})
_AROUND = ".,:;()€$"

Place = tuple[Row, tuple[Cell, ...]]


def located(document: ReadDocument, rows: Sequence[Row]) -> ReadDocument:
    """The document with page and box of each field and line that its pages show."""
    places = _index(rows)
    sources = {
        name: _found(document, name, source, places) for name, source in document.sources.items()
    }
    return replace(document, sources=sources, lines=tuple(_lines(document.lines, rows)))


def _index(rows: Iterable[Row]) -> dict[str, list[Place]]:
    """Each run of words with the places where it stands, first and last."""
    found: dict[str, list[Place]] = {}
    for row in rows:
        words = row.words
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                run = words[start:end]
                key = _plain("".join(word.text for word in run))
                found[key] = [*found.get(key, ())[:1], (row, run)]
    return found


def _found(
    document: ReadDocument, name: str, source: Source, places: dict[str, list[Place]]
) -> Source:
    """Sums stand at the end of a document, everything else at its beginning."""
    at = [places[form] for form in _forms(document, name, source.snippet) if form in places]
    if not at:
        return source
    row, words = at[0][-1 if name in _SUMS else 0]
    return _with_place(source, replace(row, cells=words))


def _with_place(source: Source, row: Row) -> Source:
    shown = source_of([row])
    return replace(source, page=shown.page, box=shown.box)


def _forms(document: ReadDocument, name: str, snippet: str) -> Iterator[str]:
    value = getattr(document, name, snippet)
    if isinstance(value, Decimal):
        yield from written(value)
    elif isinstance(value, date):
        days = ("%d.%m.%Y", "%-d.%-m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y")
        yield from (value.strftime(form) for form in days)
    elif snippet:
        yield _plain(snippet)


def _lines(lines: Sequence[ReadLine], rows: Sequence[Row]) -> Iterator[ReadLine]:
    """In the order of the pages: each stands below the one before it."""
    plain = [_plain(row.text) for row in rows]
    after = 0
    for line in islice(lines, _AT_MOST):
        at = next((at for at in range(after, len(rows)) if _shows(plain[at], line)), None)
        if at is None:
            yield line
        else:
            after = at + 1
            yield replace(line, source=_with_place(line.source, rows[at]))
    yield from lines[_AT_MOST:]


def _shows(row: str, line: ReadLine) -> bool:
    """Whether a row names the article and what the line makes, or else how many it is."""
    named = any(_plain(words) in row for words in (line.sku, line.name) if words)
    figures = [f"{line.quantity.normalize():f}"] if line.total is None else written(line.total)
    return named and any(form in row for form in figures)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).casefold().strip(_AROUND)
